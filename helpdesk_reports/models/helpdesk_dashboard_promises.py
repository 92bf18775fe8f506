from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.stretch import KEY
from .helpdesk_dashboard import percent

WORST = 8


class HelpdeskDashboard(models.AbstractModel):
    """Promises: which were kept, by what was promised and by policy (S0-25, S4-23)."""
    _inherit = 'helpdesk.dashboard'

    def _section_promises(self, frame):
        """Return ``figures``, ``metrics`` (figures in percent, with ``decided``, ``kept`` and their ``policies``, the
        same again), ``trend`` (``unit``, ``steps``, and ``lines``: dicts of ``label`` and ``values``, percent or None)
        and ``missed``, the latest ones first: dicts for a list."""
        unit = frame.stretch.unit(coarse=True)
        found = self._ask(
            'helpdesk.sla.report', frame.scope() & frame.within('decided_at', before=True),
            lambda sql: [SQL("COUNT(*)"), SQL("SUM(%s)", sql('is_kept'))],
            lambda sql: [sql('metric'), sql('policy_id'), self._when(frame, sql('decided_at')),
                         self._step(frame, unit, sql('decided_at'))], sets=[(1, 2, 3), (1, 4)])
        rows = _by_policy(found)
        return {
            'figures': self._promise_figures(frame, rows),
            'metrics': self._metrics(frame, rows),
            'trend': self._promise_trend(frame, unit, found),
            'missed': self._missed(frame),
        }

    def _decided(self, frame, **values):
        domain = frame.scope() & frame.within('decided_at')
        return domain & Domain([(name, '=', value) for name, value in values.items()])

    def _promise_figures(self, frame, rows):
        decided, decided_before, kept, kept_before = _sums(rows)
        domain = self._decided(frame)
        return [self._figure(
            'kept', self.env._("Promises kept"),
            self.env._("Of the promises that were kept in time or missed in this period, how many were kept in time."),
            percent(kept, decided), 'helpdesk.sla.report', domain, kind='percent', good='up',
            before=percent(kept_before, decided_before), tone='good' if decided and kept == decided else '',
        ), self._figure(
            'decided', self.env._("Decided"), self.env._("Promises that were kept in time or missed in this period."),
            decided, 'helpdesk.sla.report', domain, before=decided_before,
        ), self._figure(
            'missed', self.env._("Missed"), self.env._(
                "Promises that were missed in this period, whether they were kept afterwards or not."),
            decided - kept, 'helpdesk.sla.report', domain & Domain('is_missed', '=', 1),
            before=decided_before - kept_before, good='down', tone='danger' if decided > kept else '',
        )]

    def _metrics(self, frame, rows):
        labels = dict(self.env['helpdesk.sla.report']._fields['metric']._description_selection(self.env))
        policies = self._names('helpdesk.sla.policy', {row[1] for row in rows})
        found = []
        for metric, label in labels.items():
            if any(row[2] for row in rows if row[0] == metric):
                mine = [row for row in rows if row[0] == metric]
                found.append({
                    **self._compliance(frame, metric, label, mine, metric=metric),
                    'policies': [self._compliance(
                        frame, f'{metric}_{row[1]}', policies.get(row[1], self.env._("No policy any more")), [row],
                        metric=metric, policy_id=row[1] or False)
                        for row in sorted(mine, key=lambda row: -row[2]) if row[2]],
                })
        return found

    def _compliance(self, frame, key, label, rows, **values):
        decided, decided_before, kept, kept_before = _sums(rows)
        hint = self.env._("%(kept)s of %(decided)s kept in time.", kept=kept, decided=decided)
        return {**self._figure(
            key, label, hint, percent(kept, decided), 'helpdesk.sla.report', self._decided(frame, **values),
            kind='percent', good='up', before=percent(kept_before, decided_before)), 'decided': decided, 'kept': kept}

    def _promise_trend(self, frame, unit, rows):
        shares = {(metric, step.strftime(KEY)): percent(kept, decided)
                  for metric, _policy, _now, step, decided, kept in rows if step}
        labels = self.env['helpdesk.sla.report']._fields['metric']._description_selection(self.env)
        steps, present = self._steps(frame, unit), {metric for metric, _step in shares}
        return {'unit': unit, 'steps': steps, 'lines': [
            {'key': metric, 'label': label, 'values': [shares.get((metric, step['key'])) for step in steps]}
            for metric, label in labels if metric in present]}

    def _missed(self, frame):
        """Return the promises that were missed by most: ``ticket_id``, ``number``, ``name``, ``customer``, ``metric``
        (label), ``late_hours`` (working time) and ``at``, when it was missed."""
        labels = dict(self.env['helpdesk.sla.report']._fields['metric']._description_selection(self.env))
        rows = self.env['helpdesk.sla.report'].search_fetch(
            self._decided(frame) & Domain('is_missed', '=', 1),
            ['ticket_id', 'number', 'name', 'commercial_partner_id', 'metric', 'late_hours', 'decided_at'],
            order='late_hours desc, id desc', limit=WORST)
        names = self._names('res.partner', rows.commercial_partner_id.ids)
        return [{
            'id': row.id, 'ticket_id': row.ticket_id.id, 'number': row.number, 'name': row.name,
            'customer': names.get(row.commercial_partner_id.id, ''), 'metric': labels.get(row.metric),
            'late_hours': row.late_hours, 'at': fields.Datetime.to_string(row.decided_at),
        } for row in rows]


def _by_policy(rows):
    """Return rows of metric, policy, decided, decided before, kept, kept before."""
    counts = {}
    for metric, policy, now, _step, decided, kept in rows:
        if now is not None:
            counts.setdefault((metric, policy), {})[now] = decided, kept
    nothing = 0, 0
    return [(*key, found.get(True, nothing)[0], found.get(False, nothing)[0],
             found.get(True, nothing)[1], found.get(False, nothing)[1]) for key, found in counts.items()]


def _sums(rows):
    """Return decided and kept promises, each in the period and before."""
    return [sum(row[column] or 0 for row in rows) for column in (2, 3, 4, 5)]
