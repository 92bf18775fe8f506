from ast import literal_eval

from odoo import api, models
from odoo.addons.helpdesk_core.tools.subject import strip_tag
from odoo.fields import Command

from ..tools import authentication, belonging, mail_kind

TAKEN = ('new_ticket', 'follow_up', 'possible_follow_up')


class HelpdeskMailIntakeDeliver(models.AbstractModel):
    """Make the ticket, or write into it. One create, one post; everything is found by then."""

    _name = 'helpdesk.mail.intake.deliver.mixin'
    _description = "Received Mail: Deliver"

    def _ticket_model(self, company_id):
        """Return the ticket model in the company, at the moment the mail came."""
        company = self.env['res.company'].browse(company_id) if company_id else self.env.company
        return self.env['helpdesk.ticket'].with_company(company).with_context(
            helpdesk_message_at=self.received_at, mail_notify_force_send=False)

    # ------------------------------------------------------------
    # new ticket
    # ------------------------------------------------------------

    def _deliver_new(self, case, decision, linked):
        """Make a ticket of a mail: one, in the first team it was sent to, and one per further company.

        :param People linked: the ticket it names without belonging there, or None
        :return: id of the first ticket
        """
        first, done, sent = False, set(), case
        forward = self._read_forward(case, decision) if not linked else None
        case = forward.case if forward else case
        for place in case.places:
            if place.company_id in done:
                continue
            done.add(place.company_id)
            sender = next((one for one in case.senders if one.company_id in (None, place.company_id)), None)
            if place.contact != 'everyone' and not (sender or forward):
                if not first:
                    self._conclude(
                        'refused', self.env._("The address takes mail from known contacts only."),
                        team_id=place.team_id, company_id=place.company_id)
                continue
            if other := self._taken_already(place.company_id):
                first = first or self._conclude_taken(other)
                continue
            ticket, message = self._make_ticket(case, place, linked, sender, decision)
            if forward:
                self._note_forward(ticket, sent, forward)
            if not first:
                self._conclude_new(ticket, message, decision, linked, forward and sent.arrival.sender)
            first = first or ticket.id
        return first

    def _taken_already(self, company_id):
        """Return the ledger's row by which the same mail, brought to another of its addresses, was taken."""
        if not self.env.context.get('helpdesk_mail_twin'):
            return self.browse()
        return self.search([
            ('content_digest', '=', self.content_digest), ('id', '!=', self.id), ('company_id', '=', company_id),
            ('outcome', 'in', TAKEN)], limit=1)

    def _conclude_taken(self, other):
        self._conclude(
            'duplicate', self.env._("The same mail came by another of its addresses and was taken then."),
            duplicate_of_id=other.id, ticket_id=other.ticket_id.id, team_id=other.team_id.id,
            company_id=other.company_id.id)
        return other.ticket_id.id

    def _make_ticket(self, case, place, linked, sender, decision):
        """Create the ticket in the team of ``place`` and post the mail on it; return (ticket, message)."""
        arrival, tickets = case.arrival, self._ticket_model(place.company_id)
        values = read_defaults(place.defaults, tickets._fields, tickets._guarded_fields())
        values.update(case.values)
        team = self._team_of(place, values, case.values.get('team_id'))
        partner_id = sender.id if sender else self._new_contact(team, case)
        values.update(
            name=strip_tag(arrival.subject) or self.env._("(no subject)"), team_id=team.id, channel='email',
            partner_id=partner_id, **self._people_values(team, case))
        if not partner_id:
            values.update(partner_name=arrival.sender_name or False, partner_email=arrival.sender or False)
        if linked and linked.company_id == team.company_id.id:
            values['related_ids'] = [Command.link(linked.id)]
            if decision.action == belonging.POSSIBLE:
                values['possible_of_id'] = linked.id
        if case.verdict.answerable and team.acknowledge:
            values['acknowledgement'] = 'waiting'
        case, handed_over = self._routing_facts(case)
        ticket = tickets.with_context(**handed_over).create(values).with_env(tickets.env)
        if ticket.team_id != team:
            self._follow_route(ticket, case)
        self._follow(ticket, ticket.team_id, case)
        message = self._post(case, ticket.with_context(helpdesk_new_thread=True), 'mail.mt_comment', partner_id)
        if ticket.acknowledgement == 'waiting':
            ticket._wake_answers()
        return ticket, message

    def _team_of(self, place, values, by_rule=None):
        """Return the team of an address; another one of the company where it is archived or was made by hand."""
        team = self.env['helpdesk.team'].browse(by_rule or place.team_id or ())
        if by_rule and team.company_id.id != place.company_id:
            team = team.browse(place.team_id or ())
        if not team:
            team = team.browse(values.get('team_id') or ()).exists()
        if not team.active:
            team = team.search([('company_id', '=', (team.company_id or self.env.company).id)], limit=1)
        return team

    def _conclude_new(self, ticket, message, decision, linked, forwarded_by):
        outcome, reason = 'new_ticket', self.env._("A new request.")
        if forwarded_by:
            reason = self.env._("Forwarded by %s; its customer is who wrote it first.", forwarded_by)
        elif decision.reason == 'side_customer':
            outcome, reason = 'possible_follow_up', self.env._(
                "Somebody of ticket %s answers a mail that went to a third party.", linked.number)
        elif decision.action == belonging.POSSIBLE:
            outcome = 'possible_follow_up'
            reason = self.env._("It names ticket %s, but the sender does not belong to it.", linked.number)
            if decision.reason == 'forged':
                reason = self.env._(
                    "It names ticket %s, but our mail server found that its sender is not who it says.", linked.number)
        elif decision.action == belonging.NEW_LINKED:
            reason = self.env._(
                "It answers ticket %s, which is done; its team starts a follow-up ticket then.", linked.number)
        self._conclude(
            outcome, reason, ticket_id=ticket.id, mail_message_id=message.id, team_id=ticket.team_id.id,
            company_id=ticket.company_id.id)

    def _new_contact(self, team, case):
        """Return the id of a new contact of the one company that has the sender's mail domain, or False."""
        arrival, verdict = case.arrival, case.verdict
        if not (arrival.sender and team.create_contacts and verdict.kind == mail_kind.GENUINE and verdict.answerable):
            return False
        company_id = self._find_company(arrival.sender, team.company_id.id)
        if not company_id:
            return False
        parent = self.env['res.partner'].browse(company_id)
        return parent.with_context(tracking_disable=True, mail_create_nolog=True).create({
            'name': arrival.sender_name, 'email': arrival.sender, 'parent_id': parent.id,
            'company_id': parent.company_id.id, 'lang': parent.lang, 'helpdesk_from_mail': True,
        }).id

    # ------------------------------------------------------------
    # into a ticket
    # ------------------------------------------------------------

    def _deliver_into(self, case, people, decision, sender):
        """Write a mail into the ticket it answers; return the ticket's id."""
        if other := self._taken_already(people.company_id):
            return self._conclude_taken(other)
        ticket = self._ticket_model(people.company_id).browse(people.id)
        internal, in_thread = decision.action == belonging.NOTE, case.in_thread_of(people.id)
        if decision.action == belonging.FOLLOW_UP:
            self._join_people(ticket, case)
        notify = [case.parent.author_id] if internal and in_thread and case.parent.author_id else []
        message = self._post(
            case, ticket, 'mail.mt_note' if internal else 'mail.mt_comment', self._author_id(case, sender),
            parent_id=case.parent.id if in_thread else False, is_internal=internal, partner_ids=notify)
        if ticket.address_unconfirmed and not internal and self._proves_address(case, decision, ticket):
            ticket._confirm_address()
        self._conclude(
            'follow_up', self._reason(decision, people), ticket_id=ticket.id, mail_message_id=message.id,
            team_id=people.team_id, company_id=people.company_id)
        return ticket.id

    @api.model
    def _proves_address(self, case, decision, ticket):
        """Tell whether the mail shows that its sender owns the address that was typed into a form.

        It does where our mail server vouches for it, or where it answers a mail that only the owner got. The ticket's
        number shows nothing: whoever sent the form has it.
        """
        return case.arrival.sender == ticket.partner_email and (
            case.authentication == authentication.PASS
            or decision.reason.endswith((belonging.REFERENCE, belonging.SIGNED)))

    @api.model
    def _author_id(self, case, sender):
        """Return the id of the contact who wrote, False for an agent's address that nothing proves (G13)."""
        return sender.id if sender and (case.believed or not sender.agent) else False

    def _reason(self, decision, people):
        """Say in plain words why a mail went into ticket ``people``."""
        own = {
            'reply_to_note': self.env._("It answers an internal note and stays internal."),
            **dict.fromkeys(('agent_number', 'agent_signed', 'agent_marker'), self.env._(
                "An agent's mail that names the ticket, but not the mail it answers: kept as an internal note.")),
            'agent_unproved': self.env._(
                "It names an agent as its sender, but nothing proves it: kept as an internal note. Your mail server's "
                "check can be trusted in the settings."),
            'agent_reference': self.env._("An agent's answer by mail; it went to the customer."),
        }.get(decision.reason)
        if own:
            return own
        if people.old_number:
            return self.env._(
                "It belongs to ticket %(old)s, which was merged into %(ticket)s.",
                old=people.old_number, ticket=people.number)
        if decision.reason.endswith((belonging.REFERENCE, belonging.SIGNED)):
            return self.env._("It answers one of our mails, and the sender belongs to ticket %s.", people.number)
        if decision.reason.endswith(belonging.MARKER):
            return self.env._("It quotes one of our mails, and the sender belongs to ticket %s.", people.number)
        return self.env._("It carries the number of ticket %s, and the sender belongs to it.", people.number)


def read_defaults(text, fields_of_model, guarded):
    """Return the dict that an alias keeps as text, without what is no field or is the system's to write (A10)."""
    try:
        values = dict(literal_eval(text or '{}'))
    except (ValueError, SyntaxError, TypeError):
        return {}
    return {name: value for name, value in values.items()
            if name in fields_of_model and name not in guarded and is_plain(fields_of_model[name], value)}


def is_plain(field, value):
    """Tell whether ``value`` writes the ticket alone: commands may reach any record, and mail is the superuser's."""
    if field.type == 'many2many':
        return isinstance(value, (list, tuple)) and all(
            isinstance(one, int) or (isinstance(one, (list, tuple)) and one and one[0] in (Command.LINK, Command.SET))
            for one in value)
    return field.type != 'one2many' and (field.type != 'many2one' or isinstance(value, (int, type(None))))
