from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_recurrence_rule import WEEKDAY_NAMES
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import report_dates

#: what decides on the contents and on who reads them: whoever changes one of these answers for the report
DECISIVE = {'about', 'partner_id', 'team_id', 'company_id', 'partner_ids', 'allow_others', 'show_promises',
            'show_tickets', 'show_rating', 'show_time'}
#: written by the system alone
PLANNED = {'user_id', 'next_at', 'last_sent_at', 'trouble'}
WHEN = {'active', 'frequency', 'weekday', 'hour', 'about', 'team_id', 'company_id'}


class HelpdeskReportSchedule(models.Model):
    """A report that makes itself: about a customer or a team, every week or month, by mail (D19, S4-25).

    It shows what its owner may see, and fails when they have lost that right. Only somebody with the right to can
    become its owner, by deciding on its contents or recipients.
    """
    _name = 'helpdesk.report.schedule'
    _description = "Report by Mail"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.report.sending.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True, help="For yourselves. Recipients read the customer's or team's name.")
    active = fields.Boolean(default=True)
    about = fields.Selection(
        [('customer', "A Customer"), ('team', "A Team")], string="About", required=True, tracking=True,
        default=lambda self: 'customer' if self.env.user.has_group('helpdesk_core.group_helpdesk_manager') else 'team')
    partner_id = fields.Many2one(
        'res.partner', string="Customer", check_company=True, index='btree_not_null', ondelete='restrict',
        tracking=True, domain="[('parent_id', '=', False)]",
        help="The report counts the tickets of the whole company with all its contacts.")
    team_id = fields.Many2one(
        'helpdesk.team', check_company=True, index='btree_not_null', ondelete='cascade', tracking=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company,
        help="Tickets of this company of yours are counted.")
    user_id = fields.Many2one(
        'res.users', string="Owner", readonly=True, copy=False, default=lambda self: self.env.user,
        ondelete='restrict',
        help="Who decided last on contents or recipients. The report shows what this person may see; if something goes "
             "wrong, they are told.")
    frequency = fields.Selection(
        [('weekly', "Every Week"), ('monthly', "Every Month")], required=True, default='monthly', tracking=True,
        help="A weekly report is about the last week from Monday to Sunday, a monthly one about the last month. If the "
             "server stood still over several of them, only the last one is sent.")
    weekday = fields.Selection(WEEKDAY_NAMES, string="On", required=True, default='0')
    hour = fields.Float(string="At", default=7.0, help="Time of day where the team works.")
    tz = fields.Char(string="Time Zone", compute='_compute_tz')
    partner_ids = fields.Many2many(
        'res.partner', 'helpdesk_report_schedule_partner_rel', 'schedule_id', 'partner_id', string="Recipients",
        help="Each gets a mail of their own, in their language.")
    allow_others = fields.Boolean(
        string="Outsiders May Read It", copy=False, tracking=True,
        help="Lets people read the report who are no contacts of the customer, or of a team's report no colleagues. "
             "Only helpdesk administrators can allow it.")
    brand_id = fields.Many2one(
        'helpdesk.brand', check_company=True, ondelete='set null',
        help="Logo, colour and sender of mail and document. Empty: those of your company.")
    show_promises = fields.Boolean(
        string="Promises", default=True, help="Which share was kept, and for each ticket whether it was.")
    show_tickets = fields.Boolean(
        string="List of Tickets", default=True, help="Without it the report holds numbers only, and no table.")
    show_rating = fields.Boolean(string="Satisfaction", default=True)
    show_time = fields.Boolean(
        string="Time Spent", help="Shown where working time is recorded on tickets.")
    next_at = fields.Datetime(string="Next Report", readonly=True, copy=False, index='btree_not_null')
    last_sent_at = fields.Datetime(string="Last Sent", readonly=True, copy=False)
    trouble = fields.Char(readonly=True, copy=False, help="Why the last attempt to send it failed.")
    sent_ids = fields.One2many('helpdesk.report.sent', 'schedule_id', string="Sent", readonly=True)
    sent_count = fields.Integer(compute='_compute_sent_count')

    _hours = models.Constraint('CHECK (hour >= 0 AND hour < 24)', "Say a time from 0:00 to 23:59.")

    @api.depends('team_id', 'company_id', 'about')
    def _compute_tz(self):
        for one in self:
            place = one.sudo()  # sudo: the zone alone is shown
            calendar = place.company_id.resource_calendar_id
            if one.about == 'team' and one.team_id:
                calendar = place.team_id._get_calendar()
            one.tz = calendar.tz or one.company_id.partner_id.tz or 'UTC'

    @api.depends('sent_ids')
    def _compute_sent_count(self):
        rows = self.env['helpdesk.report.sent']._read_group(
            [('schedule_id', 'in', self.ids)], ['schedule_id'], ['__count'])
        found = {schedule.id: count for schedule, count in rows}
        for one in self:
            one.sent_count = found.get(one.id, 0)

    @api.onchange('about', 'team_id', 'partner_id')
    def _onchange_subject(self):
        """Propose the look that the customer knows, and the team's company."""
        if self.about == 'team' and self.team_id:
            self.company_id, self.brand_id = self.team_id.company_id, self.team_id.brand_id
        elif self.about == 'customer' and self.partner_id:
            self.brand_id = self.env['helpdesk.ticket'].search([
                ('commercial_partner_id', '=', self._customer().id), ('brand_id', '!=', False),
                ('company_id', '=', self.company_id.id)], limit=1, order='id desc').brand_id
        if not self.name:
            self.name = self.team_id.name if self.about == 'team' else self.partner_id.name

    def _customer(self):
        """Return the customer's company (``res.partner``), whichever of its contacts was chosen."""
        return self.partner_id.commercial_partner_id

    def _about_name(self):
        """Return the name of the customer or team, as recipients read it."""
        return self._customer().name if self.about == 'customer' else self.team_id.name

    # ------------------------------------------------------------
    # rights and checks
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
            if not self.env.su:
                vals['user_id'] = self.env.uid
        found = super().create(vals_list)
        found._plan()
        return found

    def write(self, vals):
        self._check_given(vals)
        if DECISIVE & vals.keys() and not self.env.su:
            vals = {**vals, 'user_id': self.env.uid}
        result = super().write(vals)
        if {'about', 'team_id', 'company_id'} & vals.keys():
            self.check_access('write')  # a leader reports on no team that is not theirs
        if WHEN & vals.keys():
            self._plan()
        return result

    def _check_given(self, vals):
        """Nobody writes for the system, and only administrators let outsiders read."""
        if self.env.su:
            return
        if planned := PLANNED & vals.keys():
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(planned))))
        if vals.get('allow_others') and not self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            raise AccessError(self.env._("Only helpdesk administrators let outsiders read a report."))

    @api.constrains('about', 'partner_id', 'team_id', 'company_id')
    def _check_subject(self):
        for one in self:
            if not (one.partner_id if one.about == 'customer' else one.team_id):
                raise ValidationError(self.env._("Say which customer or team the report is about."))
            if one.about == 'team' and one.team_id.company_id != one.company_id:
                raise ValidationError(self.env._("Choose the company that the team belongs to."))

    @api.constrains('about', 'partner_id', 'partner_ids', 'allow_others', 'active')
    def _check_recipients(self):
        for one in self.filtered(lambda one: one.active and (one.partner_id or one.about == 'team')):
            if problem := one._recipient_problem():
                raise ValidationError(problem)

    def _recipient_problem(self):
        """Return what is wrong with the recipients, False for nothing."""
        people = self.partner_ids
        if not people:
            return self.env._("Say who gets the report: at least one recipient.")
        if mute := people.filtered(lambda person: not person.email_normalized):
            return self.env._(
                "No mail can reach these recipients, give them an e-mail address: %s", ', '.join(mute.mapped('name')))
        strange = self.env['res.partner'] if self.allow_others else people.filtered(self._is_outsider)
        if strange and self.about == 'customer':
            return self.env._(
                "%(people)s: no contacts of %(customer)s. Remove them, or have a helpdesk administrator confirm them "
                "with “Outsiders May Read It”.", people=', '.join(strange.mapped('display_name')),
                customer=self._customer().name)
        if strange:
            return self.env._(
                "%(people)s: no colleagues. Reports about a team name its customers. Remove them, or have a helpdesk "
                "administrator confirm them with “Outsiders May Read It”.",
                people=', '.join(strange.mapped('display_name')))
        return False

    def _is_outsider(self, person):
        if self.about == 'customer':
            return person.commercial_partner_id != self._customer()
        # sudo: whether somebody is a colleague is no secret
        return not any(user._is_internal() for user in person.sudo().user_ids.filtered('active'))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.sent_ids:
            raise UserError(self.env._("Reports were sent by it. Archive it, so that what was sent can be looked up."))

    # ------------------------------------------------------------
    # planning
    # ------------------------------------------------------------

    def _due(self):
        """Return when it was due last and is next (``report_dates.Due``)."""
        return report_dates.last_and_next(
            self.frequency, int(self.weekday), min(round(self.hour * 60), 24 * 60 - 1), self.tz, self.env.cr.now())

    def _span(self):
        """Return the Span of the report that is the latest now."""
        return report_dates.whole_before(self.frequency, self._due().day)

    def _plan(self):
        """Set when the next one leaves, and have the job woken then. A new or changed one sends none for the past."""
        for one in self:
            at = one._due().next_at if one.active else False
            one.sudo().next_at = at  # sudo: planned by the system, for whoever may change it
            if at:
                self.env['helpdesk.ticket']._trigger_timer('helpdesk_reports.ir_cron_send_reports', at)

    # ------------------------------------------------------------
    # actions
    # ------------------------------------------------------------

    def action_preview(self):
        """Open the document as it would be sent now, in the first recipient's language.

        :raise UserError: when it could not be sent, with the reason
        """
        self.ensure_one()
        self.check_access('read')
        self.sudo()._as_owner()  # sudo: says only whether the owner may still see what it shows
        return {'type': 'ir.actions.act_url', 'url': f'/helpdesk/report/{self.id}/preview', 'target': 'new'}

    def action_send_now(self):
        """Send the latest report to all recipients now, also again; the next one leaves as planned.

        :raise AccessError: for who may not change it
        :raise UserError: when it cannot be sent, with the reason
        """
        self.ensure_one()
        self.check_access('write')
        one = self.sudo()  # sudo: mails and history are the system's; what it shows are its owner's rights
        if not one.try_lock_for_update():
            raise UserError(self.env._("It is being sent at this moment."))
        one._send(one._span(), self.env.user)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'message': self.env._("Sent to %s recipients.", len(one.partner_ids)),
                'next': {'type': 'ir.actions.act_window_close'}}}

    def action_view_sent(self):
        """Open what was sent."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_reports.helpdesk_report_sent_action')
        return {**action, 'domain': [('schedule_id', '=', self.id)]}
