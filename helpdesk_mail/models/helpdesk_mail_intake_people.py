from odoo import api, models
from odoo.tools import formataddr

from ..tools import addresses

MAX_PEOPLE = 50  # others in To and Cc that are kept


class HelpdeskMailIntakePeople(models.AbstractModel):
    """The other people in a mail: who is kept in the conversation, by the setting of the team (D1)."""

    _name = 'helpdesk.mail.intake.people.mixin'
    _description = "Received Mail: People"

    @api.model
    def _others(self, case):
        """Return [(name, address)] of To and Cc without us and without the sender.

        Addresses in our mail domains that are neither ours nor anybody's do not exist: nobody is to be written there.
        """
        arrival = case.arrival
        people = [
            (name, address) for name, address in arrival.people
            if address not in case.ours and address != arrival.sender][:MAX_PEOPLE]
        if not people:
            return people
        domains = set(self.env['mail.alias.domain'].search([('name', '!=', False)]).mapped('name'))
        doubtful = [address for _name, address in people if addresses.domain(address) in domains]
        if not doubtful:
            return people
        known = set(self._contacts_of(people).mapped('email_normalized'))
        return [(name, address) for name, address in people if address not in doubtful or address in known]

    def _people_values(self, team, case):
        """Return the ticket's ``email_cc`` of a mail's other people, as the team has it."""
        others = self._others(case) if team.cc_policy != 'none' else []
        if others and team.cc_policy == 'followers':
            known = set(self._contacts_of(others).mapped('email_normalized'))
            others = [(name, address) for name, address in others if address not in known]
        return {'email_cc': formatted(others)} if others else {}

    def _follow(self, ticket, team, case):
        """Let known contacts in To and Cc follow the ticket, where the team has it so."""
        if team.cc_policy == 'followers' and (others := self._others(case)):
            contacts = self._contacts_of(others).filtered(
                lambda partner: partner.company_id.id in (False, ticket.company_id.id))
            ticket.message_subscribe((contacts - ticket.partner_id).ids)

    @api.model
    def _contacts_of(self, people):
        """Return the contacts with the addresses of ``people``, [(name, address)]."""
        return self.env['res.partner'].search([('email_normalized', 'in', [address for _name, address in people])])

    def _join_people(self, ticket, case):
        """Keep people whom a follow-up brings into the conversation, by the team's setting."""
        kept = {ticket.partner_email, *addresses.find(ticket.email_cc)}
        new = [(name, address) for name, address in case.arrival.people if address not in kept]
        case = case._replace(arrival=case.arrival._replace(people=new))
        values = self._people_values(ticket.team_id, case)
        if values:
            ticket.email_cc = ', '.join(filter(None, [ticket.email_cc, values['email_cc']]))
        self._follow(ticket, ticket.team_id, case)


def formatted(people):
    """Return [(name, address)] as the text of an address header."""
    return ', '.join(formataddr((name if name != address else '', address)) for name, address in people)
