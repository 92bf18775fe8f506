from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    prepaid_hours_left = fields.Float(
        string="Prepaid Hours Left", compute='_compute_prepaid_hours_left',
        groups='helpdesk_core.group_helpdesk_user')
    has_prepaid_hours = fields.Boolean(
        compute='_compute_prepaid_hours_left', groups='helpdesk_core.group_helpdesk_user',
        export_string_translation=False)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_prepaid_hours_left(self):
        """Sum what is left today in the packages of the contact's company, as far as the reader sees them."""
        today = fields.Date.context_today(self)
        packages = self.env['helpdesk.prepaid'].search([
            ('partner_id', 'in', self.commercial_partner_id.ids), ('date_from', '<=', today),
            '|', ('date_to', '=', False), ('date_to', '>=', today)])
        for partner in self:
            mine = packages.filtered(lambda one, partner=partner: one.partner_id == partner.commercial_partner_id)
            partner.has_prepaid_hours = bool(mine)
            partner.prepaid_hours_left = sum(mine.mapped('remaining_hours'))

    def action_view_prepaid(self):
        """Open the prepaid hours of the contact's company."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_timesheet.helpdesk_prepaid_action')
        action['domain'] = [('partner_id', '=', self.commercial_partner_id.id)]
        action['context'] = {'default_partner_id': self.commercial_partner_id.id}
        return action
