import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.sla_clock import Notice, Target


class HelpdeskSlaTerms(models.Model):
    """What exactly was promised, kept for ever: a policy that is edited later does not change the past (C9, C16).

    Equal promises share one row. Nobody writes here but the selection of policies, and rows are never changed.
    """
    _name = 'helpdesk.sla.terms'
    _description = "SLA Terms"
    _log_access = False
    _rec_name = 'key'

    key = fields.Char(required=True, readonly=True, help="Fingerprint of what was promised.")
    data = fields.Json(required=True, readonly=True)
    hours_id = fields.Many2one('helpdesk.sla.hours', required=True, readonly=True, index=True, ondelete='restrict')

    _key_uniq = models.Constraint('UNIQUE (key)', "These terms are kept already.")

    def write(self, vals):
        raise UserError(self.env._("What was promised cannot be changed afterwards."))

    def unlink(self):
        raise UserError(self.env._("What was promised is kept."))

    @api.model
    def _keep(self, wanted):
        """Return the ids of the rows for ``wanted`` (list of (terms dict, hours id)), made where they lack.

        Two workers that make the same row at once get the same one.
        """
        texts = [json.dumps([data, hours_id], sort_keys=True) for data, hours_id in wanted]
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = self._known(keys)
        fresh = {key: one for key, one in zip(keys, wanted, strict=True) if key not in known}
        if fresh:
            rows = SQL(', ').join(
                SQL("(%s, %s, %s)", key, json.dumps(data), hours_id) for key, (data, hours_id) in fresh.items())
            self.env.cr.execute(SQL(
                "INSERT INTO %s (key, data, hours_id) VALUES %s ON CONFLICT (key) DO NOTHING",
                SQL.identifier(self._table), rows))
            known = self._known(keys)
        return [known[key] for key in keys]

    def _known(self, keys):
        return dict(self.env.execute_query(SQL(
            "SELECT key, id FROM %s WHERE key = ANY(%s)", SQL.identifier(self._table), list(set(keys)))))

    def _notices(self):
        """Return {key: Notice} of the warnings that were agreed, and of the breach itself."""
        self.ensure_one()
        return {
            **{f'p{number}': Notice(percent=number) for number in self.data['percents']},
            **{f'm{number}': Notice(minutes=number) for number in self.data['before']},
            'breach': Notice(minutes=0),
        }

    def _target(self, notices, on_behalf=None):
        """Return what was promised as the pure clock takes it, with the moments ``notices`` to be found.

        :param on_behalf: overrules whether tickets that agents create count
        """
        self.ensure_one()
        data = self.data
        days = data.get('resume_days')
        return Target(
            metric=data['metric'], budget=timedelta(minutes=data['minutes']), pauses=frozenset(data['pauses']),
            notices=tuple(dict.fromkeys(notices)), counts_notes=data['counts_notes'], stage=data['stage_id'],
            on_behalf=data['on_behalf'] if on_behalf is None else on_behalf,
            resume_within=None if days is None else timedelta(days=days))
