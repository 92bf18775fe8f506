from datetime import UTC

import pytz
from odoo import models


class HelpdeskTicket(models.Model):
    """What the customer bought, on the ticket (N7)."""
    _inherit = 'helpdesk.ticket'

    def _bought_lines(self):
        """Return {ticket id: order lines (in sudo) whose promise holds for it today}."""
        # sudo: what a customer bought counts whoever looks
        lines = self.env['sale.order.line'].sudo().search([
            ('helpdesk_entitled', '=', True), ('company_id', 'in', self.company_id.ids),
            ('order_partner_id.commercial_partner_id', 'in', self.commercial_partner_id.ids)], order='id')
        found = {}
        for ticket in self:
            day = ticket._day_there(self.env.cr.now())
            found[ticket.id] = lines.filtered(
                lambda line, ticket=ticket, day=day: line.company_id == ticket.company_id
                and line.order_partner_id.commercial_partner_id == ticket.commercial_partner_id and line._holds_on(day))
        return found

    def _day_there(self, moment):
        """Return the day that it is at ``moment`` (naive UTC) where the team works."""
        zone = pytz.timezone(self.env['helpdesk.team']._sla_calendar(self.team_id.id)[1])
        return moment.replace(tzinfo=UTC).astimezone(zone).date()

    def _bought_policies(self):
        """Return {ticket id: set of ids of the policies that its customer bought, that hold today, and that held on
        the day when the ticket was raised}: what is bought later does not make old tickets late."""
        found, bought = {}, self._bought_lines()
        for ticket in self:
            raised = ticket._day_there(ticket.create_date or self.env.cr.now())
            found[ticket.id] = set(bought[ticket.id].filtered(
                lambda line, raised=raised: line.helpdesk_valid_from <= raised).helpdesk_sla_policy_id.ids)
        return found

    def _entitlement_lines(self):
        """The promises first, each with the hours of its order; then other prepaid hours."""
        lines = self._bought_lines()[self.id]
        told = lines.order_id.order_line.helpdesk_prepaid_ids
        packages = self._prepaid_by_ticket()[self] - told
        return [{'text': line._promise_text(), 'over': line._is_used_up()} for line in lines] + [
            package._card_line() for package in packages]

    def _line_to_bill(self, day):
        """Return the order line (in sudo, maybe none) on which billable time of ``day`` is billed: the oldest service
        by time that the customer bought for tickets and that is valid then."""
        self.ensure_one()
        # sudo: as above
        lines = self.env['sale.order.line'].sudo().search([
            ('state', '=', 'sale'), ('company_id', '=', self.company_id.id),
            ('order_partner_id.commercial_partner_id', '=', self.commercial_partner_id.id),
            ('helpdesk_valid_from', '<=', day),
            '|', ('helpdesk_valid_to', '=', False), ('helpdesk_valid_to', '>=', day),
            ('product_id.service_type', '=', 'timesheet')], order='helpdesk_valid_from, id', limit=1)
        return lines if self.commercial_partner_id else lines.browse()
