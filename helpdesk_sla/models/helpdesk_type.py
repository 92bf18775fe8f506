from odoo import fields, models

TYPICAL = 30


class HelpdeskType(models.Model):
    _inherit = 'helpdesk.type'

    effort_minutes = fields.Integer(
        string="Typical Effort", default=TYPICAL,
        help="How many minutes of work a ticket of this type usually takes. Teams that hand out tickets by their "
             "promises reckon with it.")

    _effort_positive = models.Constraint('CHECK (effort_minutes > 0)', "A ticket takes at least a minute of work.")

    def _effort(self):
        """Return the minutes of work of a ticket of this type; of no type, the usual ones."""
        return self.effort_minutes if self else TYPICAL
