from odoo import models


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    def unlink(self):
        """A webhook for deleted teams only is switched off: no team chosen means all of them."""
        # sudo: whoever deletes a team need not see the webhooks
        webhooks = self.env['helpdesk.webhook'].sudo().with_context(active_test=False).search(
            [('team_ids', 'in', self.ids)])
        names = ', '.join(self.sudo().mapped('name')) if webhooks else ''  # sudo: as above
        result = super().unlink()
        webhooks.invalidate_recordset(['team_ids'])
        for webhook in webhooks.filtered(lambda one: not one.team_ids):
            webhook._switch_off(self.env._("Its teams were deleted: %s. Choose others, or all.", names))
        return result
