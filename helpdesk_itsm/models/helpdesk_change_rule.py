from odoo import api, fields, models

from .helpdesk_ticket_change import CHANGE_KINDS, RISKS


class HelpdeskChangeRule(models.Model):
    """Which approval a change needs, by its kind and risk; the first rule that fits decides."""
    _name = 'helpdesk.change.rule'
    _description = "Change Approval Rule"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, id'

    name = fields.Char(compute='_compute_name')
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    team_ids = fields.Many2many('helpdesk.team', string="Teams", help="Empty: changes of every team.")
    change_kind = fields.Selection(CHANGE_KINDS, string="Kind", help="Empty: changes of every kind.")
    change_risk = fields.Selection(RISKS, string="Risk", help="Empty: whatever the risk.")
    path_id = fields.Many2one(
        'helpdesk.approval.path', string="Approval Path", ondelete='restrict',
        domain="[('company_id', 'in', [False, company_id])]",
        help="Who has to approve. Empty: such changes need no approval.")

    @api.depends('change_kind', 'change_risk', 'path_id.name')
    def _compute_name(self):
        for rule in self:
            words = [dict(rule._fields[name]._description_selection(self.env)).get(rule[name])
                     for name in ('change_kind', 'change_risk')]
            words = ', '.join(filter(None, words)) or self.env._("Every change")
            rule.name = f'{words}: {rule.path_id.name or self.env._("no approval")}'

    @api.model
    def _path_for(self, ticket):
        """Return the approval path (superuser, maybe empty) of the first rule that fits the change ``ticket``."""
        # sudo: rules are read by who sets them up; which path applies is everybody's to know who works on the change
        rules = self.sudo().search([('company_id', '=', ticket.company_id.id)])
        return rules.filtered(lambda rule: rule._fits(ticket))[:1].path_id

    def _fits(self, ticket):
        return ((not self.team_ids or ticket.team_id in self.team_ids)
                and self.change_kind in (False, ticket.change_kind or 'normal')
                and self.change_risk in (False, ticket.change_risk))
