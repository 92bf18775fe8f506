from datetime import timedelta

from odoo import api, fields, models

# customer -> what was done: (days ago, who, what, hours, billable)
DONE = {
    'brightwater': [
        (1, 'agent', "Compared the delivery note with the packing list", 0.75, True),
        (2, 'agent', "Asked the carrier, two calls", 0.5, True),
        (3, 'agent', "Went through the catalogue on the phone", 1.25, True),
        (3, 'agent', "Own mistake: sent the wrong leaflet again", 0.25, False),
        (6, 'leader', "Crash log with the developers", 1.0, True),
    ],
    'karoo': [
        (1, 'agent', "Reproduced it, told the developers", 1.5, True),
        (3, 'agent2', "Pairing walked through on video", 1.0, True),
    ],
    'prairie': [(4, 'agent', "Measured which reports are slow", 0.75, True)],
}


class HelpdeskTimesheetDemo(models.AbstractModel):
    """Writes down time on the newest demo tickets of some customers."""
    _name = 'helpdesk.timesheet.demo'
    _description = "Helpdesk Time: Demo Data"

    @api.model
    def _load(self):
        """Load everything; called by the demo file."""
        today, rows = fields.Date.today(), []
        for customer, done in DONE.items():
            tickets = self.env['helpdesk.ticket'].search([
                ('commercial_partner_id', '=', self.env.ref(f'helpdesk_core.helpdesk_partner_{customer}').id),
                ('team_id', '=', self.env.ref('helpdesk_core.helpdesk_team_support').id),
                ('create_date', '<', today - timedelta(days=1))], order='id desc', limit=3)
            rows += [{
                'helpdesk_ticket_id': tickets[at % len(tickets)].id, 'date': today - timedelta(days=days),
                'employee_id': self.env.ref(f'helpdesk_timesheet.hr_employee_{who}').id, 'name': what,
                'unit_amount': hours, 'helpdesk_billable': billable,
            } for at, (days, who, what, hours, billable) in enumerate(done) if tickets]
        self.env['account.analytic.line'].create(rows)
