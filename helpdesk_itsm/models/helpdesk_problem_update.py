import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import is_html_empty
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)
CRON = 'helpdesk_itsm.ir_cron_problem_updates'
MINUTES_PARAMETER = 'helpdesk_itsm.recall_minutes'
DEFAULT_MINUTES, LONGEST_MINUTES = 5, 240
STATES = [('draft', "Draft"), ('waiting', "Waits"), ('sending', "Being Sent"), ('sent', "Sent"),
          ('recalled', "Recalled")]
# what people write; the rest is the system's
WRITTEN = {'text_ids', 'solve'}


class HelpdeskProblemUpdate(models.Model):
    """One answer to all customers of a problem (N10): written once a language, recallable for some minutes, then posted
    on each ticket, and mailed to each customer exactly once.

    Whom it reaches is settled when it is sent off (``helpdesk.problem.update.line``) and looked at again for each
    ticket when its turn comes. A line and its message are one transaction: whatever stops the job, no ticket hears it
    twice, and the next run goes on with the lines that wait.
    """
    _name = 'helpdesk.problem.update'
    _description = "Update to All Customers"
    _inherit = ['helpdesk.problem.update.preview.mixin']
    _order = 'id desc'

    problem_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='problem_id.company_id', store=True)
    user_id = fields.Many2one(
        'res.users', string="Author", required=True, readonly=True, default=lambda self: self.env.user,
        ondelete='restrict')
    state = fields.Selection(STATES, required=True, readonly=True, default='draft')
    solve = fields.Boolean(
        string="Solve Them Too", help="Each ticket is solved by the update. Who wrote in several tickets is asked once "
        "how it was.")
    send_at = fields.Datetime(string="Leaves At", readonly=True, help="Until then it can be recalled.")
    sent_at = fields.Datetime(string="Sent", readonly=True)
    text_ids = fields.One2many('helpdesk.problem.update.text', 'update_id', string="Texts")
    line_ids = fields.One2many('helpdesk.problem.update.line', 'update_id', string="Tickets", readonly=True)
    reached_count = fields.Integer(string="Tickets Reached", compute='_compute_reached_count')

    _send_idx = models.Index("(send_at) WHERE state IN ('waiting', 'sending')")

    @api.depends('line_ids.state')
    def _compute_reached_count(self):
        for update in self:
            update.reached_count = len(update.line_ids.filtered(lambda line: line.state in ('sent', 'quiet')))

    @api.depends('problem_id', 'state')
    def _compute_display_name(self):
        for update in self:
            update.display_name = self.env._("Update of %s", update.problem_id.number)

    @api.model_create_multi
    def create(self, vals_list):
        """A new update has a text for each language that its readers speak, the author's own first."""
        self._check_written(vals_list, {*WRITTEN, 'problem_id'})
        updates = super(HelpdeskProblemUpdate, self._without_defaults()).create(vals_list)
        for update in updates:
            update._check_problem()
            update._add_langs()
        return updates

    def _add_langs(self):
        """Add an empty text for each language of the readers that has none."""
        known = set(self.text_ids.mapped('lang'))
        if missing := [lang for lang in self._langs() if lang not in known]:
            self.text_ids = [Command.create({'lang': lang}) for lang in missing]

    def write(self, vals):
        self._check_written([vals], WRITTEN)
        if not self.env.su and any(update.state != 'draft' for update in self):
            raise UserError(self.env._("What was sent off is not changed any more. Recall it and write a new one."))
        return super().write(vals)

    def _check_written(self, vals_list, names):
        if not self.env.su and (refused := {name for vals in vals_list for name in vals} - names):
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(refused))))

    def _without_defaults(self):
        """A default in the context is no way around either."""
        if self.env.su:
            return self
        return self.with_context({
            name: value for name, value in self.env.context.items()
            if not name.startswith('default_') or name == 'default_problem_id'})

    def _check_problem(self):
        self.ensure_one()
        self.problem_id.check_access('write')
        if self.problem_id.nature != 'problem':
            raise UserError(self.env._("%s is no problem: it has no incidents.", self.problem_id.number))

    def _check_author(self):
        """An update is its author's, or of who leads the team of the problem."""
        self.ensure_one()
        self._check_problem()
        if not self.env.su and self.user_id != self.env.user and not self.problem_id._leads():
            raise AccessError(self.env._("This update is somebody else's. Ask its author, or who leads the team."))

    # ------------------------------------------------------------
    # sending off, recalling
    # ------------------------------------------------------------

    @api.model
    def _recall_minutes(self):
        """Return for how many minutes an update waits and can be recalled."""
        # sudo: everybody who writes one needs the setting
        value = self.env['ir.config_parameter'].sudo().get_param(MINUTES_PARAMETER) or str(DEFAULT_MINUTES)
        return min(int(value), LONGEST_MINUTES) if value.isdigit() else DEFAULT_MINUTES

    def action_send(self):
        """Settle whom the update reaches, and have it leave after the minutes in which it can be recalled."""
        self._check_author()
        self.check_access('write')
        # of two clicks one comes first
        self.lock_for_update()
        if self.state != 'draft':
            raise UserError(self.env._("It was sent off already."))
        if is_html_empty(self._original().body):
            raise UserError(self.env._("Write the text in %s first: who reads no other language gets it.",
                                       self._original().lang_name))
        reaches = self._reaches()
        lines = [Command.create(reach.line_values()) for reach in reaches if reach.ticket]
        count = sum(not reach.reason for reach in reaches)
        if not count:
            raise UserError(self.env._("It reaches nobody: see below why. Link tickets to the problem first."))
        now = self.env.cr.now()
        send_at = now + timedelta(minutes=self._recall_minutes())
        update = self.sudo()  # sudo: what follows from sending off is the system's to write
        update.write({'state': 'waiting', 'send_at': send_at, 'line_ids': lines})
        update._log('waiting', count)
        # sudo: waking a job is no right of agents
        self.env.ref(CRON).sudo()._trigger(send_at)
        return self._show()

    def action_recall(self):
        """Cancel the whole update while it waits."""
        self._check_author()
        # the job holds the row while it starts: whoever comes first wins
        self.lock_for_update()
        if self.state != 'waiting':
            raise UserError({
                'draft': self.env._("It was not sent off yet: there is nothing to recall."),
                'recalled': self.env._("It was recalled already."),
            }.get(self.state, self.env._(
                "It has left. Mails that were sent cannot be recalled; write another update instead.")))
        update = self.sudo()  # sudo: as above
        update.line_ids.unlink()
        update.write({'state': 'recalled', 'send_at': False})
        update._log('recalled', 0)
        return self._show()

    def _log(self, state, count):
        self.problem_id._log_events([{
            'ticket_id': self.problem_id.id, 'kind': 'problem_update', 'detail': {
                'update_id': self.id, 'state': state, 'count': count}}])

    def _show(self):
        """Return the action that shows how the update stands."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Update to All Customers"), 'res_model': self._name,
            'res_id': self.id, 'views': [(False, 'form')], 'target': 'new', 'context': {'dialog_size': 'extra-large'}}

    # ------------------------------------------------------------
    # job
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send the updates whose minutes are over, ticket by ticket; a run that is cut short is gone on with."""
        jobs = self.env['ir.cron']
        updates = self.search(
            [('state', 'in', ('waiting', 'sending')), ('send_at', '<=', self.env.cr.now())], order='send_at, id')
        waiting = updates.line_ids.filtered(lambda line: line.state == 'waiting')
        jobs._commit_progress(remaining=len(waiting) + len(updates))
        for update in updates:
            if not update._begin():
                continue
            if not update._send_lines(jobs):
                return self.env['helpdesk.ticket']._wake_again()
            update._finish()
            jobs._commit_progress(1)

    def _begin(self):
        """Take a waiting update over, from here on it cannot be recalled; False when somebody recalled it."""
        update = self.try_lock_for_update().filtered(lambda one: one.state in ('waiting', 'sending'))
        if update.state == 'waiting':
            update.state = 'sending'
        self.env['ir.cron']._commit_progress(0)
        return bool(update)

    def _send_lines(self, jobs):
        """Post on the tickets that still wait; return whether all had their turn."""
        for line in self.line_ids.filtered(lambda one: one.state == 'waiting'):
            if not (mine := line.try_lock_for_update().filtered(lambda one: one.state == 'waiting')):
                continue  # another run has it
            try:
                with self.env.cr.savepoint():
                    mine._send()
            except OperationalError:
                raise  # a lock or a lost connection: the next run goes on here
            except Exception as error:  # whatever it was, the other customers must not wait
                _logger.warning("The update %s was not posted on ticket %s", self.id, line.ticket_id.id, exc_info=True)
                line._skip('failed', str(error) if isinstance(error, UserError) else '')
            if not jobs._commit_progress(1):
                return False
        return True

    def _finish(self):
        """All had their turn: keep when, log it, and tell the author how it went."""
        if self.line_ids.filtered(lambda line: line.state == 'waiting'):
            return
        self.write({'state': 'sent', 'sent_at': self.env.cr.now()})
        self._log('sent', self.reached_count)
        update = self.with_context(lang=self.user_id.lang)
        self.problem_id.message_notify(
            partner_ids=self.user_id.partner_id.ids, body=update._result_table(),
            subject=update.env._("Update sent: %s", self.problem_id.name))
