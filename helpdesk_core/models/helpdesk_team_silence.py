from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTeamSilenceMixin(models.AbstractModel):
    """A team's rules for customers who do not come back, and for those who only say thanks."""
    _name = 'helpdesk.team.silence.mixin'
    _description = "Team: Silence"

    silence_days = fields.Integer(
        string="Close When the Customer Is Silent",
        help="Working days in a stage meaning Waiting for Customer without a message of the customer, after which the "
             "ticket is closed. Every message starts them anew. Zero: never.")
    silence_warn_days = fields.Integer(
        string="Warn Before Closing",
        default=2, help="Working days before it is closed at which the customer is asked once more. Zero: not at all.")
    thanks_stay_solved = fields.Boolean(
        string="A Bare Thank-You Does Not Reopen", default=True,
        help="A customer's message on a solved or closed ticket that says thanks and nothing else is kept and shown, "
             "and the ticket stays as it is. Anything more, a question or a file reopens it as ever.")

    _silence_positive = models.Constraint(
        'CHECK (silence_days >= 0 AND silence_warn_days >= 0)', "Days cannot be negative.")

    @api.constrains('silence_days', 'silence_warn_days')
    def _check_silence_days(self):
        for team in self:
            if team.silence_days and team.silence_warn_days >= team.silence_days:
                raise ValidationError(self.env._(
                    "%(team)s closes silent tickets after %(days)s working days: warn fewer days before that.",
                    team=team.name, days=team.silence_days))
