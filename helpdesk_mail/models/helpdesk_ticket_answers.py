import logging

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_solving import TOLD_SOLVED
from odoo.fields import Domain

from ..tools import addresses

_logger = logging.getLogger(__name__)
STATES = [('waiting', "Will be sent"), ('sent', "Sent"), ('skipped', "Not sent")]
# a machine's answer says what it is, so that no other machine answers it (RFC 3834)
ANSWER_HEADERS = {'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All'}
# the way these tickets come, the customer is not told otherwise that we have them
CONFIRMED_CHANNELS = ('web', 'portal', 'phone', 'chat')


class HelpdeskTicketAnswers(models.AbstractModel):
    """The two mails that the helpdesk sends by itself: "we have it" and "it is solved" (S3-7, S3-8).

    They are flagged where it happens and sent by a job that is woken at once, so that nobody waits for them.
    """

    _name = 'helpdesk.ticket.answers.mixin'
    _description = "Ticket: Automatic Answers"

    greeting_name = fields.Char(compute='_compute_greeting_name', export_string_translation=False)
    acknowledgement = fields.Selection(STATES, string="Confirmation", readonly=True, copy=False)
    acknowledgement_reason = fields.Char(string="Confirmation: Why Not", readonly=True, copy=False)
    solved_mail = fields.Selection(STATES, readonly=True, copy=False)
    solved_mail_reason = fields.Char(string="Solved Mail: Why Not", readonly=True, copy=False)

    @api.depends('partner_name', 'partner_email')
    def _compute_greeting_name(self):
        """An address is no name to greet somebody by."""
        for ticket in self:
            name = ticket.partner_name or ''
            ticket.greeting_name = False if '@' in name else name

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {
            'acknowledgement', 'acknowledgement_reason', 'solved_mail', 'solved_mail_reason'}

    def _owner_domain(self, email):
        """Who merely says that the address is theirs would get a ticket whose owner has just proved the contrary."""
        return super()._owner_domain(email) & Domain('helpdesk_email_unproven', '=', False)

    def _will_be_acknowledged(self):
        return self.acknowledgement == 'waiting' or super()._will_be_acknowledged()

    def _wake_answers(self):
        """Have the waiting answers sent right after this transaction."""
        self._trigger_timer('helpdesk_mail.ir_cron_send_answers')

    def _queue_acknowledgement(self):
        """Tell the customers of these tickets that we have their request, if their teams do so."""
        tickets = self.filtered(lambda ticket: ticket.team_id.acknowledge and not ticket.acknowledgement)
        tickets._write_facts({'acknowledgement': 'waiting'})
        if tickets:
            tickets._wake_answers()

    def _status_facts(self, old, new, now):
        facts = super()._status_facts(old, new, now)
        if new == 'solved' and old and old not in ('solved', 'closed') and self.team_id.tell_solved:
            if self.id in self.env.cr.precommit.data.get(TOLD_SOLVED, ()):
                facts.update(solved_mail='skipped', solved_mail_reason=self.env._("The answer that solved it says so."))
            else:
                facts.update(solved_mail='waiting', solved_mail_reason=False)
                self._wake_answers()
        elif new not in ('solved', 'closed') and self.solved_mail:
            facts.update(solved_mail=False, solved_mail_reason=False)
        return facts

    # ------------------------------------------------------------
    # job
    # ------------------------------------------------------------

    @api.model
    def _cron_send_answers(self):
        """Send the answers that wait."""
        self._run_timer([('acknowledgement', '=', 'waiting')], '_send_acknowledgement', 'id')
        self._run_timer([('solved_mail', '=', 'waiting')], '_send_solved_mail', 'id')

    def _skip_timer(self, domain):
        if domain and domain[0][0] in ('acknowledgement', 'solved_mail'):
            name = domain[0][0]
            self._write_facts(
                {name: 'skipped', f'{name}_reason': self.env._("The mail could not be made; see the server's log.")}
            )
            return
        super()._skip_timer(domain)

    def _send_acknowledgement(self):
        self.ensure_one()
        template = self.team_id.acknowledge_template_id or self.team_id._mail_templates()[0]
        if self.address_unconfirmed:  # whoever typed the address must not write to its owner through us (A35)
            template = self.env.ref('helpdesk_mail.mail_template_unconfirmed', raise_if_not_found=False)
        self._answer('acknowledgement', 'acknowledgement', template, self.team_id.acknowledge)

    def _send_solved_mail(self):
        self.ensure_one()
        template = self.team_id.solved_template_id or self.team_id._mail_templates()[1]
        if self.address_unconfirmed and not self.first_response_at:  # the mail holds the visitor's words (A35)
            self._write_facts({'solved_mail': 'skipped', 'solved_mail_reason': self.env._(
                "Nobody has confirmed the customer's address.")})
            return
        self._answer(
            'solved_mail', 'solved', template, self.team_id.tell_solved and self.status in ('solved', 'closed')
        )

    def _answer(self, field, kind, template, wanted):
        """Send ``template`` to the customer, or note in ``field``'s reason why not."""
        why_not = self._why_no_answer(template, wanted)
        if why_not:
            self._write_facts({field: 'skipped', f'{field}_reason': why_not})
            return
        with self._answering_with(self.stage_id if kind == 'solved' else None):
            message = self._post_answer(template)
        self.env['helpdesk.mail.answer'].create(
            {
                'ticket_id': self.id,
                'kind': kind,
                'email': addresses.without_tag(self.partner_email),
                'mail_message_id': message.id,
            }
        )
        self._write_facts({field: 'sent', f'{field}_reason': False})

    def _why_no_answer(self, template, wanted):
        """Return the reason, a text, why the customer gets no automatic answer; '' when they get one."""
        email = self.partner_email
        if not wanted or not template:
            return self.env._("The team sends no such mail.")
        if not addresses.normalise(email):
            return self.env._("The customer has no mail address.")
        if addresses.is_nobody(email):
            return self.env._("Nobody reads mails at %s.", email)
        if email in self.env['helpdesk.mail.intake']._find_addresses([email]):
            return self.env._("%s is one of our own addresses.", email)
        if self.env['helpdesk.mail.answer']._limit_reached(addresses.without_tag(email)):
            return self.env._("%s got as many automatic mails as an address may get in a day.", email)
        return ''

    def _post_answer(self, template):
        """Post ``template`` for the customer alone and return the message."""
        lang = self.customer_lang
        rendered = template.with_context(lang=lang)._generate_template(self.ids, ('subject', 'body_html'))[self.id]
        partner = self.partner_id
        return self.with_context(lang=lang, mail_notify_force_send=False, mail_post_autofollow=False).message_post(
            body=Markup(rendered['body_html']),
            subject=rendered['subject'],
            message_type='auto_comment',
            subtype_xmlid='mail.mt_comment',
            author_id=self.env.ref('base.partner_root').id,
            email_from=self._get_sender(),
            partner_ids=partner.ids,
            outgoing_email_to=False if partner else self.partner_email,
            mail_headers=dict(ANSWER_HEADERS),
            notify_skip_followers=True,
            force_email_lang=lang,
            email_add_signature=False,
        )
