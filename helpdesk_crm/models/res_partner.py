from odoo import fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    user_id = fields.Many2one(index='btree_not_null')  # a record rule asks whose customer somebody is
    ticket_count = fields.Integer(groups='helpdesk_core.group_helpdesk_user,sales_team.group_sale_salesman')

    def action_view_tickets(self):
        """Sales gets the list that is made for reading."""
        action = super().action_view_tickets()
        if self.env.user._helpdesk_sales_only():
            sales = self.env['ir.actions.act_window']._for_xml_id('helpdesk_crm.helpdesk_ticket_action_sales')
            action = {**sales, 'domain': action['domain'], 'context': {'active_test': False}}
        return action
