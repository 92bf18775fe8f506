from odoo import fields, models

from .helpdesk_channel_call import DEFAULT_DAYS, KEEP_DAYS
from .helpdesk_channel_network import PRIVATE_HOSTS


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_messenger_keep_days = fields.Integer(
        string="Days to Keep Calls of Messengers", config_parameter=KEEP_DAYS, default=DEFAULT_DAYS)
    helpdesk_messenger_private_hosts = fields.Char(
        string="Messenger Hosts Inside", config_parameter=PRIVATE_HOSTS,
        help="Names or addresses inside your own network that messages may be sent to and files fetched from, with "
             "commas between, each with or without a port. All others inside are refused.")
