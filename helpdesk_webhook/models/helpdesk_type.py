from odoo import models
from odoo.fields import Command


class HelpdeskType(models.Model):
    _inherit = 'helpdesk.type'

    def write(self, vals):
        """A type that becomes limited is told to nobody: what was chosen while it was open to all was no permission."""
        if 'group_ids' not in vals:
            return super().write(vals)
        opened = self.filtered(lambda kind: not kind.group_ids)
        result = super().write(vals)
        if limited := opened.filtered('group_ids'):
            # sudo: whoever limits a type need not see the webhooks
            self.env['helpdesk.webhook'].sudo().with_context(active_test=False).search(
                [('limited_type_ids', 'in', limited.ids)]).write(
                    {'limited_type_ids': [Command.unlink(kind.id) for kind in limited]})
        return result
