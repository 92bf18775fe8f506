import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools import recurrence

_logger = logging.getLogger(__name__)
CRON = 'helpdesk_core.ir_cron_recurrences'
BATCH = 50
# fields of the ticket that a recurrence fills in under the same name
TEMPLATE = (
    'description', 'team_id', 'type_id', 'category_id', 'priority', 'user_id', 'partner_id')
PLANNED = {'last_on', 'next_on', 'next_at', 'trouble'}


class HelpdeskRecurrence(models.Model):
    """A ticket that comes again: maintenance, audits, checks (D17)."""
    _name = 'helpdesk.recurrence'
    _description = "Recurring Ticket"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.recurrence.rule.mixin', 'mail.thread']
    _order = 'next_at, name, id'

    name = fields.Char(string="Subject", required=True, translate=True, help="The subject of each ticket.")
    active = fields.Boolean(default=True)
    description = fields.Html(help="What is to be done. It becomes the description of each ticket.")
    team_id = fields.Many2one('helpdesk.team', required=True, index=True, ondelete='cascade', tracking=True)
    company_id = fields.Many2one(related='team_id.company_id', store=True, index=True)
    type_id = fields.Many2one('helpdesk.type', ondelete='set null')
    category_id = fields.Many2one(
        'helpdesk.category', ondelete='set null',
        domain="['|', ('team_ids', '=', False), ('team_ids', '=', team_id)]")
    tag_ids = fields.Many2many(
        'helpdesk.tag', 'helpdesk_recurrence_tag_rel', 'recurrence_id', 'tag_id', string="Tags")
    priority = fields.Selection(
        selection=lambda self: self.env['helpdesk.ticket']._fields['priority'].selection, default='1', required=True)
    user_id = fields.Many2one(
        'res.users', string="Assignee", ondelete='set null',
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_user').id)],
        help="Empty: as the team hands out its tickets.")
    partner_id = fields.Many2one('res.partner', string="Customer", ondelete='set null', index='btree_not_null')
    checklist_id = fields.Many2one('helpdesk.checklist', ondelete='set null')
    catch_up = fields.Selection(
        [('latest', "Make the latest only"), ('all', "Make all of them")], string="Missed Dates", required=True,
        default='latest', help="What happens when the server stood still over several dates.")
    last_on = fields.Date(string="Last Date", readonly=True, copy=False, help="The last date that was dealt with.")
    next_on = fields.Date(string="Next Date", readonly=True, copy=False)
    next_at = fields.Datetime(
        string="Next Ticket", readonly=True, copy=False, index='btree_not_null',
        help="When the next ticket is made. Empty: it has ended.")
    trouble = fields.Char(readonly=True, copy=False, help="Why the last attempt to make a ticket failed.")
    ticket_ids = fields.One2many('helpdesk.ticket', 'recurrence_id', string="Tickets", readonly=True)
    ticket_count = fields.Integer(compute='_compute_tickets')
    last_ticket_id = fields.Many2one('helpdesk.ticket', compute='_compute_tickets')

    @api.depends('ticket_ids')
    def _compute_tickets(self):
        """Count the tickets the reader sees, in one query."""
        rows = self.env['helpdesk.ticket'].with_context(active_test=False)._read_group(
            [('recurrence_id', 'in', self.ids)], ['recurrence_id'], ['__count', 'id:max'])
        found = {one.id: (count, last) for one, count, last in rows}
        for one in self:
            one.ticket_count, one.last_ticket_id = found.get(one.id, (0, False))

    def _team_of_rule(self):
        return self.team_id

    def _preview_after(self):
        return self.last_on or super()._preview_after()

    # ------------------------------------------------------------
    # rights, planning
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        context = self.env.context
        given = {name: context[f'default_{name}'] for name in self._fields if f'default_{name}' in context}
        for vals in vals_list:
            self._check_given({**given, **vals})
        found = super().create(vals_list)
        found._plan()
        return found

    def write(self, vals):
        self._check_given(vals)
        result = super().write(vals)
        if 'team_id' in vals:
            self.check_access('write')  # a leader gives no work to a team that is not theirs
        if vals.keys() - PLANNED & self._rule_fields():
            self._plan()
        return result

    @api.model
    def _rule_fields(self):
        """Return the names (set) of the fields on which the next date depends."""
        rule = self.env['helpdesk.recurrence.rule.mixin']._fields.keys() - {'preview'}
        return {*rule, 'active', 'team_id'}

    def _check_given(self, vals):
        """Nobody plans by hand, or names a customer they may not see: the tickets are made without their rights."""
        if self.env.su:
            return
        if planned := PLANNED & vals.keys():
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(planned))))
        self.env['res.partner'].browse(vals.get('partner_id') or ()).check_access('read')
        self.env['helpdesk.checklist'].browse(vals.get('checklist_id') or ()).check_access('read')

    def _plan(self):
        """Set when the next ticket is made, and have the job woken then.

        A new rule, or one that was changed, begins with the first date whose moment is to come: it makes no tickets
        for the past.
        """
        now = self.env.cr.now()
        for one in self:
            coming = one.active and next(
                (found for found in one._occurrences(after=one.last_on) if found[2] > now), None)
            one._set_next(coming)

    def _set_next(self, coming):
        """Write the next occurrence (see ``_occurrences``; None: there is none)."""
        # sudo: planned by the system, for whoever may change the rule
        self.sudo().write({'next_on': coming[0] if coming else False, 'next_at': coming[2] if coming else False})
        if coming:
            self.env['helpdesk.ticket']._trigger_timer(CRON, coming[2])

    # ------------------------------------------------------------
    # job
    # ------------------------------------------------------------

    @api.model
    def _cron_create_tickets(self):
        """Make the tickets whose time has come; one that cannot be made never stops the others."""
        now, progress = self.env.cr.now(), self.env['ir.cron']
        due = self.search([('next_at', '<=', now), ('team_id.active', '=', True)], limit=BATCH, order='next_at, id')
        if not due:
            return
        progress._commit_progress(remaining=len(due))
        for candidate in due:
            # what another worker is making, or has made, is not due any more
            if one := candidate.try_lock_for_update().filtered_domain([('next_at', '<=', now)]):
                try:
                    with self.env.cr.savepoint():
                        one._create_due(now)
                except Exception as error:  # whatever it was, the others must not wait
                    _logger.exception("Recurring ticket %s failed", one.id)
                    one._note_trouble(error, now)
            if not progress._commit_progress(1):
                break
        if len(due) == BATCH:
            self.env['helpdesk.ticket']._trigger_timer(CRON)

    def _create_due(self, now):
        """Make the tickets of every date due by ``now``, or of the latest alone, and plan the next."""
        found = [one for one in self._occurrences(after=self.last_on) if one[0] >= self.next_on]
        made, skipped = recurrence.due([one for one in found if one[2] <= now], self.catch_up == 'latest')
        for number, (day, due_at, _made_at) in enumerate(made):
            self._create_ticket(day, due_at, 0 if number else skipped)
        coming = next((one for one in found if one[2] > now), None)
        self.write({'last_on': made[-1][0] if made else self.last_on, 'trouble': False})
        self._set_next(coming)

    def _create_ticket(self, day, due_at, skipped):
        """Make the ticket of the date ``day``; the database refuses a second one for it."""
        tickets = self.env['helpdesk.ticket'].with_company(self.company_id)
        ticket = tickets.create(self._ticket_vals(day, due_at))
        if self.checklist_id:
            self.checklist_id._add_to(ticket)
        ticket._log_events([{
            'ticket_id': ticket.id, 'kind': 'recurring', 'new': self.name,
            'detail': {'recurrence_id': self.id, 'on': fields.Date.to_string(day), 'skipped': skipped}}])
        if skipped:
            self.message_post(body=self.env._(
                "%(count)s missed dates before %(day)s were skipped.", count=skipped, day=format_date(self.env, day)))
        return ticket

    def _ticket_vals(self, day, due_at):
        vals = {name: self._fields[name].convert_to_write(self[name], self) for name in TEMPLATE}
        vals.update(
            name=self.name, tag_ids=[fields.Command.set(self.tag_ids.ids)], channel='agent', recurrence_id=self.id,
            occurrence_on=day)
        if not self.user_id.active:
            vals['user_id'] = False
        if self.lead_days:
            vals['deadline'] = due_at
        return vals

    def _note_trouble(self, error, now):
        """Try again in an hour; the leader is told once."""
        known = self.trouble
        self.write({'trouble': str(error) or type(error).__name__, 'next_at': now + timedelta(hours=1)})
        leader = self.team_id.leader_id
        if not known and leader:
            self.message_notify(
                partner_ids=leader.partner_id.ids, subject=self.env._("Recurring ticket not made: %s", self.name),
                body=self.env._("The ticket could not be made and is tried again every hour: %s", self.trouble))

    # ------------------------------------------------------------
    # actions
    # ------------------------------------------------------------

    def action_create_now(self):
        """Make the next ticket now, ahead of its time, and open it.

        :raise AccessError: for who may not change the rule
        :raise UserError: when it has ended
        """
        self.ensure_one()
        self.check_access('write')
        coming = self._occurrences(after=self.last_on, limit=None)
        coming = [one for one in coming if self.next_on and one[0] >= self.next_on][:1]
        if not coming:
            raise UserError(self.env._("No date is to come: it has ended. Change when it ends to go on."))
        # sudo: the ticket is the system's; that the user may change the rule was checked
        one = self.sudo()
        ticket = one._create_ticket(coming[0][0], coming[0][1], 0)
        one.last_on = coming[0][0]
        one._plan()
        return {'type': 'ir.actions.act_window', 'res_model': 'helpdesk.ticket', 'res_id': ticket.id,
                'views': [(False, 'form')]}

    def action_view_tickets(self):
        """Open the tickets it made."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['name'] = action['display_name'] = self.name
        action['domain'] = [('recurrence_id', '=', self.id)]
        action['context'] = {}
        return action
