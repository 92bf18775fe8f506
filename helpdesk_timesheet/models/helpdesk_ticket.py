from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class HelpdeskTicket(models.Model):
    """Time spent on a ticket (S4-22, S4-26, D18). It stays on the ticket it was spent on, also when that is merged."""
    _inherit = ['helpdesk.ticket', 'helpdesk.ticket.timer.mixin']
    _name = 'helpdesk.ticket'

    timesheet_ids = fields.One2many(
        'account.analytic.line', 'helpdesk_ticket_id', string="Time", copy=False,
        groups='helpdesk_core.group_helpdesk_user')
    track_time = fields.Boolean(related='team_id.track_time', export_string_translation=False)
    time_spent = fields.Float(
        string="Time Spent", compute='_compute_time_spent', store=True, compute_sudo=True, copy=False,
        groups='helpdesk_core.group_helpdesk_user',
        help="Hours, by the lines on the page Time.")
    time_with_merged = fields.Float(
        string="Including Merged Tickets", compute='_compute_time_with_merged', compute_sudo=True,
        recursive=True, groups='helpdesk_core.group_helpdesk_user',
        help="Hours on this ticket and on those that were merged into it.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'time_spent'}

    @api.depends('timesheet_ids.unit_amount')
    def _compute_time_spent(self):
        sums = dict(self.env['account.analytic.line']._read_group(
            [('helpdesk_ticket_id', 'in', self.ids)], ['helpdesk_ticket_id'], ['unit_amount:sum'])) if self.ids else {}
        for ticket in self:
            ticket.time_spent = sums.get(ticket._origin, 0.0)

    @api.depends('time_spent', 'merged_ids.time_with_merged')
    def _compute_time_with_merged(self):
        for ticket in self:
            ticket.time_with_merged = ticket.time_spent + sum(ticket.merged_ids.mapped('time_with_merged'))

    # ------------------------------------------------------------
    # who may write time down
    # ------------------------------------------------------------

    def _check_takes_time(self):
        """Raise unless the user may write down time on this ticket.

        :raise AccessError: for who does not work on it
        :raise UserError: for a merged ticket, and where the team tracks no time
        """
        self.ensure_one()
        if not self.env.su:
            self.check_access('read')
            if not self.env.user._helpdesk_works_on(self):
                raise AccessError(self.env._("Only those who work on a ticket write down time on it."))
        ticket = self.sudo()  # sudo: settings of the team, and where it was merged to
        if ticket.merged_into_id:
            raise self._merged_error(ticket)
        if not ticket.team_id.track_time:
            raise UserError(self.env._(
                "The team %s does not track time. Its leader may switch it on: Configuration → Teams → Rules.",
                ticket.team_id.name))

    def _employee_of(self, user):
        """Return the employee that ``user`` is in the ticket's company, in sudo.

        :raise UserError: where there is none, with what to do
        """
        # sudo: agents do not read employees
        employee = self.env['hr.employee'].sudo().search(
            [('user_id', '=', user.id), ('company_id', '=', self.company_id.id)], limit=1)
        if not employee:
            raise UserError(self.env._(
                "%(user)s has no employee record in %(company)s, which timesheets need. Have one made: Employees → New,"
                " with %(user)s as the related user.", user=user.name, company=self.company_id.name))
        return employee

    def action_view_time(self):
        """Open the time on this ticket, and on those that were merged into it, in Odoo's own list."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_timesheet.account_analytic_line_action_ticket')
        action['name'] = self.env._("Time on %s", self.number)
        action['domain'] = [('helpdesk_ticket_id', 'in', self._with_merged().ids)]
        action['context'] = {'default_helpdesk_ticket_id': self.id, 'is_timesheet': 1}
        return action

    def _with_merged(self):
        """Return these tickets and all that were merged into them, at any distance."""
        tickets, more = self, self
        while more := more.sudo().merged_ids - tickets.sudo():  # sudo: rules decide about the lines
            tickets |= more.with_env(self.env)
        return tickets

    def _customer_facts(self):
        """Add the time in all, where the team shows it; what was spent in teams that do not stays out."""
        shown = self._with_merged().filtered('team_id.show_time')
        minutes = round(60 * sum(shown.mapped('time_spent')))
        if not self.team_id.show_time or not minutes:
            return super()._customer_facts()
        parts = zip(divmod(minutes, 60), (self.env._("h"), self.env._("min")), strict=True)
        words = ' '.join(f'{number} {unit}' for number, unit in parts if number)
        return [*super()._customer_facts(), (self.env._("Time spent"), words)]

    def _erase(self, reason):
        # sudo: the hours stay with those who worked, and with the customer's account
        self.sudo().timesheet_ids._forget_ticket()
        super()._erase(reason)

    # ------------------------------------------------------------
    # prepaid hours
    # ------------------------------------------------------------

    @api.readonly
    def get_customer_card(self):
        """Add ``entitlements`` to the customer's card: dicts of ``text`` and ``over`` (nothing is left)."""
        card = super().get_customer_card()
        card['entitlements'] = self._entitlement_lines() if self._works_here() else []
        return card

    def _entitlement_lines(self):
        """Return what the customer may ask for: a line for each package of prepaid hours that counts today."""
        return [package._card_line() for package in self._prepaid_by_ticket()[self]]

    def _prepaid_by_ticket(self):
        """Return {ticket: packages, in sudo} that pay for work on these tickets today, the oldest first."""
        today = fields.Date.context_today(self)
        # sudo: what the customers of one's tickets have left, whatever companies are switched on
        prepaid = self.env['helpdesk.prepaid'].sudo()
        found = defaultdict(prepaid.browse)
        packages = prepaid.search([
            ('partner_id', 'in', self.commercial_partner_id.ids), ('company_id', 'in', self.company_id.ids),
            ('date_from', '<=', today), '|', ('date_to', '=', False), ('date_to', '>=', today)],
            order='date_from, id') if self.commercial_partner_id else prepaid
        for ticket in self:
            found[ticket] = packages.filtered(
                lambda one, ticket=ticket: one.partner_id == ticket.commercial_partner_id
                and one.company_id == ticket.company_id and (not one.team_ids or ticket.team_id in one.team_ids))
        return found
