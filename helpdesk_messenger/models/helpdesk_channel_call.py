import hashlib
import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

_logger = logging.getLogger(__name__)
CRON = 'helpdesk_messenger.ir_cron_calls'
BATCH, COUNTED = 50, 1000
KEEP_DAYS = 'helpdesk_messenger.keep_days'
DEFAULT_DAYS = 30
STATES = [('waiting', "Waiting"), ('done', "Done"), ('failed', "Not Processed")]


class HelpdeskChannelCall(models.Model):
    """A call of a service as it came, kept before anything is done with it (promise 1). Its words go as soon as they
    stand in a ticket; its fingerprint stays a while, so that the same call is heard once."""
    _name = 'helpdesk.channel.call'
    _description = "Call of a Messenger Service"
    _order = 'id desc'
    _rec_name = 'digest'

    channel_id = fields.Many2one('helpdesk.channel', required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(related='channel_id.company_id', store=True, precompute=True)
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    digest = fields.Char(string="Fingerprint", required=True, readonly=True)
    body = fields.Text(string="As It Came", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default='waiting')
    reason = fields.Char(string="Why Not", readonly=True)
    attempts = fields.Integer(readonly=True)

    _digest_uniq = models.UniqueIndex("(channel_id, digest)", "A call is kept once.")
    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")
    _failed_idx = models.Index("(channel_id) WHERE state = 'failed'")
    _received_at_idx = models.Index("(received_at)")

    @api.model
    def _keep(self, channel, body):
        """Keep ``body`` (bytes) of a call to ``channel`` and have it processed right after this transaction.

        :return: whether it is new
        """
        text = body.decode('utf-8', 'replace').replace('\x00', '\ufffd')
        rows = self.env.execute_query(SQL("""
            INSERT INTO helpdesk_channel_call (channel_id, company_id, received_at, digest, body, state, attempts,
                                               create_uid, create_date, write_uid, write_date)
            VALUES (%(channel)s, %(company)s, %(now)s, %(digest)s, %(body)s, 'waiting', 0,
                    %(uid)s, %(now)s, %(uid)s, %(now)s)
            ON CONFLICT DO NOTHING RETURNING id""", channel=channel.id, company=channel.company_id.id,
            now=self.env.cr.now(), digest=hashlib.sha256(body).hexdigest(), body=text, uid=self.env.uid))
        if rows:
            self._wake()
        return bool(rows)

    @api.model
    def _wake(self):
        self.env['helpdesk.ticket']._trigger_timer(CRON)

    # ------------------------------------------------------------
    # processing
    # ------------------------------------------------------------

    @api.model
    def _cron_process(self):
        """Process what waits, some calls at a time and in the order in which customers wrote."""
        progress = self.env['ir.cron']
        waiting = self.search_count([('state', '=', 'waiting')], limit=COUNTED)
        if not waiting:
            return
        progress._commit_progress(remaining=waiting)
        while calls := self._claim():
            calls._process()
            if not progress._commit_progress(len(calls)):
                break
        if self.search_count([('state', '=', 'waiting')], limit=1):
            self._wake()

    @api.model
    def _claim(self):
        """Lock the calls that waited longest and that nobody else has, and return them."""
        self.flush_model(['state'])
        rows = self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_channel_call WHERE state = 'waiting' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            BATCH))
        return self.browse([row_id for [row_id] in rows])

    def _process(self):
        """Bring what these calls tell to the tickets. A call that goes wrong says why and stops no other."""
        for channel, calls in self.grouped('channel_id').items():
            calls.with_company(channel.company_id)._process_together()

    def _process_together(self):
        told, failures = [], {}
        for call in self:
            try:
                received = call.channel_id._adapter().read(call.channel_id._credentials(), call.body.encode())
            except ValueError as error:
                failures[call] = str(error)
                continue
            except Exception:  # what no adapter foresaw: the others must not wait
                failures[call] = call._note_unforeseen()
                continue
            told += [(message.at is None, message.at or call.received_at, call, '_take', message)
                     for message in received.messages]
            told += [(2, call.id, call, '_note_receipt', receipt) for receipt in received.receipts]
        for *_when, call, step, what in sorted(told, key=_order):
            if reason := call._try(step, what):
                failures[call] = reason
        for call in self:
            call._conclude(failures.get(call))

    def _try(self, step, what):
        """Do one step; return why it went wrong, '' when it did not."""
        try:
            with self.env.cr.savepoint():
                getattr(self.channel_id, step)(what)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (ValueError, UserError) as error:
            return str(error)
        except Exception:  # whatever it was, the others must not wait
            return self._note_unforeseen()
        return ''

    def _note_unforeseen(self):
        """Write the error that is being handled into the server's log, and return the reason (str) for people."""
        _logger.exception("Call %s of messenger channel %s", self.id, self.channel_id.id)
        return self.env._("It could not be processed. The server's log says why.")

    def _conclude(self, reason):
        self.write({
            'state': 'failed' if reason else 'done', 'reason': reason or False, 'attempts': self.attempts + 1,
            'body': self.body if reason else False})

    def action_process_again(self):
        """Process these once more, those that were not.

        :raise AccessError: for who may not set up their channels
        """
        self.check_access('read')
        self.channel_id.check_access('write')
        # as the superuser: what services bring is the system's; that the user may set up the channel was checked
        failed = self.filtered(lambda call: call.state == 'failed').with_user(SUPERUSER_ID).try_lock_for_update()
        failed._process()
        left = failed.filtered(lambda call: call.state == 'failed')
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'warning' if left or not failed else 'success',
                'message': self._again_words(failed, left),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}

    def _again_words(self, failed, left):
        if not failed:
            return self.env._("Nothing to process again: only calls that were not processed are.")
        if left:
            return self.env._("Still not: %s", left[0].reason)
        return self.env._("Processed: %s", len(failed))

    @api.autovacuum
    def _gc_calls(self):
        """Delete calls older than the setting says: a failed one holds names and words of customers."""
        # sudo: a parameter
        value = self.env['ir.config_parameter'].sudo().get_param(KEEP_DAYS) or ''
        days = int(value) if value.isascii() and value.isdigit() and int(value) else DEFAULT_DAYS
        old = self.search([('received_at', '<', self.env.cr.now() - timedelta(days=days)), ('state', '!=', 'waiting')],
                          order='received_at', limit=GC_UNLINK_LIMIT)
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT


def _order(told):
    """Messages by the service's own time, those without one after them, then what became of ours."""
    rank, at = int(told[0]), told[1]
    if rank == 2:
        return (2, 0, at)
    return (rank, at.timestamp(), told[2].id)
