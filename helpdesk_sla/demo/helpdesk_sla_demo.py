from odoo import api, models


class HelpdeskSlaDemo(models.AbstractModel):
    """Gives the demo tickets the promises that they would have had from their first day."""

    _name = 'helpdesk.sla.demo'
    _description = "Helpdesk SLA: Demo Data"

    @api.model
    def _load(self):
        """Load everything, once; called by the demo file. Nobody is told of what is long past."""
        ids = self.env['ir.model.data'].search_fetch([
            ('module', '=', 'helpdesk_core'), ('model', '=', 'helpdesk.ticket')], ['res_id']).mapped('res_id')
        # sudo: the demo's own tickets, of all teams
        tickets = self.env['helpdesk.ticket'].sudo().with_context(active_test=False).browse(ids).exists()
        if tickets.sla_status_ids:
            return
        now, policies = self.env.cr.now(), self.env['helpdesk.sla.policy']._catalogue()
        logs = tickets._sla_logs()
        try:
            for ticket in tickets:
                self.env.cr._now = ticket.create_date
                ticket._sla_log_choice(policies, logs)
        finally:
            self.env.cr._now = now
        read = tickets._sla_sync()
        tickets._sla_write_summary(read)
        self._keep_quiet(read, now)

    @api.model
    def _keep_quiet(self, read, now):
        """Note what has come until ``now`` as done: warnings of the past are nobody's business."""
        rows = {(row.ticket_id, row.metric, row.instance): row
                for row in self.env['helpdesk.sla.status'].search([('is_open', '=', True)])}
        for ticket, clocks in read.items():
            for clock in clocks:
                if row := rows.get((ticket, clock.reading.metric, clock.reading.instance)):
                    fired = clock.due_keys(now, ())
                    row.write({'fired': fired, 'next_at': clock.next_at(now, fired)})
