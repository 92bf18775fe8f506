from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    def session_info(self):
        """Tell the web client whether its user may redact anywhere, so that messages offer it to them alone."""
        info = super().session_info()
        user = self.env.user
        if user.has_group('helpdesk_core.group_helpdesk_user'):
            info['helpdesk_redacts'] = user.has_group('helpdesk_core.group_helpdesk_manager') or bool(
                self.env['helpdesk.team'].search_count([('leader_id', '=', user.id)], limit=1))
        return info
