from odoo import fields, models

KINDS = [('change_plan', "Change"), ('asset', "Assets"), ('maintenance', "Maintenance")]


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=KINDS, ondelete={kind: lambda events: None for kind, _label in KINDS})

    def _say_change_plan(self, label):
        field = self.env['helpdesk.ticket']._fields.get((self.detail or {}).get('field'))
        return self._say_change(field._description_string(self.env) if field else label)

    def _say_maintenance(self, label):
        _, state = self.env._, (self.detail or {}).get('state')
        if state == 'done':
            return _("Maintenance done: %s", self.new)
        if state == 'open':
            return _("Maintenance open again: %s", self.new)
        return _("Maintenance asked for: %s", self.new)
