from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain


class HelpdeskTicketWatchMixin(models.AbstractModel):
    """Hear everything about a ticket without being responsible for it (S4-19).

    Who watches follows with every subtype, internal notes too, so that core tells them once like any follower; the
    mark adds the notices that are otherwise for the assignee (deadline, awake again, promises).
    """
    _name = 'helpdesk.ticket.watch.mixin'
    _description = "Ticket: Watch"
    _inherit = ['mail.thread']

    watcher_ids = fields.Many2many(
        'res.users', 'helpdesk_ticket_watcher_rel', 'ticket_id', 'user_id', string="Watchers", copy=False,
        groups='helpdesk_core.group_helpdesk_user', domain=[('share', '=', False)],
        help="Colleagues who hear everything about the ticket, internal notes and notices to the assignee included.")
    is_watched = fields.Boolean(
        string="Watched by Me", compute='_compute_is_watched', search='_search_is_watched')
    watcher_count = fields.Integer(compute='_compute_watcher_count')

    @api.depends('watcher_ids')
    @api.depends_context('uid')
    def _compute_is_watched(self):
        for ticket in self:
            # sudo: whether the reader watches is theirs to know
            ticket.is_watched = self.env.user in ticket.sudo().watcher_ids

    def _search_is_watched(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # sudo: one's own mark; the rights on tickets hold as ever
        every = self.sudo().with_context(active_test=False)
        return Domain('id', 'in', every._search([('watcher_ids', 'in', self.env.uid)]))

    @api.depends('watcher_ids')
    @api.depends_context('uid')
    def _compute_watcher_count(self):
        agent = self.env.user.has_group('helpdesk_core.group_helpdesk_user')  # nobody else reads who watches
        for ticket in self:
            ticket.watcher_count = agent and len(ticket.watcher_ids)

    # ------------------------------------------------------------
    # watching
    # ------------------------------------------------------------

    def action_watch(self):
        """Have the present user hear everything about these tickets.

        :raise AccessError: for tickets they may not read
        :raise UserError: for tickets that others work on
        """
        self.check_access('read')
        self._watch(self.env.user)

    def action_unwatch(self):
        """Stop it; who is assigned goes on following."""
        self.check_access('read')
        self._unwatch(self.env.user)

    def _watch(self, users):
        """Make ``users`` watch these tickets; UserError for who does not work on one of them."""
        for ticket in self:
            for user in users:
                if not user.active or not user._helpdesk_works_on(ticket):
                    raise UserError(self.env._(
                        "%(user)s does not work on tickets of %(team)s and cannot watch %(ticket)s, since internal "
                        "talk is part of it. Make them a member of the team first, or name them in a note.",
                        user=user.name, team=ticket.team_id.name, ticket=ticket.number))
        # sudo: a mark and a follower that are the user's own to set; that they may see the ticket was checked
        for ticket in self.sudo():
            if fresh := users - ticket.watcher_ids:
                ticket._mark_watchers([Command.link(user.id) for user in fresh])
                ticket._follow_all(fresh)
                ticket._log_watch(fresh, self.env['res.users'])

    def _unwatch(self, users):
        # sudo: as above
        for ticket in self.sudo():
            if gone := users & ticket.watcher_ids:
                ticket._mark_watchers([Command.unlink(user.id) for user in gone])
                ticket.message_unsubscribe((gone - ticket.user_id).partner_id.ids)
                if staying := gone & ticket.user_id:  # the assignee hears what every assignee does
                    ticket.message_subscribe(
                        staying.partner_id.ids, self.env['mail.message.subtype'].default_subtypes(self._name)[0].ids)
                ticket._log_watch(self.env['res.users'], gone)

    def _mark_watchers(self, commands):
        super().write({'watcher_ids': commands})

    def _follow_all(self, users):
        subtypes = self.env['mail.message.subtype'].search([('res_model', 'in', (False, self._name))])
        self.message_subscribe(users.partner_id.ids, subtypes.ids)

    def _log_watch(self, came, went):
        self._log_events([{
            'ticket_id': self.id, 'kind': 'watch', 'old': ', '.join(went.mapped('name')),
            'new': ', '.join(came.mapped('name')), 'detail': {'came': came.ids, 'went': went.ids}}])

    def message_unsubscribe(self, partner_ids=None):
        """Who stops following stops watching."""
        result = super().message_unsubscribe(partner_ids)
        # sudo: whoever may remove a follower, removes the mark with it
        for ticket in self.sudo():
            if gone := ticket.watcher_ids.filtered(lambda user: user.partner_id.id in (partner_ids or ())):
                ticket._mark_watchers([Command.unlink(user.id) for user in gone])
                ticket._log_watch(self.env['res.users'], gone)
        return result

    # ------------------------------------------------------------
    # create, write
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        context = dict(self.env.context)
        default = [Command.link(given) if isinstance(given, int) else given
                   for given in context.pop('default_watcher_ids', None) or ()]
        marks = [vals.pop('watcher_ids', default) for vals in vals_list]
        tickets = super(HelpdeskTicketWatchMixin, self.with_context(context)).create(vals_list)
        for ticket, mark in zip(tickets, marks, strict=True):
            if mark:
                ticket._watch(self.env['res.users'].browse(ticket._commanded(mark, ())))
        return tickets

    def write(self, vals):
        if 'watcher_ids' in vals:
            vals = dict(vals)
            self._write_watchers(vals.pop('watcher_ids'))
        result = super().write(vals) if vals else True
        if {'team_id', 'type_id'} & vals.keys():
            self._drop_strange_watchers()
        return result

    def _write_watchers(self, commands):
        """Set who watches: agents add colleagues and leave themselves; others are taken off by the leader of the team
        and by administrators."""
        self.check_access('write')
        for ticket in self:
            now = ticket.watcher_ids
            wanted = self.env['res.users'].browse(self._commanded(commands, now.ids))
            gone = now - wanted
            if gone - self.env.user and not ticket._leads():
                raise AccessError(self.env._(
                    "Only the team's leader and administrators take others off a ticket's watchers: %s",
                    ', '.join((gone - self.env.user).mapped('name'))))
            ticket._watch(wanted - now)
            ticket._unwatch(gone)

    def _leads(self):
        """Tell whether the present user leads the ticket's team or administers the helpdesk."""
        # sudo: who leads a team is no secret from those who work in it
        return self.env.su or self.env.user == self.sudo().team_id.leader_id or self.env.user.has_group(
            'helpdesk_core.group_helpdesk_manager')

    @api.model
    def _commanded(self, commands, ids):
        """Return the ids that ``ids`` become by x2many ``commands``; those that make or delete users are ignored."""
        ids = list(ids)
        for command in commands or ():
            code, one, many = [*command, 0, 0][:3]
            if code == Command.SET:
                ids = list(many)
            elif code == Command.CLEAR:
                ids = []
            elif code == Command.LINK:
                ids.append(one)
            elif code == Command.UNLINK:
                ids = [known for known in ids if known != one]
        return list(dict.fromkeys(ids))

    def _drop_strange_watchers(self):
        """Who may not see the ticket in its new team or type watches it no more."""
        # sudo: follows from the change, whoever made it
        for ticket in self.sudo():
            ticket._unwatch(ticket.watcher_ids - ticket._people_to_tell(ticket.watcher_ids))

    # ------------------------------------------------------------
    # whom to tell
    # ------------------------------------------------------------

    def _people_to_tell(self, users=None):
        """Return whom a notice about this ticket goes to, each once: ``users`` (default: the assignee, else the
        leader, else all members) and who watches; only active ones who work on it."""
        self.ensure_one()
        if users is None:
            users = self.user_id or self.team_id.leader_id or self.team_id.member_user_ids
        # sudo: notices are the system's
        users |= self.sudo().watcher_ids
        return users.filtered(lambda user: user.active and user._helpdesk_works_on(self))
