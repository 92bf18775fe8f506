from odoo import fields, models
from odoo.orm.models import NO_ACCESS


class MailMessage(models.Model):
    _inherit = 'mail.message'

    # on a ticket's message: the chat's, of which it is the copy. Nobody writes it by hand: edits follow it.
    helpdesk_chat_message_id = fields.Many2one(
        'mail.message', string="Said in a Chat", index='btree_not_null', ondelete='set null', groups=NO_ACCESS)
