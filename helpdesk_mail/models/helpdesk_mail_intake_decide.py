from odoo import api, models
from odoo.addons.helpdesk_core.tools.subject import numbers_in
from odoo.tools import html_sanitize, plaintext2html

from ..readers import tnef
from ..tools import addresses, authentication, belonging, mail_content, mail_kind, parsing, signature
from ..tools import arrival as arrivals
from ..tools.case import Address, Case
from .helpdesk_mail_rule import DROP, FIELDS, HOLD
from .helpdesk_mail_sender import ALLOW, BLOCK

INTO_TICKET = (belonging.FOLLOW_UP, belonging.NOTE, belonging.AGENT_REPLY)


class HelpdeskMailIntakeDecide(models.AbstractModel):
    """Find out whose mail it is and where it belongs (promise 3)."""

    _name = 'helpdesk.mail.intake.decide.mixin'
    _description = "Received Mail: Decide"

    def _process(self, raw, caller, options):
        """Bring one mail where it belongs.

        :return: id of the record it became or belongs to, or False
        """
        self.ensure_one()
        mail = self._lock_waiting()
        if not mail:
            return False
        if raw is None:
            raw = mail.raw_id.raw or b''
        case, bounce, own_copy = mail._read_case(raw, options)
        others = [
            name for name in case.arrival.recipients
            if name in case.ours and case.ours[name].model not in (None, 'helpdesk.ticket')]
        if not case.places and (others or not (case.parent or case.side)):
            return mail._pass_on(raw, caller)
        if others:
            mail._pass_to_others(raw, caller)
        if own_copy or case.verdict.kind == mail_kind.OWN:
            mail._conclude('refused', self.env._("Our own mail came back.") if own_copy else self.env._(
                "It comes from one of our own addresses."))
            return False
        if case.blocked_by:
            return mail._leave('refused', case, None, self.env._("The sender is blocked (%s).", case.blocked_by))
        if bounce:
            return mail._take_bounce(case, bounce)
        return mail._take_mail(case, options)

    def _read_case(self, raw, options):
        """Read the mail and look up what it names.

        :return: (:class:`Case`, Bounce or None, True when it is a mail of ours that came back)
        """
        message, problem = parsing.parse(raw)
        arrival = arrivals.read(message, self.received_at, (self.envelope_to or '').split(', '))
        ours = self._find_addresses([*arrival.recipients, *filter(None, [arrival.sender])])
        proof, believed = self._authenticate(message, arrival.sender)
        places, blocked_by, allowed = self._sift_places(arrival, self._places(arrival, ours), options)
        verdict = mail_kind.classify(
            message, arrival.sender, own_addresses={arrival.sender} & ours.keys(), envelope_from=self.envelope_from,
            ignore_marks=allowed and proof != authentication.FAIL)
        if verdict.kind == mail_kind.OWN and (tester := self._test_sender(arrival)):
            # the outgoing server put its own address in place of who sent the test of the mail set-up
            arrival = arrival._replace(sender=tester, sender_name=tester)
            verdict = mail_kind.classify(message, tester)
        self.write({'kind': verdict.kind, 'kind_reason': verdict.because or False})
        parent, own_copy = self._find_parent(arrival.parent_ids, arrival.message_id)
        own_copy = own_copy or bool(signature.in_message_ids(
            self._signing_secret(), [arrival.message_id], signature.TICKET + signature.SIDE))
        bounce = arrivals.read_bounce(message) if verdict.kind == mail_kind.BOUNCE else None
        if bounce:
            parent = self._find_parent(bounce.ids)[0] or parent
        side = self._find_side(
            parent, [*(bounce.ids if bounce else ()), *arrival.parent_ids], arrival.recipients)
        if parent and parent.model != 'helpdesk.ticket':
            parent = None
        if proof == authentication.FAIL:
            verdict = verdict._replace(answerable=False)  # the answer would go to somebody who wrote nothing
        case = Case(
            arrival, verdict, ours, places, parent, self._find_signed(arrival),
            plain=bool(problem or options.get('plain')),
            authentication=proof, believed=believed, side=side, blocked_by=blocked_by)
        return case, bounce, own_copy

    @api.model
    def _sift_places(self, arrival, places, options):
        """Ask the lists of blocked and allowed senders.

        :return: (places whose company lets the sender in, entry that blocks everywhere or '', True when one allows)
        """
        if options.get('ticket_anyway'):  # a person decided
            return places or [self._fallback_place({})], '', False
        senders = self.env['helpdesk.mail.sender']
        origin = arrivals.handed_over_by(arrival.message)
        companies = [place.company_id for place in places] or [False]
        found = [senders._policy_of(arrival.sender, company_id, origin) for company_id in companies]
        if all(policy == BLOCK for policy, _name in found):
            return places, found[0][1], False
        let_in = [place for place, (policy, _name) in zip(places, found, strict=False) if policy != BLOCK]
        return let_in, '', any(policy == ALLOW for policy, _name in found)

    @api.model
    def _authenticate(self, message, sender):
        """Return (what our mail server says about the sender, True when colleagues' mail is believed)."""
        # sudo: settings that everybody's mail obeys
        param = self.env['ir.config_parameter'].sudo().get_param
        trusted = frozenset((param('helpdesk_mail.trusted_authserv') or '').lower().replace(',', ' ').split())
        proof = authentication.read(message, sender, trusted)
        vouched = proof == authentication.NONE and not trusted and bool(param('helpdesk_mail.trust_colleagues'))
        return proof, proof == authentication.PASS or vouched

    def _places(self, arrival, ours):
        """Return the helpdesk addresses the mail was sent to, or what stands in for one, in the order it names them."""
        places = [ours[name] for name in arrival.recipients if name in ours and ours[name].model == 'helpdesk.ticket']
        gateway = self.gateway or {}
        if not places and gateway.get('model') == 'helpdesk.ticket':
            places = [self._fallback_place(gateway.get('custom_values') or {})]
        return places

    def _fallback_place(self, values):
        """Stand in for a team address where a mailbox is fetched for tickets as such."""
        teams = self.env['helpdesk.team']
        team = teams.browse(values.get('team_id') or ()).exists() or teams.search([('active', '=', True)], limit=1)
        defaults = repr(dict(values, team_id=team.id))
        return Address('', 'helpdesk.ticket', team.id, team.company_id.id, defaults, 'everyone')

    def _test_sender(self, arrival):
        test = self.env['helpdesk.mail.test']
        if arrival.message_id:
            test = test.search([('message_id', '=', arrival.message_id)], limit=1)
        return test.sender

    def _take_mail(self, case, options):
        """Decide where a mail for the helpdesk belongs, and bring it there."""
        case = case._replace(senders=self._find_senders(case.arrival.sender))
        self._believe_again(case)
        case, stopped = self._apply_rule(case, options)
        if stopped:
            return False
        case, named = self._named_tickets(case)
        if case.side and not options.get('ticket_anyway'):
            return self._take_side(case, options)
        people, sender, decision = self._decide(case, named)
        if case.verdict.kind in mail_kind.MACHINE_KINDS and not options.get('ticket_anyway'):
            into = people if decision.action in (*INTO_TICKET, belonging.NEW_LINKED) else None
            return self._take_machine_mail(case, into, sender)
        if decision.action == belonging.HELD:
            if not options.get('ticket_anyway'):
                return self._leave('held', case, people, self.env._(
                    "It says it is from %s, one of us, but our mail server found that it is not.", case.arrival.sender))
            decision, people = belonging.Decision(belonging.NEW, 'new'), None
        if case.verdict.kind == mail_kind.SPAM and decision.action not in INTO_TICKET and not options.get(
                'ticket_anyway'):
            return self._leave('held', case, people, self.env._(
                "A spam filter on the way marked it (%s).", case.verdict.because))
        if decision.action in INTO_TICKET:
            return self._deliver_into(case, people, decision, sender)
        if not case.places:
            case = case._replace(places=[self._place_of(people)])
        return self._deliver_new(case, decision, people)

    def _apply_rule(self, case, options):
        """Apply the first rule for received mails that fits; return (case, True when it is held or refused)."""
        if case.plain or not (places := case.places):  # what broke a mail may have been the rule
            return case, False
        actions = (FIELDS,) if options.get('ticket_anyway') else (FIELDS, HOLD, DROP)
        rule = self.env['helpdesk.mail.rule']._find(case.arrival.message, self.size, places[0].company_id, actions)
        if not rule:
            return case, False
        self.rule_id = rule
        if rule.action == FIELDS:
            return case._replace(values=rule._ticket_values()), False
        if rule.action == HOLD:
            self._leave('held', case, None, self.env._("Held by the rule “%s”.", rule.name))
        else:
            self._leave('refused', case, None, self.env._("Refused by the rule “%s”.", rule.name))
        return case, True

    def _believe_again(self, case):
        """Whoever writes from an address has it: mails may be sent there again."""
        back = [sender.id for sender in case.senders if sender.undeliverable]
        if back and case.verdict.kind == mail_kind.GENUINE and case.authentication != authentication.FAIL:
            self.env['res.partner'].browse(back).write(
                {'helpdesk_undeliverable_at': False, 'helpdesk_undeliverable_reason': False})

    def _named_tickets(self, case):
        """Return (case, [:class:`People`] of the tickets that the mail names, in the order of how sure that is).

        Its quoted words are looked at when nothing else names one: some programs send neither references nor subject.
        """
        if case.side:
            return case, []
        named = [*([case.parent.res_id] if case.parent else []), *case.signed]
        numbers = numbers_in(case.arrival.subject)
        if not named and not numbers:
            words = mail_content.first_words(case.arrival.message)
            case = case._replace(quoted=signature.in_text(self._signing_secret(), words))
            named = [*case.quoted]
            if not named:
                case = self._find_quoted_side(case)
        tickets = self._find_tickets(named, numbers)
        survivors = {people.merged_id: people.id for people in tickets if people.merged_id}
        return (case.led_on(survivors) if survivors else case), tickets

    def _named_by(self, case, ticket):
        if case.in_thread_of(ticket.id):
            return belonging.REFERENCE
        if ticket.id in case.signed:
            return belonging.SIGNED
        numbers = numbers_in(case.arrival.subject)
        return belonging.NUMBER if ticket.number in numbers or ticket.old_number in numbers else belonging.MARKER

    def _decide(self, case, tickets):
        """Return (People or None, Sender or None, Decision) for a mail that may belong to one of ``tickets``."""
        best = None
        for ticket in tickets:
            named_by = self._named_by(case, ticket)
            role, sender, also_customer = self._role(case, ticket)
            record = self.env['helpdesk.ticket'].browse(ticket.id)
            decision = belonging.decide(
                named_by, role, is_customer_too=also_customer,
                parent_is_note=case.names_note(ticket.id),
                may_continue=role in (belonging.STRANGER, belonging.AGENT)
                or record._is_reopened_by_reply(self.received_at) or self._only_thanks(case, record),
                authentication=case.authentication, believed=case.believed)
            if decision.action != belonging.POSSIBLE:
                return ticket, sender, decision
            best = best or (ticket, sender, decision)
        role = belonging.AGENT if any(sender.internal for sender in case.senders) else belonging.STRANGER
        return best or (None, next(iter(case.senders), None), belonging.decide(
            None, role, authentication=case.authentication, believed=case.believed))

    @api.model
    def _only_thanks(self, case, ticket):
        """Tell whether the mail only says thanks: no reason for another ticket, whatever the team's policy (D22)."""
        content = case.content or mail_content.read(case.arrival.message, tnef.unpack)
        body = html_sanitize(content.html) if content.html else plaintext2html(content.plain)
        return ticket._is_thanked_by(body, bool(content.attachments), case.arrival.sender_name)

    def _leave(self, outcome, case, people, reason):
        """Keep a mail in the ledger alone, held or refused, where its team's administrators find it."""
        place = case.places[0] if case.places else None
        self._conclude(
            outcome, reason,
            team_id=people.team_id if people else place.team_id if place else False,
            company_id=people.company_id if people else place.company_id if place else False)
        return False

    @api.model
    def _role(self, case, ticket):
        """Say what the sender is to ``ticket``: (role, Sender or None, also the customer)."""
        senders, address = case.senders, case.arrival.sender
        first, agent = next(iter(senders), None), next((sender for sender in senders if sender.agent), None)
        customer = next((sender for sender in senders if sender.id == ticket.partner_id), None)
        if customer:
            return belonging.CUSTOMER, customer, bool(agent)
        if address and address == ticket.partner_email:
            return belonging.CUSTOMER, None if ticket.partner_id else first, bool(agent)
        if agent:
            return belonging.AGENT, agent, False
        for sender in senders:
            if ticket.commercial_partner_id and sender.commercial_partner_id == ticket.commercial_partner_id and (
                    not sender.from_mail or case.in_thread_of(ticket.id)):
                return belonging.COMPANY, sender, False
        follower = next((sender for sender in senders if sender.id in ticket.follower_ids), None)
        if follower or address in addresses.find(ticket.email_cc):
            return belonging.PARTICIPANT, follower or first, False
        if case.names_note(ticket.id) and (asked := self._asked(case, ticket)):
            return belonging.PARTICIPANT, asked, False
        return belonging.STRANGER, first, False

    @api.model
    def _asked(self, case, ticket):
        """Return the Sender who was asked something about ``ticket``, such as for their approval; None for nobody."""
        people = self.env['helpdesk.ticket'].browse(ticket.merged_id or ticket.id)._note_people().ids
        return next((sender for sender in case.senders if sender.id in people), None)

    def _place_of(self, people):
        """Return the team of a ticket as if its address stood in the mail."""
        defaults = repr({'team_id': people.team_id})
        return Address('', 'helpdesk.ticket', people.team_id, people.company_id, defaults, 'everyone')
