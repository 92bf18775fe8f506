from odoo import api, models

from ..tools import signature


class MailMessage(models.Model):
    _inherit = 'mail.message'

    @api.model
    def _helpdesk_is_note(self, subtype_id):
        """Tell whether messages of a subtype (id or False) stay in the house."""
        # sudo: subtypes are the same for everybody
        return not subtype_id or self.env['mail.message.subtype'].sudo().browse(subtype_id).internal

    def _get_message_id(self, values):
        """Sign the ids of tickets' messages: an answer finds its ticket by the id alone, and nobody makes one (N5)."""
        message_id = super()._get_message_id(values)
        if values.get('res_id') and (ticket := self.env['helpdesk.ticket']._note_ticket_of(
                values.get('model'), values['res_id'])):
            return signature.tag_message_id(message_id, ticket._thread_token(note=True))
        if not values.get('res_id') or values.get('model') not in ('helpdesk.ticket', 'helpdesk.side.thread'):
            return message_id
        if values['model'] == 'helpdesk.side.thread':
            thread = self.env['helpdesk.side.thread'].browse(values['res_id'])
            return signature.tag_message_id(message_id, thread._thread_token())
        ticket = self.env['helpdesk.ticket'].browse(values['res_id'])
        note = values.get('is_internal') or self._helpdesk_is_note(values.get('subtype_id'))
        return signature.tag_message_id(message_id, ticket._thread_token(note))
