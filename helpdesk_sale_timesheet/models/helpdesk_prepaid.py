from odoo import fields, models


class HelpdeskPrepaid(models.Model):
    """Hours that stand on a sale order: they follow the ordered quantity, and go when the order is cancelled (N7)."""
    _inherit = 'helpdesk.prepaid'

    sale_line_id = fields.Many2one(
        'sale.order.line', string="Sales Order Item", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')
    order_name = fields.Char(string="Order", related='sale_line_id.order_id.name')

    def _card_line(self):
        line = super()._card_line()
        return {**line, 'text': f"{line['text']} ({self.order_name})"} if self.order_name else line
