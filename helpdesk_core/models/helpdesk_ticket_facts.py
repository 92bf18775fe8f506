from datetime import timedelta

from odoo import fields, models

from ..tools.ours import OURS
from .helpdesk_stage import DONE_STATUSES

# Facts: written by what happens, never by hand.
FACTS = (
    'assigned_at', 'first_response_at', 'last_customer_message_at', 'last_agent_message_at', 'unanswered_since',
    'solved_at', 'closed_at', 'reopen_count', 'stage_changed_at', 'assignee_changed_at', 'team_told_at', 'autoclose_at',
    'deadline_remind_at', 'assignment_reason', 'is_frozen', 'frozen_until', 'frozen_reason',
    'address_unconfirmed',
)
MACHINE_TYPES = ('auto_comment', 'out_of_office', 'user_notification')
# Transaction data: ids of tickets whose stage a message moved.
QUIET_STAGE = 'helpdesk.ticket.quiet_stage'
# Channels on which the customer spoke first.
CUSTOMER_CHANNELS = ('email', 'web', 'portal', 'phone', 'chat', 'messenger', 'api')


class HelpdeskTicketFactsMixin(models.AbstractModel):
    """The timeline of a ticket, derived once from its messages and changes, whatever way they came (C3, C4)."""
    _name = 'helpdesk.ticket.facts.mixin'
    _description = "Ticket: Timeline Facts"
    _inherit = ['mail.thread']

    assigned_at = fields.Datetime(
        string="First Assigned", readonly=True, copy=False, help="When somebody was first made responsible.")
    assignee_changed_at = fields.Datetime(string="Assigned Since", readonly=True, copy=False)
    first_response_at = fields.Datetime(
        string="First Answer", readonly=True, copy=False, help="When an agent first wrote to the customer.")
    last_customer_message_at = fields.Datetime(string="Customer Wrote", readonly=True, copy=False)
    last_agent_message_at = fields.Datetime(string="Agent Wrote", readonly=True, copy=False)
    unanswered_since = fields.Datetime(
        string="Customer Waits Since", readonly=True, copy=False,
        help="The oldest message of the customer that no agent has answered.")
    solved_at = fields.Datetime(
        string="Solved", readonly=True, copy=False,
        help="The present solution. Empty again when the ticket is reopened.")
    closed_at = fields.Datetime(string="Closed", readonly=True, copy=False)
    stage_changed_at = fields.Datetime(string="In Stage Since", readonly=True, copy=False)
    reopen_count = fields.Integer(string="Times Reopened", readonly=True, copy=False)

    def _initial_facts(self, vals, now):
        """Return the facts of a ticket about to be created from ``vals`` at ``now`` (naive UTC)."""
        at = (self.env.su and self.env.context.get('helpdesk_message_at')) or now
        facts = {'stage_changed_at': now}
        if vals.get('user_id'):
            facts.update(assigned_at=now, assignee_changed_at=now)
        if vals.get('channel') in CUSTOMER_CHANNELS:
            facts.update(last_customer_message_at=at, unanswered_since=at)
        return facts

    def _status_facts(self, old, new, now):
        """Return the facts that a change of meaning from ``old`` to ``new`` makes, for one ticket."""
        self.ensure_one()
        facts = {}
        if new in DONE_STATUSES:
            facts['unanswered_since'] = False
            if new == 'closed':
                facts['closed_at'] = now
            elif old == 'closed':
                facts['closed_at'] = False
            if not self.solved_at:
                facts['solved_at'] = now
        elif old in DONE_STATUSES:
            facts.update(solved_at=False, closed_at=False, reopen_count=self.reopen_count + 1)
        return facts

    # ------------------------------------------------------------
    # messages
    # ------------------------------------------------------------

    def _message_side(self, message, msg_values):
        """Say whose words ``message`` holds, by its author, never by a type that the client sent.

        :return: 'customer', 'agent', 'note', 'automatic', or 'other' (tracking and the like)
        """
        self.ensure_one()
        author = message.author_id
        public = bool(message.subtype_id) and not message.subtype_id.internal and not message.is_internal
        if msg_values.get('tracking_value_ids') or self.env.context.get('helpdesk_rating') is OURS:
            return 'other'
        machine = message.message_type in MACHINE_TYPES and not self.env.user.share  # outsiders choose their type
        if machine or self.env.context.get('helpdesk_automatic_mail'):
            return 'automatic'
        if not author:
            return 'customer' if public and message.message_type == 'email' else 'automatic'
        if author.id == self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'):
            return 'automatic'
        if author._is_helpdesk_agent():
            if not public:
                return 'note'
            if author == self.partner_id and author != self.user_id.partner_id:
                return 'customer'
            return 'agent' if message.message_type in ('comment', 'email') else 'automatic'
        if public or author.partner_share or author == self.partner_id:
            return 'customer'
        return 'note'

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if not self.env.su:  # when a message came, and that a machine wrote it, is the mail gateway's to say
            self = self.with_context(helpdesk_message_at=None, helpdesk_automatic_mail=None)  # noqa: PLW0642
        # sudo: a customer's or an employee's message moves facts they have no right to write
        self.sudo()._note_message(message.sudo(), self.sudo()._message_side(message.sudo(), msg_values))
        return result

    def _note_message(self, message, side):
        """Keep what ``message`` means for the timeline, and log it."""
        now = self.env.cr.now()
        at = min(self.env.context.get('helpdesk_message_at') or now, now)
        if side == 'customer':
            self._note_customer_message(at)
        elif side == 'agent':
            self._note_agent_message(at)
        kind = {'customer': 'customer_message', 'agent': 'agent_message', 'note': 'internal_note',
                'automatic': 'automatic_message'}.get(side)
        if kind:
            self._log_events([{'ticket_id': self.id, 'kind': kind, 'at': at, 'message_id': message.id,
                               'author_id': message.author_id.id}])

    def _note_customer_message(self, at):
        """A customer's message: they wait from the oldest unanswered one on, and it is our turn (C4, C5)."""
        facts = {'last_customer_message_at': max(at, self.last_customer_message_at or at)}
        if not self.unanswered_since:
            facts['unanswered_since'] = at
        if self.status == 'waiting_customer' or (self.status in DONE_STATUSES and self._is_reopened_by_reply(at)):
            facts.update(self._stage_vals('open'))
        self._write_message_facts(facts)

    def _note_agent_message(self, at):
        """An agent's public message answers whatever the customer asked before (C3)."""
        facts = {'last_agent_message_at': at, 'unanswered_since': False}
        if not self.first_response_at and self.last_customer_message_at:
            # a clock set back in between must not put the answer before the question (F11)
            facts['first_response_at'] = max(at, self.unanswered_since or at)
        if self.status == 'new':
            facts.update(self._stage_vals('open'))
        self._write_message_facts(facts)

    def _write_message_facts(self, facts):
        """Write what a message means. A stage it moves is told by the message itself, not by a second mail."""
        if 'stage_id' in facts:
            self.env.cr.precommit.data.setdefault(QUIET_STAGE, set()).add(self.id)
        self.write(facts)

    def _stages(self, team=None, kind=None):
        """Return the stages that this ticket may be in, in their order; modules with processes narrow them.

        :param helpdesk.team team: asked for the ticket as it would be with this team
        :param helpdesk.type kind: the same for this type
        """
        self.ensure_one()
        return (team or self.team_id).stage_ids

    def _stage_for(self, status, team=None, kind=None):
        """Return the first stage of this ticket that means ``status`` (empty when there is none); see ``_stages``."""
        return self._stages(team, kind).filtered(lambda stage: stage.status == status)[:1]

    def _stage_vals(self, status):
        """Return the write values that give the ticket ``status``: empty when it has no such stage."""
        stage = self._stage_for(status)
        return {'stage_id': stage.id} if stage and stage != self.stage_id else {}

    def _is_reopened_by_reply(self, at=None):
        """Tell whether a customer's message at ``at`` (naive UTC, default now) goes on with this ticket (D22).

        Open tickets always do. Solved and closed ones by the team's policy; where it says no, whoever takes the
        message in makes a follow-up ticket and links it.
        """
        self.ensure_one()
        if self.status not in DONE_STATUSES:
            return True
        if self.team_id.reopen_policy != 'window':
            return self.team_id.reopen_policy == 'reopen'
        done_at = self.solved_at or self.closed_at
        return not done_at or (at or self.env.cr.now()) <= done_at + timedelta(days=self.team_id.reopen_days)
