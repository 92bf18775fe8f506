from odoo import api, fields, models

from .helpdesk_ticket_sla import CLOCK_KINDS

SLA_STATES = [
    ('none', "No Promise"),
    ('running', "On Time"),
    ('warning', "At Risk"),
    ('breached', "Missed"),
    ('paused', "Paused"),
    ('met', "Kept"),
]


class HelpdeskTicket(models.Model):
    _name = 'helpdesk.ticket'
    _inherit = [
        'helpdesk.ticket.promises.mixin', 'helpdesk.ticket', 'helpdesk.ticket.sla.mixin',
        'helpdesk.ticket.sla.replay.mixin']

    sla_status_ids = fields.One2many(
        'helpdesk.sla.status', 'ticket_id', string="Promises", readonly=True, copy=False,
        groups='helpdesk_core.group_helpdesk_user')
    sla_state = fields.Selection(
        SLA_STATES, string="Promise", compute='_compute_sla', store=True, index=True, copy=False,
        help="On Time, At Risk (the first warning has come) or Missed: the most urgent promise that is still to be "
             "kept. Paused: no clock runs. Kept or Missed on a done ticket: all promises, or not all, were kept.")
    sla_due_at = fields.Datetime(
        string="Promised By", compute='_compute_sla', store=True, index='btree_not_null', copy=False,
        help="When the next promise is due, in working time. Empty while its clock is paused.")

    sla_badge = fields.Json(compute='_compute_sla_badge', groups='helpdesk_core.group_helpdesk_user')

    @api.depends('sla_state', 'sla_due_at')
    @api.depends_context('lang', 'tz')
    def _compute_sla_badge(self):
        """The most urgent clock that is still open, for a badge that counts down."""
        # sudo: who reads the ticket and is an agent reads its clocks
        badges = self.env['helpdesk.sla.status'].sudo()._badges(self.ids, self.env.cr.now())
        for ticket in self:
            ticket.sla_badge = badges.get(ticket.id) or {'state': ticket.sla_state}

    def get_sla_timeline(self):
        """Return how each promise of this ticket came to stand where it stands (N1), for people who work on it.

        :return: list of dicts of ``id``, ``name``, ``state``, ``is_open``, ``sentence``, ``policy``, ``why`` (which
            policy and by which criteria), and ``segments``: dicts of ``start``, ``end`` (UTC), ``kind`` ('running',
            'paused', 'closed', 'off'), ``label`` and ``minutes`` of working time
        :raise AccessError: for those who may not read the ticket's log
        """
        self.ensure_one()
        clocks = self.sla_status_ids.with_env(self.env).sorted(
            lambda clock: (not clock.is_open, clock.due_at or clock.started_at, clock.id))
        clocks.check_access('read')
        ticket = self.sudo()  # sudo: the log of a ticket whose clocks the reader sees
        logs = ticket._sla_logs()
        [read] = ticket._sla_read(logs).values() or [[]]
        found = {(clock.reading.metric, clock.reading.instance): clock for clock in read}
        return [row._timeline(found[row.metric, row.instance], logs[self.id])
                for row in clocks if (row.metric, row.instance) in found]

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'sla_state', 'sla_due_at'}

    def write(self, vals):
        if self._logged_names(vals):  # what was promised until now rests on what the ticket has been until now
            self._recompute_recordset(['sla_state'])
        return super().write(vals)

    def _log_events(self, rows):
        """Every change goes through the log, and so do the clocks: they are read again when next asked for."""
        events = super()._log_events(rows)
        ids = {row['ticket_id'] for row in rows if row['kind'] in CLOCK_KINDS and row.get('ticket_id')}
        if ids:
            self._sla_stale(self.browse(sorted(ids)))
        return events

    @api.model
    def _sla_stale(self, tickets):
        """Have the clocks of ``tickets`` read again before anybody sees them."""
        self.env.add_to_compute(self._fields['sla_state'], tickets)
        self.env.add_to_compute(self._fields['sla_due_at'], tickets)

    def _compute_sla(self):
        """Read the clocks again from the log, write what changed, and sum it up (S0-3)."""
        read = self._sla_sync()
        for ticket in self:
            ticket.sla_state, ticket.sla_due_at = self._sla_summary(read.get(ticket, ()))

    def _sla_write_summary(self, read):
        """Write what ``read`` ({ticket: [Clock]}) sums up to, where it differs; no log, no mails."""
        groups = {}
        for ticket in self:
            summary = self._sla_summary(read.get(ticket, ()))
            if summary != (ticket.sla_state, ticket.sla_due_at):
                groups[summary] = groups.get(summary, self.browse()) | ticket
        for (state, due_at), tickets in groups.items():
            tickets._write_facts({'sla_state': state, 'sla_due_at': due_at})
