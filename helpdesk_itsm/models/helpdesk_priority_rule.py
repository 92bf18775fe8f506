from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES
from odoo.tools import ormcache

IMPACTS = [('3', "Many people"), ('2', "Several people"), ('1', "One person")]
URGENCIES = [('3', "Work stands still"), ('2', "Work is hindered"), ('1', "It can wait")]


class HelpdeskPriorityRule(models.Model):
    """One field of the matrix: how many are hit, how badly, and the priority that this gives (S0-12)."""
    _name = 'helpdesk.priority.rule'
    _description = "Priority Rule"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'impact desc, urgency desc'

    impact = fields.Selection(IMPACTS, required=True)
    urgency = fields.Selection(URGENCIES, required=True)
    priority = fields.Selection(PRIORITIES, required=True, default='1', string="Gives Priority")

    _pair_uniq = models.Constraint('UNIQUE (impact, urgency)', "The matrix has this pair already.")

    @api.depends('impact', 'urgency')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = ' × '.join(filter(None, [
                dict(self._fields[name]._description_selection(self.env)).get(rule[name])
                for name in ('impact', 'urgency')]))

    @api.model
    @ormcache()
    def _matrix(self):
        """Return {(impact, urgency): priority}."""
        # sudo: the rules hold for whoever makes a ticket
        return {(rule.impact, rule.urgency): rule.priority for rule in self.sudo().search([('priority', '!=', False)])}
