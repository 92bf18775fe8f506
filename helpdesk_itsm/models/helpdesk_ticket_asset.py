from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

SHOWN = 5


def named_ids(commands):
    """Return the ids of the records that ``commands`` of a many2many field link."""
    ids = []
    for command in commands or ():
        if not isinstance(command, list | tuple):
            ids.append(command)
        elif command[0] == Command.LINK:
            ids.append(command[1])
        elif command[0] == Command.SET:
            ids.extend(command[2])
    return ids


class HelpdeskTicket(models.Model):
    """What a ticket is about: the assets, their history, and the maintenance they get."""
    _inherit = 'helpdesk.ticket'

    equipment_ids = fields.Many2many(
        'maintenance.equipment', 'helpdesk_ticket_equipment_rel', 'ticket_id', 'equipment_id', string="Assets",
        help="Type a name or a serial number.")
    asset_card = fields.Html(
        string="About the Assets", compute='_compute_asset_card', sanitize=False,
        groups='helpdesk_core.group_helpdesk_user')
    maintenance_request_ids = fields.One2many(
        'maintenance.request', 'helpdesk_ticket_id', string="Maintenance",
        groups='helpdesk_core.group_helpdesk_user')
    maintenance_words = fields.Char(
        string="Maintenance in Words", compute='_compute_maintenance_words', compute_sudo=True,
        groups='helpdesk_core.group_helpdesk_user')

    @api.constrains('equipment_ids', 'team_id')
    def _check_equipment_ids(self):
        for ticket in self.filtered('equipment_ids'):
            # sudo: the companies of assets that the writer may not see are compared as well
            foreign = ticket.sudo().equipment_ids.filtered(
                lambda asset, company=ticket.company_id: asset.company_id and asset.company_id != company)
            if foreign:
                raise ValidationError(self.env._(
                    "The asset %(asset)s belongs to another company than the ticket's team.",
                    asset=foreign[0].display_name))

    def _check_seen(self, vals):
        super()._check_seen(vals)
        if not self.env.su and (ids := named_ids(vals.get('equipment_ids'))):
            self.env['maintenance.equipment'].browse(ids).check_access('read')

    @api.depends('equipment_ids', 'equipment_ids.serial_no', 'equipment_ids.warranty_date')
    @api.depends_context('uid', 'lang', 'allowed_company_ids')
    def _compute_asset_card(self):
        for ticket in self:
            assets = ticket.equipment_ids._filtered_access('read')
            ticket.asset_card = self.env['ir.qweb']._render('helpdesk_itsm.asset_card', {
                'assets': [(asset, ticket._tickets_about(asset)) for asset in assets],
                'today': fields.Date.context_today(self), 'statuses': dict(
                    self.env['helpdesk.stage']._fields['status']._description_selection(self.env)),
            }) if assets else False

    def _tickets_about(self, asset):
        """Return the newest other tickets about ``asset`` that the reader may see."""
        return self.env['helpdesk.ticket'].search(
            Domain('equipment_ids', 'in', asset._origin.ids) & Domain('id', 'not in', self._origin.ids),
            order='id desc', limit=SHOWN)

    @api.depends('maintenance_request_ids.stage_id', 'maintenance_request_ids.archive')
    def _compute_maintenance_words(self):
        for ticket in self:
            ticket.maintenance_words = ', '.join(
                f'{request.name}: {request.stage_id.name}' for request in ticket.maintenance_request_ids
                if not request.archive)

    def action_create_maintenance(self):
        """Make a maintenance request for the ticket's first asset and open it.

        :raise AccessError: the ticket is not the user's to work on
        """
        self.ensure_one()
        self.check_access('write')
        asset = self.equipment_ids[:1]
        request = self.env['maintenance.request'].create({
            'name': self.name, 'equipment_id': asset.id, 'company_id': self.company_id.id,
            'helpdesk_ticket_id': self.id})
        return {'type': 'ir.actions.act_window', 'res_model': request._name, 'res_id': request.id, 'view_mode': 'form'}

    def action_view_maintenance(self):
        """Open those of the ticket's maintenance requests that the user may see."""
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'name': self.env._("Maintenance of %s", self.number),
                'res_model': 'maintenance.request', 'view_mode': 'list,form',
                'domain': [('helpdesk_ticket_id', '=', self.id)]}
