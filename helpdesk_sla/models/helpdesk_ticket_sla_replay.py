from datetime import UTC

from odoo import models

from ..tools.clock_row import Hours
from ..tools.sla_replay import looks
from ..tools.sla_scope import choose


class HelpdeskTicketSlaReplayMixin(models.AbstractModel):
    """What promises would have become of these tickets under other policies or hours; nothing is written (N2, C16)."""
    _name = 'helpdesk.ticket.sla.replay.mixin'
    _description = "Ticket: Promises Tried"

    def _sla_replay(self, policies, calendar_id=None):
        """Read the clocks of these tickets as if ``policies`` had been in force from the beginning.

        Conditions in free form are taken as they hold today; everything else as it was at the time.

        :param policies: tuple of ``tools.sla_scope.Policy`` in their order
        :param calendar_id: working hours taken instead of the teams' own
        :return: {ticket: [Clock]}
        """
        now = self.env.cr.now().replace(microsecond=0, tzinfo=UTC)
        logs, facts, tried = self._sla_logs(), self._sla_facts(policies), {}
        world = self._sla_world(logs)
        read = {}
        for ticket in self:
            log = [row for row in logs[ticket.id] if row['kind'] != 'sla']
            held, changes = {}, []
            for row, look in looks(facts[ticket], log, *world):
                new = {metric: self._sla_try(tried, policy, terms, look, calendar_id)
                       for metric, (policy, terms) in choose(policies, look).items()}
                if new != held:
                    changes.append((row, new))
                    held = new
            read[ticket] = ticket._sla_read_changes(log, changes, now) if any(new for _row, new in changes) else []
        return read

    def _sla_try(self, tried, policy, terms, look, calendar_id):
        """Return a ``Promise`` that is kept nowhere; equal ones are the same object, so that they compare quickly."""
        hours = self.env['helpdesk.sla.hours']._for(policy.hours, look, calendar_id)
        days = self.env['helpdesk.team'].browse(look.team)._sla_resume_days()
        key = (terms['target_id'], hours, days)
        if key not in tried:
            tried[key] = self.env['helpdesk.sla.terms']._build(0, {**terms, 'resume_days': days}, key, Hours(*hours))
        return tried[key]

    def _sla_world(self, logs):
        """Return what is needed to look into the past of these tickets, see ``tools.sla_replay.looks``."""
        old_ids = {row['detail'].get('old_id') for log in logs.values() for row in log if row['kind'] == 'customer'}
        # sudo: contacts of the past, whoever may read them
        people = self.env['res.partner'].sudo().browse(old_ids - {None, False}).exists()
        # sudo: and teams
        teams = self.env['helpdesk.team'].sudo().with_context(active_test=False).search_fetch(
            [('id', 'in', [row['detail'].get('old_id') for log in logs.values() for row in log
                           if row['kind'] == 'team'])], ['company_id'])
        return (
            {person.id: ((person | person.commercial_partner_id).ids, person.commercial_partner_id.id)
             for person in people},
            {team.id: team.company_id.id for team in teams},
            self._sla_category_paths(),
        )

    def _sla_preview(self):
        """Read the clocks of these tickets as they stand, and as they would stand if today's policies were applied to
        them from now on.

        :return: {ticket: ([Clock], [Clock])}
        """
        now = self.env.cr.now().replace(microsecond=0, tzinfo=UTC)
        policies, logs = self.env['helpdesk.sla.policy']._catalogue(), self._sla_logs()
        facts, tried, found = self._sla_facts(policies), {}, {}
        for ticket, look in facts.items():
            log = logs[ticket.id]
            held = self._sla_held(log)
            new = {metric: self._sla_try(tried, policy, terms, look, None)
                   for metric, (policy, terms) in choose(policies, look).items()}
            row = {'id': None, 'at': self.env.cr.now(), 'kind': 'sla'}
            found[ticket] = (
                ticket._sla_read_changes(log, held, now) if held else [],
                ticket._sla_read_changes(log, [*held, (row, new)], now) if held or new else [])
        return found

    def _sla_apply(self):
        """Give these open tickets what today's policies promise, edited ones included (C16)."""
        logs = self._sla_logs()
        self._sla_log_choice(self.env['helpdesk.sla.policy']._catalogue(), logs, refresh=True)
        self._sla_stale(self)
