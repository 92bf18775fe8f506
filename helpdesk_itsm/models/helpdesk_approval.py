import logging
from datetime import timedelta
from uuid import uuid4

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)
BATCH = 100
STATES = [
    ('waiting', "Waiting"),
    ('approved', "Approved"),
    ('refused', "Refused"),
    ('cancelled', "Cancelled"),
    ('skipped', "Not needed"),
]
LONGEST_REASON = 2000


class HelpdeskApproval(models.Model):
    """One person is asked for a yes or a no about a ticket (S0-15).

    Who is asked need not be an agent nor have an account. They see what is asked and nothing else of the ticket: the
    rows are written by the methods below alone, and read by who decides and by those who work on the ticket.
    """
    _name = 'helpdesk.approval'
    _description = "Approval"
    _inherit = ['helpdesk.approval.asking.mixin', 'helpdesk.approval.link.mixin']
    _order = 'asked_at desc, id desc'

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='ticket_id.company_id', store=True)
    path_id = fields.Many2one('helpdesk.approval.path', readonly=True, ondelete='set null')
    step_id = fields.Many2one('helpdesk.approval.step', readonly=True, index='btree_not_null', ondelete='set null')
    step_name = fields.Char(string="For", readonly=True)
    run = fields.Integer(readonly=True, help="How many times the ticket had been asked about before, and this one.")
    needed = fields.Integer(
        string="Yes Needed", readonly=True, default=1, help="How many in this step have to say yes.")
    partner_id = fields.Many2one(
        'res.partner', string="Approver", readonly=True, index='btree_not_null', ondelete='set null',
        help="Empty when the person was erased for privacy.")
    decider_id = fields.Many2one(
        'res.partner', string="Decides", readonly=True, ondelete='set null',
        help="The approver, or whoever decides in their place.")
    trail_ids = fields.Many2many(
        'res.partner', 'helpdesk_approval_trail_rel', 'approval_id', 'partner_id', string="Handed On By", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default='waiting')
    asked_at = fields.Datetime(string="Asked", required=True, readonly=True, default=lambda self: self.env.cr.now())
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decided_by_id = fields.Many2one('res.partner', string="Decided By", readonly=True, ondelete='set null')
    reason = fields.Text(readonly=True)
    remind_at = fields.Datetime(string="Next Reminder", readonly=True)
    remind_count = fields.Integer(string="Reminders Sent", readonly=True)
    mine = fields.Boolean(compute='_compute_mine', export_string_translation=False)

    _waiting_idx = models.Index("(decider_id, id) WHERE state = 'waiting'")
    _remind_idx = models.Index("(remind_at) WHERE state = 'waiting'")

    @api.depends('decider_id', 'state')
    @api.depends_context('uid')
    def _compute_mine(self):
        for approval in self:
            approval.mine = approval.state == 'waiting' and approval.decider_id == self.env.user.partner_id

    # ------------------------------------------------------------
    # for whoever is logged in
    # ------------------------------------------------------------

    def approve(self, reason=''):
        """Say yes, as the present user.

        :raise AccessError: somebody else decides, or the user asked for it themselves
        :raise UserError: it is decided already
        """
        for approval in self._as_decider():
            approval._decide('approved', reason, self.env.user.partner_id)

    def refuse(self, reason):
        """Say no, as the present user, and why; errors as :meth:`approve`."""
        for approval in self._as_decider():
            approval._decide('refused', reason, self.env.user.partner_id)

    def delegate(self, partner_id):
        """Let the contact ``partner_id`` decide instead of the present user; errors as :meth:`approve`."""
        partner = self.env['res.partner'].browse(partner_id)
        partner.check_access('read')
        for approval in self._as_decider():
            approval._delegate(partner.sudo())  # sudo: was checked above; written by the system alone

    def action_refuse(self):
        """Open the dialog that asks why not."""
        return self._open_dialog('refuse', self.env._("Refuse"))

    def action_delegate(self):
        """Open the dialog that asks who decides instead."""
        return self._open_dialog('delegate', self.env._("Let Somebody Else Decide"))

    def _open_dialog(self, act, title):
        self._as_decider()
        return {
            'type': 'ir.actions.act_window', 'name': title, 'res_model': 'helpdesk.approval.answer',
            'view_mode': 'form', 'target': 'new',
            'context': {'default_approval_ids': self.ids, 'default_act': act}}

    def _as_decider(self):
        """Return these approvals as the superuser, after checking that the present user decides each."""
        partner = self.env.user.partner_id
        approvals = self.sudo()  # sudo: compared here; nobody else gets further
        if not approvals or any(approval.decider_id != partner for approval in approvals.exists()):
            raise AccessError(self.env._("Only who is asked decides. It is perhaps with somebody else by now."))
        return approvals

    # ------------------------------------------------------------
    # deciding; the caller checked who it is, and is in sudo
    # ------------------------------------------------------------

    def _decide(self, outcome, reason, partner, how='account'):
        """Write the decision of ``partner`` and go on with the path.

        :param str outcome: 'approved' or 'refused'
        :param str reason: may be empty for a yes
        :param str how: 'account' or 'link', for the log
        :raise UserError: it is decided, or a no without a reason
        :raise AccessError: ``partner`` asked for it
        """
        self.ensure_one()
        reason = (reason or '').strip()[:LONGEST_REASON]
        self._check_waiting()
        if partner in self.ticket_id._requesters():
            raise AccessError(self.env._("Nobody decides about a request of their own. Let somebody else decide."))
        if outcome == 'refused' and not reason:
            raise UserError(self.env._("Say why not: whoever asked has to know."))
        ticket = self.ticket_id
        # Two who decide at once: the second one waits here, and is tried again with what the first one wrote.
        ticket._write_facts({'approval_changed_at': self.env.cr.now()})
        ticket.flush_recordset(['approval_changed_at'])
        self.write({'state': outcome, 'decided_at': self.env.cr.now(), 'decided_by_id': partner.id, 'reason': reason,
                    'remind_at': False})
        ticket._log_events([self._log_row(
            'approval_given' if outcome == 'approved' else 'approval_refused', author_id=partner.id,
            user_id=self.env.uid if how == 'account' else False, new=reason, detail={'how': how})])
        self._go_on(outcome, reason)

    def _check_waiting(self):
        if self.state != 'waiting':
            states = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "This is no longer to be decided: %(state)s.", state=states[self.state].lower()))

    def _go_on(self, outcome, reason):
        """Go on after a decision: a no ends the path, enough yes begin the next step."""
        ticket, step = self.ticket_id, self._same_step()
        waiting = step.filtered(lambda approval: approval.state == 'waiting')
        if outcome == 'refused':
            waiting._close('cancelled')
            ticket._end_approval('refused', reason)
        elif len(step.filtered(lambda approval: approval.state == 'approved')) >= self.needed:
            waiting._close('skipped')
            ticket._begin_approval_step(self.step_id)

    def _same_step(self):
        """Return the approvals of the same step of the same run, this one included."""
        return self.ticket_id.approval_ids.filtered(
            lambda approval: approval.run == self.run and approval.step_id == self.step_id)

    def _close(self, state):
        """End these approvals without a decision; their links die."""
        self.write({'state': state, 'decided_at': self.env.cr.now(), 'remind_at': False})

    # ------------------------------------------------------------
    # handing on
    # ------------------------------------------------------------

    def _delegate(self, partner):
        """Let ``partner`` decide from now on; the link of whoever decided before dies.

        :raise UserError: they asked for it, decide in the step already, had it before, or cannot be written to
        """
        self.ensure_one()
        self._check_waiting()
        if why := self._why_not(partner):
            raise UserError(why)
        before = self.decider_id
        self._hand_to(partner)
        self.ticket_id._log_events([self._log_row(
            'approval_delegated', old=before.name, new=partner.name, author_id=before.id)])
        self._ask()

    def _why_not(self, partner):
        """Return why ``partner`` cannot decide instead (str for people); '' when they can."""
        _ = self.env._
        others = (self._same_step() - self).filtered(lambda approval: approval.state in ('waiting', 'approved'))
        if not partner._helpdesk_is_here() or not partner.email:
            return _("%s has no e-mail address and would not hear of it.", partner.name)
        if partner in self.ticket_id._requesters():
            return _("%s asked for it, and does not decide about it.", partner.name)
        addresses = others.decider_id.filtered('email').mapped('email_normalized')
        if partner in others.decider_id or partner.email_normalized in addresses:
            return _("%s is asked already, and has one vote.", partner.name)
        if partner in self.trail_ids | self.decider_id | self.partner_id:
            return _("%s had it before: that would go in a circle.", partner.name)
        return ''

    def _hand_to(self, partner):
        self.write({
            'trail_ids': [(4, self.decider_id.id)], 'decider_id': partner.id, 'key': uuid4().hex, 'remind_count': 0})

    @api.model
    def _hand_over_standing(self, partners):
        """Hand what waits for ``partners`` to who stands in for them today."""
        delegations = self.env['helpdesk.approval.delegation']
        waiting = self.search([('decider_id', 'in', partners.ids), ('state', '=', 'waiting')]) if partners else self
        for approval in waiting:
            found = delegations._delegate_of(approval.decider_id, approval._not_for())
            if found != approval.decider_id and not approval._why_not(found):
                approval._delegate(found)

    def _not_for(self):
        """Return the contacts who must not decide this one."""
        others = (self._same_step() - self).filtered(lambda approval: approval.state in ('waiting', 'approved'))
        return self.ticket_id._requesters() | others.decider_id | self.trail_ids

    # ------------------------------------------------------------
    # reminders
    # ------------------------------------------------------------

    def _next_reminder(self):
        """Return when (naive UTC) to remind, in the team's working hours; False: never."""
        hours, calendar = self.step_id.remind_hours, self.ticket_id.team_id._get_calendar()
        now = self.env.cr.now()
        if not hours:
            return False
        if not calendar:
            return now + timedelta(hours=hours)
        leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, self.company_id.id])]
        at = calendar.plan_hours(hours, pytz.utc.localize(now), compute_leaves=True, domain=leaves)
        return at and at.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _cron_remind(self):
        """Remind who has not decided, once however late it is; and hand over what is now with somebody on leave."""
        now, progress = self.env.cr.now(), self.env['ir.cron']
        today = fields.Date.to_date(now)
        away = self.env['helpdesk.approval.delegation'].search(
            [('date_from', '<=', today + timedelta(days=1)), ('date_to', '>=', today - timedelta(days=1))])
        self._hand_over_standing(away.partner_id)
        late = [('state', '=', 'waiting'), ('remind_at', '<=', now)]
        due = self.search(late, order='remind_at', limit=BATCH)
        progress._commit_progress(remaining=len(due))
        for approval in due:
            if approval.try_lock_for_update(allow_referencing=True).filtered_domain(late):
                approval._try_remind()
            if not progress._commit_progress(1):
                break
        if len(due) == BATCH:
            self.env['helpdesk.ticket']._wake_again()

    def _try_remind(self):
        """Remind; a mail that cannot be made must not keep the others from theirs."""
        try:
            with self.env.cr.savepoint():
                self._remind()
        except Exception:  # whatever it was: the log says which, and it is not the first again for ever
            _logger.exception("approval %s of ticket %s: no reminder", self.id, self.ticket_id.number)
            self.remind_at = False

    def _remind(self):
        self.write({'remind_at': self._next_reminder(), 'remind_count': self.remind_count + 1})
        self.ticket_id._log_events([self._log_row('approval_reminded', new=self.decider_id.name)])
        self._send_mail(reminder=True)

    def _log_row(self, kind, detail=None, **values):
        """Return a row for the ticket's log; ``author_id`` and ``user_id`` default to the present user."""
        return {'ticket_id': self.ticket_id.id, 'kind': kind,
                'detail': {'approval_id': self.id, 'step': self.step_name, **(detail or {})}, **values}

    def _skip_own(self):
        """Whoever asks is one who approves: noted, and nobody is asked in this step."""
        self._close('skipped')
        self.ticket_id._log_events([self._log_row('approval_skipped', new=self.partner_id.name)])
