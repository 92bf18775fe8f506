from odoo import api, fields, models
from odoo.fields import Domain


class RatingRating(models.Model):
    _inherit = 'rating.rating'

    helpdesk_brand_id = fields.Many2one(
        'helpdesk.brand', string="Brand", compute='_compute_helpdesk_brand_id', search='_search_helpdesk_brand_id',
        groups='helpdesk_core.group_helpdesk_user', help="Of the ticket that was rated.")

    @api.depends('res_model', 'res_id')
    def _compute_helpdesk_brand_id(self):
        ours = self.filtered(lambda rating: rating.res_model == 'helpdesk.ticket')
        # sudo: who reads the rating sees what it is about
        tickets = self.env['helpdesk.ticket'].sudo().browse(ours.mapped('res_id')).exists()
        brands = {ticket.id: ticket.brand_id.id for ticket in tickets}
        for rating in self:
            rating.helpdesk_brand_id = rating in ours and brands.get(rating.res_id)

    def _search_helpdesk_brand_id(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # sudo: which ratings one reads is a matter of theirs
        tickets = self.env['helpdesk.ticket'].sudo().with_context(active_test=False)._search(
            [('brand_id', operator, value)])
        return Domain('res_model', '=', 'helpdesk.ticket') & Domain('res_id', 'in', tickets)
