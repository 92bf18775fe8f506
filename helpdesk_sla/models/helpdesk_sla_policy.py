from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import CHANNELS
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.safe_eval import safe_eval

from ..tools.sla_scope import Policy, Scope

CALENDAR_MODES = [
    ('team', "The team's working hours"),
    ('policy', "Working hours of its own"),
    ('customer', "The customer's working hours"),
    ('always', "Around the clock"),
]
COMBINE = [
    ('none', "Count those hours alone"),
    ('intersection', "Count only when the customer works too"),
    ('union', "Count when either of us works"),
]


class HelpdeskSlaPolicy(models.Model):
    """What is promised to whom. For each kind of promise the first policy that fits a ticket wins (C7, C8)."""
    _name = 'helpdesk.sla.policy'
    _description = "SLA Policy"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin', 'mail.thread']
    _order = 'is_default, sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10, help="The first policy that fits a ticket wins.")
    is_default = fields.Boolean(
        string="Fallback", help="Looked at last, when no other policy has a promise of the same kind for the ticket.")
    company_id = fields.Many2one(
        'res.company', default=lambda self: self.env.company, index=True, help="Empty: every company.")
    description = fields.Text(
        translate=True, help="What was agreed, in words. Agents read it on the ticket's promises.")
    team_ids = fields.Many2many('helpdesk.team', string="Teams", check_company=True)
    type_ids = fields.Many2many('helpdesk.type', string="Types")
    category_ids = fields.Many2many('helpdesk.category', string="Categories", help="With all categories below.")
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags", help="Tickets with one of these tags.")
    partner_ids = fields.Many2many(
        'res.partner', string="Customers", help="Contacts, or companies with everybody who belongs to them.")
    brand_ids = fields.Many2many('helpdesk.brand', string="Brands", check_company=True)
    lang_ids = fields.Many2many('res.lang', string="Languages", help="The language of the customer.")
    channel = fields.Selection(CHANNELS, help="The way the ticket came.")
    domain = fields.Char(string="Condition", help="Only tickets that fulfil this condition as well.")
    date_from = fields.Date(string="Valid From", help="For tickets created on this day or later.")
    date_to = fields.Date(string="Valid Until", help="For tickets created on this day or earlier.")
    on_behalf = fields.Boolean(
        string="Count Tickets That Agents Create", default=True,
        help="Off: a ticket that an agent writes down makes no promise until the customer writes.")
    calendar_mode = fields.Selection(
        CALENDAR_MODES, string="Clock Runs In", required=True, default='team', tracking=True)
    resource_calendar_id = fields.Many2one(
        'resource.calendar', string="Working Hours", check_company=True, tracking=True)
    combine = fields.Selection(
        COMBINE, string="Customer's Hours", required=True, default='none',
        help="Whether the hours that the customer works, set on the contact, count as well.")
    target_ids = fields.One2many('helpdesk.sla.target', 'policy_id', string="Promises", copy=True)
    promise_summary = fields.Char(string="Promises in Short", compute='_compute_promise_summary')
    open_count = fields.Integer(string="Running", compute='_compute_open_count')

    _dates_in_order = models.Constraint(
        'CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)',
        "The policy ends before it begins.")

    @api.depends('target_ids.metric', 'target_ids.minutes', 'target_ids.priority')
    def _compute_promise_summary(self):
        for policy in self:
            policy.promise_summary = ' · '.join(target.display_name for target in policy.target_ids)

    def _compute_open_count(self):
        counts = dict(self.env['helpdesk.sla.status']._read_group(
            [('policy_id', 'in', self.ids), ('is_open', '=', True)], ['policy_id'], ['__count']))
        for policy in self:
            policy.open_count = counts.get(policy, 0)

    @api.constrains('calendar_mode', 'resource_calendar_id')
    def _check_resource_calendar_id(self):
        for policy in self:
            if policy.calendar_mode == 'policy' and not policy.resource_calendar_id:
                raise ValidationError(self.env._("Choose the working hours of the policy %s.", policy.name))

    @api.constrains('domain')
    def _check_domain(self):
        for policy in self.filtered('domain'):
            try:
                self.env['helpdesk.ticket'].search_count(policy._condition(), limit=1)
            except Exception as error:  # whatever is wrong with it, the person who typed it is told
                raise ValidationError(self.env._(
                    "The condition of %(policy)s cannot be understood: %(error)s",
                    policy=policy.name, error=error)) from error

    def _condition(self):
        """Return the free condition as a domain on tickets; no condition admits every ticket."""
        return Domain(safe_eval(self.domain or '[]', {'uid': self.env.uid}))

    # ------------------------------------------------------------
    # what is chosen from
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _catalogue(self):
        """Return every active policy (tuple of ``tools.sla_scope.Policy``) in the order in which they are tried."""
        # sudo: the promise made to a customer does not depend on who looks
        return tuple(policy._offer() for policy in self.sudo().search([('active', '=', True)]))

    def _offer(self):
        """Return this policy as the pure functions take it."""
        self.ensure_one()
        terms = {}
        for target in self.target_ids:
            terms.setdefault(target.metric, {}).setdefault(target.priority, target._terms())
        return Policy(
            id=self.id, name=self.name, terms=terms, conditional=bool(self.domain),
            hours=(self.calendar_mode, self.resource_calendar_id.id or None, self.combine),
            scope=Scope(
                company=self.company_id.id or None, teams=frozenset(self.team_ids.ids),
                types=frozenset(self.type_ids.ids), categories=frozenset(self.category_ids.ids),
                tags=frozenset(self.tag_ids.ids), partners=frozenset(self.partner_ids.ids),
                brands=frozenset(self.brand_ids.ids), langs=frozenset(self.lang_ids.mapped('code')),
                channels=frozenset([self.channel] if self.channel else ()),
                date_from=self.date_from or None, date_to=self.date_to or None))

    @api.model
    def _fitting(self, tickets):
        """Return {ticket id: set of policy ids} where a condition beyond the plain criteria holds.

        Bridges extend this: a policy for a contract names itself here for the tickets under it, and sets
        ``conditional`` on its offer.
        """
        conditional = [policy.id for policy in self._catalogue() if policy.conditional]
        fits = {ticket.id: set() for ticket in tickets}
        for policy in self.browse(conditional):
            for ticket in tickets.filtered_domain(policy._condition()):
                fits[ticket.id].add(policy.id)
        return fits

    # ------------------------------------------------------------
    # changes
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        # sudo: clocks of tickets that the administrator may not see count as well
        if self.env['helpdesk.sla.status'].sudo().search_count([('policy_id', 'in', self.ids)], limit=1):
            raise ValidationError(self.env._(
                "Customers were promised something under this policy. Archive it, and it makes no new promises."))

    def action_view_clocks(self):
        """Open the tickets whose clocks run under this policy."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_sla.helpdesk_sla_status_action')
        action.update(name=self.name, domain=[('policy_id', '=', self.id)], context={'search_default_open': 1})
        return action
