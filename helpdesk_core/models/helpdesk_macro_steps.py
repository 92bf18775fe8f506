from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import is_html_empty

from ..tools.ours import OURS
from .helpdesk_stage import DONE_STATUSES
from .helpdesk_ticket_bulk import BULK
from .helpdesk_ticket_sending import AnswerHeldBack

# ticket field -> macro field that sets it, where it is as simple as that
SIMPLE = {'team_id': 'set_team_id', 'priority': 'set_priority', 'type_id': 'set_type_id'}


@dataclass
class MacroPlan:
    """What a macro does to one ticket: the preview shows it, and running the macro does it, nothing else.

    ``remarks`` are codes of what is left out, or what one should know (see ``_spoken_remarks``).
    """
    ticket: object
    values: dict = field(default_factory=dict)  # to write, of simple fields
    add_tags: object = None
    remove_tags: object = None
    reply: str = ''
    recipients: list = field(default_factory=list)  # names and addresses that the reply goes to, for people
    note: str = ''
    stage: object = None
    freeze: bool = False
    activity_user: object = None
    remarks: list = field(default_factory=list)


class HelpdeskMacroStepsMixin(models.AbstractModel):
    """Works out what a macro does, and does it: always in the order of ``_steps``.

    A module with an action of its own adds fields to ``helpdesk.macro``, extends ``_does_something``, ``_plan_ticket``
    (what it will do, kept in the plan's ``values`` or an attribute of its own), ``_changes`` (for the preview), and
    ``_steps`` with the name of a method ``_run_<step>(plans)``.
    """
    _name = 'helpdesk.macro.steps.mixin'
    _description = "Macro: Steps"

    @api.model
    def _steps(self):
        """Return the names of the steps in their order.

        The team first: stages, brand and signature follow it. The reply before the stage, as a person does it, so that
        the answer is given before the ticket is solved. To freeze and to plan come last: both need to know the stage.
        """
        return ['fields', 'reply', 'note', 'stage', 'freeze', 'activity']

    # ------------------------------------------------------------
    # what will be done
    # ------------------------------------------------------------

    def _plan(self, tickets, reply=None):
        """Return a ``MacroPlan`` for each of ``tickets``, in their order.

        :param reply: the words to send instead of the macro's, for a single ticket; empty: send none
        """
        self.ensure_one()
        plans = [self._plan_ticket(ticket) for ticket in tickets]
        if reply is not None and len(plans) == 1:
            plans[0].reply = '' if is_html_empty(reply) or 'no_recipient' in plans[0].remarks else reply
        return plans

    def _plan_ticket(self, ticket):
        plan = MacroPlan(ticket)
        if ticket.is_frozen:
            plan.remarks.append('frozen')
        team = self.set_team_id or ticket.team_id
        self._plan_values(plan, team)
        plan.add_tags = self.add_tag_ids - ticket.tag_ids
        plan.remove_tags = self.remove_tag_ids & ticket.tag_ids
        self._plan_reply(plan)
        plan.note = self._render_note(ticket)
        self._plan_stage(plan, team)
        self._plan_freeze(plan)
        self._plan_activity(plan)
        return plan

    def _plan_values(self, plan, team):
        ticket = plan.ticket
        for name, source in SIMPLE.items():
            value = self[source]
            if value and value != ticket[name]:
                plan.values[name] = value if isinstance(value, str) else value.id
        category = self.set_category_id
        if category and category.team_ids and team not in category.team_ids:
            plan.remarks.append('no_category')
        elif category and category != ticket.category_id:
            plan.values['category_id'] = category.id
        user = self._new_assignee()
        if user and not self._may_work(user, ticket, team):
            plan.remarks.append('no_assignee')
        elif user is not None and user != ticket.user_id:
            plan.values['user_id'] = user.id

    def _new_assignee(self):
        """Return the user to assign (empty: nobody), None where the assignee stays."""
        if self.set_assignee == 'me':
            return None if self.env.uid == SUPERUSER_ID else self.env.user
        return {'user': self.set_user_id, 'nobody': self.env['res.users']}.get(self.set_assignee)

    def _may_work(self, user, ticket, team):
        """Tell whether ``user`` works on ``ticket`` once it is with ``team``."""
        if team == ticket.team_id:
            return user.active and user._helpdesk_works_on(ticket)
        person = user.sudo()  # sudo: asked on behalf of whoever runs the macro
        return person.active and person.has_group('helpdesk_core.group_helpdesk_user') and (
            team.id in person._helpdesk_team_ids())

    def _plan_reply(self, plan):
        if is_html_empty(self.reply):
            return
        plan.recipients = plan.ticket._answer_readers()
        if plan.recipients:
            plan.reply = self._render_reply(plan.ticket)
        else:
            plan.remarks.append('no_recipient')

    def _plan_stage(self, plan, team):
        ticket, stage = plan.ticket, self.set_stage_id
        if self.set_status:
            stage = ticket._stage_for(self.set_status, team, self.set_type_id)
            if stage and ticket.status == self.set_status:
                return  # a team has several stages that mean the same: the ticket is where it should be
        if (self.set_status and not stage) or (stage and stage not in ticket._stages(team, self.set_type_id)):
            plan.remarks.append('no_stage')
        elif stage and (stage != ticket.stage_id or team != ticket.team_id):
            plan.stage = stage

    def _plan_freeze(self, plan):
        if not self.freeze:
            return
        if (plan.stage or plan.ticket).status in DONE_STATUSES:
            plan.remarks.append('done')
        else:
            plan.freeze = True

    def _plan_activity(self, plan):
        if not self.activity_type_id:
            return
        assignee = self.env['res.users'].browse(plan.values.get('user_id', plan.ticket.user_id.id))
        me = assignee if self.env.uid == SUPERUSER_ID else self.env.user
        user = {'me': me, 'user': self.activity_user_id}.get(self.activity_for, assignee or me)
        user = user or (self.set_team_id or plan.ticket.team_id).leader_id
        if user.active:
            plan.activity_user = user
        else:
            plan.remarks.append('no_activity')

    # ------------------------------------------------------------
    # doing it
    # ------------------------------------------------------------

    def _run(self, plans):
        """Do what ``plans`` say, all of it or (the caller holds a savepoint) nothing."""
        self.ensure_one()
        self.env['helpdesk.ticket']._log_events([{
            'ticket_id': plan.ticket.id, 'kind': 'macro', 'new': self.name,
            'detail': {'macro_id': self.id, **({'left_out': plan.remarks} if plan.remarks else {})}} for plan in plans])
        for step in self._steps():
            getattr(self, f'_run_{step}')(plans)

    @contextmanager
    def _naming(self, tickets):
        """Say about which ``tickets`` an error inside is, and that nothing was done."""
        try:
            yield
        except UserError as error:
            # what holds an answer back asks its author something: here nobody is to answer
            kind = UserError if isinstance(error, AnswerHeldBack) else type(error)
            raise kind(self.env._(
                "Nothing was changed, on no ticket. %(numbers)s: %(error)s",
                numbers=', '.join(tickets.mapped('number')), error=error)) from error

    def _run_together(self, plans, key, act):
        """Call ``act(tickets, plan)`` once for all plans whose ``key(plan)`` is the same and not empty."""
        groups = {}
        for plan in plans:
            if value := key(plan):
                groups.setdefault(repr(value), []).append(plan)
        for same in groups.values():
            tickets = self.env['helpdesk.ticket'].concat(*(plan.ticket for plan in same))
            with self._naming(tickets):
                act(tickets, same[0])

    def _run_fields(self, plans):
        """Write what differs: one write for all tickets that need the same."""
        def values(plan):
            tags = [Command.link(tag_id) for tag_id in plan.add_tags.ids]
            tags += [Command.unlink(tag_id) for tag_id in plan.remove_tags.ids]
            return {**plan.values, 'tag_ids': tags} if tags else plan.values
        self._run_together(plans, values, lambda tickets, plan: tickets.write(values(plan)))

    def _run_reply(self, plans):
        """Send each customer theirs; many mails are left to the queue, so that nobody waits for them."""
        plans = [plan for plan in plans if plan.reply]
        queued = len(plans) >= BULK
        for plan in plans:
            with self._naming(plan.ticket):
                self._post_reply(plan, {'mail_notify_force_send': False} if queued else {})
        if queued:
            self.env['ir.cron']._helpdesk_wake('mail.ir_cron_mail_scheduler_action')

    def _post_reply(self, plan, context):
        ticket = plan.ticket.with_context(**context)
        values = self._system_author(ticket)
        if values is not None:  # a machine's words answer nothing: promises go on
            ticket = ticket.with_context(helpdesk_automatic_mail=True, helpdesk_macro_reply=OURS)
            partner_ids, addresses = ticket._answer_recipients([], False)
            values.update(partner_ids=partner_ids, outgoing_email_to=addresses)
        with ticket._answering_with(plan.stage):
            ticket.message_post(
                body=plan.reply, message_type='comment', subtype_xmlid='mail.mt_comment',
                attachment_ids=self._copy_files(ticket).ids, **(values or {}))

    def _system_author(self, ticket):
        """Return in whose name the system writes: the assignee's, the leader's or its own; None for people."""
        if self.env.uid != SUPERUSER_ID:
            return None
        user = (ticket.user_id | ticket.team_id.leader_id).filtered('active')[:1]
        return {'author_id': user.partner_id.id} if user else {}

    def _copy_files(self, ticket):
        # sudo: the files of a macro that the user may run; each ticket gets its own, for its readers
        return self.sudo().attachment_ids.copy({'res_model': ticket._name, 'res_id': ticket.id})

    def _run_note(self, plans):
        for plan in plans:
            if plan.note:
                with self._naming(plan.ticket):
                    plan.ticket.message_post(body=plan.note, message_type='comment', subtype_xmlid='mail.mt_note')

    def _run_stage(self, plans):
        """Move; a ticket that the reply or the team has moved there already stays."""
        def move(tickets, plan):
            tickets.filtered(lambda ticket: ticket.stage_id != plan.stage).write({'stage_id': plan.stage.id})
        self._run_together(plans, lambda plan: plan.stage, move)

    def _run_freeze(self, plans):
        self._run_together(
            plans, lambda plan: plan.freeze,
            lambda tickets, plan: tickets.action_freeze(self._freeze_end(), self.freeze_reason))

    def _freeze_end(self):
        """Return when tickets frozen now wake (naive UTC); False: when the customer writes."""
        if self.freeze != 'time':
            return False
        return fields.Datetime.add(self.env.cr.now(), **{self.freeze_unit: self.freeze_amount})

    def _run_activity(self, plans):
        day = fields.Date.add(fields.Date.context_today(self), days=self.activity_days)

        def schedule(tickets, plan):
            tickets.activity_schedule(
                activity_type_id=self.activity_type_id.id, summary=self.activity_summary or '', date_deadline=day,
                user_id=plan.activity_user.id, automated=False)
        self._run_together(plans, lambda plan: plan.activity_user, schedule)
