from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, format_datetime

CUSTOMER = 'messenger'  # the key of the customer among the people who get an answer


class HelpdeskTicketChannelMixin(models.AbstractModel):
    """A customer who writes by a messenger is answered there, not also by mail; where the service lets us write no
    more, the agent is told before anything is sent, and may choose mail (issue 8)."""
    _name = 'helpdesk.ticket.channel.mixin'
    _description = "Ticket: Messenger"

    channel_person_id = fields.Many2one(
        'helpdesk.channel.person', string="Writes As", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', groups='helpdesk_core.group_helpdesk_user')
    messenger_channel_id = fields.Many2one(
        related='channel_person_id.channel_id', string="Messenger", groups='helpdesk_core.group_helpdesk_user')
    answer_by_mail = fields.Boolean(
        string="Answer by Mail", copy=False, groups='helpdesk_core.group_helpdesk_user',
        help="Answers go to the customer's mail address, not to their messenger.")
    answer_until = fields.Datetime(
        compute='_compute_answer_until', groups='helpdesk_core.group_helpdesk_user',
        help="The service lets us write for some time after the customer's last message.")
    channel_problem = fields.Char(
        compute='_compute_channel_problem', groups='helpdesk_core.group_helpdesk_user',
        help="Why an answer would not reach the customer by their messenger.")

    @api.depends('channel_person_id.last_message_at')
    def _compute_answer_until(self):
        for ticket in self:
            ticket.answer_until = ticket._answer_until()

    def _answer_until(self):
        """Return until when (naive UTC) the service lets us write; False where there is no such rule."""
        person = self.sudo().channel_person_id  # sudo: what the service allows, for who may read the ticket
        window = person and person.channel_id._window()
        return person.last_message_at + window if window and person.last_message_at else False

    @api.depends('channel_person_id', 'channel_person_id.last_message_at')
    def _compute_channel_problem(self):
        for ticket in self:
            ticket.channel_problem = ticket._channel_problem() if ticket.channel_person_id else False

    def _channel_problem(self):
        """Return why an answer would not reach the customer by their messenger, and what to do; '' when it would."""
        return self._channel_fault() or self._window_problem()

    def _otherwise(self):
        return self.env._("Answer by mail instead.") if self.partner_email else self.env._(
            "Reach the customer another way: their mail address is not known.")

    def _channel_fault(self):
        """Return why nothing at all goes out by the messenger, and what to do; '' when something does."""
        person, _ = self.sudo().channel_person_id, self.env._  # sudo: as above
        channel = person.channel_id
        if not channel:
            return _("Nobody is known there any more.")
        if not channel.active or channel.state == 'off':
            return _("%(channel)s is switched off. %(otherwise)s", channel=channel.name,
                     otherwise=self._otherwise())
        return ''

    def _window_problem(self):
        """Return why the messenger takes no free words any more, and what to do; '' while it does."""
        until, _ = self._answer_until(), self.env._
        if until and until <= self.env.cr.now():
            service = self.sudo().channel_person_id.channel_id._kind_label()  # sudo: as above
            otherwise = _("Answer with a template.") if self._usable_templates() else self._otherwise()
            return _(
                "%(service)s lets us write only for some time after the customer's last message, and that ended on "
                "%(until)s. When they write again, you can answer. Until then: %(otherwise)s",
                service=service, until=format_datetime(self.env, until), otherwise=otherwise)
        return ''

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'channel_person_id'}

    def write(self, vals):
        """Who an agent says the customer is, the person on the messenger is from then on."""
        result = super().write(vals)
        if vals.get('partner_id'):
            # sudo: the person is the system's to write; the ticket is the agent's
            people = self.sudo().channel_person_id.filtered(lambda person: not person.partner_id)
            partner = self.env['res.partner'].browse(vals['partner_id'])
            if people and not partner.sudo().user_ids.filtered(lambda user: user._is_internal()):  # sudo: a colleague?
                people.write({'partner_id': partner.id})
        return result

    # ------------------------------------------------------------
    # which way an answer goes
    # ------------------------------------------------------------

    def _answers_by_channel(self):
        """Tell whether an agent's answer goes to the customer's messenger."""
        ticket = self.sudo()  # sudo: an employee's own request knows it too
        return bool(ticket.channel_person_id) and not ticket.answer_by_mail and not ticket._is_heard_elsewhere()

    def action_answer_by_mail(self):
        """Have answers on these tickets sent by mail.

        :raise UserError: where no mail address is known
        """
        self._check_chooses_way()
        for ticket in self:
            if not email_normalize(ticket.partner_email):
                raise UserError(self.env._("Enter the customer's mail address first."))
        self.write({'answer_by_mail': True})

    def action_answer_by_channel(self):
        """Have answers on these tickets sent to the customer's messenger."""
        self._check_chooses_way()
        self.write({'answer_by_mail': False})

    def _check_chooses_way(self):
        self.check_access('write')
        if not all(self.env.user._helpdesk_works_on(ticket) for ticket in self):
            raise AccessError(self.env._("Only people who work on the ticket decide how it is answered."))

    def _check_channel(self, values):
        """Refuse an answer that the service would not take, before it is sent; ``values``: for ``message_post``."""
        left_out = values.get('helpdesk_left_out') or self.env.context.get('helpdesk_left_out') or ()
        if self._answers_by_channel() and CUSTOMER not in left_out and (problem := self._answer_problem()):
            raise UserError(problem)

    def _answer_problem(self):
        """Return what is wrong with the answer that is being written: templates may be sent at any time."""
        return self._channel_fault() if self._template_answer() else self._channel_problem()

    def _hold_answer(self, values):
        self._check_channel(values)
        return super()._hold_answer(values)

    def message_post(self, *, subtype_xmlid=None, subtype_id=False, message_type='notification', **kwargs):
        if (message_type == 'comment' and len(self) == 1 and self._answers_by_channel()
                and self._is_agents_answer(subtype_xmlid, subtype_id, kwargs)):
            self._check_channel(kwargs)
        return super().message_post(
            subtype_xmlid=subtype_xmlid, subtype_id=subtype_id, message_type=message_type, **kwargs)

    def _note_message(self, message, side):
        super()._note_message(message, side)
        if side == 'agent' and self._answers_by_channel() and not self._left_out_of_channel():
            # sudo: the queue is no agent's
            outgoing = self.env['helpdesk.channel.message'].sudo()._queue(self, message)
            if problem := self._answer_problem():  # an answer by mail, which cannot be refused any more
                outgoing._fail(problem)

    def _left_out_of_channel(self):
        return CUSTOMER in (self.env.context.get('helpdesk_not_to') or ())

    # ------------------------------------------------------------
    # not also by mail
    # ------------------------------------------------------------

    def _answer_recipients(self, partner_ids, outgoing_email_to):
        """The customer gets it by their messenger: whom the agent added, and copies, get mails."""
        if not self._answers_by_channel():
            return super()._answer_recipients(partner_ids, outgoing_email_to)
        left_out = [*(self.env.context.get('helpdesk_not_to') or ()), self._customer_key()]
        return super(HelpdeskTicketChannelMixin, self.with_context(helpdesk_not_to=left_out))._answer_recipients(
            partner_ids, outgoing_email_to)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """As a follower the customer gets no mail of an agent's answer either."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if len(self) != 1 or not recipients or not self._answers_by_channel():
            return recipients
        author = (message.sudo().author_id if message else  # sudo: what was just written, by whomever
                  self.env['res.partner'].browse((msg_vals or {}).get('author_id') or ()))
        kind = message.message_type if message else (msg_vals or {}).get('message_type')
        if kind not in ('comment', 'email') or not author or not author._is_helpdesk_agent():
            return recipients
        customer = self._customer_key()
        return [data for data in recipients
                if not customer or self._recipient_key(data['email_normalized'], data['id']) != customer]

    @api.readonly
    def get_answer_recipients(self, partner_ids=(), emails=(), left_out=()):
        """The customer stands among those who get an answer with ``how`` = 'messenger'; see core for the rest."""
        audience = super().get_answer_recipients(partner_ids=partner_ids, emails=emails, left_out=left_out)
        if not self._answers_by_channel():
            return audience
        person = self.sudo().channel_person_id  # sudo: the ticket's own customer; the right to answer was checked
        customer = {
            'key': CUSTOMER, 'name': person.display_name, 'address': person.channel_id.name, 'partner_id': False,
            'kind': 'customer', 'how': 'messenger', 'new': False, 'external': False,
            'problem': self._channel_problem()}
        gone = CUSTOMER in (left_out or ())
        # sudo: the house's own address, under which the person's messages stand
        house = email_normalize(self.sudo().company_id.default_from_email)
        audience['removed'] = [one for one in audience['removed'] if one['key'] not in (self._customer_key(), house)]
        if gone:
            audience['removed'].append({**customer, 'problem': '', 'left_out': True})
        else:
            audience['recipients'].insert(0, customer)
        return audience

    def _reasons_against(self, seen_id, body, left_out):
        reasons = super()._reasons_against(seen_id, body, left_out)
        if self._answers_by_channel() and CUSTOMER in (left_out or ()):
            reasons.append({'kind': 'customer'})
        return reasons
