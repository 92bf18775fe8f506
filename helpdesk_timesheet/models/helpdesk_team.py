from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    track_time = fields.Boolean(
        help="Agents write down the time they spend on the team's tickets, in timesheets of its project.")
    time_billable = fields.Boolean(
        string="Time Is Billable", default=True, help="To begin with; each line may say otherwise.")
    time_rounding = fields.Integer(
        string="Round Up To", default=0,
        help="The timer's time is rounded up to steps of so many minutes. 0: to minutes.")
    show_time = fields.Boolean(
        string="Show Time to Customers",
        help="The customer's page of a ticket in the portal says how much time was spent on it in all; never by whom, "
             "or on what.")

    _time_rounding_range = models.Constraint(
        'CHECK (time_rounding >= 0 AND time_rounding <= 480)', "Round up to steps of 0 to 480 minutes.")

    @api.constrains('track_time', 'project_id')
    def _check_track_time(self):
        for team in self.filtered('track_time'):
            project = team.sudo().project_id  # sudo: whoever sees the project
            if not project.allow_timesheets:
                raise ValidationError(self.env._(
                    "To track time, the team %s needs a project with timesheets. Choose one, or switch timesheets on in"
                    " its settings.", team.name))
