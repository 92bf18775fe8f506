from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .helpdesk_sla_target import METRICS

CRON = 'helpdesk_sla.ir_cron_sla'
SWEEP = timedelta(minutes=10)  # how often the job comes anyway: data/ir_cron_data.xml

STATES = [
    ('running', "Running"),
    ('paused', "Paused"),
    ('met', "Kept"),
    ('breached', "Missed"),
    ('cancelled', "Ended Without"),
]


class HelpdeskSlaStatus(models.Model):
    """One clock: one promise to one customer, as its reading stood when it was last looked at.

    Rows are copies of what ``tools.sla_clock`` reads from the ticket's log; whatever is here can be had again from
    there, to the second (promise 4).
    """
    _name = 'helpdesk.sla.status'
    _description = "SLA Clock"
    _inherit = ['helpdesk.export.mixin', 'helpdesk.sla.tick.mixin', 'helpdesk.sla.explain.mixin']
    _order = 'id desc'
    _log_access = False

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', readonly=True, index=True)
    team_id = fields.Many2one('helpdesk.team', readonly=True, index=True, help="Who was to keep it.")
    terms_id = fields.Many2one('helpdesk.sla.terms', required=True, readonly=True, index=True, ondelete='restrict')
    target_id = fields.Many2one('helpdesk.sla.target', readonly=True, index='btree_not_null', ondelete='set null')
    policy_id = fields.Many2one('helpdesk.sla.policy', readonly=True, index='btree_not_null', ondelete='set null')
    metric = fields.Selection(METRICS, string="Promise", required=True, readonly=True)
    instance = fields.Integer(string="Number", required=True, readonly=True, default=1)
    state = fields.Selection(STATES, required=True, readonly=True)
    is_open = fields.Boolean(string="Still to Keep", readonly=True, help="Neither kept nor ended.")
    started_at = fields.Datetime(string="Started", required=True, readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    warning_at = fields.Datetime(string="Next Warning", readonly=True)
    warned = fields.Boolean(string="At Risk", readonly=True, help="The first warning has come.")
    paused_since = fields.Datetime(readonly=True)
    reached_at = fields.Datetime(string="Kept", readonly=True)
    breached_at = fields.Datetime(string="Missed Since", readonly=True)
    breach_user_id = fields.Many2one(
        'res.users', string="Assignee When Missed", readonly=True, index='btree_not_null', ondelete='set null')
    budget_minutes = fields.Float(string="Promised (min)", readonly=True, aggregator='avg')
    used_minutes = fields.Float(string="Used (min)", readonly=True, help="Working time, in minutes.")
    paused_minutes = fields.Float(string="Paused (min)", readonly=True, help="Working time that did not count.")
    paused_by = fields.Json(readonly=True, help="Minutes of working time that did not count, by reason.")
    ended_by = fields.Selection(
        [('reached', "Kept"), ('solved', "Ticket Solved"), ('switch', "No Longer Promised"), ('merged', "Merged")],
        string="Ended By", readonly=True)
    late_minutes = fields.Float(string="Late (min)", readonly=True, help="Working time beyond the promise.")
    next_at = fields.Datetime(readonly=True, help="When the clock has to be looked at again.")
    deferred_until = fields.Datetime(readonly=True, help="What came at night waits until then.")
    fired = fields.Json(readonly=True, help="Warnings and escalation steps that were taken.")
    choose_again = fields.Boolean(readonly=True, help="Hours changed: which ones hold is to be looked up.")

    _clock_uniq = models.Constraint('UNIQUE (ticket_id, metric, instance)', "The ticket has this clock already.")
    _next_idx = models.Index("(next_at) WHERE next_at IS NOT NULL")
    _open_idx = models.Index("(terms_id) WHERE is_open IS TRUE")
    _missed_idx = models.Index("(breached_at) WHERE breached_at IS NOT NULL")

    @api.depends('metric', 'instance')
    def _compute_display_name(self):
        names = dict(self._fields['metric']._description_selection(self.env))
        for clock in self:
            name = names.get(clock.metric, '')
            clock.display_name = f'{name} {clock.instance}' if clock.instance > 1 else name

    @api.model
    def _search(self, domain, *args, **kwargs):
        """As usual, after clocks that wait to be read anew have been."""
        self.env['helpdesk.ticket']._recompute_model(['sla_state'])
        return super()._search(domain, *args, **kwargs)

    # ------------------------------------------------------------
    # from readings
    # ------------------------------------------------------------

    @api.model
    def _store(self, read, fresh=()):
        """Bring the rows in line with ``read``, {ticket: [Clock]}; what they say already is left alone.

        One SELECT, one INSERT and one UPDATE a batch. A promise found missed is logged, with its true time (C12).

        :param fresh: ids of tickets that surely have no rows yet
        """
        known = {(row.ticket_id.id, row.metric, row.instance): row for row in self.search(
            [('ticket_id', 'in', [ticket.id for ticket in read if ticket.id not in fresh])])}
        now, new, missed, wake = self.env.cr.now(), [], [], []
        for ticket, clocks in read.items():
            for clock in clocks:
                row = known.get((ticket.id, clock.reading.metric, clock.reading.instance), self.browse())
                vals = clock.vals(now, row.fired or (), row.deferred_until, ticket)
                if vals['breached_at'] and not row.breached_at:
                    missed.append(self._missed_row(ticket, clock, vals))
                changed = row._changed(vals) if row else vals
                if changed.get('next_at'):
                    wake.append(changed['next_at'])
                if not row:
                    new.append({'ticket_id': ticket.id, **vals})
                elif changed:
                    row.write(changed)
        self._insert(new)
        if missed:
            self.env['helpdesk.ticket.event']._log(missed)
        self._wake(min(wake, default=None))

    def _insert(self, rows):
        """Insert ``rows`` (dicts of the same fields) in one plain statement: a ticket's creation waits for it."""
        if not rows:
            return
        names = list(rows[0])
        values = SQL(', ').join(
            SQL("(%s)", SQL(', ').join(
                SQL("%s", self._fields[name].convert_to_column_insert(row[name], self)) for name in names))
            for row in rows)
        self.env.cr.execute(SQL(
            "INSERT INTO helpdesk_sla_status (%s) VALUES %s", SQL(', ').join(map(SQL.identifier, names)), values))
        self.env['helpdesk.ticket'].invalidate_model(['sla_status_ids'], flush=False)

    @api.model
    def _drop_unread(self, read):
        """Delete the rows of these tickets that ``read`` ({ticket: [Clock]}) does not hold: what another ticket's
        customer asked in them, until that merge was undone. What was missed meanwhile stays in the log."""
        kept = {(ticket.id, clock.reading.metric, clock.reading.instance) for ticket, clocks in read.items()
                for clock in clocks}
        rows = self.search([('ticket_id', 'in', [ticket.id for ticket in read])]) if read else self.browse()
        rows.filtered(lambda row: (row.ticket_id.id, row.metric, row.instance) not in kept).unlink()

    def _missed_row(self, ticket, clock, vals):
        """Return the row of the log that says that a promise was missed."""
        return {
            'ticket_id': ticket.id, 'kind': 'sla_breach', 'at': vals['breached_at'],
            'new': dict(self._fields['metric']._description_selection(self.env))[vals['metric']],
            'detail': {'metric': vals['metric'], 'instance': vals['instance'], 'terms_id': vals['terms_id'],
                       'owner_id': clock.owner_id},
        }

    @api.model
    def _wake(self, at, sweep=SWEEP):
        """Have the job called at ``at`` (naive UTC), unless it is called before that anyway.

        What lies further ahead than ``sweep`` is left to the job, which comes at least so often and has itself called
        for what is due next.
        """
        cron_id = self.env['ir.model.data']._xmlid_to_res_id(CRON)
        if not at or not cron_id or at - self.env.cr.now() > sweep:
            return
        at = max(at, self.env.cr.now())
        [[sooner]] = self.env.execute_query(SQL(
            "SELECT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = %s AND call_at > %s AND call_at <= %s)",
            cron_id, fields.Datetime.subtract(self.env.cr.now(), seconds=1), at))
        if not sooner:
            # sudo: waking a job is no right of agents
            self.env['ir.cron'].sudo().browse(cron_id)._trigger(at)

    def _changed(self, vals):
        """Return those of ``vals`` that differ from this row."""
        self.ensure_one()
        changed = {}
        for name, value in vals.items():
            mine = self[name].id if self._fields[name].type == 'many2one' else self[name]
            if (mine or False) != (value or False):
                changed[name] = value
        return changed

    @api.model
    def _look_again(self, domain, **more):
        """Have the open clocks of ``domain`` read again soon, all in one statement."""
        # sudo: clocks are written by the system alone, for all tickets that a change concerns
        clocks = self.sudo().search([('is_open', '=', True), *domain])
        clocks.write({'next_at': self.env.cr.now(), **more})
        self._wake(clocks and self.env.cr.now())

    @api.model
    def _choose_again(self, domain):
        """Have the policies of the open clocks of ``domain`` chosen again soon: other hours hold for them."""
        self._look_again(domain, choose_again=True)

    def action_open_ticket(self):
        """Open the ticket of this clock."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
