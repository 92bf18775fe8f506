import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from ..tools.clock_row import Promise
from ..tools.sla_clock import Notice, Target

# Transaction data: keys of rows that this transaction made; they may be rolled back, so nobody keeps their ids.
MADE = 'helpdesk.sla.made'


class HelpdeskSlaTerms(models.Model):
    """What exactly was promised, kept for ever: a policy that is edited later does not change the past (C9, C16).

    Equal promises share one row. Nobody writes here but the choice of policies, and rows are never changed.
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
        rows = dict(zip(keys, wanted, strict=True))
        made, ids = self.env.cr.precommit.data.setdefault(MADE, {}), {}
        for key, row in rows.items():
            try:
                ids[key] = made[key] if key in made else self._known(key)
            except KeyError:
                made[key] = ids[key] = self._insert(key, *row)
        return [ids[key] for key in keys]

    @api.model
    @ormcache('key')
    def _known(self, key):
        """Return the id of the row of ``key``.

        :raise KeyError: when there is none; that is not kept in mind
        """
        found = self.env.execute_query(SQL("SELECT id FROM helpdesk_sla_terms WHERE key = %s", key))
        if not found:
            raise KeyError(key)
        return found[0][0]

    def _insert(self, key, data, hours_id):
        [[row_id]] = self.env.execute_query(SQL(
            "INSERT INTO helpdesk_sla_terms (key, data, hours_id) VALUES (%s, %s, %s)"
            " ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key RETURNING id", key, json.dumps(data), hours_id))
        return row_id

    @api.model
    @ormcache('terms_id')
    def _promise(self, terms_id):
        """Return the row ``terms_id`` as a ``Promise``, with the steps of its target as they stand."""
        # sudo: clocks are read whoever asks; kept in memory, an id means the same for ever
        row = self.sudo().browse(terms_id)
        return self._build(row.id, row.data, row.hours_id.id, row.hours_id._key())

    @api.model
    def _build(self, terms_id, data, hours_id, hours):
        """Return the ``Promise`` of terms; without ids of rows for one that is only tried."""
        # sudo: steps of every company's policies
        target = self.env['helpdesk.sla.target'].sudo().browse(data['target_id']).exists()
        notices = {
            **{f'p{number}': Notice(percent=number) for number in data['percents']},
            **{f'm{number}': Notice(minutes=number) for number in data['before']},
            'breach': Notice(minutes=0),
            **target.step_ids._notices(),
        }
        days = data.get('resume_days')
        return Promise(
            id=terms_id, hours_id=hours_id, hours=hours, data=dict(data, target_id=target.id), notices=notices,
            target=Target(
                metric=data['metric'], budget=timedelta(minutes=data['minutes']), pauses=frozenset(data['pauses']),
                notices=tuple(dict.fromkeys(notices.values())), counts_notes=data['counts_notes'],
                stage=data['stage_id'], on_behalf=data['on_behalf'],
                resume_within=None if days is None else timedelta(days=days)))
