from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DigestDigest(models.Model):
    """Figures of the helpdesk in Odoo's digest: each reader's own company, and the tickets they may see."""
    _inherit = 'digest.digest'

    kpi_helpdesk_arrived = fields.Boolean("New Tickets")
    kpi_helpdesk_arrived_value = fields.Integer(compute='_compute_kpi_helpdesk_arrived_value')
    kpi_helpdesk_solved = fields.Boolean("Solved Tickets")
    kpi_helpdesk_solved_value = fields.Integer(compute='_compute_kpi_helpdesk_solved_value')
    kpi_helpdesk_first_response = fields.Boolean("First Answer (working h, median)")
    kpi_helpdesk_first_response_value = fields.Float(compute='_compute_kpi_helpdesk_first_response_value')
    kpi_helpdesk_promises = fields.Boolean("Promises Kept (%)")
    kpi_helpdesk_promises_value = fields.Float(compute='_compute_kpi_helpdesk_promises_value')
    kpi_helpdesk_rating = fields.Boolean("Satisfaction with Tickets (1 to 5)")
    kpi_helpdesk_rating_value = fields.Float(compute='_compute_kpi_helpdesk_rating_value')

    def _compute_kpi_helpdesk_arrived_value(self):
        count = self.env['helpdesk.ticket.report'].search_count
        self._helpdesk_kpi('kpi_helpdesk_arrived_value', 'created_at', count)

    def _compute_kpi_helpdesk_solved_value(self):
        count = self.env['helpdesk.ticket.report'].search_count
        self._helpdesk_kpi('kpi_helpdesk_solved_value', 'solved_at', count)

    def _compute_kpi_helpdesk_first_response_value(self):
        self._helpdesk_kpi('kpi_helpdesk_first_response_value', 'first_response_at', lambda domain: self.env[
            'helpdesk.report.content']._median(domain, 'first_response_work_hours'))

    def _compute_kpi_helpdesk_promises_value(self):
        self._helpdesk_kpi('kpi_helpdesk_promises_value', 'decided_at', lambda domain: 100 * (self.env[
            'helpdesk.sla.report']._read_group(domain, [], ['compliance:avg'])[0][0] or 0))

    def _compute_kpi_helpdesk_rating_value(self):
        self._helpdesk_kpi('kpi_helpdesk_rating_value', 'solved_at', lambda domain: self.env[
            'helpdesk.ticket.report']._read_group(domain, [], ['rating:avg'])[0][0])

    def _helpdesk_kpi(self, name, moment, count):
        """Set the field ``name``.

        :param moment: field of the report that lies in the digest's period
        :param count: function of a Domain on that report that returns the figure
        :raise AccessError: for who is no agent; the digest leaves the figure out then
        """
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._("The figures of the helpdesk are for its agents."))
        self.env.flush_all()
        start, end, _companies = self._get_kpi_compute_parameters()
        within = Domain(moment, '>=', start) & Domain(moment, '<', end)
        for digest in self:
            company = digest.company_id or self.env.company
            digest[name] = count(within & Domain('company_id', '=', company.id)) or 0

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref('helpdesk_core.helpdesk_menu_root').id
        for name in ('arrived', 'solved', 'first_response', 'rating'):
            actions[f'kpi_helpdesk_{name}'] = f'helpdesk_reports.helpdesk_ticket_report_action?menu_id={menu}'
        actions['kpi_helpdesk_promises'] = f'helpdesk_reports.helpdesk_sla_report_action?menu_id={menu}'
        return actions
