from odoo import api, fields, models
from odoo.exceptions import ValidationError

# kinds of ticket fields that a customer can fill in; the others name records of ours
ASKED_TYPES = ('char', 'text', 'integer', 'float', 'boolean', 'date', 'selection')


class HelpdeskFormField(models.Model):
    """How customers are asked for one ticket field of a team, in its public form and in the portal."""
    _name = 'helpdesk.form.field'
    _description = "Form: Ticket Field"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, id'
    _rec_name = 'label'

    team_id = fields.Many2one('helpdesk.team', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='team_id.company_id')
    sequence = fields.Integer(default=10)
    property_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", compute='_compute_label')
    on_form = fields.Boolean(string="Public Form", default=True, help="The public form asks for it.")
    in_portal = fields.Boolean(string="Portal", default=True, help="The portal asks for it in a new request.")
    required = fields.Boolean(help="Nothing is sent without it, where it is asked.")
    parent_id = fields.Many2one(
        'helpdesk.form.field', string="Only If", domain="[('team_id', '=', team_id), ('id', '!=', id)]",
        index='btree_not_null', ondelete='set null',
        help="It is asked only where this other field has the value beside.")
    parent_value = fields.Char(string="Is", help="The value as the customer sees it, for example Yes.")

    _property_uniq = models.Constraint('UNIQUE (team_id, property_name)', "Customers are asked for this field already.")

    @api.depends('property_name', 'team_id.ticket_properties')
    def _compute_label(self):
        for line in self:
            line.label = line._definition().get('string') or line.property_name

    def _definition(self):
        """Return the definition (dict) of the ticket field, empty where the team no longer has it."""
        return next((one for one in self.team_id.ticket_properties or [] if one['name'] == self.property_name), {})

    def _is_askable(self):
        return self._definition().get('type') in ASKED_TYPES

    @api.constrains('parent_id', 'team_id')
    def _check_parent_id(self):
        if self._has_cycle() or any(line.parent_id and line.parent_id.team_id != line.team_id for line in self):
            raise ValidationError(self.env._(
                "A field hangs on the answer to another field of the same team, and not in a circle."))

    @api.constrains('parent_id', 'parent_value')
    def _check_parent_value(self):
        for line in self.filtered('parent_id'):
            choices = line.parent_id._choices()
            if choices and line._wanted_value() not in [value for value, _label in choices]:
                raise ValidationError(self.env._(
                    "“%(field)s” is asked only if “%(other)s” has a value. Write one of: %(values)s.",
                    field=line.label, other=line.parent_id.label,
                    values=', '.join(label for _value, label in choices)))

    def _choices(self):
        """Return what may be chosen in the field: [(value as forms send it, label)]; [] where it is typed."""
        definition = self._definition()
        if definition.get('type') == 'boolean':
            return [('1', self.env._("Yes")), ('', self.env._("No"))]
        return [(value, label) for value, label in definition.get('selection') or []]

    def _wanted_value(self):
        """Return the other field's answer (str, as forms send it) with which this one is asked."""
        said = (self.parent_value or '').strip()
        words = {'yes': '1', 'no': ''} if self.parent_id._definition().get('type') == 'boolean' else {}
        words |= {label.lower(): value for value, label in self.parent_id._choices()}
        return words.get(said.lower(), said)
