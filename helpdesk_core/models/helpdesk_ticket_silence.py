from datetime import timedelta

from odoo import api, fields, models

CRON = 'helpdesk_core.ir_cron_silence'
MOMENTS = {'silence_warn_at', 'silence_close_at'}


class HelpdeskTicketSilenceMixin(models.AbstractModel):
    """Tickets whose customer does not answer: asked once more, then closed, after working days of the team (D22)."""
    _name = 'helpdesk.ticket.silence.mixin'
    _description = "Ticket: Silent Customers"
    _inherit = ['mail.thread']

    silence_warn_at = fields.Datetime(
        string="Customer Is Asked Again", readonly=True, copy=False, index='btree_not_null')
    silence_close_at = fields.Datetime(
        string="Closes for Silence", readonly=True, copy=False, index='btree_not_null',
        help="When the ticket is closed if the customer does not write.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | MOMENTS

    # ------------------------------------------------------------
    # setting the moments
    # ------------------------------------------------------------

    def _silence_facts(self, status, now, warn=True):
        """Return the moments for a ticket that is in ``status`` and heard its last message at ``now`` (naive UTC)."""
        team, facts = self.team_id, dict.fromkeys(MOMENTS, False)
        if status != 'waiting_customer' or not team.silence_days or self.is_frozen:
            return facts
        days = team.silence_days if warn else max(1, team.silence_warn_days)
        facts['silence_close_at'] = self._silence_moment(now, days)
        if warn and team.silence_warn_days:
            facts['silence_warn_at'] = self._silence_moment(now, days - team.silence_warn_days)
        for name in MOMENTS:
            if facts[name]:
                self._trigger_timer(CRON, facts[name])
        return facts

    def _silence_moment(self, now, days):
        calendar = self.team_id._get_calendar()
        return (calendar and self._end_of_working_day(calendar, now, days)) or now + timedelta(days=days)

    def _status_facts(self, old, new, now):
        return {**super()._status_facts(old, new, now), **self._silence_facts(new, now)}

    def _note_customer_message(self, at):
        """The customer is not silent. Where the team has no stage to go to, the ticket stays, and is not closed."""
        result = super()._note_customer_message(at)
        self._write_facts(self._changed(dict.fromkeys(MOMENTS, False)))
        return result

    def _note_agent_message(self, at):
        """What an agent asks gives the customer all the time again."""
        result = super()._note_agent_message(at)
        self._write_facts(self._changed(self._silence_facts(self.status, self.env.cr.now())))
        return result

    def _unfreeze(self, at=None):
        """Time in the freezer is nobody's silence."""
        result = super()._unfreeze(at)
        for ticket in self:
            ticket._write_facts(ticket._changed(ticket._silence_facts(ticket.status, self.env.cr.now())))
        return result

    def _changed(self, facts):
        return {name: value for name, value in facts.items() if self[name] != value}

    # ------------------------------------------------------------
    # job
    # ------------------------------------------------------------

    @api.model
    def _cron_silence(self):
        """Ask silent customers once more, and close the tickets of those who stay silent."""
        now = self.env.cr.now()
        self._run_timer([('silence_warn_at', '<=', now)], '_warn_silent', 'silence_warn_at')
        # nothing is closed before its customer was asked, also when the job comes late
        self._run_timer(
            [('silence_close_at', '<=', now), ('silence_warn_at', '=', False)], '_close_silent', 'silence_close_at')

    def _skip_timer(self, domain):
        if any(term[0] in MOMENTS for term in domain):  # who could not be asked is not closed either
            return self._write_facts(dict.fromkeys(MOMENTS, False))
        return super()._skip_timer(domain)

    def _is_silent(self):
        """Tell whether the customer is still to answer, and nothing holds the ticket up."""
        return self.active and self.status == 'waiting_customer' and not self.is_frozen

    def _warn_silent(self):
        if not self._is_silent():
            return self._write_facts(dict.fromkeys(MOMENTS, False))
        if not self._can_be_asked():
            self._write_facts(dict.fromkeys(MOMENTS, False))
            self._log_silence('unasked')
            return self._tell_stays_open(self.env._(
                "The customer does not answer, and has no mail address at which to ask once more. The ticket stays "
                "open. Reach them another way, or close it."))
        now = self.env.cr.now()
        # counted from the warning: whoever is asked late has the same days to answer
        self._write_facts(self._silence_facts(self.status, now, warn=False))
        self._log_silence('warned')
        self._tell_silent('warned')

    def _close_silent(self):
        self._write_facts({'silence_close_at': False})
        if not self._is_silent():
            return
        if checks := self._open_required_checks():
            return self._tell_stays_open(self.env._(
                "The customer does not answer. The ticket stays open, since this is still to be done: %s",
                ', '.join(checks.mapped('name'))))
        self._log_silence('closed')
        self._set_status('closed' if self._stage_for('closed') else 'solved')
        self._tell_silent('closed')

    def _log_silence(self, what):
        words = {'warned': self.env._("asked once more"), 'closed': self.env._("closed"),
                 'unasked': self.env._("could not be asked once more, stays open")}
        self._log_events([{'ticket_id': self.id, 'kind': 'silence', 'new': words[what], 'detail': {'what': what}}])

    def _tell_stays_open(self, why):
        self.message_notify(
            partner_ids=self._people_to_tell().partner_id.ids, body=why,
            subject=self.env._("Not closed: %s", self.display_name))

    def _can_be_asked(self):
        """Hook: tell whether there is a way to ask the customer once more; who was not asked is not closed."""
        return True

    def _tell_silent(self, what):
        """Hook: the customer is told that the ticket will be ('warned') or was ('closed') closed. Mail does it."""
