from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .helpdesk_stage import OPEN_STATUSES

COUNTERS = ('open_count', 'unassigned_count', 'unanswered_count', 'overdue_count')
DEFAULT_STAGES = ('new', 'open', 'waiting_customer', 'waiting_third_party', 'solved', 'closed')


class HelpdeskTeam(models.Model):
    _name = 'helpdesk.team'
    _description = "Helpdesk Team"
    _inherit = [
        'helpdesk.audited.mixin', 'helpdesk.known.mixin', 'helpdesk.team.assign.mixin', 'helpdesk.team.silence.mixin',
        'mail.thread', 'rating.parent.mixin']
    _order = 'sequence, name, id'
    _check_company_auto = True
    _rating_satisfaction_days = 30

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Html(
        translate=True, help="What the team takes care of. Employees read it when they raise a request.")
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company, index=True)
    brand_id = fields.Many2one('helpdesk.brand', index='btree_not_null', check_company=True)
    leader_id = fields.Many2one(
        'res.users', string="Team Leader", domain=[('share', '=', False)], index='btree_not_null',
        help="Sees all tickets of the team and may change its members and settings.")
    member_ids = fields.One2many('helpdesk.team.member', 'team_id', string="Members", copy=True)
    member_user_ids = fields.Many2many(
        'res.users', string="Agents", compute='_compute_member_user_ids', search='_search_member_user_ids')
    visibility = fields.Selection(
        [('company', "All agents of the company"), ('members', "Only the team's members and leader")],
        string="Who Sees Its Tickets", required=True, default='company')
    employee_requests = fields.Boolean(
        string="Employees May Raise Requests", default=True,
        help="Offer the team to employees under My Requests, also when its tickets are seen by members only.")
    stage_ids = fields.Many2many(
        'helpdesk.stage', 'helpdesk_stage_team_rel', 'team_id', 'stage_id', string="Stages",
        default=lambda self: self._default_stage_ids())
    resource_calendar_id = fields.Many2one(
        'resource.calendar', string="Working Hours", check_company=True,
        help="When the team works. Empty: the company's working hours.")
    reopen_policy = fields.Selection(
        [('reopen', "Reopen the ticket"),
         ('window', "Reopen within some days, then start a follow-up ticket"),
         ('follow_up', "Always start a follow-up ticket")],
        string="When a Customer Answers a Solved Ticket", required=True, default='window')
    reopen_days = fields.Integer(
        string="Days to Reopen", default=14, help="Days after the solution in which an answer reopens the ticket.")
    autoclose_days = fields.Integer(
        string="Close Solved Tickets After",
        default=5, help="Working days in Solved without an answer after which the ticket is closed. Zero: never.")
    solved_macro_id = fields.Many2one(
        'helpdesk.macro', string="Macro for Solved Tickets", check_company=True, index='btree_not_null',
        domain="[('scope', '!=', 'me'), '|', ('scope', '=', 'everybody'), ('team_ids', '=', id)]",
        help="Offered when somebody drags a ticket into a solved stage: to say goodbye to the customer, for example.")
    deadline_remind_hours = fields.Float(
        string="Remind Before a Deadline", default=4.0,
        help="Hours before a ticket's manual deadline at which its assignee is reminded; "
             "a second reminder comes at the deadline.")
    notify_new = fields.Selection(
        [('none', "Nobody"), ('leader', "The team leader"), ('members', "All members")],
        string="Tell About New Tickets", required=True, default='members',
        help="Who gets a notice when a ticket arrives that nobody is assigned to.")
    ticket_properties = fields.PropertiesDefinition(string="Ticket Fields")
    ticket_ids = fields.One2many('helpdesk.ticket', 'team_id', string="Tickets")
    can_edit = fields.Boolean(compute='_compute_can_edit', export_string_translation=False)
    open_count = fields.Integer(string="Open", compute='_compute_counters')
    unassigned_count = fields.Integer(string="Unassigned", compute='_compute_counters')
    unanswered_count = fields.Integer(string="Customer Waits", compute='_compute_counters')
    overdue_count = fields.Integer(string="Overdue", compute='_compute_counters')

    _days_positive = models.Constraint(
        'CHECK (reopen_days >= 0 AND autoclose_days >= 0 AND deadline_remind_hours >= 0)',
        "Days and hours cannot be negative.")

    @api.model
    def _known_fields(self):
        return {'active', 'visibility', 'company_id', 'leader_id', 'member_ids'}  # record rules hold them

    @api.model
    def _default_stage_ids(self):
        stages = self.env['helpdesk.stage']
        for status in DEFAULT_STAGES:
            stages |= self.env.ref(f'helpdesk_core.helpdesk_stage_{status}', raise_if_not_found=False) or stages
        return [Command.set(stages.ids)]

    @api.depends('member_ids.user_id')
    def _compute_member_user_ids(self):
        for team in self:
            team.member_user_ids = team.member_ids.user_id

    def _search_member_user_ids(self, operator, value):
        if operator.startswith('not'):  # the framework inverts the positive search
            return NotImplemented
        return [('member_ids.user_id', operator, value)]

    @api.depends_context('uid')
    def _compute_can_edit(self):
        mine = self._filtered_access('write')
        for team in self:
            team.can_edit = team in mine

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_counters(self):
        """Count open tickets that the reader may see, all teams and counters in one query."""
        counts = self._read_counters()
        for team in self:
            team.update(dict(zip(COUNTERS, counts[team.id], strict=True)))

    def _read_counters(self):
        """Return {team id: (open, unassigned, unanswered, overdue)}."""
        ticket = self.env['helpdesk.ticket']
        query = ticket._search([('team_id', 'in', self.ids), ('status', 'in', OPEN_STATUSES)])
        table = query.table
        team, user, waits, deadline = (
            ticket._field_to_sql(table, name, query)
            for name in ('team_id', 'user_id', 'unanswered_since', 'deadline'))
        query.groupby = team
        rows = self.env.execute_query(query.select(
            team, SQL("COUNT(*)"), SQL("COUNT(*) FILTER (WHERE %s IS NULL)", user),
            SQL("COUNT(%s)", waits),
            SQL("COUNT(*) FILTER (WHERE %s < %s)", deadline, self.env.cr.now())))
        return defaultdict(lambda: (0, 0, 0, 0), {row[0]: row[1:] for row in rows})

    def write(self, vals):
        if 'company_id' in vals and self._has_tickets(self.filtered(lambda t: t.company_id.id != vals['company_id'])):
            raise UserError(self.env._(
                "The team has tickets, and they belong to its company. Create a new team for the other company."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_tickets(self):
        if self._has_tickets(self):
            raise UserError(self.env._("The team has tickets. Archive it, and it takes no new ones."))

    def _has_tickets(self, teams):
        # sudo: a ticket the administrator may not see (type rights) counts as well
        return bool(teams) and bool(self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search_count(
            [('team_id', 'in', teams.ids)], limit=1))

    def _stage_for(self, status):
        """Return the team's first stage meaning ``status`` (empty when it has none)."""
        self.ensure_one()
        return self.stage_ids.filtered(lambda stage: stage.status == status)[:1]

    def _get_calendar(self):
        """Return the team's working hours: its own, else its company's (may be empty)."""
        self.ensure_one()
        return self.resource_calendar_id or self.company_id.resource_calendar_id

    def _sender_address(self):
        """Return the address of its own that the team's mails leave from; False: none (see helpdesk_mail)."""
        return False

    def _ticket_stages(self):
        """Return every stage that a ticket of the team may be in, its own first; modules with processes add theirs."""
        self.ensure_one()
        return self.stage_ids

    def _public_form_url(self):
        """Return the address (str) of the form by which anybody can send the team a request; False: there is none.
        Modules with pages for the public say which."""
        return False

    def action_view_tickets(self):
        """Open the team's tickets; the context key ``helpdesk_filter`` names a search filter to switch on."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        wanted = self.env.context.get('helpdesk_filter') or 'open'
        action['name'] = action['display_name'] = self.name
        action['domain'] = [('team_id', '=', self.id)]
        action['context'] = {'default_team_id': self.id, f'search_default_{wanted}': 1}
        return action

    def action_view_ratings(self):
        """Open the team's ratings of the days that its satisfaction is reckoned from."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.rating_rating_action')
        action['domain'] = [
            ('parent_res_model', '=', self._name), ('parent_res_id', '=', self.id), ('consumed', '=', True)]
        action['context'] = {'search_default_recent': 1}
        return action

    def action_view_routing_rules(self):
        """Open the rules that send tickets to the team, or that look at those which come to it."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_routing_rule_action')
        action['domain'] = ['|', ('team_id', '=', self.id), ('team_ids', 'in', self.ids)]
        action['context'] = {'search_default_all': 1, 'default_team_id': self.id}
        return action
