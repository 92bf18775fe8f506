from odoo import api, models
from odoo.addons.helpdesk_core.tools import routing
from odoo.addons.helpdesk_core.tools.ours import OURS

from ..readers import tnef
from ..tools import mail_content


class HelpdeskMailIntakeRouting(models.AbstractModel):
    """What routing rules are told about a mail, and what follows when they send it to another team (S0-19)."""

    _name = 'helpdesk.mail.intake.routing.mixin'
    _description = "Received Mail: Routing"

    def _routing_facts(self, case):
        """Return (case, context for the ticket's creation, see ``helpdesk.ticket.routing.mixin``).

        A mail's words and files are read once: where rules ask about them now, what was read goes into the case.
        """
        facts = {'addresses': tuple(case.arrival.recipients)}
        asked = routing.needs(self.env['helpdesk.routing.rule']._rules())
        if case.plain:  # what broke a mail may have been a rule
            return case, {'helpdesk_no_routing': OURS}
        if not asked & {'body', 'files'}:
            return case, {'helpdesk_routing': facts}
        content = case.content or mail_content.read(case.arrival.message, tnef.unpack)
        facts.update(
            body=mail_content.html_to_text(content.html) if content.html else content.plain,
            files=[(file.name, file.mimetype) for file in content.attachments])
        return case._replace(content=content), {'helpdesk_routing': facts}

    def _follow_route(self, ticket, case):
        """Do as the team does that the rules chose: whether it confirms, and whom it keeps in the conversation."""
        team = ticket.team_id
        confirms = case.verdict.answerable and team.acknowledge
        facts = {'acknowledgement': 'waiting' if confirms else False,
                 'email_cc': self._people_values(team, case).get('email_cc', False)}
        facts = {name: value for name, value in facts.items() if ticket[name] != value}
        if facts:
            ticket._write_facts(facts)

    @api.model
    def _past_addresses(self, tickets):
        """Return {ticket id: addresses of the mail it was made of}, in one query."""
        rows = self.search_fetch(
            [('ticket_id', 'in', tickets.ids), ('outcome', 'in', ('new_ticket', 'possible_follow_up'))],
            ['ticket_id', 'recipients'])
        return {row.ticket_id.id: tuple((row.recipients or '').split(', ')) for row in rows}
