from odoo import models
from odoo.addons.helpdesk_core.tools.ours import OURS

from .helpdesk_ticket_channel import CUSTOMER


class HelpdeskTicket(models.Model):
    """What writes to customers besides the answer box gets to their messenger as well: macros, news of a problem, and
    answers to a ticket that was made of one of their messages."""
    _inherit = 'helpdesk.ticket'

    def _left_out_of_channel(self):
        """The customer may have had it on another ticket as well."""
        return super()._left_out_of_channel() or self.env.context.get('helpdesk_customer_told') is OURS

    def _check_channel(self, values):
        if not self._left_out_of_channel():
            super()._check_channel(values)

    def _note_message(self, message, side):
        """What a rule's macro says to the customer answers no promise, but goes where they wrote."""
        super()._note_message(message, side)
        by_rule = side == 'automatic' and self.env.context.get('helpdesk_macro_reply') is OURS
        if by_rule and self._answers_by_channel() and not self._left_out_of_channel():
            # sudo: the queue is no agent's
            self.env['helpdesk.channel.message'].sudo()._queue(self, message)

    def _answer_readers(self):
        """The person on the messenger stands first, not their mail address."""
        readers = super()._answer_readers()
        if not self._answers_by_channel() or self._left_out_of_channel():
            return readers
        ticket = self.sudo()  # sudo: the ticket's own customer
        person, mail = ticket.channel_person_id, ticket.partner_id.email_formatted
        return [f'{person.display_name} ({person.channel_id.name})', *(one for one in readers if one != mail)]

    def _reach_key(self):
        # sudo: as above
        return super()._reach_key() or (
            f'{CUSTOMER}/{self.sudo().channel_person_id.id}' if self._answers_by_channel() else '')

    def _split_customer(self, message):
        """What came by a messenger is answered there: its sender's address is the house's own."""
        # sudo: who sent a message that the agent reads
        person = self.env['helpdesk.channel.reference'].sudo().search(
            [('message_id', '=', message.id), ('outgoing_id', '=', False)], limit=1).person_id
        if not person:
            return super()._split_customer(message)
        values = {'channel': 'messenger', **person._customer_values()}
        if person == self.channel_person_id and not person.partner_id:  # what an agent found out about them
            names = ('partner_name', 'partner_phone', 'partner_email')
            values.update(partner_id=self.partner_id.id, **{name: self[name] for name in names if self[name]})
        return values
