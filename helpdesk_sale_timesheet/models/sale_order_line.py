from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.fields import Domain

FOLLOWED = {'product_uom_qty', 'product_uom_id', 'product_id', 'helpdesk_valid_from', 'helpdesk_valid_to'}


class SaleOrderLine(models.Model):
    """What a customer bought, for how long, and whether it holds today (N7)."""
    _inherit = 'sale.order.line'

    helpdesk_sla_policy_id = fields.Many2one(
        'helpdesk.sla.policy', string="Promise", readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
        help="The SLA policy that was bought: the product's when the order was confirmed.")
    helpdesk_valid_from = fields.Date(string="Service From", copy=False)
    helpdesk_valid_to = fields.Date(string="Service Until", copy=False, help="The last day. Empty: without end.")
    helpdesk_entitled = fields.Boolean(
        string="Promise Holds", readonly=True, copy=False,
        help="Confirmed, valid today, and hours left where hours belong to it. Looked at once a day.")
    helpdesk_prepaid_ids = fields.One2many(
        'helpdesk.prepaid', 'sale_line_id', string="Prepaid Hours", context={'active_test': False})

    _helpdesk_entitled_idx = models.Index("(order_partner_id) WHERE helpdesk_entitled IS TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        sold = lines.filtered(lambda line: line.state == 'sale')
        sold.sudo()._start_help()  # sudo: as in _follow_help
        sold._follow_help()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if FOLLOWED & vals.keys():
            self.filtered(lambda line: line.state == 'sale')._follow_help()
        return result

    def _gives_help(self):
        """Tell whether the product gives a promise or prepaid hours."""
        return bool(self.product_id.helpdesk_sla_policy_id or self.product_id.helpdesk_hours)

    def _follow_help(self):
        """Bring dates, promise and prepaid hours in line with the order."""
        # sudo: who sells need not have rights in the helpdesk
        lines = self.sudo().filtered(
            lambda line: line._gives_help() or line.helpdesk_sla_policy_id or line.helpdesk_prepaid_ids)
        for line in lines:
            line._follow_hours()
        lines._look_whether_entitled()

    def _start_help(self):
        """Note on these newly confirmed lines what was bought and for how long, where nobody has said so; in sudo."""
        for line in self.filtered(lambda one: one._gives_help()):
            product, start = line.product_id, line.helpdesk_valid_from or line._today()
            line.write({
                'helpdesk_sla_policy_id': (line.helpdesk_sla_policy_id or product.helpdesk_sla_policy_id).id,
                'helpdesk_valid_from': start,
                'helpdesk_valid_to': line.helpdesk_valid_to or (product.helpdesk_months and (
                    start + relativedelta(months=product.helpdesk_months, days=-1)))})

    def _today(self):
        """Return the day that it is in the company's place."""
        self.ensure_one()
        zone = self.company_id.partner_id.tz or self.company_id.resource_calendar_id.tz or 'UTC'
        return fields.Date.context_today(self.with_context(tz=zone))

    # ------------------------------------------------------------
    # prepaid hours
    # ------------------------------------------------------------

    def _follow_hours(self):
        """Make, change or put away the package of prepaid hours that belongs to this line."""
        hours = self._ordered_hours() if self.state == 'sale' else 0
        package = self.helpdesk_prepaid_ids[:1]
        if not hours:
            package.active = False
            return
        values = {
            'hours': hours, 'active': True, 'partner_id': self.order_partner_id.commercial_partner_id.id,
            'date_from': self.helpdesk_valid_from, 'date_to': self.helpdesk_valid_to}
        if package:
            package.write(values)
        else:
            package.create({**values, 'name': f"{self.product_id.name} ({self.order_id.name})",
                            'company_id': self.company_id.id, 'sale_line_id': self.id})

    def _ordered_hours(self):
        if not self.product_id.helpdesk_hours:
            return 0
        units = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, raise_if_failure=False, round=False)
        return units * self.product_id.helpdesk_hours

    # ------------------------------------------------------------
    # whether the promise holds
    # ------------------------------------------------------------

    def _holds_on(self, day):
        """Tell whether this line is confirmed and valid on ``day``."""
        self.ensure_one()
        return self.state == 'sale' and self.product_uom_qty > 0 and bool(self.helpdesk_valid_from) and (
            self.helpdesk_valid_from <= day and (not self.helpdesk_valid_to or day <= self.helpdesk_valid_to))

    def _look_whether_entitled(self):
        """Note which of these lines' promises hold today; where that changed, policies are chosen again. In sudo."""
        changed = self.browse()
        for line in self:
            holds = bool(line.helpdesk_sla_policy_id) and line._holds_on(line._today()) and not line._is_used_up()
            if holds != line.helpdesk_entitled:
                line.helpdesk_entitled = holds
                changed |= line
        if changed:
            changed._choose_promises_again()

    def _is_used_up(self):
        """Tell whether the hours that belong to the same order are all used."""
        packages = self.order_id.order_line.helpdesk_prepaid_ids.filtered('active')
        return bool(packages) and all(package.remaining_hours <= 0 for package in packages)

    def _choose_promises_again(self):
        """Have the policies of these customers' open tickets chosen again: running clocks soon, others at once."""
        customers = self.order_partner_id.commercial_partner_id
        first = min(filter(None, self.mapped('helpdesk_valid_from')), default=fields.Date.today())
        tickets = self.env['helpdesk.ticket'].search([
            ('commercial_partner_id', 'in', customers.ids), ('company_id', 'in', self.company_id.ids),
            ('status', 'in', OPEN_STATUSES), ('create_date', '>=', fields.Date.subtract(first, days=1))])
        if not tickets:
            return
        clocks = self.env['helpdesk.sla.status']
        clocks._choose_again([('ticket_id', 'in', tickets.ids)])
        others = tickets - clocks.search([('ticket_id', 'in', tickets.ids), ('is_open', '=', True)]).ticket_id
        others._sla_write_summary(others._sla_sync(choose_again=True))

    @api.model
    def _cron_look_whether_entitled(self):
        """Once a day: promises that begin, end, or whose hours are used up (N7). Looks at contracts, not at tickets."""
        today = fields.Date.today()
        window = [  # a day more on either side: it is not the same day everywhere
            ('helpdesk_valid_from', '<=', fields.Date.add(today, days=1)),
            '|', ('helpdesk_valid_to', '=', False), ('helpdesk_valid_to', '>=', fields.Date.subtract(today, days=1))]
        self.env['helpdesk.prepaid'].invalidate_model(['used_hours', 'remaining_hours'])
        self.search(Domain('helpdesk_entitled', '=', True) | Domain([
            ('state', '=', 'sale'), ('helpdesk_sla_policy_id', '!=', False), *window]))._look_whether_entitled()

    def _promise_text(self):
        """Return the proof of what was bought: "Gold until 31 Dec 2026, 6.5 h left (S00012)"."""
        self.ensure_one()
        packages, _ = self.order_id.order_line.helpdesk_prepaid_ids.filtered('active'), self.env._
        name, words = self.helpdesk_sla_policy_id.name, self.env['helpdesk.prepaid']
        if self.helpdesk_valid_to:
            name = _("%(what)s until %(day)s", what=name, day=words._day_text(self.helpdesk_valid_to))
        if packages:
            left = sum(packages.mapped('remaining_hours'))
            hours = words._hours_text(abs(left))
            name = (_("%(what)s, %(hours)s h left", what=name, hours=hours) if left >= 0
                    else _("%(what)s, %(hours)s h over", what=name, hours=hours))
        return f"{name} ({self.order_id.name})"
