import random
import time
from datetime import timedelta

import psycopg2.errors
from odoo import api, fields, models
from odoo.tools import SQL, hmac

LIMITS = {'address': 5, 'network': 20, 'team': 200}
KEEP_DAYS = 2
TRIES = 100


class HelpdeskFormLimit(models.Model):
    """How often somebody sent a public form within an hour: one row per network and address named from there, network,
    team and used pass.

    The rows hold keyed hashes, nobody's address. A row is counted up by one statement in a transaction of its own, so
    that the count holds however many workers ask at once, and whatever becomes of the request. What one visitor is
    refused for is not counted for others: a single network cannot use up what a team takes.
    """
    _name = 'helpdesk.form.limit'
    _description = "Form: Count in an Hour"
    _log_access = False
    _rec_name = 'key'

    key = fields.Char(required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True, index=True)
    count = fields.Integer(required=True, readonly=True)

    _key_uniq = models.Constraint('UNIQUE (key, since)', "This is counted already.")

    @api.model
    def _limits(self):
        """Return {'address', 'network', 'team': requests an hour}, as the settings say."""
        # sudo: visitors are held to settings they may not read
        parameters = self.env['ir.config_parameter'].sudo()
        said = {name: parameters.get_param(f'helpdesk_portal.form_limit_{name}') or '' for name in LIMITS}
        return {name: int(said[name]) if said[name].isdecimal() else limit for name, limit in LIMITS.items()}

    @api.model
    def _take(self, subjects, limits, since=None):
        """Count one more request of each of ``subjects``, up to the first whose limit is passed.

        :param dict subjects: {kind: text}, for example ``{'address': 'jana@example.com'}``, what concerns the fewest
            people first; empty texts do not count
        :param dict limits: {kind: how many}
        :param since: when the count begins (naive UTC); default: with this hour
        :return: the first kind whose limit is passed by this request, or False
        """
        # sudo: the server's own secret
        env = self.env(su=True)
        keys = {kind: f'{kind}:{hmac(env, "helpdesk_form_limit", (kind, text))[:40]}'
                for kind, text in subjects.items() if text}
        since = since or fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        return next((kind for kind, key in keys.items() if self._count(key, since) > limits[kind]), False)

    @api.model
    def _count(self, key, since):
        """Count ``key`` up; return its count."""
        [[count]] = self._run_apart(SQL(
            "INSERT INTO helpdesk_form_limit (key, since, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, since) DO UPDATE SET count = helpdesk_form_limit.count + 1 RETURNING count",
            key, since))
        return count

    @api.model
    def _run_apart(self, statement):
        """Run one ``SQL`` statement in a transaction of its own, again while others are first; return its rows."""
        for attempt in range(TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(statement, log_exceptions=False)
                    return cr.fetchall()
            except psycopg2.errors.SerializationFailure:  # another worker was first
                if attempt == TRIES - 1:
                    raise
                time.sleep(random.uniform(0, 0.02))

    @api.autovacuum
    def _gc_limits(self):
        """Forget what no limit looks at any more."""
        self.env.cr.execute(SQL(
            "DELETE FROM helpdesk_form_limit WHERE since < %s", fields.Datetime.now() - timedelta(days=KEEP_DAYS)))
