from odoo import api, fields, models
from odoo.tools import html2plaintext

EXCERPT = 90  # characters


class HelpdeskTicketForwardLine(models.TransientModel):
    """One message of the ticket that may be quoted."""

    _name = 'helpdesk.ticket.forward.line'
    _description = "Forward Ticket: Message"
    _order = 'id'

    forward_id = fields.Many2one('helpdesk.ticket.forward', required=True, ondelete='cascade', index=True)
    message_id = fields.Many2one('mail.message', required=True, readonly=True, ondelete='cascade')
    included = fields.Boolean(string="Quote")
    date = fields.Datetime(related='message_id.date', related_sudo=False)
    author = fields.Char(compute='_compute_words')
    excerpt = fields.Char(string="Words", compute='_compute_words')
    is_internal = fields.Boolean(string="Internal Note", compute='_compute_words')
    readers = fields.Char(string="Read By", compute='_compute_words')

    @api.depends('message_id')
    def _compute_words(self):
        self.message_id._origin.check_access('read')  # as in the dialog: any message can be named
        for line in self:
            message = line.message_id
            line.author = message.author_id.name or message.email_from
            line.excerpt = ' '.join(html2plaintext(message.body or '').split())[:EXCERPT]
            line.is_internal = message.is_internal or not message.subtype_id or message.subtype_id.internal
            line.readers = self.env._("Internal note") if line.is_internal else self.env._("Customer")
