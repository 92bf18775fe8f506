from odoo import models


class ResGroups(models.Model):
    """Who gains and who loses a right on tickets stands in the administration log, whichever way it was given."""
    _inherit = 'res.groups'

    def _helpdesk_groups(self):
        """Return the groups that open the helpdesk, or a ticket type kept to some."""
        groups = self.env['res.groups']
        for name in ('group_helpdesk_user', 'group_helpdesk_manager'):
            groups |= self.env.ref(f'helpdesk_core.{name}', raise_if_not_found=False) or groups.browse()
        types = self.env['helpdesk.type'].sudo()  # sudo: the log is complete, whoever changes rights
        return groups | types.browse(types._restricted_ids()).group_ids

    def _helpdesk_holders(self):
        """Return {user id: names of the groups of ``_helpdesk_groups`` they are in}, groups they imply included."""
        held = {}
        for group in self._helpdesk_groups().sudo():  # sudo: as above
            for user in group.all_user_ids:
                held.setdefault(user.id, []).append(group.full_name)
        return held

    def write(self, vals):
        if not {'user_ids', 'implied_ids'} & vals.keys() or not self.env.registry.ready:
            return super().write(vals)
        before = self._helpdesk_holders()
        result = super().write(vals)
        self.env['res.users']._helpdesk_log_rights(before, self._helpdesk_holders())
        return result
