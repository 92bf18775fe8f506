from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .helpdesk_stage import DONE_STATUSES

PRIORITIES = [('0', "Low"), ('1', "Normal"), ('2', "High"), ('3', "Urgent")]
CHANNELS = [
    ('email', "E-mail"), ('web', "Web Form"), ('portal', "Portal"), ('phone', "Phone"), ('chat', "Live Chat"),
    ('messenger', "Messenger"), ('api', "API"), ('agent', "Agent"),
]
OPEN = "status IN ('new', 'open', 'waiting_customer', 'waiting_third_party')"


class HelpdeskTicket(models.Model):
    _name = 'helpdesk.ticket'
    _description = "Ticket"
    _inherit = [
        'helpdesk.ticket.merging.mixin',
        'helpdesk.ticket.links.mixin',
        'helpdesk.ticket.split.mixin',
        'helpdesk.ticket.move.mixin',
        'helpdesk.ticket.watch.mixin',
        'helpdesk.ticket.escalate.mixin',
        'helpdesk.ticket.checklist.mixin',
        'helpdesk.ticket.recurrence.mixin',
        'helpdesk.ticket.solving.mixin',
        'helpdesk.ticket.thanks.mixin',
        'helpdesk.ticket.silence.mixin',
        'helpdesk.ticket.confirm.mixin',
        'helpdesk.ticket.freeze.mixin',
        'helpdesk.ticket.routing.mixin',
        'helpdesk.ticket.routing.past.mixin',
        'helpdesk.ticket.events.mixin',
        'helpdesk.ticket.timers.mixin',
        'helpdesk.ticket.facts.mixin',
        'helpdesk.ticket.viewers.mixin',
        'helpdesk.ticket.sending.mixin',
        'helpdesk.ticket.thread.mixin',
        'helpdesk.ticket.recipients.mixin',
        'helpdesk.ticket.relations.mixin',
        'helpdesk.ticket.rights.mixin',
        'helpdesk.ticket.privacy.mixin',
        'helpdesk.ticket.customer.mixin',
        'helpdesk.ticket.search.mixin',
        'helpdesk.ticket.totals.mixin',
        'helpdesk.ticket.bulk.mixin',
        'helpdesk.ticket.assign.mixin',
        'helpdesk.ticket.macro.mixin',
        'helpdesk.export.mixin',
        'mail.thread.cc',
        'mail.activity.mixin',
        'helpdesk.ticket.rating.mixin',
        'mail.tracking.duration.mixin',
    ]
    _order = 'priority desc, unanswered_since, id desc'  # who waits longest burns first; nobody waits = last
    _track_duration_field = 'stage_id'
    _primary_email = 'partner_email'
    _mail_post_access = 'read'

    number = fields.Char(readonly=True, copy=False, help="Unique in this database; mails carry it in their subject.")
    name = fields.Char(string="Subject", required=True, tracking=True)
    description = fields.Html(help="What the customer asks for, where it did not come as a message.")
    active = fields.Boolean(default=True)
    team_id = fields.Many2one(
        'helpdesk.team', required=True, index=True, tracking=True, ondelete='restrict',
        default=lambda self: self._default_team_id())
    team_description = fields.Html(related='team_id.description', string="About the Team")
    company_id = fields.Many2one(related='team_id.company_id', store=True, precompute=True)
    brand_id = fields.Many2one(
        'helpdesk.brand', compute='_compute_brand_id', store=True, readonly=False, precompute=True,
        index='btree_not_null')
    stage_id = fields.Many2one(
        'helpdesk.stage', compute='_compute_stage_id', store=True, readonly=False, precompute=True, tracking=True,
        required=True, index=True, ondelete='restrict', copy=False, group_expand='_read_group_stage_id',
        domain="[('id', 'in', offered_stage_ids)]")
    offered_stage_ids = fields.Many2many(
        'helpdesk.stage', string="Stages Offered", compute='_compute_offered_stage_ids', compute_sudo=True,
        export_string_translation=False)
    status = fields.Selection(related='stage_id.status', store=True, precompute=True, string="Status")
    is_closed = fields.Boolean(string="Done", compute='_compute_is_closed', search='_search_is_closed')
    user_id = fields.Many2one(
        'res.users', string="Assignee", tracking=True, index='btree_not_null', copy=False,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_user').id)])
    type_id = fields.Many2one('helpdesk.type', index='btree_not_null')
    category_id = fields.Many2one(
        'helpdesk.category', index='btree_not_null',
        domain="['|', ('team_ids', '=', False), ('team_ids', '=', team_id)]")
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags")
    priority = fields.Selection(PRIORITIES, default='1', required=True, tracking=True)
    channel = fields.Selection(CHANNELS, default='agent', required=True, help="The way the first request came.")
    ticket_properties = fields.Properties(definition='team_id.ticket_properties', string="Properties")
    related_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_related_rel', 'ticket_id', 'related_id', string="Related Tickets",
        copy=False)
    color = fields.Integer()

    _number_uniq = models.Constraint('UNIQUE (number)', "A ticket has this number already.")
    _board_idx = models.Index("(stage_id, priority DESC, unanswered_since, id DESC) WHERE active IS TRUE")
    _order_idx = models.Index("(priority DESC, unanswered_since, id DESC) WHERE active IS TRUE")
    _open_order_idx = models.Index(f"(priority DESC, unanswered_since, id DESC) WHERE active IS TRUE AND {OPEN}")
    _open_team_idx = models.Index(
        "(team_id, stage_id) INCLUDE"
        " (user_id, unanswered_since, deadline, company_id, type_id, partner_id, status, priority)"
        f" WHERE active IS TRUE AND {OPEN}")
    _customer_idx = models.Index("(commercial_partner_id, id) WHERE commercial_partner_id IS NOT NULL")
    _customer_open_idx = models.Index(f"(commercial_partner_id) WHERE active IS TRUE AND {OPEN}")
    _report_idx = models.Index(
        "(team_id, create_date) INCLUDE (company_id, type_id, partner_id) WHERE active IS TRUE")
    _solved_idx = models.Index(
        "(team_id, solved_at) INCLUDE (company_id, type_id, partner_id) WHERE active IS TRUE AND solved_at IS NOT NULL")
    _load_idx = models.Index(f"(user_id) WHERE active IS TRUE AND is_frozen IS NOT TRUE AND {OPEN}")
    _untold_idx = models.Index("(id) WHERE team_told_at IS NULL")

    def init(self):
        # a stage has one status: told so, the planner takes the index of the board
        self.env.cr.execute(SQL(
            "CREATE STATISTICS IF NOT EXISTS helpdesk_ticket_stage_status (dependencies, mcv)"
            " ON stage_id, status FROM helpdesk_ticket"))

    # ------------------------------------------------------------
    # defaults and computes
    # ------------------------------------------------------------

    @api.model
    def _default_team_id(self):
        """The user's first team in the present company, else the company's first that they may use."""
        teams = self.env['helpdesk.team'].search([('company_id', '=', self.env.company.id)])
        # sudo: employees raise requests without seeing who is in a team
        member = self.env['helpdesk.team.member'].sudo().search([('user_id', '=', self.env.uid)])
        return (teams & member.team_id)[:1] or teams[:1]

    @api.depends('team_id')
    def _compute_brand_id(self):
        for ticket in self:
            ticket.brand_id = ticket.team_id.brand_id

    @api.depends('team_id')
    def _compute_stage_id(self):
        """A ticket that changes teams keeps the meaning of its stage, where the new team has one."""
        for ticket in self:
            stages = ticket._stages()
            if ticket.stage_id and ticket.stage_id in stages:
                continue
            wanted = ticket.stage_id.status or 'new'
            ticket.stage_id = stages.filtered(lambda s, wanted=wanted: s.status == wanted)[:1] or stages[:1]

    @api.depends('team_id', 'type_id')
    def _compute_offered_stage_ids(self):
        for ticket in self:
            ticket.offered_stage_ids = ticket._stages()

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """Show the empty columns of the team the board is about, or of every team the reader sees."""
        team_ids = set()
        for condition in Domain(domain).iter_conditions():
            if condition.field_expr == 'team_id' and condition.operator in ('=', 'in'):
                team_ids.update([condition.value] if isinstance(condition.value, int) else condition.value)
        teams = [('id', 'in', [team_id for team_id in team_ids if isinstance(team_id, int)])] if team_ids else []
        return stages | self.env['helpdesk.team'].search([*teams, ('active', '=', True)]).stage_ids

    @api.depends('status')
    def _compute_is_closed(self):
        for ticket in self:
            ticket.is_closed = ticket.status in DONE_STATUSES

    def _search_is_closed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('status', 'in', DONE_STATUSES)

    @api.depends('number', 'name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        hidden = self._hidden_from_reader()
        for ticket in self:
            shown = f'[{ticket.number}] {ticket.name}' if ticket.number else ticket.name
            ticket.display_name = ticket.number if ticket in hidden else shown

    @api.constrains('stage_id', 'team_id')
    def _check_stage_id(self):
        for ticket in self:
            if ticket.stage_id not in ticket._stages():
                raise ValidationError(self.env._(
                    "The team %(team)s does not use the stage %(stage)s.",
                    team=ticket.team_id.name, stage=ticket.stage_id.name))

    # ------------------------------------------------------------
    # create, write, delete
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._check_create_rights(vals_list)
        for vals in vals_list:
            self._check_seen({'partner_id': self.env.context.get('default_partner_id'), **vals})
        now, numbers = self.env.cr.now(), self._next_numbers(sum(not vals.get('number') for vals in vals_list))
        # The log and the team's notice replace core's "created" message and its follower for every creator.
        quiet = self._without_refused_defaults().with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        routed = quiet._route(vals_list)
        for vals in vals_list:
            if not vals.get('number'):
                vals['number'] = numbers.pop(0)
            for name in ('channel', 'user_id'):  # the facts below rest on them
                if f'default_{name}' in quiet.env.context:
                    vals.setdefault(name, quiet.env.context[f'default_{name}'])
            self._normalize_customer_vals(vals)
            for name, value in self._initial_facts(vals, now).items():
                vals.setdefault(name, value)
        tickets = super(HelpdeskTicket, quiet).create(vals_list).with_env(self.env)
        # sudo: facts and links that the creator has no right to write
        tickets.sudo()._finish_creation(vals_list, now, routed)
        return tickets

    def _finish_creation(self, vals_list, now, routed):
        self._log_created(routed)
        self._assign_automatically()
        told = self.browse()
        for ticket, vals in zip(self, vals_list, strict=True):
            facts = {}
            if ticket.status in DONE_STATUSES:
                facts = {name: value for name, value in ticket._status_facts(False, ticket.status, now).items()
                         if not value or not vals.get(name)}
                facts.update(ticket._autoclose_facts(ticket.status, now))
            if ticket.deadline:
                facts.update(ticket._deadline_facts(ticket.deadline, now))
            if ticket.user_id or ticket.team_id.notify_new == 'none':
                told |= ticket
            if facts:
                ticket._write_facts(facts)
            if ticket.related_ids:
                ticket._link_back(self.browse())
        told._write_facts({'team_told_at': now})
        if self - told:
            self._trigger_timer('helpdesk_core.ir_cron_tell_teams')
        self._forget_foreign_requests()

    def _forget_foreign_requests(self, moved=False):
        """Agents do not read the notes on their own requests to foreign teams; a record rule keeps the list."""
        for ticket in self.filtered(lambda t: t.partner_id and not t.partner_id.partner_share):
            agents = ticket.partner_id.user_ids.filtered(
                lambda user: user.has_group('helpdesk_core.group_helpdesk_user'))
            if any(moved or not user._helpdesk_works_on(ticket) for user in agents):
                self.env.registry.clear_cache()
                break

    def _write_facts(self, facts):
        """Write facts without tracking, log or side effects; the caller is in sudo."""
        if self:
            super(HelpdeskTicket, self.with_context(tracking_disable=True)).write(facts)

    @api.model
    def _next_numbers(self, count):
        """Return ``count`` fresh ticket numbers, in one query."""
        if not count:
            return []
        # sudo: whoever may create a ticket gets a number, whatever their right on sequences
        sequence = self.env['ir.sequence'].sudo().browse(self.env['ir.model.data']._xmlid_to_res_id(
            'helpdesk_core.helpdesk_ticket_sequence', raise_if_not_found=True))
        if sequence.implementation != 'standard' or sequence.use_date_range:
            return [sequence.next_by_id() for _ in range(count)]
        rows = self.env.execute_query(SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)", f'ir_sequence_{sequence.id:03d}', count))
        if '%' in f'{sequence.prefix or ""}{sequence.suffix or ""}':  # a date in it: core's to work out
            return [sequence.get_next_char(value) for [value] in rows]
        return [f'{sequence.prefix or ""}{value:0{sequence.padding}}{sequence.suffix or ""}' for [value] in rows]

    def write(self, vals):
        if not self.env.su and (guarded := vals.keys() & self._guarded_fields()):
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(guarded))))
        vals = dict(vals)
        self._check_seen(vals)
        self._normalize_customer_vals(vals)
        names = self._logged_names(vals)
        if not names and not {'active', 'related_ids'} & vals.keys():
            return super().write(vals)
        before = self._logged_values(names)
        context = {t.id: (t.status, t.stage_changed_at, t.assignee_changed_at) for t in self}
        linked = {t.id: t.related_ids for t in self} if 'related_ids' in vals else {}
        archived = {t.id: t.active for t in self} if 'active' in vals else {}
        result = super().write(vals)
        # sudo: what follows from the change is the system's to write
        self.sudo()._follow_changes(before, context, linked, archived)
        return result

    def _follow_changes(self, before, context, linked, archived):
        """Bring facts, links and the log in line with what a write changed."""
        now, moved = self.env.cr.now(), []
        for ticket in self:
            facts, old = {}, before[ticket.id]
            if 'stage_id' in old and old['stage_id'][0] != ticket.stage_id.id:
                moved.append(ticket.id)
                facts['stage_changed_at'] = now
                if context[ticket.id][0] != ticket.status:
                    facts.update(ticket._status_facts(context[ticket.id][0], ticket.status, now))
                    facts.update(ticket._autoclose_facts(ticket.status, now))
            if 'user_id' in old and old['user_id'][0] != ticket.user_id.id:
                facts.update(assignee_changed_at=now, **ticket._assignment_facts())
                if not ticket.assigned_at:
                    facts['assigned_at'] = now
            if 'deadline' in old:
                facts.update(ticket._deadline_facts(ticket.deadline, now))
            facts = {name: value for name, value in facts.items() if ticket[name] != value}
            if facts:
                ticket._write_facts(facts)
            if ticket.id in linked:
                ticket._link_back(linked[ticket.id])
        if any({'partner_id', 'team_id', 'type_id'} & values.keys() for values in before.values()):
            self._forget_foreign_requests(moved=True)
        self.browse(moved)._tell_bulk_move()
        self._log_changes(before, context)
        self._log_archived(archived)
        self.filtered(lambda ticket: 'team_id' in before[ticket.id])._assign_automatically()

    def _log_archived(self, archived):
        rows = [{'ticket_id': ticket.id, 'kind': 'restored' if ticket.active else 'archived'}
                for ticket in self if ticket.id in archived and archived[ticket.id] != ticket.active]
        if rows:
            self._log_events(rows)

    def _link_back(self, before):
        """Keep ``related_ids`` the same on both sides, and log it on both."""
        self.ensure_one()
        quiet = self.with_context(tracking_disable=True)
        linked, unlinked = self.related_ids - before, before - self.related_ids
        super(HelpdeskTicket, quiet.browse(linked.ids)).write({'related_ids': [Command.link(self.id)]})
        super(HelpdeskTicket, quiet.browse(unlinked.ids)).write({'related_ids': [Command.unlink(self.id)]})
        self._log_links(linked, unlinked)

    def copy_data(self, default=None):
        default = dict(default or {})
        return [dict(vals, name=self.env._("%s (copy)", ticket.name) if 'name' not in default else vals['name'])
                for ticket, vals in zip(self, super().copy_data(default=default), strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_erased(self):
        if not self.env.context.get('helpdesk_erase') or not self.env.su:
            raise UserError(self.env._(
                "Tickets are not deleted: their history stays. Archive the ticket, "
                "or have an administrator erase it for privacy."))

    def erase(self, reason):
        """Erase tickets with all they hold, for privacy; the log keeps numbers, ``reason``, who and when.

        :raise AccessError: for everybody but helpdesk administrators
        """
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            raise AccessError(self.env._("Only helpdesk administrators erase tickets."))
        if not (reason or '').strip():
            raise UserError(self.env._("Say why the tickets are erased. The reason is kept in the log."))
        tickets = self._erase_along()
        tickets.check_access('unlink')
        tickets._erase(reason.strip())

    def _erase(self, reason):
        """Erase these tickets, checked before; modules erase what they hold of them."""
        self.env['helpdesk.ticket.event']._erase(self, reason)
        # sudo: ratings, messages and activities go with the ticket
        self.sudo().with_context(helpdesk_erase=True).unlink()

    # ------------------------------------------------------------
    # actions
    # ------------------------------------------------------------

    def action_assign_to_me(self):
        """Make the present user responsible."""
        self.write({'user_id': self.env.uid})

    def action_solve(self):
        """Mark as solved; the customer may still come back, by the team's policy. Return a notice about open parts."""
        self.filtered(lambda ticket: not ticket.is_closed)._set_status('solved')
        return self._warn_open_parts()

    def action_close(self):
        """Close for good."""
        self._set_status('closed')

    def action_reopen(self):
        """Take up a solved or closed ticket again."""
        self.filtered('is_closed')._set_status('open')
