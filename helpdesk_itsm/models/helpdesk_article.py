from odoo import api, fields, models


class HelpdeskArticle(models.Model):
    _inherit = 'helpdesk.article'

    problem_ids = fields.One2many(
        'helpdesk.ticket', 'known_error_id', string="Problems", readonly=True,
        groups='helpdesk_core.group_helpdesk_user')
    incident_count = fields.Integer(
        string="Incidents", compute='_compute_incident_count', groups='helpdesk_core.group_helpdesk_user',
        help="Tickets of the problems that this article is about.")

    @api.depends('problem_ids.incident_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_incident_count(self):
        """Count what the reader may see, in one query."""
        tickets = self.env['helpdesk.ticket']
        counts = dict.fromkeys(self.ids, 0)
        for problem, count in tickets._read_group(
                [('problem_id.known_error_id', 'in', self.ids)], ['problem_id'], ['__count']):
            counts[problem.sudo().known_error_id.id] += count  # sudo: of which article, whoever sees the problem
        for article in self:
            article.incident_count = counts.get(article.id, 0)

    def action_view_incidents(self):
        """Open the tickets whose problem this article is about."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action.update(name=self.env._("Incidents"), domain=[('problem_id.known_error_id', '=', self.id)], context={})
        return action
