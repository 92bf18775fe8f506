from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# Refused by the database itself, but for the end of the person who made a change, and the one procedure that blackens
# words for privacy and names itself in `helpdesk.event_maintenance`.
_GUARD = """
CREATE OR REPLACE FUNCTION helpdesk_admin_log_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.user_id IS NULL AND NOT EXISTS (SELECT FROM res_users WHERE id = OLD.user_id)
       AND (to_jsonb(NEW) - 'user_id') = (to_jsonb(OLD) - 'user_id') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('helpdesk.event_maintenance', true) = 'redact'
       AND (NEW.id, NEW.at, NEW.user_id, NEW.company_id, NEW.model, NEW.res_id, NEW.act)
           IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.user_id, OLD.company_id, OLD.model, OLD.res_id, OLD.act) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'helpdesk_admin_log is append-only';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER helpdesk_admin_log_guard_row BEFORE UPDATE OR DELETE ON helpdesk_admin_log
    FOR EACH ROW EXECUTE FUNCTION helpdesk_admin_log_guard();
CREATE OR REPLACE TRIGGER helpdesk_admin_log_guard_truncate BEFORE TRUNCATE ON helpdesk_admin_log
    FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_admin_log_guard();
"""


class HelpdeskAdminLog(models.Model):
    """Who changed which team, policy, rule, setting or right, and what it was before (S1-43, S2-30).

    Written by ``helpdesk.audited.mixin``. Nobody changes or deletes a row; what was changed may be deleted since, so a
    row names it in words.
    """
    _name = 'helpdesk.admin.log'
    _description = "Administration Log"
    _inherit = ['helpdesk.export.mixin']
    _order = 'at desc, id desc'
    _rec_name = 'name'
    _log_access = False

    at = fields.Datetime(string="When", required=True, readonly=True, index=True)
    user_id = fields.Many2one('res.users', string="By", readonly=True, ondelete='set null')
    user_name = fields.Char(string="By (name then)", readonly=True)
    company_id = fields.Many2one(
        'res.company', readonly=True, ondelete='restrict', index='btree_not_null',
        help="Empty: what was changed belongs to all companies.")
    model = fields.Char(required=True, readonly=True, index=True)
    model_name = fields.Char(string="What", compute='_compute_model_name')
    res_id = fields.Many2oneReference(string="Record", model_field='model', readonly=True)
    name = fields.Char(string="Which", readonly=True)
    act = fields.Selection(
        [('created', "Made"), ('changed', "Changed"), ('deleted', "Deleted"), ('rights', "Rights")], string="How",
        required=True, readonly=True)
    changes = fields.Json(
        readonly=True, help="For each field: its name, what it is called, the value before and after.")
    summary = fields.Text(string="From → To", compute='_compute_summary')

    _record_idx = models.Index("(model, res_id)")

    def init(self):
        self.env.cr.execute(SQL(_GUARD.replace('%', '%%')))

    @api.depends('model')
    def _compute_model_name(self):
        for row in self:
            row.model_name = self.env[row.model]._description if row.model in self.env else row.model

    @api.depends('changes')
    def _compute_summary(self):
        for row in self:
            row.summary = '\n'.join(
                f'{one["label"]}: {one["old"] or "–"} → {one["new"] or "–"}' for one in row.changes or ())

    @api.model
    def _log(self, rows):
        """Append ``rows`` (dicts of ``model``, ``res_id``, ``name``, ``company_id``, ``act``, ``changes``)."""
        user = self.env.user
        for row in rows:
            row.update(at=self.env.cr.now(), user_id=user.id, user_name=user.name)
        # sudo: everybody's acts are logged, and nobody has the right to write into the log
        return self.sudo().create(rows)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The log is written by what is changed, never by hand."))
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("The administration log cannot be changed, by nobody."))

    def unlink(self):
        raise UserError(self.env._("The administration log cannot be deleted, by nobody."))

    def action_open_record(self):
        """Open what was changed.

        :raise UserError: when it was deleted since
        """
        self.ensure_one()
        record = self.model in self.env and self.env[self.model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("%s was deleted since. The log keeps what it was.", self.name))
        return {
            'type': 'ir.actions.act_window', 'res_model': self.model, 'res_id': self.res_id,
            'views': [[False, 'form']],
        }
