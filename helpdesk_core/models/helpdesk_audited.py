import re

from odoo import api, models
from odoo.tools import html2plaintext

LONGEST = 500
SECRET = re.compile(r'secret|password|token|api_key|smtp_pass')
HIDDEN = "•••"


class HelpdeskAuditedMixin(models.AbstractModel):
    """A model whose changes stand in the administration log: what was made, changed and deleted, by whom.

    Logged are the stored fields that people write; facts that the system keeps (readonly fields) are not, nor are lines
    whose own model is audited. Secrets and files are logged as changed, without a value.
    """
    _name = 'helpdesk.audited.mixin'
    _description = "Changes Stand in the Administration Log"

    def _audited(self):
        """Return those of these records whose changes are logged (all of them, unless a model says otherwise)."""
        return self

    @api.model
    def _audit_names(self, names):
        """Return those of the field names ``names`` whose changes are logged."""
        return [name for name in names if (field := self._fields.get(name)) and field.store and not field.readonly
                and field.type not in ('one2many', 'reference') and name != 'sequence']

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._audit_on():
            names = self._audit_names({name for vals in vals_list for name in vals})
            nothing = dict.fromkeys(names, '')
            records._audit('created', {record.id: nothing for record in records}, names)
        return records

    def write(self, vals):
        names = self._audit_names(vals) if self._audit_on() else []
        if not names:
            return super().write(vals)
        before = self._audited()._audit_values(names)
        result = super().write(vals)
        self.browse(before)._audit('changed', before, names)
        return result

    def unlink(self):
        rows = [record._audit_row('deleted', []) for record in self._audited()] if self._audit_on() else []
        result = super().unlink()
        if rows:
            self.env['helpdesk.admin.log']._log(rows)
        return result

    def _audit_on(self):
        """Installing a module is not the administrator's doing."""
        return self.env.registry.ready

    def _audit(self, act, before, names):
        """Log what differs from ``before`` ({id: {field: text}})."""
        records, rows = self._audited(), []
        after = records._audit_values(names)
        for record in records:
            changes = [
                record._audit_change(name, before[record.id][name], after[record.id][name])
                for name in names if before[record.id][name] != after[record.id][name]]
            if changes or act == 'created':
                rows.append(record._audit_row(act, changes))
        if rows:
            self.env['helpdesk.admin.log']._log(rows)

    def _audit_row(self, act, changes):
        record = self.sudo()  # sudo: the log names what its reader may not open
        company = record.company_id if 'company_id' in record._fields else record.env['res.company']
        return {'model': self._name, 'res_id': self.id, 'name': record.display_name, 'company_id': company[:1].id,
                'act': act, 'changes': changes}

    def _audit_values(self, names):
        """Return {id: {field: text for people}}."""
        # sudo: as above
        return {record.id: {name: record._audit_text(name) for name in names} for record in self.sudo()}

    def _audit_text(self, name):
        field, value = self._fields[name], self[name]
        if field.relational:
            text = ', '.join(value.mapped('display_name'))
        elif field.type == 'selection':
            text = dict(field._description_selection(self.env)).get(value, value) or ''
        elif field.type == 'boolean':
            text = self.env._("yes") if value else self.env._("no")
        elif field.type == 'html':
            text = html2plaintext(value or '')
        else:
            text = '' if value is False or value is None else str(value)
        return text

    def _audit_change(self, name, old, new):
        """Return one change as the log keeps it: secrets and files without their value, long texts cut."""
        field = self._fields[name]
        if field.type == 'binary' or SECRET.search(name):
            old, new = (HIDDEN if value else '' for value in (old, new))
        return {'field': name, 'label': field._description_string(self.env) or name, 'old': old[:LONGEST],
                'new': new[:LONGEST]}
