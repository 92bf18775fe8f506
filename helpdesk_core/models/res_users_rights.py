from odoo import api, fields, models


class ResUsers(models.Model):
    """What a person may do in the helpdesk, at a glance; given and taken rights are logged (S1-42, S1-43)."""
    _inherit = 'res.users'

    helpdesk_role = fields.Char(
        string="Helpdesk Rights", compute='_compute_helpdesk_role', compute_sudo=True,
        help="Agents are counted, customers are free.")
    helpdesk_membership_ids = fields.One2many(
        'helpdesk.team.member', 'user_id', string="Memberships", groups='helpdesk_core.group_helpdesk_user')
    helpdesk_team_names = fields.Char(
        string="Member of", compute='_compute_helpdesk_team_names', groups='helpdesk_core.group_helpdesk_user')

    @api.depends('group_ids')
    def _compute_helpdesk_role(self):
        for user in self:
            user.helpdesk_role = user._helpdesk_role()

    @api.depends('helpdesk_membership_ids.team_id.name')
    def _compute_helpdesk_team_names(self):
        for user in self:
            user.helpdesk_team_names = ', '.join(user.helpdesk_membership_ids.team_id.mapped('name'))

    def _helpdesk_role(self):
        """Return what the user is in the helpdesk, in the reader's language; '' for nothing."""
        self.ensure_one()
        if self.has_group('helpdesk_core.group_helpdesk_manager'):
            return self.env._("Administrator")
        if self.has_group('helpdesk_core.group_helpdesk_user'):
            return self.env._("Agent")
        return ''

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if self.env.registry.ready:
            held = self.env['res.groups']._helpdesk_holders()
            self._helpdesk_log_rights({}, {user.id: held[user.id] for user in users if user.id in held})
        return users

    def write(self, vals):
        if not {'group_ids', 'active'} & vals.keys() or not self.env.registry.ready:
            return super().write(vals)
        before = self.env['res.groups']._helpdesk_holders()
        result = super().write(vals)
        self._helpdesk_log_rights(before, self.env['res.groups']._helpdesk_holders())
        return result

    def unlink(self):
        if not self.env.registry.ready:
            return super().unlink()
        names, before = {user.id: user.name for user in self}, self.env['res.groups']._helpdesk_holders()
        result = super().unlink()
        gone = {user_id: before[user_id] for user_id in names if user_id in before}
        if gone:
            self.env['helpdesk.admin.log']._log([
                self._helpdesk_rights_row(user_id, names[user_id], held, ()) for user_id, held in gone.items()])
        return result

    @api.model
    def _helpdesk_rights_row(self, user_id, name, old, new):
        return {
            'model': self._name, 'res_id': user_id, 'name': name, 'company_id': False, 'act': 'rights',
            'changes': [{'field': 'group_ids', 'label': self.env._("Rights"), 'old': ', '.join(old),
                         'new': ', '.join(new)}]}

    @api.model
    def _helpdesk_log_rights(self, before, after):
        """Log whose groups differ between two answers of ``res.groups._helpdesk_holders``."""
        changed = [user_id for user_id in {**before, **after}
                   if sorted(before.get(user_id, ())) != sorted(after.get(user_id, ()))]
        rows = [
            self._helpdesk_rights_row(user.id, user.name, before.get(user.id, ()), after.get(user.id, ()))
            for user in self.sudo().browse(changed)]  # sudo: named in the log
        if rows:
            self.env['helpdesk.admin.log']._log(rows)
