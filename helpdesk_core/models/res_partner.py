from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    ticket_count = fields.Integer(
        string="Tickets", compute='_compute_ticket_count', groups='helpdesk_core.group_helpdesk_user')

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_ticket_count(self):
        """Count a person's tickets, and for a company those of all its people."""
        ticket = self.env['helpdesk.ticket'].with_context(active_test=False)
        own = dict(ticket._read_group([('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        whole = {}
        if companies := self.filtered('is_company'):
            whole = dict(ticket._read_group(
                [('commercial_partner_id', 'in', companies.ids)], ['commercial_partner_id'], ['__count']))
        for partner in self:
            partner.ticket_count = max(own.get(partner, 0), whole.get(partner, 0))

    def action_view_tickets(self):
        """Open the tickets of a person, or of all people of a company."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['domain'] = list(Domain('partner_id', '=', self.id) | Domain('commercial_partner_id', '=', self.id))
        action['context'] = {'default_partner_id': self.id, 'active_test': False}
        return action

    def _is_helpdesk_agent(self):
        """Tell whether the contact belongs to a user with helpdesk rights."""
        self.ensure_one()
        if self.id == self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'):
            return False  # the system is nobody's agent
        user = self.env.user
        if user.partner_id != self:
            # sudo: who is an agent is asked on behalf of customers too
            user = self.sudo().user_ids.filtered(lambda candidate: not candidate.share)[:1]
        return bool(user) and user.sudo().has_group('helpdesk_core.group_helpdesk_user')  # sudo: as above
