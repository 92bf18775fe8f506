from odoo import api, models
from odoo.exceptions import UserError

WHO_IS_IN = {'user_ids', 'implied_ids', 'implied_by_ids'}


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

    @api.model_create_multi
    def create(self, vals_list):
        # a group of ours is none that is just being made
        if not any(WHO_IS_IN & vals.keys() for vals in vals_list) or not self.env.registry.ready:
            return super().create(vals_list)
        before = self._helpdesk_holders()
        groups = super().create(vals_list)
        self.env['res.users']._helpdesk_log_rights(before, self._helpdesk_holders())
        return groups

    def write(self, vals):
        if not WHO_IS_IN & vals.keys() or not self.env.registry.ready:
            return super().write(vals)
        before = self._helpdesk_holders()
        result = super().write(vals)
        self.env['res.users']._helpdesk_log_rights(before, self._helpdesk_holders())
        return result

    def unlink(self):
        if not self.env.registry.ready:
            return super().unlink()
        before = self._helpdesk_holders()
        result = super().unlink()
        self.env.invalidate_all()  # who is in a group that is gone is in those it implied no more
        self.env.registry.clear_cache()  # nor is it among those that open a type
        self.env['res.users']._helpdesk_log_rights(before, self._helpdesk_holders())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_type(self):
        """Tickets of a type that is kept to nobody any more would be open to everybody."""
        # sudo: whoever deletes groups need not see the types
        types = self.env['helpdesk.type'].sudo().with_context(active_test=False).search([('group_ids', 'in', self.ids)])
        if opened := types.filtered(lambda kind: not kind.group_ids - self):
            raise UserError(self.env._(
                "Tickets of these types are kept to this group, and would be open to everybody: %s. Choose another "
                "group there first.", ', '.join(opened.mapped('name'))))
