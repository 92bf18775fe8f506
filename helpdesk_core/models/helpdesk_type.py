from odoo import api, fields, models
from odoo.tools import ormcache

NATURES = [
    ('question', "Question"),
    ('incident', "Incident"),
    ('request', "Service Request"),
    ('problem', "Problem"),
    ('change', "Change"),
]


class HelpdeskType(models.Model):
    _name = 'helpdesk.type'
    _description = "Ticket Type"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    nature = fields.Selection(
        NATURES, required=True, default='question',
        help="What kind of work the type is. Processes and reports follow this, not the name.")
    group_ids = fields.Many2many(
        'res.groups', string="Only Visible To",
        help="Who is in none of these groups does not see tickets of this type: not in lists, searches, "
             "reports, exports or mails. Empty: everybody who may see the team.")

    _name_uniq = models.Constraint('UNIQUE (name)', "This type exists already.")

    @api.model
    def _known_fields(self):
        return {'group_ids'}  # record rules hold the hidden types of each user

    @api.model
    @ormcache()
    def _restricted_ids(self):
        """Return the ids (tuple) of the types that are kept to some groups."""
        # sudo: the answer decides what a user may read
        return tuple(self.sudo().with_context(active_test=False).search([('group_ids', '!=', False)]).ids)
