from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .helpdesk_stage import DONE_STATUSES

CRON = 'helpdesk_core.ir_cron_unfreeze'


class HelpdeskTicketFreezeMixin(models.AbstractModel):
    """Put aside until a date or until the customer writes, with a reason (S4-20). Clocks may stop meanwhile (C5)."""
    _name = 'helpdesk.ticket.freeze.mixin'
    _description = "Ticket: Freeze"

    is_frozen = fields.Boolean(
        string="Frozen", readonly=True, copy=False,
        help="Put aside until a date, or until the customer writes. It wakes by itself.")
    frozen_until = fields.Datetime(
        readonly=True, copy=False, index='btree_not_null', help="When it wakes. Empty: when the customer writes.")
    frozen_reason = fields.Char(
        string="Why Frozen", readonly=True, copy=False, groups='helpdesk_core.group_helpdesk_user')

    def action_freeze(self, until=False, reason=''):
        """Put these tickets aside.

        :param until: when they wake by themselves: naive UTC datetime or its text; False: when the customer writes
        :param str reason: why; shown on the ticket
        :raise UserError: without a reason, for a time that has passed, for solved and closed tickets
        :raise AccessError: for who may not change them
        """
        self.check_access('write')
        until, now = fields.Datetime.to_datetime(until) or False, self.env.cr.now()
        self._check_freeze(until, (reason or '').strip(), now)
        # sudo: facts, written by the system; that the user may change these tickets was checked
        self.sudo()._write_facts({'is_frozen': True, 'frozen_until': until, 'frozen_reason': reason.strip()})
        self._log_events([{
            'ticket_id': ticket.id, 'kind': 'frozen', 'new': reason.strip(),
            'detail': {'until': until and fields.Datetime.to_string(until)}} for ticket in self])
        if until:
            self._trigger_timer(CRON, until)

    def _check_freeze(self, until, reason, now):
        if not reason:
            raise UserError(self.env._("Say why the ticket is frozen: whoever opens it will ask."))
        if until and until <= now:
            raise UserError(self.env._("The ticket cannot be frozen until %s: that has passed.",
                                       format_datetime(self.env, until)))
        if done := self.filtered(lambda ticket: ticket.status in DONE_STATUSES):
            raise UserError(self.env._(
                "Solved and closed tickets are not frozen: %s", ', '.join(done.mapped('number'))))

    def action_unfreeze(self):
        """Take frozen tickets up again."""
        self.check_access('write')
        # sudo: as above
        self.filtered('is_frozen').sudo()._unfreeze()

    def _unfreeze(self, at=None):
        """Wake these frozen tickets, as of ``at`` (naive UTC; default now)."""
        if not self:
            return
        rows = [{'ticket_id': ticket.id, 'kind': 'unfrozen', 'old': ticket.frozen_reason} for ticket in self]
        if at:
            rows = [{**row, 'at': at} for row in rows]
        self._write_facts({'is_frozen': False, 'frozen_until': False, 'frozen_reason': False})
        self._log_events(rows)

    @api.model
    def _cron_unfreeze(self):
        """Wake tickets whose time has come."""
        self._run_timer(
            [('is_frozen', '=', True), ('frozen_until', '<=', self.env.cr.now())], '_wake_up', 'frozen_until')

    def _wake_up(self):
        """The time of a frozen ticket has come: its people are told."""
        reason = self.frozen_reason
        self._unfreeze()
        self._tell_awake(self.env._("It was frozen: %s", reason))

    def _tell_awake(self, body):
        users = self._people_to_tell()
        if users and self.active:
            self.message_notify(
                partner_ids=users.partner_id.ids, subject=self.env._("Awake again: %s", self.name), body=body)

    def _note_customer_message(self, at):
        """What the customer writes wakes the ticket at once."""
        if self.is_frozen:
            self._unfreeze(at)
            self._tell_awake(self.env._("The customer wrote."))
        return super()._note_customer_message(at)

    def _status_facts(self, old, new, now):
        """A done ticket is not frozen any more."""
        if new in DONE_STATUSES and self.is_frozen:
            self._unfreeze()
        return super()._status_facts(old, new, now)
