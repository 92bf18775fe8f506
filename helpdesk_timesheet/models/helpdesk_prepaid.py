from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ..tools.prepaid import Package, draw


class HelpdeskPrepaid(models.Model):
    """Hours that a customer paid for in advance (D18, N7). Billable time on their tickets is taken from the oldest."""
    _name = 'helpdesk.prepaid'
    _description = "Prepaid Hours"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'date_from desc, id desc'
    _check_company_auto = True

    name = fields.Char(string="Agreement", required=True, tracking=True)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        'res.partner', string="Customer", required=True, index=True, tracking=True, ondelete='restrict',
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
        help="The company, or a person who belongs to none. Work for all its people is taken from these hours.")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    hours = fields.Float(string="Hours Bought", required=True, tracking=True)
    date_from = fields.Date(string="Valid From", required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(string="Valid Until", tracking=True, help="The last day. Empty: without end.")
    team_ids = fields.Many2many(
        'helpdesk.team', string="Teams", check_company=True, help="Only their time is taken from it. Empty: all.")
    used_hours = fields.Float(string="Used", compute='_compute_used_hours')
    remaining_hours = fields.Float(
        string="Remaining", compute='_compute_used_hours', help="Less than nothing: more was worked than was paid for.")
    warn_percent = fields.Integer(
        string="Warn at", default=80, help="Per cent used at which the team's leader is told, once. 0: never.")
    warned_at = fields.Datetime(string="Leader Told", readonly=True, copy=False)

    _hours_positive = models.Constraint('CHECK (hours > 0)', "Enter how many hours were bought.")
    _dates_in_order = models.Constraint(
        'CHECK (date_to IS NULL OR date_from <= date_to)', "The hours end before they begin.")

    @api.depends('hours', 'date_from', 'date_to', 'team_ids', 'partner_id', 'active')
    def _compute_used_hours(self):
        """Time that is written down is noticed by :meth:`_warn`."""
        # sudo: all time for the customer counts, whoever may see the lines
        used = self.sudo()._drawn()
        for package in self:
            package.used_hours = used.get(package._origin.id, 0.0)
            package.remaining_hours = round(package.hours - package.used_hours, 6)

    def _drawn(self):
        """Return {package id: hours used} of all packages of these packages' customers, in three queries."""
        partners = self.partner_id.commercial_partner_id
        packages, spent = defaultdict(list), defaultdict(list)
        for row in self.search([('partner_id', 'in', partners.ids)]) | self._origin:
            packages[row.company_id.id, row.partner_id.id].append(Package(
                row.id, row.hours, row.date_from, row.date_to or None, frozenset(row.team_ids.ids)))
        for company, partner, day, team, hours in self.env['account.analytic.line']._read_group(
                [('prepaid_partner_id', 'in', partners.ids)],
                ['company_id', 'prepaid_partner_id', 'date:day', 'helpdesk_team_id'], ['unit_amount:sum']):
            spent[company.id, partner.id].append((day, team.id, hours))
        used = {}
        for key, bought in packages.items():
            used.update(draw(bought, spent[key]))
        return used

    @api.model_create_multi
    def create(self, vals_list):
        packages = super().create([self._with_company(vals) for vals in vals_list])
        packages.sudo()._warn_these(self.env['helpdesk.ticket'])  # sudo: the leader is told whoever enters them
        return packages

    def write(self, vals):
        result = super().write(self._with_company(vals))
        if {'hours', 'warn_percent'} & vals.keys():
            packages = self.sudo()  # sudo: as in create
            packages.filtered(lambda one: not one._is_scarce()).warned_at = False
            packages._warn_these(self.env['helpdesk.ticket'])
        return result

    def _with_company(self, vals):
        """Hours belong to the whole company of whoever was named."""
        if vals.get('partner_id'):
            partner = self.env['res.partner'].browse(vals['partner_id'])
            vals = {**vals, 'partner_id': partner.commercial_partner_id.id}
        return vals

    # ------------------------------------------------------------
    # warning
    # ------------------------------------------------------------

    @api.model
    def _warn(self, partners, ticket):
        """Tell leaders about hours of ``partners`` that run out, once each; ``ticket``: where they did. In sudo."""
        self.invalidate_model(['used_hours', 'remaining_hours'])
        self.search([('partner_id', 'in', partners.ids), ('warned_at', '=', False)])._warn_these(ticket)

    def _warn_these(self, ticket):
        for package in self.filtered(lambda one: not one.warned_at and one._is_scarce()):
            leader = package.team_ids.leader_id[:1] or ticket.team_id.leader_id or package.create_uid
            package.warned_at = self.env.cr.now()
            _ = self.with_context(lang=leader.lang or self.env.lang).env._
            package.activity_schedule(
                'mail.mail_activity_data_todo', user_id=leader.id,
                summary=_("Prepaid hours of %s run out", package.partner_id.name),
                note=_("%(left)s of %(hours)s h are left. Talk to the customer about new ones.",
                       left=package._hours_text(package.remaining_hours), hours=package._hours_text(package.hours)))

    def _is_scarce(self):
        return bool(self.warn_percent) and self.used_hours * 100 >= self.hours * self.warn_percent

    # ------------------------------------------------------------
    # words
    # ------------------------------------------------------------

    def _hours_text(self, hours):
        """Return ``hours`` as people write them: 6, 6.5, 6.25."""
        digits = next((count for count in (0, 1) if round(hours, count) == round(hours, 2)), 2)
        return formatLang(self.env, hours, digits=digits)

    def _left_text(self):
        """Return what is left as a sentence: "6.5 h left until 31 Dec 2026"."""
        self.ensure_one()
        left, _ = self.remaining_hours, self.env._
        hours = self._hours_text(abs(left))
        if left < 0:
            return _("%s h over what was paid for", hours)
        if not self.date_to:
            return _("%s h left", hours)
        return _("%(hours)s h left until %(day)s", hours=hours, day=self._day_text(self.date_to))

    def _day_text(self, day):
        return format_date(self.env, day, date_format='d MMM y')

    def _card_line(self):
        return {'text': self.env._("Prepaid: %s", self._left_text()), 'over': self.remaining_hours <= 0}

    def action_view_lines(self):
        """Open the time that is taken from the customer's prepaid hours while these are valid."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_timesheet.account_analytic_line_action_ticket')
        action['domain'] = [
            ('prepaid_partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
            ('date', '>=', self.date_from), *([('date', '<=', self.date_to)] if self.date_to else []),
            *([('helpdesk_team_id', 'in', self.team_ids.ids)] if self.team_ids else [])]
        return action
