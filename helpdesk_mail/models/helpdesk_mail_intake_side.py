from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext
from odoo.tools.mail import email_split_and_format_normalize, formataddr

from ..tools import addresses, belonging, mail_content, mail_kind, signature
from ..tools.case import Side

MODEL = 'helpdesk.side.thread'
INTO_SIDE = (belonging.SIDE_ANSWER, belonging.SIDE_NOTE)


class HelpdeskMailIntakeSide(models.AbstractModel):
    """Mails that answer a side conversation: into it, never into the ticket's own (promise 2, S2-37, D6)."""

    _name = 'helpdesk.mail.intake.side.mixin'
    _description = "Received Mail: Side Conversations"

    side_thread_id = fields.Many2one(
        MODEL, string="Side Conversation", readonly=True, index='btree_not_null', ondelete='set null')

    # ------------------------------------------------------------
    # find
    # ------------------------------------------------------------

    @api.model
    def _find_side(self, parent, message_ids, recipients):
        """Return the :class:`Side` that a mail answers, or None.

        :param Parent parent: the message it answers, of whatever model; an answer to the ticket itself is none to a
            side conversation, whoever else is written to
        :param message_ids: Message-Ids it names
        :param recipients: addresses it was sent to
        """
        if parent and parent.model == 'helpdesk.ticket':
            return None
        if parent and parent.model == MODEL:
            return self._read_side([parent.res_id], belonging.REFERENCE, parent.id)
        secret = self._signing_secret()
        signed = {**signature.in_message_ids(secret, message_ids, signature.SIDE),
                  **signature.in_addresses(secret, recipients, signature.SIDE)}
        return self._read_side(list(signed), belonging.SIGNED)

    def _find_quoted_side(self, case):
        """Return ``case`` with the side conversation that its quoted words name; asked where nothing else names one."""
        words = mail_content.first_words(case.arrival.message)
        quoted = signature.in_text(self._signing_secret(), words, signature.SIDE)
        return case._replace(side=self._read_side(list(quoted), belonging.MARKER))

    @api.model
    def _read_side(self, ids, named_by, message_id=None):
        """Return the first that exists of the side conversations ``ids``, as a :class:`Side`, or None."""
        thread = self.env[MODEL].browse(ids).exists()[:1]
        if not thread:
            return None
        companies = {one.commercial_partner_id.id for one in thread.partner_ids}
        return Side(
            thread.id, thread.name, thread.ticket_id.id, thread.team_id.id, thread.company_id.id,
            frozenset(thread._addresses()), frozenset(thread.partner_ids.ids), frozenset(companies), named_by,
            message_id)

    # ------------------------------------------------------------
    # decide
    # ------------------------------------------------------------

    def _take_side(self, case, options):
        """Bring a mail that answers a side conversation where it belongs; return the ticket's id or False."""
        [people] = self._find_tickets([case.side.ticket_id], [])
        role, sender = self._side_role(case, people)
        decision = belonging.decide_side(case.side.named_by, role, case.authentication)
        if options.get('side_accepted'):
            decision = belonging.Decision(belonging.SIDE_ANSWER, 'side_accepted')
        elif case.verdict.kind in mail_kind.MACHINE_KINDS:
            return self._take_side_machine(case, decision, sender)
        if decision.action in INTO_SIDE:
            return self._deliver_into_side(case, decision, sender)
        if decision.action == belonging.POSSIBLE:
            case = case._replace(side=None, parent=None, places=case.places or [self._place_of(people)])
            return self._deliver_new(case, decision, people)
        return self._hold_for_side(case, decision)

    def _side_role(self, case, people):
        """Say who the sender is to the side conversation of ticket ``people``: (role, Sender or None)."""
        side, address = case.side, case.arrival.sender
        first = next(iter(case.senders), None)
        own = next((sender for sender in case.senders if sender.id in side.partner_ids), first)
        if address in side.addresses:
            return belonging.MEMBER, own
        if first and first.internal:
            return belonging.AGENT, first
        role, sender, _also = self._role(case, people)
        if role != belonging.STRANGER:
            return belonging.CUSTOMER, sender
        domains = {addresses.domain(one) for one in side.addresses if not addresses.is_free_mail(one)}
        if addresses.domain(address) in domains or any(
                sender.commercial_partner_id in side.companies for sender in case.senders):
            return belonging.ORGANISATION, own
        return belonging.STRANGER, first

    # ------------------------------------------------------------
    # deliver
    # ------------------------------------------------------------

    def _side_record(self, side):
        """Return the conversation in its company, at the moment the mail came."""
        company = self.env['res.company'].browse(side.company_id)
        return self.env[MODEL].with_company(company).with_context(mail_notify_force_send=False).browse(side.id)

    def _deliver_into_side(self, case, decision, sender):
        """Write a mail into the side conversation: nobody outside gets it, it answers nothing of the ticket's."""
        side = case.side
        if other := self._taken_already(side.company_id):
            return self._conclude_taken(other)
        thread = self._side_record(side)
        if decision.reason == 'side_accepted' and case.arrival.sender not in side.addresses:
            person = formataddr((case.arrival.sender_name or '', case.arrival.sender))
            thread.email_to = ', '.join(filter(None, [thread.email_to, *email_split_and_format_normalize(person)]))
        message = self._post_into_side(case, thread, sender)
        if decision.action == belonging.SIDE_ANSWER:
            thread._note_answer(message, self.received_at)
        self._conclude_side('follow_up', self._side_reason(decision, thread), side, mail_message_id=message.id)
        return side.ticket_id

    def _post_into_side(self, case, thread, sender):
        return self._post(
            case, thread, 'mail.mt_note', self._author_id(case, sender), parent_id=case.side.message_id or False,
            is_internal=True)

    def _take_side_machine(self, case, decision, sender):
        """Keep a machine's mail in the side conversation and say so; it answers nothing (D14)."""
        if decision.action not in INTO_SIDE:
            self._conclude_side('auto_reply', self.env._(
                "Written by a machine (%s); it names a side conversation that its sender is not in.",
                case.verdict.because), case.side)
            return False
        thread = self._side_record(case.side)
        message = self._post_into_side(case, thread, sender)
        words = ' '.join(html2plaintext(message.body or '').split())
        thread._note_machine(self.env._("Automatic answer: %s", words))
        self._conclude_side('auto_reply', self.env._(
            "A machine's answer (%s), kept in the side conversation.", case.verdict.because), case.side,
            mail_message_id=message.id)
        return case.side.ticket_id

    def _take_side_bounce(self, case, bounce):
        """A mail to the third party did not arrive: the conversation says so, and its agent is told."""
        who = ', '.join(bounce.recipients) or self.env._("the recipient")
        text, failed = self._bounce_words(bounce, who), bounce.action == 'failed'
        if failed and case.side.message_id:
            self._mark_notifications(case.side.message_id, bounce, text)
        if failed or bounce.action == 'delayed':
            self._side_record(case.side)._note_machine(text, failed=failed)
        self._conclude_side('bounce', text, case.side)
        return case.side.ticket_id

    def _hold_for_side(self, case, decision):
        """Somebody else answers: the mail waits for an agent, who is told."""
        reason = {
            'side_forged': self.env._(
                "It answers a side conversation, but our mail server found that its sender is not who it says."),
        }.get(decision.reason, self.env._("It answers a side conversation, but %s is not one of its people.",
                                          case.arrival.sender or self.env._("the sender")))
        self._conclude_side('held', reason, case.side)
        thread = self._side_record(case.side)
        thread._tell(self.env._("Somebody else answered: %s", thread.name), reason)
        return False

    def _conclude_side(self, outcome, reason, side, **values):
        self._conclude(outcome, reason, side_thread_id=side.id, ticket_id=side.ticket_id, team_id=side.team_id,
                       company_id=side.company_id, **values)

    def _side_reason(self, decision, thread):
        """Say in plain words why a mail went into a side conversation."""
        words = {
            'side_agent': self.env._("A colleague's mail; it stays in the side conversation with %s as a note."),
            'side_colleague': self.env._(
                "It answers our mail to %s, from the same organisation; it stays in the side conversation."),
            'side_accepted': self.env._("An agent took it into the side conversation with %s."),
        }
        return words.get(decision.reason, self.env._(
            "It answers our mail to %s; it stays in the side conversation.")) % thread.people

    # ------------------------------------------------------------
    # a person decides
    # ------------------------------------------------------------

    def action_accept_side(self):
        """Take an answer that is held into its side conversation; its sender belongs to it from now on.

        :raise UserError: for mails that are not held for one
        :raise AccessError: for who may not write in the conversation
        """
        self._check_held_side()
        for mail in self:
            mail._repeat({'side_accepted': True})
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    def action_refuse_side(self):
        """Leave an answer that is held out of its side conversation; it stays in the list of received mails."""
        self._check_held_side()
        # sudo: the ledger has no writers among users; the right was checked above
        self.sudo()._conclude('refused', self.env._("Refused by %s.", self.env.user.name))

    def _check_held_side(self):
        self.check_access('read')
        if not self or any(mail.outcome != 'held' or not mail.side_thread_id for mail in self):
            raise UserError(self.env._("Somebody has decided about this mail already."))
        self.side_thread_id.check_access('write')
