from odoo import models


class IrUiMenu(models.Model):
    _inherit = 'ir.ui.menu'

    def _load_menus_blacklist(self):
        """Reports by mail are for administrators of the helpdesk, and for who leads a team."""
        hidden, user = super()._load_menus_blacklist(), self.env.user
        if not user.has_group('helpdesk_core.group_helpdesk_manager') and not user._helpdesk_leads():
            hidden = [*hidden, self.env.ref('helpdesk_reports.helpdesk_report_schedule_menu').id]
        return hidden
