from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class HelpdeskChangeWindow(models.Model):
    """When changes are welcome (maintenance window), and when there must be none (blackout)."""
    _name = 'helpdesk.change.window'
    _description = "Change Window"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'date_from desc, id desc'

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [('maintenance', "Maintenance window"), ('blackout', "Blackout: no changes")], required=True,
        default='blackout', help="In a blackout only emergency changes can be planned, with a reason.")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    team_ids = fields.Many2many(
        'helpdesk.team', string="Teams", domain="[('company_id', '=', company_id)]",
        help="Empty: for every team of the company.")
    date_from = fields.Datetime(string="From", required=True)
    date_to = fields.Datetime(string="Until", required=True)
    note = fields.Text(string="Why", help="Shown to who plans a change in this time.")

    _dates = models.Constraint('CHECK (date_to > date_from)', "The end comes before the beginning.")
    _when_idx = models.Index("(company_id, date_from, date_to) WHERE active IS TRUE")

    @api.constrains('team_ids', 'company_id')
    def _check_team_ids(self):
        for window in self:
            if window.team_ids.company_id - window.company_id:
                raise ValidationError(self.env._("Choose teams of the window's company."))

    @api.model
    def _touching(self, team, begin, end, kind=None):
        """Return the windows of ``team`` that ``begin`` to ``end`` (naive UTC) touches, of ``kind`` only if given."""
        domain = Domain([('company_id', '=', team.company_id.id), ('date_from', '<', end), ('date_to', '>', begin)])
        domain &= Domain('team_ids', '=', False) | Domain('team_ids', 'in', team.ids)
        if kind:
            domain &= Domain('kind', '=', kind)
        return self.search(domain, order='date_from')

    def _touches(self, ticket):
        """Tell whether the planned time of ``ticket`` touches this window of its team."""
        return (self.company_id == ticket.company_id and (not self.team_ids or ticket.team_id in self.team_ids)
                and self.date_from < ticket.planned_end and self.date_to > ticket.planned_start)
