from odoo import api, fields, models
from odoo.tools import SQL

REASONS = [
    ('robot', "Filled in the hidden field"), ('young', "Sent faster than a person types"),
    ('forged', "No valid pass"), ('replay', "The same form sent twice"), ('origin', "Sent from another site"),
    ('captcha', "Captcha not passed"), ('address', "Too many from one address"),
    ('network', "Too many from one network"), ('team', "Too many for the team"),
]


class HelpdeskFormRefusal(models.Model):
    """How many attempts the public form of a team refused on a day, by reason: a row a day, however long the flood."""
    _name = 'helpdesk.form.refusal'
    _description = "Form: Refused Attempts"
    _order = 'day desc, team_id, reason'
    _rec_name = 'day'
    _log_access = False

    team_id = fields.Many2one('helpdesk.team', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='team_id.company_id')
    day = fields.Date(required=True, readonly=True)
    reason = fields.Selection(REASONS, string="Why", required=True, readonly=True)
    count = fields.Integer(string="Attempts", readonly=True)

    _day_uniq = models.Constraint('UNIQUE (team_id, day, reason)', "This is counted already.")

    @api.model
    def _note(self, team, reason):
        """Count one more refused attempt, whatever becomes of the request."""
        self.env['helpdesk.form.limit']._run_apart(SQL(
            "INSERT INTO helpdesk_form_refusal (team_id, day, reason, count) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (team_id, day, reason) DO UPDATE SET count = helpdesk_form_refusal.count + 1 RETURNING count",
            team.id, fields.Date.today(), reason))
