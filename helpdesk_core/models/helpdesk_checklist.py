from odoo import api, fields, models
from odoo.tools import ormcache


class HelpdeskChecklist(models.Model):
    """What is to be done for tickets of one kind, written down once (D23)."""
    _name = 'helpdesk.checklist'
    _description = "Checklist"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    team_ids = fields.Many2many(
        'helpdesk.team', 'helpdesk_checklist_team_rel', 'checklist_id', 'team_id', string="Teams",
        help="Teams that use it. Empty: every team.")
    type_ids = fields.Many2many(
        'helpdesk.type', 'helpdesk_checklist_type_rel', 'checklist_id', 'type_id', string="Ticket Types",
        help="Types it is for. Empty: every type.")
    auto_add = fields.Boolean(
        string="Add by Itself",
        help="Every new ticket of these teams and types gets the checklist, and so does a ticket that becomes one.")
    is_required = fields.Boolean(
        string="Before Solving", help="A ticket cannot be solved while one of these items is open.")
    item_ids = fields.One2many('helpdesk.checklist.item', 'checklist_id', string="Items", copy=True)
    item_count = fields.Integer(string="Number of Items", compute='_compute_item_count')

    @api.model
    def _known_fields(self):
        return {'active', 'auto_add', 'team_ids', 'type_ids', 'sequence'}

    @api.depends('item_ids')
    def _compute_item_count(self):
        for checklist in self:
            checklist.item_count = len(checklist.item_ids)

    @api.model
    @ormcache()
    def _added_by_itself(self):
        """Return the checklists added by themselves: a tuple of (id, team ids, type ids), empty ids for any."""
        # sudo: looked up once for everybody
        checklists = self.sudo().search([('auto_add', '=', True)])
        return tuple((one.id, frozenset(one.team_ids.ids), frozenset(one.type_ids.ids)) for one in checklists)

    @api.model
    def _ids_for(self, ticket):
        """Return the ids of the checklists that ``ticket`` gets by itself."""
        return [
            checklist_id for checklist_id, team_ids, type_ids in self._added_by_itself()
            if (not team_ids or ticket.team_id.id in team_ids) and (not type_ids or ticket.type_id.id in type_ids)]

    def _add_to(self, tickets):
        """Give ``tickets`` the items of these checklists, each checklist once a ticket.

        :return: the items made (``helpdesk.ticket.check``)
        """
        vals_list = []
        for ticket in tickets:
            last = max(ticket.check_ids.mapped('sequence'), default=0)
            for checklist in self - ticket.check_ids.checklist_id:
                vals_list += [{
                    'ticket_id': ticket.id, 'checklist_id': checklist.id, 'name': item.name,
                    'sequence': last + number, 'is_required': checklist.is_required,
                } for number, item in enumerate(checklist.item_ids, start=1)]
                last += len(checklist.item_ids)
        return self.env['helpdesk.ticket.check'].create(vals_list)

    def copy_data(self, default=None):
        return [dict(vals, name=self.env._("%s (copy)", one.name))
                for one, vals in zip(self, super().copy_data(default=default), strict=True)]

    def action_view_tickets(self):
        """Open the tickets on which the checklist is used."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['domain'] = [('check_ids.checklist_id', '=', self.id)]
        action['context'] = {'search_default_open': 1}
        return action
