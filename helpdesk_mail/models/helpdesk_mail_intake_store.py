import json
import logging
import random
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import addresses, arrival, digest, headers, parsing
from ..tools.time_limit import within

DELIVERY_HEADERS = ('Delivered-To', 'X-Original-To', 'Envelope-To', 'X-Envelope-To')
RECIPIENT_HEADERS = ('To', 'Cc', 'Resent-To', 'Resent-Cc', 'Bcc')
TRIES = 5
MAX_SECONDS = 5  # of processor time to read a head
_logger = logging.getLogger(__name__)


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
                time.sleep(random.uniform(0.01, 0.05 * 2**tries))

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
        if not (self.env.su or self.env.user.has_group('base.group_system')):
            # core writes these as the superuser, into whatever record they name
            gateway = dict(gateway, custom_values=None, thread_id=None)
        server_id = self.env.context.get('default_fetchmail_server_id')
        # sudo: the ledger has no writers among users
        ledger = self.sudo()
        way = 'pipe'
        if server_id:
            way = {'imap': 'imap', 'pop': 'pop'}.get(
                ledger.env['fetchmail.server'].browse(server_id).server_type, 'imap'
            )
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
    def _max_size(self):
        """Return how many bytes a fetched mail may have at most, 0 for any size."""
        # sudo: a setting that everybody's mail obeys
        text = self.env['ir.config_parameter'].sudo().get_param('helpdesk_mail.max_megabytes', '50')
        return int(float(text or 0) * (1 << 20))

    @api.model
    def _take_head(self, head, size, way, server_id):
        """Write down, once, a mail too large to be fetched; ``head`` is all that is kept. Return its row's id."""
        values = self._describe(head, None, ())
        values.update(way=way, server_id=server_id, size=size)

        def work(env):
            ledger = env[self._name]
            if known := ledger.search([('delivery_key', '=', values['delivery_key'])], limit=1):
                return known.id
            row_id = ledger._insert(values, head)[0]
            ledger.browse(row_id)._conclude('held', env._(
                "With %(size)s MB it is larger than the %(limit)s MB that are fetched. It is still in the mailbox.",
                size=round(size / (1 << 20), 1), limit=round(self._max_size() / (1 << 20), 1)))
            return row_id
        return self._in_own_transaction(work)

    @api.model
    def _describe(self, raw, envelope_from, envelope_to):
        """Return the column values that a mail's head and envelope give. Never raises, whatever the mail."""
        try:
            return within(MAX_SECONDS, lambda: self._describe_head(raw, envelope_from, envelope_to))
        except Exception:  # it is written down all the same (promise 1): without a head that can't be read
            _logger.warning("The head of a received mail could not be read", exc_info=True)
            return self._describe_head(b'\r\n' + raw, envelope_from, envelope_to)

    def _describe_head(self, raw, envelope_from, envelope_to):
        message = parsing.parse_head(raw)
        sender = headers.value(message, 'From') or headers.value(message, 'Sender')
        brought_to = addresses.find(*envelope_to)
        delivered = brought_to or addresses.find(
            *(text for name in DELIVERY_HEADERS for text in headers.values(message, name))
        )
        named = addresses.find(*(text for name in RECIPIENT_HEADERS for text in headers.values(message, name)))
        content, now = digest.content_digest(raw), fields.Datetime.now()
        if not headers.value(message, 'Message-Id') and not headers.value(message, 'Date'):
            # a device that sends the same words every day, without id or date, means it every day
            content = f'{content[:53]}.{now:%Y-%m-%d}'
        return {
            'message_id': (headers.message_ids(headers.value(message, 'Message-Id'))[:1] or [None])[0],
            'sender': sender[:500] or None,
            'sender_email': arrival.author(message)[1] or None,
            'recipients': ', '.join(dict.fromkeys([*delivered, *named])) or None,
            'envelope_from': envelope_from,
            'envelope_to': ', '.join(brought_to) or None,
            'subject': headers.value(message, 'Subject')[:1000] or None,
            'received_at': now,
            'size': len(raw),
            'content_digest': content,
            'delivery_key': digest.delivery_key(content, delivered),
            'outcome': 'received',
            'attempts': 1,
            'create_uid': SUPERUSER_ID,
            'write_uid': SUPERUSER_ID,
            'create_date': now,
            'write_date': now,
        }

    @api.model
    def _insert(self, values, raw):
        """Insert one row with its original, in one statement; the unique index decides which of two workers is first.

        :return: (id, new) as :meth:`_take_in`
        """
        attachment = self._original_values(raw)
        rows = self.env.execute_query(
            SQL(
                """
            WITH ids AS (SELECT nextval(%(row_seq)s) AS id, nextval(%(raw_seq)s) AS raw_id),
                 row AS (INSERT INTO helpdesk_mail_intake (id, raw_id, %(row_columns)s)
                         SELECT id, raw_id, %(row_values)s FROM ids
                         ON CONFLICT (delivery_key) DO NOTHING RETURNING id, raw_id)
            INSERT INTO ir_attachment (id, res_id, %(raw_columns)s)
            SELECT raw_id, id, %(raw_values)s FROM row RETURNING res_id""",
                row_seq='helpdesk_mail_intake_id_seq',
                raw_seq='ir_attachment_id_seq',
                row_columns=_columns(values),
                row_values=self._typed(self, values),
                raw_columns=_columns(attachment),
                raw_values=self._typed(self.env['ir.attachment'], attachment),
            )
        )
        if rows:
            if attachment['store_fname']:
                self.env['ir.attachment']._file_write(raw, attachment['checksum'])
            return rows[0][0], True
        return self._insert_duplicate(values), False

    def _insert_duplicate(self, values):
        """Insert the row of a mail that was received already; it shares the first one's original."""
        first = self.search([('delivery_key', '=', values['delivery_key'])], limit=1)
        row = {
            **values,
            'delivery_key': None,
            'outcome': 'duplicate',
            'duplicate_of_id': first.id,
            'raw_id': first.raw_id.id or None,
            'ticket_id': first.ticket_id.id or None,
            'team_id': first.team_id.id or None,
            'company_id': first.company_id.id or None,
            'processed_at': values['received_at'],
            'attempts': 0,
            'gateway': None,
            'reason': self.env._("The same mail was received already and was not taken twice."),
        }
        # while its ticket is being written: no error, the mail is taken once more
        self.env.cr.execute(SQL(
            "INSERT INTO helpdesk_mail_intake (%s) VALUES (%s) RETURNING id", _columns(row), self._typed(self, row),
        ), log_exceptions=False)
        return self.env.cr.fetchone()[0]

    @api.model
    def _original_values(self, raw):
        """Return the column values of the attachment that keeps the bytes of a mail as they came."""
        now = fields.Datetime.now()
        return {
            'name': 'mail.eml',
            'type': 'binary',
            'mimetype': 'message/rfc822',
            'res_model': self._name,
            'create_uid': SUPERUSER_ID,
            'write_uid': SUPERUSER_ID,
            'create_date': now,
            'write_date': now,
            **self.env['ir.attachment']._get_datas_related_values(raw, 'message/rfc822'),
        }

    @api.model
    def _typed(self, model, values):
        """Return the values as SQL of their columns' types: the first rows of a SELECT have no other."""
        return SQL(', ').join(
            SQL("%s::%s", None if value is False else value, SQL.identifier(model._fields[name].column_type[0]))
            for name, value in values.items()
        )


def _columns(values):
    return SQL(', ').join(SQL.identifier(name) for name in values)


def _dump(gateway):
    """Return ``gateway`` as JSON text, or None when it is empty or cannot be kept."""
    if not gateway or not any(value for key, value in gateway.items() if key != 'uid'):
        return None
    try:
        return json.dumps(gateway)
    except TypeError:
        return json.dumps({**gateway, 'custom_values': None})
