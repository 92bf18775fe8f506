import pytz
from babel.dates import format_date
from odoo import models
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse

ANSWERS = ('first_response', 'next_response', 'update')


class HelpdeskTicketPortalTurn(models.AbstractModel):
    """Whose turn it is, in one sentence for the customer (N9)."""
    _name = 'helpdesk.ticket.portal.turn.mixin'
    _description = "Ticket: Whose Turn It Is"

    def _portal_status(self):
        """Return the ticket's status in the customer's words."""
        _ = self.env._
        return {
            'new': _("We have it"), 'open': _("We are on it"), 'waiting_customer': _("Waiting for you"),
            'waiting_third_party': _("Waiting for somebody else"), 'solved': _("Solved"), 'closed': _("Closed"),
        }.get(self.status, '')

    def _portal_whose_turn(self):
        """Return 'you', 'us', 'third' or 'done'."""
        if self.status in ('solved', 'closed'):
            return 'done'
        return {'waiting_customer': 'you', 'waiting_third_party': 'third'}.get(self.status, 'us')

    def _portal_turn(self):
        """Return what the banner says: {'whose': see above, 'sentence': str, 'more': str, may be empty}.

        Moments are in the reader's time zone and language; nothing in it is internal.
        """
        self.ensure_one()
        whose = self._portal_whose_turn()
        sentence, more = getattr(self, f'_portal_turn_{whose}')()
        return {'whose': whose, 'sentence': sentence, 'more': more}

    def _portal_turn_you(self):
        _, since = self.env._, self.last_agent_message_at or self.stage_changed_at
        sentence = _("We are waiting for your answer.")
        if since:
            sentence = _("We are waiting for your answer since %s.", self._portal_day(since))
        return sentence, _("Our promised time stands still until you write.") if self._portal_is_paused() else ''

    def _portal_turn_third(self):
        _ = self.env._
        more = _("Our promised time stands still meanwhile.") if self._portal_is_paused() else ''
        if clock := self._portal_promise():
            more = _("We promised a solution by %s.", self._portal_moment(clock.due_at))
        return _("We are waiting for somebody else whom we need for this."), more

    def _portal_turn_us(self):
        _, clock, now = self.env._, self._portal_promise(), self.env.cr.now()
        if not clock:
            return _("It is our turn."), _("We will write to you as soon as there is news.")
        when = self._portal_moment(clock.due_at)
        answer = clock.metric in ANSWERS
        if clock.due_at < now:
            sentence = (_("It is our turn. We promised an answer by %s and are late; we are sorry.", when) if answer
                        else _("It is our turn. We promised a solution by %s and are late; we are sorry.", when))
            return sentence, ''
        sentence = (_("It is our turn. We promised an answer by %s.", when) if answer
                    else _("It is our turn. We promised a solution by %s.", when))
        return sentence, ''

    def _portal_turn_done(self):
        _ = self.env._
        since = self.closed_at if self.status == 'closed' else self.solved_at
        if not since:
            return _("This request is done."), ''
        sentence = (_("Closed on %s.", self._portal_day(since)) if self.status == 'closed'
                    else _("Solved on %s.", self._portal_day(since)))
        if self._is_reopened_by_reply():
            return sentence, _("If it is not solved for you, write below and we take it up again.")
        return sentence, _("If there is more, write below: it becomes a new request that is linked to this one.")

    def _portal_promise(self):
        """Return the clock (may be empty) of the next thing that we promised the customer."""
        kept = [*ANSWERS[:2], 'resolution'] if self.unanswered_since else ['resolution']
        clocks = self.sudo().sla_status_ids.filtered(  # sudo: the moment alone is shown
            lambda clock: clock.is_open and clock.due_at and not clock.paused_since and clock.metric in kept)
        return clocks.sorted(lambda clock: (clock.metric == 'resolution', clock.due_at))[:1]

    def _portal_is_paused(self):
        clocks = self.sudo().sla_status_ids  # sudo: that it stands still is all that is said
        return any(clock.is_open and clock.paused_since for clock in clocks)

    def _portal_zone(self):
        user = self.env.user
        zone = (not user._is_public() and user.tz) or self.partner_id.tz or self.company_id.partner_id.tz
        return zone or 'UTC'

    def _portal_moment(self, at, zone=None):
        """Return ``at`` (naive UTC) for people, in ``zone`` (name; default: the reader's): "Tue 24 Nov, 10:40"."""
        return format_datetime(self.env, at, tz=zone or self._portal_zone(), dt_format='EEE d MMM, HH:mm')

    def _portal_day(self, at):
        """Return the day of ``at`` (naive UTC) for people: the weekday within the last week, else the date."""
        zone = pytz.timezone(self._portal_zone())
        day, today = (pytz.utc.localize(moment).astimezone(zone).date() for moment in (at, self.env.cr.now()))
        near = 0 <= (today - day).days < 7
        return format_date(day, 'EEEE' if near else 'd MMMM y', locale=babel_locale_parse(self.env.lang or 'en_US'))
