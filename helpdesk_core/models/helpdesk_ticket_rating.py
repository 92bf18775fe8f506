from odoo import fields, models


class HelpdeskTicketRatingMixin(models.AbstractModel):
    """Whose work a rating judges, and the last one."""
    _name = 'helpdesk.ticket.rating.mixin'
    _description = "Ticket: Rating"
    _inherit = ['rating.mixin']

    rating_last_value = fields.Float(compute='_compute_rating_last_value', store=True, precompute=True)

    def _compute_rating_last_value(self):
        """As the mixin does; a ticket that is being created has no rating, and no query is spent on it."""
        new = self.filtered(lambda ticket: not ticket.id)
        new.rating_last_value = 0
        super(HelpdeskTicketRatingMixin, self - new)._compute_rating_last_value()

    def action_view_ratings(self):
        """Open the ratings of these tickets."""
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.rating_rating_action')
        action['domain'] = [('res_model', '=', self._name), ('res_id', 'in', self.ids), ('consumed', '=', True)]
        action['context'] = {}
        return action

    def rating_apply(self, rate, token=None, rating=None, feedback=None, subtype_xmlid=None, notify_delay_send=False):
        """As core does; what the customer said goes into the log, a change of mind as well."""
        applied = super().rating_apply(
            rate, token=token, rating=rating, feedback=feedback, subtype_xmlid=subtype_xmlid,
            notify_delay_send=notify_delay_send)
        self._log_events([{
            'ticket_id': self.id, 'kind': 'rated', 'new': f'{rate:g}/5', 'author_id': applied.partner_id.id,
            'detail': {'rating_id': applied.id, 'rating': rate}}])
        return applied

    def _rating_get_parent_field_name(self):
        return 'team_id'

    def _rating_get_operator(self):
        return self.user_id.partner_id

    def _rating_get_partner(self):
        return self.partner_id
