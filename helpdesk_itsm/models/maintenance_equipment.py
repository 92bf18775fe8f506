from odoo import api, fields, models
from odoo.fields import Domain


class MaintenanceEquipment(models.Model):
    """An asset: whose it is, where it stands, and the tickets about it."""
    _inherit = 'maintenance.equipment'
    _rec_names_search = ['name', 'serial_no']  # a caller reads the number from the label

    helpdesk_partner_id = fields.Many2one(
        'res.partner', string="Customer", index='btree_not_null', tracking=True, ondelete='restrict',
        help="Whose asset it is, where it is not ours. Everybody of their company may name it in a request.")
    helpdesk_location = fields.Char(string="Location", help="Where it stands: building, floor, room.")
    helpdesk_ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_equipment_rel', 'equipment_id', 'ticket_id', string="Tickets",
        copy=False, groups='helpdesk_core.group_helpdesk_user')
    helpdesk_ticket_count = fields.Integer(
        string="All Tickets", compute='_compute_helpdesk_tickets', groups='helpdesk_core.group_helpdesk_user')
    helpdesk_open_ticket_count = fields.Integer(
        string="Open Tickets", compute='_compute_helpdesk_tickets', groups='helpdesk_core.group_helpdesk_user')

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_helpdesk_tickets(self):
        """Count the tickets that the reader may see, in one query."""
        counts = {}
        for asset, status, count in self.env['helpdesk.ticket']._read_group(
                [('equipment_ids', 'in', self.ids)], ['equipment_ids', 'status'], ['__count']):
            open_, all_ = counts.get(asset.id, (0, 0))
            counts[asset.id] = (open_ + (count if status not in ('solved', 'closed') else 0), all_ + count)
        for asset in self:
            asset.helpdesk_open_ticket_count, asset.helpdesk_ticket_count = counts.get(asset.id, (0, 0))

    def action_view_helpdesk_tickets(self):
        """Open the tickets about the asset that the user may see."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['name'] = action['display_name'] = self.display_name
        action['domain'] = [('equipment_ids', 'in', self.ids)]
        action['context'] = {'default_equipment_ids': self.ids, 'default_partner_id': self.helpdesk_partner_id.id}
        return action

    @api.model
    def _helpdesk_domain_of(self, partner):
        """Return which assets (Domain) ``partner`` may name in a request: their company's, and what they are the owner
        of. For pages that read as the superuser; nobody else's asset is offered or accepted there."""
        if not partner:
            return Domain.FALSE
        house = partner.commercial_partner_id
        theirs = Domain('helpdesk_partner_id', 'child_of', house.id) if house else Domain.FALSE
        return theirs | Domain('owner_user_id.partner_id', '=', partner.id)
