import email
import email.policy
import json
import random
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import addresses, digest, headers

POLICY = email.policy.compat32.clone(max_line_length=0)  # keeps headers as they came, parses none of them
DELIVERY_HEADERS = ('Delivered-To', 'X-Original-To', 'Envelope-To', 'X-Envelope-To')
RECIPIENT_HEADERS = ('To', 'Cc', 'Resent-To', 'Resent-Cc', 'Bcc')
TRIES = 5


class HelpdeskMailIntakeStore(models.AbstractModel):
    """Write a mail down, with its original bytes, before anything else is tried with it (promise 1, G1, G5, G6)."""
    _name = 'helpdesk.mail.intake.store.mixin'
    _description = "Received Mail: Store"

    # ------------------------------------------------------------
    # transactions
    # ------------------------------------------------------------

    @contextmanager
    def _own_transaction(self):
        """Give a superuser environment whose work is committed when the block ends, rolled back when it raises.

        In a test that does not let other cursors see its data this is a savepoint of the test's transaction.
        """
        test = modules.module.current_test
        if test and not getattr(test, '_registry_patched', False):
            with self.env.cr.savepoint():
                yield self.env(user=SUPERUSER_ID, context={})
            self.env.invalidate_all()
            return
        if test:
            self.env.flush_all()
        registry = self.env.registry
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                yield env
                env.flush_all()
        except Exception:
            registry.reset_changes()
            raise
        registry.signal_changes()
        if test:
            self.env.invalidate_all()

    def _in_own_transaction(self, work):
        """Return ``work(env)`` done in a transaction of its own, tried again when others were in the way."""
        for tries in range(1, TRIES + 1):
            try:
                with self._own_transaction() as env:
                    return work(env)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if tries == TRIES or modules.module.current_test:
                    raise
                time.sleep(random.uniform(0.01, 0.05 * 2 ** tries))

    # ------------------------------------------------------------
    # taking in
    # ------------------------------------------------------------

    @api.model
    def _receive(self, raw, gateway):
        """Take in a mail that Odoo's own gateway was given, and process it.

        :param bytes raw: the mail
        :param dict gateway: arguments of ``message_process``
        :return: what ``message_process`` returns: the id of the record that the mail became or belongs to, or False
        """
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("You cannot hand in mails."))
        server_id = self.env.context.get('default_fetchmail_server_id')
        # sudo: the ledger has no writers among users
        ledger = self.sudo()
        way = 'pipe'
        if server_id:
            way = {'imap': 'imap', 'pop': 'pop'}.get(ledger.env['fetchmail.server'].browse(server_id).server_type, 'imap')
        elif request and request.httprequest.path.startswith('/json/'):
            way = 'api'
        row_id, new = ledger._take_in(raw, way, gateway=dict(gateway, uid=self.env.uid), server_id=server_id)
        return ledger._process_row(row_id, raw, self.env) if new else False

    @api.model
    def _take_in(self, raw, way, envelope_from=None, envelope_to=(), gateway=None, server_id=False):
        """Write a mail to the ledger and commit.

        :param bytes raw: the mail as it came
        :param str way: see ``way``
        :param envelope_from: sender of the envelope, '' for the null sender, None when the way does not tell
        :param envelope_to: addresses of the envelope
        :return: (id, new): ``new`` is False when the same mail is in the ledger already; the row of ``id`` says so
        """
        values = self._describe(raw, envelope_from, envelope_to)
        values.update(way=way, server_id=server_id or None, gateway=_dump(gateway))
        return self._in_own_transaction(lambda env: env[self._name]._insert(values, raw))

    @api.model
    def _describe(self, raw, envelope_from, envelope_to):
        """Return the column values that a mail's head and envelope give. Never raises, whatever the mail."""
        message = email.message_from_bytes(digest.split(raw)[0], policy=POLICY)
        sender = headers.value(message, 'From') or headers.value(message, 'Sender')
        brought_to = addresses.find(*envelope_to)
        delivered = brought_to or addresses.find(*(
            text for name in DELIVERY_HEADERS for text in headers.values(message, name)))
        named = addresses.find(*(text for name in RECIPIENT_HEADERS for text in headers.values(message, name)))
        content = digest.content_digest(raw)
        return {
            'message_id': (headers.message_ids(headers.value(message, 'Message-Id'))[:1] or [None])[0],
            'sender': sender[:500] or None,
            'sender_email': next(iter(addresses.find(sender)), None),
            'recipients': ', '.join(dict.fromkeys([*delivered, *named])) or None,
            'envelope_from': envelope_from,
            'envelope_to': ', '.join(brought_to) or None,
            'subject': headers.value(message, 'Subject')[:1000] or None,
            'received_at': fields.Datetime.now(),
            'size': len(raw),
            'content_digest': content,
            'delivery_key': digest.delivery_key(content, delivered),
            'outcome': 'received',
            'attempts': 1,
        }

    @api.model
    def _insert(self, values, raw):
        """Insert one row; the unique index decides which of two workers is first."""
        values = {**values, 'create_uid': SUPERUSER_ID, 'write_uid': SUPERUSER_ID,
                  'create_date': values['received_at'], 'write_date': values['received_at']}
        rows = self.env.execute_query(self._insert_sql(values))
        if rows:
            mail = self.browse(rows[0][0])
            mail.raw_id = self._keep_original(mail.id, raw)
            return mail.id, True
        first = self.search([('delivery_key', '=', values['delivery_key'])], limit=1)
        values.update(
            delivery_key=None, outcome='duplicate', duplicate_of_id=first.id, raw_id=first.raw_id.id or None,
            ticket_id=first.ticket_id.id or None, team_id=first.team_id.id or None, company_id=first.company_id.id or None,
            processed_at=values['received_at'], attempts=0,
            reason=self.env._("The same mail was received already and was not taken twice."))
        return self.env.execute_query(self._insert_sql(values))[0][0], False

    def _insert_sql(self, values):
        columns = SQL(', ').join(SQL.identifier(name) for name in values)
        return SQL("INSERT INTO %s (%s) VALUES %s ON CONFLICT (delivery_key) DO NOTHING RETURNING id",
                   SQL.identifier(self._table), columns, tuple(values.values()))

    def _keep_original(self, row_id, raw):
        """Keep the bytes of a mail as they came; return the attachment."""
        return self.env['ir.attachment'].with_context(image_no_postprocess=True).create({
            'name': 'mail.eml', 'mimetype': 'message/rfc822', 'raw': raw, 'res_model': self._name, 'res_id': row_id,
            'company_id': False,
        })


def _dump(gateway):
    """Return ``gateway`` as JSON text, or None when it is empty or cannot be kept."""
    if not gateway or not any(value for key, value in gateway.items() if key != 'uid'):
        return None
    try:
        return json.dumps(gateway)
    except TypeError:
        return json.dumps({**gateway, 'custom_values': None})
