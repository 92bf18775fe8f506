from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    def session_info(self):
        """Tell the web client whether its user is given new tickets, so that the top bar need not ask."""
        info = super().session_info()
        if self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            info['helpdesk_available'] = self.env['res.users'].helpdesk_availability()
        return info
