from odoo import fields, models

from .helpdesk_webhook import PRIVATE_HOSTS
from .helpdesk_webhook_delivery import DEFAULT_DAYS, KEEP_DAYS
from .helpdesk_webhook_health import DEFAULT_LIMIT, FAILURE_LIMIT


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_webhook_keep_days = fields.Integer(
        string="Days to Keep Webhook Deliveries", config_parameter=KEEP_DAYS, default=DEFAULT_DAYS)
    helpdesk_webhook_failure_limit = fields.Integer(
        string="Webhook Failures", config_parameter=FAILURE_LIMIT, default=DEFAULT_LIMIT)
    helpdesk_webhook_private_hosts = fields.Char(
        string="Webhook Hosts Inside", config_parameter=PRIVATE_HOSTS,
        help="Names or addresses inside your own network that webhooks may be sent to, with commas between, each with "
             "or without a port. All others inside are refused.")
