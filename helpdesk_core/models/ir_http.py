from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    def session_info(self):
        """Tell the web client whether its user is given new tickets and how long they can take an answer back, so
        that neither top bar nor composer need ask."""
        info = super().session_info()
        if self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            info['helpdesk_available'] = self.env['res.users'].helpdesk_availability()
            info['helpdesk_undo_seconds'] = self.env['helpdesk.ticket']._undo_seconds()
        return info
