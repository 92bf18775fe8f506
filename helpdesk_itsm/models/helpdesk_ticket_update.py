from odoo import fields, models
from odoo.addons.helpdesk_core.tools.ours import OURS


class HelpdeskTicket(models.Model):
    """News of a problem on its tickets (N10)."""
    _inherit = 'helpdesk.ticket'

    update_ids = fields.One2many(
        'helpdesk.problem.update', 'problem_id', string="Updates to All Customers", readonly=True,
        groups='helpdesk_core.group_helpdesk_user')

    def action_update_customers(self):
        """Open the dialog that tells all customers of this problem something: the present draft, or a new one."""
        self._check_is_problem()
        update = self.env['helpdesk.problem.update'].search([
            ('problem_id', '=', self.id), ('user_id', '=', self.env.uid), ('state', '=', 'draft')], limit=1)
        if update:  # its readers may speak more languages by now
            update._add_langs()
        return (update or update.create({'problem_id': self.id}))._show()

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """News of a problem go to the customer alone, and to them on one of their tickets."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if self.env.context.get('helpdesk_problem_update') is not OURS:
            return recipients
        if not self.env.context.get('helpdesk_problem_mailed'):
            return []
        return [data for data in recipients if self._is_the_customer(data)]

    def _is_the_customer(self, data):
        """As ``_is_customers_copy``, for customers who work in the house as well."""
        return data['id'] == self.partner_id.id if data['id'] else self._is_customers_copy(data)
