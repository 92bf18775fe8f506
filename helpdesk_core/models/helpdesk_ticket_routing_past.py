from odoo import models
from odoo.fields import Domain
from odoo.tools.mail import html_to_inner_content

from ..tools import routing
from .helpdesk_ticket_routing import TYPED_CHANNELS

BATCH = 500


class HelpdeskTicketRoutingPastMixin(models.AbstractModel):
    """Tickets as they came, for trying a rule on the past (N11): by the same code as when they are made.

    What was given at the time stands in the log, what was said in the first message. A contact's tags and language
    and a ticket's subject are today's.
    """
    _name = 'helpdesk.ticket.routing.past.mixin'
    _description = "Ticket: Routing of the Past"

    def _routing_dry_run(self, rules, rule_id):
        """Go through ``rules`` for each of these tickets, changing nothing.

        :param list rules: ``tools.routing.Rule`` in order
        :return: the tickets on which the rule of ``rule_id`` would have fired
        """
        fired = []
        for start in range(0, len(self), BATCH):
            batch = self[start:start + BATCH]
            fired += batch._routing_dry_batch(rules, rule_id)
            self.env['mail.message'].invalidate_model(['body'])  # thousands of texts are not kept in memory
        return self.browse(fired)

    def _routing_dry_batch(self, rules, rule_id):
        # sudo: the log, first messages and contacts of tickets that the reader sees; only which fire is shown
        tickets = self.sudo()
        given, extras = tickets._routing_past_given(), tickets._routing_past_extras(routing.needs(rules))
        partners = tickets._routing_partners(tickets.partner_id.ids)
        for ticket in tickets:
            if ticket.id not in given:
                continue
            came = given[ticket.id]
            vals = {
                'name': ticket.name, 'channel': ticket.channel, 'description': ticket.description,
                'partner_id': ticket.partner_id.id, 'partner_email': ticket.partner_email,
                'partner_name': ticket.partner_name, **came,
            }
            facts = ticket._routing_facts(vals, came, partners, rules, extras.get(ticket.id, {}))
            kept = ticket._kept_fields(vals) if ticket.channel in TYPED_CHANNELS else ()
            _values, looks = routing.route(rules, facts, ticket._routing_asker(vals, came), kept)
            if any(look.rule.id == rule_id and not look.failed for look in looks):
                yield ticket.id

    def _routing_past_given(self):
        """Return {ticket id: {field: value}}, what these tickets were given before rules, without imported ones."""
        events = self.env['helpdesk.ticket.event'].search_fetch(
            [('ticket_id', 'in', self.ids), ('kind', 'in', ('created', 'routed'))], ['ticket_id', 'kind', 'detail'],
            order='id')
        given = {}
        for event in events:
            detail = event.detail or {}
            if event.kind == 'routed':
                given[event.ticket_id.id] = detail.get('came', {})
            elif not detail.get('imported'):
                given[event.ticket_id.id] = {
                    name: detail[name] for name in routing.SETS if detail.get(name)}
        return given

    def _routing_past_extras(self, asked):
        """Return {ticket id: what came with the request}, as :class:`HelpdeskTicketRoutingMixin` takes it.

        :param set asked: what rules ask about, see ``tools.routing.needs``
        """
        if not asked & {'body', 'files'}:
            return {}
        mails = self.filtered(lambda ticket: ticket.channel == 'email')
        firsts = dict(self.env['helpdesk.ticket.event']._read_group(
            Domain([('ticket_id', 'in', mails.ids), ('kind', '=', 'customer_message'), ('message_id', '!=', False)]),
            ['ticket_id'], ['message_id:min']))
        messages = self.env['mail.message'].browse(firsts.values())
        return {ticket.id: {
            'body': html_to_inner_content(message.body),
            'files': [(file.name, file.mimetype) for file in message.attachment_ids] if 'files' in asked else (),
        } for ticket, message in zip(firsts, messages, strict=True)}
