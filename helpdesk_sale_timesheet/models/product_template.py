from odoo import api, fields, models


class ProductTemplate(models.Model):
    """What a service gives to who buys it: a promise, prepaid hours, for how long (N7)."""
    _inherit = 'product.template'

    helpdesk_sla_policy_id = fields.Many2one(
        'helpdesk.sla.policy', string="Gives the Promise", index='btree_not_null', ondelete='restrict',
        help="Tickets of who bought this are under this SLA policy. From then on it is for buyers alone.")
    helpdesk_hours = fields.Float(
        string="Prepaid Hours", help="Hours of work on tickets that each ordered unit holds. 0: none.")
    helpdesk_months = fields.Integer(
        string="Valid For", help="Months from the confirmation of the order. 0: without end.")

    _helpdesk_not_negative = models.Constraint(
        'CHECK (helpdesk_hours >= 0 AND helpdesk_months >= 0)', "Hours and months cannot be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        if any(vals.get('helpdesk_sla_policy_id') for vals in vals_list):
            self.env.registry.clear_cache()  # policies know whether they are sold
        return products

    def write(self, vals):
        result = super().write(vals)
        if 'helpdesk_sla_policy_id' in vals:
            self.env.registry.clear_cache()
        return result
