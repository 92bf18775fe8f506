from email.utils import parseaddr

from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store

TICKET = 'helpdesk.ticket'


class MailMessage(models.Model):
    _inherit = 'mail.message'

    helpdesk_delivery = fields.Json(compute='_compute_helpdesk_delivery', export_string_translation=False)

    @api.depends('model')
    @api.depends_context('uid', 'su')
    def _compute_helpdesk_delivery(self):
        """What became of an answer by messenger (see ``helpdesk.channel.message``); for a message that came by one from
        somebody who is no contact ``{'sender': name}``; False for others, and to customers."""
        # customers who may read the message learn nothing of the service's troubles
        ours = self.env.su or self.env.user._is_internal()
        on_tickets = self.filtered(lambda message: ours and message.model == TICKET)
        found = on_tickets._helpdesk_senders()
        if on_tickets:
            # sudo: who may read the message may know whether it got there
            for answer in self.env['helpdesk.channel.message'].sudo().search(
                    [('mail_message_id', 'in', on_tickets.ids)], order='id'):
                found[answer.mail_message_id.id] = answer._delivery()
        for message in self:
            message.helpdesk_delivery = found.get(message.id, False)

    def _helpdesk_senders(self):
        nameless = self.filtered(lambda message: not message.author_id and message.message_type == 'email')
        if not nameless:
            return {}
        # sudo: the sender's name stands in the message
        references = self.env['helpdesk.channel.reference'].sudo().search_fetch(
            [('message_id', 'in', nameless.ids), ('outgoing_id', '=', False)], ['message_id'])
        return {message.id: {'sender': parseaddr(message.email_from or '')[0] or message.email_from or ''}
                for message in references.message_id}

    def _to_store_defaults(self, target):
        if not target.is_internal(self.env):
            return super()._to_store_defaults(target)
        return [*super()._to_store_defaults(target), Store.Attr(
            'helpdesk_delivery', predicate=lambda message: message.model == TICKET)]

    def _helpdesk_show_delivery(self):
        """Bring the state to the screens where the ticket is open."""
        self.ensure_one()
        if self.model == TICKET and self.res_id:
            self.invalidate_recordset(['helpdesk_delivery'])
            self.env[TICKET].browse(self.res_id)._tell_viewers(
                'helpdesk.ticket/delivery', {'message_id': self.id, 'delivery': self.helpdesk_delivery})
