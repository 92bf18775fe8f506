from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, is_html_empty

from .helpdesk_stage import DONE_STATUSES, STATUSES
from .helpdesk_ticket import PRIORITIES

SCOPES = [('everybody', "Everybody"), ('teams', "Members of teams"), ('me', "Only the owner")]
RECENT_DAYS = 90


class HelpdeskMacro(models.Model):
    """Several things done to tickets with one click, always in the same way (S0-21, S1-25, S2-15, S2-17).

    What it says lives here; how it is worked out and done in ``helpdesk.macro.steps.mixin``, its words to the customer
    in ``helpdesk.macro.reply.mixin``.
    """
    _name = 'helpdesk.macro'
    _description = "Macro"
    _inherit = [
        'helpdesk.audited.mixin',
        'helpdesk.macro.steps.mixin', 'helpdesk.macro.preview.mixin', 'helpdesk.macro.reply.mixin', 'mail.thread']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    description = fields.Char(translate=True, help="When to use it. Agents read it where they choose.")
    scope = fields.Selection(
        SCOPES, string="Who May Use It", required=True, default='me', tracking=True,
        help="Members of teams use their macros on tickets of these teams only.")
    team_ids = fields.Many2many('helpdesk.team', string="Teams")
    user_id = fields.Many2one(
        'res.users', string="Owner", required=True, default=lambda self: self.env.user, index=True, tracking=True,
        domain=[('share', '=', False)], help="Who keeps it up to date; who alone may use it, if it is not shared.")
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', help="Only on tickets of this company. Empty: of every company.")
    run_at_once = fields.Boolean(
        string="Run Without Asking", help="Run from a ticket at once, without showing first what will happen.")

    set_team_id = fields.Many2one('helpdesk.team', string="Move to Team", ondelete='restrict', tracking=True)
    set_status = fields.Selection(
        STATUSES, string="Move to Stage Meaning", tracking=True,
        help="The first stage of the ticket's team that means this.")
    set_stage_id = fields.Many2one(
        'helpdesk.stage', string="Move to Stage", ondelete='restrict', tracking=True,
        help="Tickets of teams without this stage stay where they are.")
    set_assignee = fields.Selection(
        [('me', "Whoever runs it"), ('user', "A colleague"), ('nobody', "Nobody")], string="Assign To", tracking=True)
    set_user_id = fields.Many2one('res.users', string="Colleague", ondelete='restrict', domain=[('share', '=', False)])
    set_priority = fields.Selection(PRIORITIES, string="Priority", tracking=True)
    set_type_id = fields.Many2one('helpdesk.type', string="Type", ondelete='restrict')
    set_category_id = fields.Many2one('helpdesk.category', string="Category", ondelete='restrict')
    add_tag_ids = fields.Many2many(
        'helpdesk.tag', 'helpdesk_macro_add_tag_rel', 'macro_id', 'tag_id', string="Add Tags")
    remove_tag_ids = fields.Many2many(
        'helpdesk.tag', 'helpdesk_macro_remove_tag_rel', 'macro_id', 'tag_id', string="Remove Tags")
    freeze = fields.Selection(
        [('time', "For a time"), ('answer', "Until the customer writes")], string="Freeze", tracking=True)
    freeze_amount = fields.Integer(string="Freeze For", default=3)
    freeze_unit = fields.Selection([('hours', "hours"), ('days', "days")], default='days', required=True)
    freeze_reason = fields.Char(string="Why Frozen", translate=True)
    activity_type_id = fields.Many2one('mail.activity.type', string="Plan Activity", ondelete='restrict', domain=[
        '|', ('res_model', '=', False), ('res_model', '=', 'helpdesk.ticket')])
    activity_summary = fields.Char(translate=True)
    activity_days = fields.Integer(string="Due in Days", default=1)
    activity_for = fields.Selection(
        [('me', "Whoever runs it"), ('assignee', "The assignee"), ('user', "A colleague")],
        string="For", default='assignee', required=True)
    activity_user_id = fields.Many2one(
        'res.users', string="Activity For", ondelete='restrict', domain=[('share', '=', False)])

    use_count = fields.Integer(
        string="Times Used", compute='_compute_usage', help="On how many tickets it was run, as their logs tell.")
    last_used_at = fields.Datetime(string="Last Used", compute='_compute_usage')
    can_edit = fields.Boolean(compute='_compute_can_edit', export_string_translation=False)
    may_share = fields.Boolean(compute='_compute_may_share', export_string_translation=False)

    _numbers = models.Constraint(
        "CHECK (freeze_amount >= 0 AND activity_days >= 0)", "Days and hours cannot be negative.")

    # ------------------------------------------------------------
    # computes
    # ------------------------------------------------------------

    def _compute_usage(self):
        """The log is the truth: nothing is counted up, so nobody waits for anybody at a counter."""
        usage = self._read_usage()
        for macro in self:
            macro.use_count, macro.last_used_at, _recent = usage.get(macro._origin.id, (0, False, 0))

    def _read_usage(self):
        """Return {macro id: (times used, last time, times used lately)}, in one query over an index of its own."""
        if not self.ids:
            return {}
        self.env['helpdesk.ticket.event'].flush_model(['kind', 'detail', 'at'])
        rows = self.env.execute_query(SQL("""
            SELECT (detail->>'macro_id')::int, COUNT(*), MAX(at),
                   COUNT(*) FILTER (WHERE at > %s)
              FROM helpdesk_ticket_event
             WHERE kind = 'macro' AND (detail->>'macro_id')::int = ANY(%s)
          GROUP BY 1""", fields.Datetime.subtract(self.env.cr.now(), days=RECENT_DAYS), self.ids))
        return {macro_id: usage for macro_id, *usage in rows}

    @api.depends_context('uid')
    def _compute_can_edit(self):
        mine = self._filtered_access('write')
        for macro in self:
            macro.can_edit = macro in mine or not macro._origin

    @api.depends_context('uid')
    def _compute_may_share(self):
        """Whether the user may offer macros to others: administrators to everybody, leaders to their teams."""
        self.may_share = self.env.user.has_group('helpdesk_core.group_helpdesk_manager') or bool(
            self.env['helpdesk.team'].search_count([('leader_id', '=', self.env.uid)], limit=1))

    # ------------------------------------------------------------
    # what is refused
    # ------------------------------------------------------------

    @api.constrains('scope', 'team_ids', 'company_id', 'set_team_id')
    def _check_scope(self):
        for macro in self:
            if macro.scope == 'teams' and not macro.team_ids:
                raise ValidationError(self.env._("Name the teams whose members may use “%s”.", macro.name))
            companies = (macro.team_ids | macro.set_team_id).company_id - macro.company_id
            if macro.company_id and companies:
                raise ValidationError(self.env._(
                    "“%(macro)s” is for tickets of %(company)s, and its teams belong to %(others)s as well.",
                    macro=macro.name, company=macro.company_id.name, others=', '.join(companies.mapped('name'))))

    @api.constrains('set_status', 'set_stage_id', 'freeze', 'freeze_amount', 'freeze_reason')
    def _check_stage_and_freeze(self):
        for macro in self:
            if macro.set_status and macro.set_stage_id:
                raise ValidationError(self.env._("Choose a stage or a meaning, not both: a ticket has one stage."))
            if not macro.freeze:
                continue
            if (macro.set_status or macro.set_stage_id.status) in DONE_STATUSES:
                raise ValidationError(self.env._("Solved and closed tickets are not frozen. Leave out one of the two."))
            if not (macro.freeze_reason or '').strip():
                raise ValidationError(self.env._("Say why the ticket is frozen: whoever opens it will ask."))
            if macro.freeze == 'time' and not macro.freeze_amount:
                raise ValidationError(self.env._("Say for how many hours or days the ticket is frozen."))

    @api.constrains('set_assignee', 'set_user_id', 'activity_type_id', 'activity_for', 'activity_user_id')
    def _check_people(self):
        for macro in self:
            if macro.set_assignee == 'user' and not macro.set_user_id:
                raise ValidationError(self.env._("Say to whom tickets are assigned."))
            if macro.activity_type_id and macro.activity_for == 'user' and not macro.activity_user_id:
                raise ValidationError(self.env._("Say for whom the activity is planned."))

    def _does_something(self):
        """Tell whether there is anything to do at all; modules with more actions extend it."""
        self.ensure_one()
        return bool(
            self.set_team_id or self.set_status or self.set_stage_id or self.set_assignee or self.set_priority
            or self.set_type_id or self.set_category_id or self.add_tag_ids or self.remove_tag_ids or self.freeze
            or self.activity_type_id or not is_html_empty(self.reply) or not is_html_empty(self.note))

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and {'scope', 'team_ids', 'user_id', 'company_id'} & vals.keys():
            self.check_access('write')  # nobody shares with people whose macros they may not change
        return result

    def _check_usable(self, tickets):
        """Raise when the present user may not run this macro, or not on all of ``tickets``."""
        self.ensure_one()
        self.check_access('read')
        if not self.env.su and not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._("Macros are for those who work on tickets."))
        if not self.active:
            raise UserError(self.env._("The macro “%s” is archived. Choose another one.", self.name))
        if not self._does_something():
            raise UserError(self.env._("The macro “%s” does nothing yet. Open it and say what it does.", self.name))
        if foreign := tickets.filtered(lambda ticket: not self._fits(ticket)):
            raise UserError(self.env._(
                "The macro “%(macro)s” is not for the tickets %(numbers)s: they belong to other teams or companies.",
                macro=self.name, numbers=', '.join(foreign.mapped('number'))))

    def _fits(self, ticket):
        """Tell whether this macro is for tickets like ``ticket``."""
        macro = self.sudo()  # sudo: asked about teams that the user need not see
        if macro.company_id and macro.company_id != ticket.company_id:
            return False
        return macro.scope != 'teams' or ticket.team_id in macro.team_ids

    @api.model
    def _domain_for(self, tickets):
        """Return the domain of the present user's macros that are for all of ``tickets``.

        Administrators may change everybody's own macros; they are offered their own.
        """
        domain = Domain('scope', '!=', 'me') | Domain('user_id', '=', self.env.uid)
        if len(tickets.company_id) > 1:
            domain &= Domain('company_id', '=', False)
        elif tickets:
            domain &= Domain('company_id', 'in', [False, tickets.company_id.id])
        # all teams of the selection have to be among the macro's
        return domain & Domain.AND([
            Domain('scope', '!=', 'teams') | Domain('team_ids', 'in', team.ids) for team in tickets.team_id])

    # ------------------------------------------------------------
    # for the client
    # ------------------------------------------------------------

    @api.model
    def get_choices(self, ticket_ids, replies=False):
        """Return the present user's macros for some tickets, most used first.

        :param list ticket_ids: ids of tickets
        :param bool replies: only macros that have a reply
        :return: list of dicts: id, name, description, scope, run_at_once, does (what, in a few words)
        """
        tickets = self.env['helpdesk.ticket'].browse(ticket_ids)
        tickets.check_access('read')
        macros = self.search(self._domain_for(tickets)).filtered(lambda macro: macro._does_something())
        if replies:
            macros = macros.filtered(lambda macro: not is_html_empty(macro.reply))
        usage = macros._read_usage()
        ranked = macros.sorted(lambda macro: -usage.get(macro.id, (0, 0, 0))[2])
        return [{
            'id': macro.id, 'name': macro.name, 'description': macro.description or '', 'scope': macro.scope,
            'run_at_once': macro.run_at_once, 'does': macro._spoken_actions(),
        } for macro in ranked]

    def action_try(self):
        """Show what this macro would do to a ticket, in any language, without doing it."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Try It: %s", self.name),
            'res_model': 'helpdesk.macro.run',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_macro_id': self.id, 'default_is_trial': True, 'active_ids': []},
        }

    def copy_data(self, default=None):
        """A copy belongs to whoever made it, for themselves: everybody may start from a shared one."""
        mine = {'scope': 'me', 'user_id': self.env.uid, 'team_ids': False}
        return [dict(vals, name=self.env._("%s (copy)", macro.name), **mine)
                for macro, vals in zip(self, super().copy_data(default=default), strict=True)]
