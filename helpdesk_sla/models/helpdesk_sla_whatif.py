from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

BATCH = 500
# so many tickets are read while the person waits; more in the background
AT_ONCE = 3000
CRON = 'helpdesk_sla.ir_cron_sla_whatif'


class HelpdeskSlaWhatif(models.Model):
    """What would have become of the promises of the last days under other policies or other hours (N2).

    Read from the recorded events; nothing on a ticket is written.
    """
    _name = 'helpdesk.sla.whatif'
    _description = "SLA What-if"
    _order = 'id desc'
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("What if …"))
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, index=True)
    days = fields.Integer(string="Tickets of the Last (days)", required=True, default=30)
    team_ids = fields.Many2many('helpdesk.team', string="Teams", check_company=True, help="Empty: all teams.")
    draft_ids = fields.Many2many(
        'helpdesk.sla.policy', 'helpdesk_sla_whatif_draft_rel', string="With These Policies Besides",
        context={'active_test': False}, check_company=True,
        help="Archived policies, such as drafts, are tried as if they were active.")
    without_ids = fields.Many2many(
        'helpdesk.sla.policy', 'helpdesk_sla_whatif_without_rel', string="Without These Policies", check_company=True)
    calendar_id = fields.Many2one(
        'resource.calendar', string="In These Hours", check_company=True,
        help="Taken instead of the teams' working hours.")
    state = fields.Selection(
        [('draft', "Not Run Yet"), ('running', "Running"), ('done', "Done")], readonly=True, default='draft',
        required=True)
    until = fields.Datetime(string="Run At", readonly=True)
    last_id = fields.Integer(readonly=True)
    ticket_count = fields.Integer(string="Tickets Read", readonly=True)
    tally = fields.Json(readonly=True)
    line_ids = fields.One2many('helpdesk.sla.whatif.line', 'whatif_id', string="Before and After", readonly=True)

    _days_positive = models.Constraint('CHECK (days > 0 AND days <= 3660)', "Give between 1 and 3660 days.")

    def action_run(self):
        """Run it; at once where it is few tickets, else in the background."""
        self.ensure_one()
        self.check_access('write')
        self.write({'state': 'running', 'until': self.env.cr.now(), 'last_id': 0, 'ticket_count': 0, 'tally': {},
                    'line_ids': [Command.clear()]})
        # sudo: what is promised does not depend on who looks; of the result only sums are shown
        tickets = self.sudo().env['helpdesk.ticket'].with_context(active_test=False)
        if tickets.search_count(self._tickets_domain(), limit=AT_ONCE + 1) <= AT_ONCE:
            while self._run_batch():
                pass
        else:
            self.env['helpdesk.ticket']._trigger_timer(CRON)

    def _tickets_domain(self):
        domain = Domain('company_id', '=', self.company_id.id) & Domain('id', '>', self.last_id) & Domain(
            'create_date', '>=', self.until - timedelta(days=self.days)) & Domain('create_date', '<', self.until)
        return domain & Domain('team_id', 'in', self.team_ids.ids) if self.team_ids else domain

    def _policies(self):
        """Return the policies (tuple of ``tools.sla_scope.Policy``) that are tried, in their order."""
        # sudo: policies of every company are in the order
        known = self.env['helpdesk.sla.policy'].sudo().search([('active', '=', True)])
        run = self.sudo()  # sudo: as above
        tried = (known | run.draft_ids) - run.without_ids
        return tuple(policy._offer() for policy in tried.sorted(
            lambda policy: (policy.is_default, policy.sequence, policy.id)))

    def _run_batch(self):
        """Read the next tickets; return whether there may be more."""
        self.ensure_one()
        everything = self.sudo().env  # sudo: see ``action_run``
        tickets = everything['helpdesk.ticket'].with_context(active_test=False).search(
            self._tickets_domain(), limit=BATCH, order='id')
        tally = dict(self.tally or {})
        if tickets:
            self._count(tally, 'before', [
                (row.team_id.id, row.metric, row.state)
                for row in everything['helpdesk.sla.status'].search([('ticket_id', 'in', tickets.ids)])])
            replayed = tickets._sla_replay(self._policies(), self.calendar_id.id or None)
            self._count(tally, 'after', [(clock.team_id, clock.reading.metric, clock.reading.state)
                                         for clocks in replayed.values() for clock in clocks])
            self.write({'tally': tally, 'last_id': tickets[-1].id, 'ticket_count': self.ticket_count + len(tickets)})
        if len(tickets) < BATCH:
            self._finish(tally)
            return False
        return True

    @api.model
    def _count(self, tally, side, clocks):
        for team_id, metric, state in clocks:
            if state in ('met', 'breached'):
                key = f'{team_id or 0}/{metric}/{side}/{state}'
                tally[key] = tally.get(key, 0) + 1

    def _finish(self, tally):
        keys = sorted({tuple(key.split('/')[:2]) for key in tally})
        self.write({'state': 'done', 'line_ids': [Command.create({
            'team_id': int(team_id) or False, 'metric': metric,
            **{f'{side}_{state}': tally.get(f'{team_id}/{metric}/{side}/{state}', 0)
               for side in ('before', 'after') for state in ('met', 'breached')},
        }) for team_id, metric in keys]})

    @api.model
    def _cron_run(self):
        """Go on with what runs in the background, batch by batch."""
        progress = self.env['ir.cron']
        for run in self.search([('state', '=', 'running')], limit=10, order='id'):
            more = True
            while more:
                more = run._run_batch()
                if not progress._commit_progress(1, remaining=int(more)) and more:
                    return self.env['helpdesk.ticket']._trigger_timer(CRON)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if self.filtered(lambda run: run.state == 'running'):
            raise UserError(self.env._("It is still running. Wait until it is done."))
