from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_solving import TOLD_SOLVED
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html


class HelpdeskTicket(models.Model):
    """A request from the service catalogue: what was ordered and answered, and how it goes on from there (S0-13)."""
    _inherit = 'helpdesk.ticket'

    catalogue_item_id = fields.Many2one(
        'helpdesk.catalogue.item', string="Ordered", readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict', help="The item of the service catalogue that was ordered.")
    answer_ids = fields.One2many('helpdesk.catalogue.answer', 'ticket_id', string="Answers", copy=False)
    catalogue_expected_at = fields.Datetime(
        string="Expected By", readonly=True, copy=False,
        help="When it is usually there, in the team's working time: counted from the order, or from its approval.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'catalogue_item_id', 'catalogue_expected_at'}

    # ------------------------------------------------------------
    # how it goes on
    # ------------------------------------------------------------

    def _start_order(self):
        """Let the request (superuser) take its course: work begins at once, or after somebody has said yes."""
        self.ensure_one()
        item = self.catalogue_item_id
        if not item.checklist_after_approval or not item.approval_path_id:
            item.checklist_id._add_to(self)
        if item.approval_path_id:
            self._move_order('waiting_third_party')
            self._ask_for_order()
        else:
            self._begin_delivery()

    def _ask_for_order(self):
        """Ask for the approval. A path that leads nowhere must not lose the request: its people are told."""
        try:
            with self.env.cr.savepoint():
                self._request_approval(self.catalogue_item_id.approval_path_id)
        except UserError as error:
            self._begin_delivery()
            self.with_user(SUPERUSER_ID).message_post(subtype_xmlid='mail.mt_note', body=self.env._(
                "Nobody could be asked for approval: %s Ask somebody before you deliver.", str(error)))

    def _begin_delivery(self):
        """Work begins now: from here on the time is counted that it usually takes."""
        self.catalogue_item_id.checklist_id._add_to(self)
        self.catalogue_expected_at = self.catalogue_item_id._delivered_by(self.env.cr.now())
        if self.status == 'waiting_third_party':
            self._move_order('open' if self.first_response_at else 'new')

    def _move_order(self, status):
        """Give the request ``status``, where its team has a stage for it; its agents may have moved it elsewhere."""
        if self.team_id._stage_for(status):
            self._set_status(status)

    def _approval_path(self):
        return self.catalogue_item_id.approval_path_id or super()._approval_path()

    def _approval_decided(self, outcome, reason):
        """An approved order is delivered, a refused one ends with the reason in words."""
        before = {ticket: ticket.stage_id for ticket in self}
        if outcome == 'refused':  # the message with the reason says that this is the end: no second mail does
            self.env.cr.precommit.data.setdefault(TOLD_SOLVED, set()).update(self.filtered('catalogue_item_id').ids)
        super()._approval_decided(outcome, reason)
        for ticket in self.filtered('catalogue_item_id'):
            if outcome == 'approved':
                ticket._begin_delivery()
                ticket._tell_approved()
            else:
                ticket._end_refused(reason, moved=ticket.stage_id != before[ticket])

    def action_cancel_approval(self):
        """As for every ticket. What the catalogue asks for is stopped by who leads the team: delivery begins then.

        :raise AccessError: an order that waits for approval, and the user does not lead its team
        """
        ordered = self.sudo().filtered(  # sudo: what the item asks for
            lambda ticket: ticket.approval_state == 'waiting' and ticket.catalogue_item_id.approval_path_id)
        if not self.env.su and not all(ticket.with_user(self.env.user)._leads() for ticket in ordered):
            raise AccessError(self.env._(
                "The catalogue asks for this approval. Only the team's leader or a helpdesk administrator goes "
                "without."))
        return super().action_cancel_approval()

    def _cancel_approval(self):
        """Whoever stops asking decides by themselves: an order does not wait for ever."""
        asked = self.filtered(lambda ticket: ticket.approval_state == 'waiting' and ticket.catalogue_item_id)
        super()._cancel_approval()
        for ticket in asked.filtered(lambda ticket: ticket.active and ticket.status == 'waiting_third_party'):
            ticket._begin_delivery()

    def _tell_approved(self):
        """Tell the customer that work begins, where somebody had to say yes."""
        if not self.approval_ids.filtered(lambda one: one.run == self.approval_run and one.state == 'approved'):
            return
        item, when = self.with_context(lang=self.customer_lang).catalogue_item_id, ''
        zone = self.partner_id.tz or self.company_id.partner_id.tz or 'UTC'
        if self.catalogue_expected_at:
            when = item.env._("\n\nUsually it is there by %s.", self.with_env(item.env)._portal_moment(
                self.catalogue_expected_at, zone))
        self._tell_customer(item.env._("“%(item)s” was approved: we begin.%(when)s", item=item.name, when=when))

    def _end_refused(self, reason, moved=False):
        """Tell the customer that it was refused and why, in one message that solves the request; where its process has
        ``moved`` it already, it stays there."""
        item = self.with_context(lang=self.customer_lang).catalogue_item_id
        self._tell_customer(item.env._(
            "“%(item)s” was not approved, so we do not go on with it.\n\nThe reason: %(reason)s\n\n"
            "If something is still to be said about it, answer this message.", item=item.name, reason=reason),
            None if moved else self.team_id._stage_for('solved') or self.team_id._stage_for('closed'))

    def _tell_customer(self, text, stage=None):
        """Send ``text`` to the customer in the name of the assignee or leader, and move the request to ``stage``.

        A machine's words answer nothing: promises of an answer go on.
        """
        ticket = self.with_user(SUPERUSER_ID).with_context(lang=self.customer_lang, helpdesk_automatic_mail=True)
        speaker = (self.user_id | self.team_id.leader_id).filtered('active')[:1].partner_id
        partner_ids, addresses = ticket._answer_recipients([], False)
        with ticket._answering_with(stage):
            ticket.message_post(
                body=plaintext2html(text), message_type='comment', subtype_xmlid='mail.mt_comment',
                partner_ids=partner_ids, outgoing_email_to=addresses,
                **({'author_id': speaker.id} if speaker else {}))
        if stage:
            ticket._write_message_facts({'stage_id': stage.id})

    def _approval_facts(self, moment):
        """Approvers see what was ordered and answered; the customer's remark comes as what they wrote."""
        rows = super()._approval_facts(moment)
        if not self.catalogue_item_id:
            return rows
        item = self.catalogue_item_id
        price = [{'label': self.env._("Price"), 'text': item.price}] if item.price else []
        return rows + price + [{'label': answer.name, 'text': answer._shown()} for answer in self.answer_ids]

    # ------------------------------------------------------------
    # for the customer
    # ------------------------------------------------------------

    def _portal_file(self, attachment_id):
        """Files that were sent with the form are the customer's as well."""
        file = super()._portal_file(attachment_id)
        return file or self.answer_ids.attachment_ids.filtered(lambda one: one.id == attachment_id)

    def _portal_turn_third(self):
        """Whom we wait for is known: who asked may know it too."""
        sentence, more = super()._portal_turn_third()
        if self.catalogue_item_id and self.approval_state == 'waiting':
            sentence = self.env._("This waits for an approval.")
        return sentence, more

    def _portal_order(self):
        """Return what the ticket's page (superuser) says about an order, None where it is none.

        :return: dict of ``item`` (name), ``answers``: list of (question, answer, files) and ``steps``: list of
            (state, words, more), the state being 'done', 'now', 'next' or 'stopped'
        """
        self.ensure_one()
        if not self.catalogue_item_id:
            return None
        return {
            'item': self.catalogue_item_id.name, 'steps': self._portal_order_steps(),
            'answers': [(answer.name, answer._shown(), answer.attachment_ids) for answer in self.answer_ids]}

    def _portal_order_steps(self):
        """Return what happened, what happens now and what comes next: [(state, words, more)]."""
        _ = self.env._
        steps = [('done', _("Ordered on %s", self._portal_moment(self.create_date)), '')]
        done = self.status in ('solved', 'closed')
        if self.approval_state == 'waiting':
            people = ', '.join(self._approvals_waiting().decider_id.mapped('name'))
            return [*steps, (
                'now', _("It waits for approval by %s", people), _("We write to you as soon as it is decided.")),
                self._portal_delivery_step('next')]
        if self.approval_state == 'refused':
            return [*steps, self._portal_refused_step()]
        if self.approval_state == 'approved':
            steps.append(('done', _("Approved on %s", self._portal_moment(self.approval_changed_at)), ''))
        return [*steps, self._portal_delivery_step('done' if done else 'now')]

    def _portal_refused_step(self):
        refused = self.approval_ids.filtered(
            lambda one: one.run == self.approval_run and one.state == 'refused')[:1]
        return ('stopped', self.env._("Not approved on %s", self._portal_moment(self.approval_changed_at)),
                refused.reason or '')

    def _portal_delivery_step(self, state):
        _, more = self.env._, ''
        if state == 'done':
            done_at = self.solved_at or self.closed_at
            return state, _("Done on %s", self._portal_moment(done_at)) if done_at else _("Done"), ''
        if state == 'next':
            if words := self.catalogue_item_id._delivery_words():
                more = _("Usually within %s from then on.", words)
            return state, _("We do it"), more
        if self.catalogue_expected_at and not self._portal_promise():  # a promise stands above already
            more = _("Usually there by %s.", self._portal_moment(self.catalogue_expected_at))
        return state, _("We do it"), more
