from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES
from odoo.exceptions import UserError

from .helpdesk_catalogue_category import CATALOGUE_ICONS

AUDIENCES = [
    ('all', "Everybody who logs in"), ('employees', "Colleagues alone"), ('chosen', "Chosen groups and customers"),
]


class HelpdeskCatalogueItem(models.Model):
    """What people can order: how it is described, asked for, approved and delivered (S0-13, S0-16)."""
    _name = 'helpdesk.catalogue.item'
    _description = "Catalogue Item"
    _inherit = [
        'helpdesk.catalogue.item.readers.mixin', 'helpdesk.catalogue.item.form.mixin',
        'helpdesk.catalogue.item.delivery.mixin', 'helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'sequence, name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        'helpdesk.catalogue.category', string="Shelf", required=True, index=True, ondelete='restrict')
    icon = fields.Selection(CATALOGUE_ICONS, string="Symbol", default='fa-cube', required=True)
    image_128 = fields.Image(string="Picture", max_width=128, max_height=128, help="Shown instead of the symbol.")
    summary = fields.Char(string="In One Line", translate=True, help="Stands under the name in the catalogue.")
    description = fields.Html(
        translate=True, help="What people get, for whom it is, what they have to know. They read it before they order.")
    price = fields.Char(string="Price in Words", translate=True, help="For example: 20 € a month, or: free of charge.")

    team_id = fields.Many2one(
        'helpdesk.team', string="Delivered By", required=True, index=True, ondelete='restrict',
        help="The team that gets the requests. The item is offered in the team's company.")
    company_id = fields.Many2one(related='team_id.company_id', store=True, index=True)
    type_id = fields.Many2one(
        'helpdesk.type', string="Type", required=True, domain=[('nature', '=', 'request')], ondelete='restrict',
        default=lambda self: self._default_type_id())
    brand_ids = fields.Many2many(
        'helpdesk.brand', string="Brands", check_company=True,
        help="Shown at the addresses of these brands only; requests belong to the brand. Empty: every brand.")
    ticket_category_id = fields.Many2one(
        'helpdesk.category', string="Category", domain="['|', ('team_ids', '=', False), ('team_ids', '=', team_id)]")
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags")
    priority = fields.Selection(PRIORITIES, default='1', required=True)

    audience = fields.Selection(
        AUDIENCES, string="Offered To", default='all', required=True,
        help="Chosen: whoever is in one of the groups, or belongs to one of the customers or to one with such a tag.")
    group_ids = fields.Many2many('res.groups', 'helpdesk_catalogue_item_group_rel', string="Groups")
    partner_ids = fields.Many2many(
        'res.partner', 'helpdesk_catalogue_item_partner_rel', string="Customers",
        help="Contacts, or companies with everybody who belongs to them.")
    partner_tag_ids = fields.Many2many(
        'res.partner.category', 'helpdesk_catalogue_item_partner_tag_rel', string="Customer Tags",
        help="On the contact or on the company it belongs to.")

    question_ids = fields.One2many('helpdesk.catalogue.question', 'item_id', string="Questions", copy=True)
    article_ids = fields.Many2many(
        'helpdesk.article', string="Articles",
        help="Shown beside the form, to those who may read them: perhaps they need not order at all.")
    approval_path_id = fields.Many2one(
        'helpdesk.approval.path', string="Approval", index='btree_not_null', ondelete='restrict', check_company=True,
        help="Work begins when everybody on this path has said yes. Empty: at once.")
    checklist_id = fields.Many2one(
        'helpdesk.checklist', string="Checklist", index='btree_not_null', ondelete='restrict',
        help="What is to be done to deliver it: the request gets it by itself.")
    checklist_after_approval = fields.Boolean(
        string="Only When Approved", default=True, help="The request gets the checklist when it is approved.")
    sla_policy_id = fields.Many2one(
        'helpdesk.sla.policy', string="SLA Policy", index='btree_not_null', ondelete='restrict', check_company=True,
        help="This policy is for requests of this item, and of others that name it, alone. Policies are tried in their "
             "order: put it above those for everything.")
    delivery_hours = fields.Float(
        string="Usually Delivered Within", help="Working hours of the team, from the order or from its approval on. "
                                                "Customers read it in days. Empty: nothing is said.")
    ticket_ids = fields.One2many('helpdesk.ticket', 'catalogue_item_id', string="Requests")
    ticket_count = fields.Integer(string="Number of Requests", compute='_compute_ticket_count')
    portal_url = fields.Char(string="Link", compute='_compute_portal_url')

    _delivery_hours_positive = models.Constraint(
        'CHECK (delivery_hours >= 0)', "A delivery takes no less than no time.")

    @api.model
    def _default_type_id(self):
        return self.env['helpdesk.type'].search([('nature', '=', 'request')], limit=1)

    def _compute_ticket_count(self):
        counts = dict(self.env['helpdesk.ticket']._read_group(
            [('catalogue_item_id', 'in', self.ids)], ['catalogue_item_id'], ['__count']))
        for item in self:
            item.ticket_count = counts.get(item._origin, 0)

    def _compute_portal_url(self):
        base = self.get_base_url()
        for item in self:
            item.portal_url = f'{base}/my/catalogue/{item._origin.id}' if item._origin else False

    def copy_data(self, default=None):
        return [dict(vals, name=self.env._("%s (copy)", item.name))
                for item, vals in zip(self, super().copy_data(default=default), strict=True)]

    def copy(self, default=None):
        """A question that hangs on another hangs on the copy of that one."""
        copies = super().copy(default=default)
        for item, twin in zip(self, copies, strict=True):
            item.question_ids._copy_conditions(twin.question_ids)
        return copies

    @api.model
    def _known_fields(self):
        return {'sla_policy_id'}  # policies know whether they are an item's

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        # sudo: requests that the administrator may not see count as well
        used = self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search(
            [('catalogue_item_id', 'in', self.ids)], limit=1).catalogue_item_id
        if used:
            raise UserError(self.env._(
                "“%s” was ordered, and its requests name it. Archive it, and nobody orders it any more.", used.name))

    def action_view_tickets(self):
        """Open the requests of this item."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action.update(name=self.name, domain=[('catalogue_item_id', '=', self.id)], context={})
        return action

    def action_open_page(self):
        """Open the item as those see it who may order it."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'url': f'/my/catalogue/{self.id}', 'target': 'new'}
