from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# a change of these may use up prepaid hours
DRAWING = {'unit_amount', 'date', 'helpdesk_ticket_id', 'helpdesk_billable', 'partner_id'}


class AccountAnalyticLine(models.Model):
    """Time on tickets stands in Odoo's own timesheets (S4-22, D18)."""
    _inherit = 'account.analytic.line'

    helpdesk_ticket_id = fields.Many2one(
        'helpdesk.ticket', string="Ticket", index='btree_not_null', ondelete='set null')
    helpdesk_team_id = fields.Many2one(
        'helpdesk.team', string="Helpdesk Team", compute='_compute_helpdesk_team_id', store=True, compute_sudo=True,
        index='btree_not_null')
    helpdesk_billable = fields.Boolean(
        string="Billable to Customer", compute='_compute_helpdesk_billable', store=True, readonly=False,
        compute_sudo=True,
        help="The customer pays for this time, or it is taken from their prepaid hours.")
    prepaid_partner_id = fields.Many2one(
        'res.partner', string="Uses Prepaid Hours Of", compute='_compute_prepaid_partner_id', store=True,
        compute_sudo=True, index='btree_not_null', help="The customer, where the time is billable.")

    @api.depends('helpdesk_ticket_id.team_id')
    def _compute_helpdesk_team_id(self):
        for line in self:  # what was spent for an erased ticket stays the team's
            line.helpdesk_team_id = line.helpdesk_ticket_id.team_id or line.helpdesk_team_id

    @api.depends('helpdesk_ticket_id')
    def _compute_helpdesk_billable(self):
        for line in self:
            ticket = line.helpdesk_ticket_id
            line.helpdesk_billable = ticket.team_id.time_billable if ticket else line.helpdesk_billable

    @api.depends('helpdesk_ticket_id.partner_id')
    def _compute_partner_id(self):
        tickets = self.filtered(lambda line: line.helpdesk_ticket_id.sudo().partner_id)  # sudo: whoever sees the ticket
        super(AccountAnalyticLine, self - tickets)._compute_partner_id()
        for line in tickets:
            line.partner_id = line.helpdesk_ticket_id.sudo().partner_id  # sudo: as above

    @api.depends('helpdesk_team_id', 'helpdesk_billable', 'partner_id.commercial_partner_id')
    def _compute_prepaid_partner_id(self):
        for line in self:
            paid = bool(line.helpdesk_team_id) and line.helpdesk_billable
            line.prepaid_partner_id = paid and line.partner_id.commercial_partner_id

    # ------------------------------------------------------------
    # create, write, delete
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            ticket_id = vals.get('helpdesk_ticket_id', self.env.context.get('default_helpdesk_ticket_id'))
            if ticket_id:
                vals['helpdesk_ticket_id'] = ticket_id
                self._fill_in_ticket_time(self.env['helpdesk.ticket'].browse(ticket_id), vals)
        lines = super().create(vals_list)
        lines._watch_prepaid(lines.sudo().prepaid_partner_id)  # sudo: who pays, whoever works
        return lines

    def write(self, vals):
        if vals.get('helpdesk_ticket_id'):
            self.env['helpdesk.ticket'].browse(vals['helpdesk_ticket_id'])._check_takes_time()
        result = super().write(vals)
        if DRAWING & vals.keys():
            self._watch_prepaid(self.sudo().prepaid_partner_id)  # sudo: as in create
        return result

    def _watch_prepaid(self, partners):
        if partners:
            # sudo: hours of a customer run out whoever works for them
            self.env['helpdesk.prepaid'].sudo()._warn(partners, self.helpdesk_ticket_id[:1].sudo())

    def _fill_in_ticket_time(self, ticket, vals):
        """Complete the values of time on ``ticket``: the team's project, the company, whose time it is.

        :raise AccessError: for who does not work on the ticket
        :raise UserError: where the team tracks no time, or the user is no employee
        """
        ticket._check_takes_time()
        project = ticket.team_id.sudo().project_id  # sudo: agents need not see the project
        vals['project_id'] = vals.get('project_id') or project.id
        vals['company_id'] = ticket.company_id.id
        employee = self.env['hr.employee'].sudo().browse(vals.get('employee_id') or ())  # sudo: the company alone
        if employee.company_id != ticket.company_id:
            user = employee.user_id or self.env['res.users'].browse(vals.get('user_id') or self.env.uid)
            vals['employee_id'] = ticket._employee_of(user).id

    def _check_can_write(self, values):
        """Leaders correct the time on their teams' tickets; nobody else touches others' time."""
        led = self.filtered(lambda line: line.helpdesk_team_id.sudo().leader_id == self.env.user)  # sudo: who leads
        super(AccountAnalyticLine, self - led)._check_can_write(values)
        if led:
            super(AccountAnalyticLine, led.sudo())._check_can_write(values)  # sudo: whose it is; the rest is checked

    @api.depends_context('uid')
    def _compute_readonly_timesheet(self):
        super()._compute_readonly_timesheet()

    def _is_readonly(self):
        """Time on tickets is shown as read-only where the user may not change it."""
        user, team = self.env.user, self.helpdesk_team_id
        foreign = team and user not in (self.user_id, team.leader_id) and not user.has_group(
            'hr_timesheet.group_hr_timesheet_approver')
        return foreign or super()._is_readonly()

    def _timesheet_get_portal_domain(self):
        """Customers see no time on tickets."""
        domain = super()._timesheet_get_portal_domain()
        if self.env.user._is_internal():
            return domain
        return Domain(domain) & Domain('helpdesk_team_id', '=', False)

    def _forget_ticket(self):
        """Keep the hours of tickets that are erased, without what they were about; in sudo."""
        for line in self:
            partner = line.partner_id.commercial_partner_id
            line.write({'helpdesk_ticket_id': False, 'name': '/', 'partner_id': partner.is_company and partner.id})

    @api.constrains('helpdesk_ticket_id', 'company_id')
    def _check_ticket_company(self):
        for line in self.sudo():  # sudo: the companies alone
            if line.helpdesk_ticket_id and line.helpdesk_ticket_id.company_id != line.company_id:
                raise UserError(self.env._(
                    "The time and its ticket must belong to the same company: choose a project of %s.",
                    line.helpdesk_ticket_id.company_id.name))

    @api.constrains('helpdesk_ticket_id')
    def _check_ticket_user(self):
        """An agent writes down their own time, a leader that of the team."""
        for line in self.filtered('helpdesk_ticket_id'):
            leads = line.helpdesk_team_id.sudo().leader_id == self.env.user  # sudo: who leads
            approver = self.env.user.has_group('hr_timesheet.group_hr_timesheet_approver')
            if not (self.env.su or leads or approver or line.user_id == self.env.user):
                raise AccessError(self.env._("Write down your own time. The team's leader may add that of others."))
