import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools import retrying
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.mimetypes import guess_mimetype

from .helpdesk_channel_network import Fetched

_logger = logging.getLogger(__name__)
CRON = 'helpdesk_messenger.ir_cron_files'
STATES = [('waiting', "Waiting"), ('done', "Done"), ('failed', "Not Fetched")]
COUNT_LIMIT = 20
# The links of services are good for minutes: what was not fetched then never will be.
ATTEMPTS = 4
COUNTED = 1000


class HelpdeskChannelFile(models.Model):
    """A file of a customer's message, to be fetched at the service. The message says what became of it."""
    _name = 'helpdesk.channel.file'
    _description = "File of a Messenger"
    _order = 'id'

    reference_id = fields.Many2one(
        'helpdesk.channel.reference', required=True, readonly=True, index=True, ondelete='cascade')
    channel_id = fields.Many2one(related='reference_id.channel_id')
    name = fields.Char(required=True, readonly=True)
    source = fields.Char(string="Where It Lies", required=True, readonly=True)
    mimetype = fields.Char(readonly=True)
    size = fields.Integer(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default='waiting')
    reason = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    next_at = fields.Datetime(readonly=True)
    attachment_id = fields.Many2one('ir.attachment', readonly=True, index='btree_not_null', ondelete='set null')

    _due_idx = models.Index("(next_at, id) WHERE state = 'waiting'")

    @api.model
    def _note(self, reference, files):
        """Note the files (:class:`FileRef`) of a message to be fetched; more than a message may have are named only."""
        now, limit = self.env.cr.now(), reference.channel_id._adapter().FILE_LIMIT
        rows = []
        for index, file in enumerate(files):
            reason = ''
            if index >= COUNT_LIMIT:
                reason = self.env._("A message may have %s files.", COUNT_LIMIT)
            elif file.size > limit:
                reason = self.env._("It is larger than %s MB.", limit // 1_000_000)
            rows.append({
                'reference_id': reference.id, 'name': _name(file.name), 'source': file.reference,
                'mimetype': file.mimetype, 'size': min(file.size, 2 ** 31 - 1), 'next_at': now,
                'state': 'failed' if reason else 'waiting', 'reason': reason or False})
        if rows:
            self.create(rows)
            self._wake()

    @api.model
    def _wake(self, at=None):
        self.env['helpdesk.ticket']._trigger_timer(CRON, at)

    def _line(self):
        """Return what the message says about the file, '' when it is there."""
        if self.state == 'done':
            return ''
        if self.state == 'failed':
            return self.env._("File not fetched: %(name)s. %(reason)s", name=self.name, reason=self.reason or '')
        return self.env._("File on its way: %s", self.name)

    # ------------------------------------------------------------
    # fetching
    # ------------------------------------------------------------

    @api.model
    def _cron_fetch(self):
        """Fetch what is due, one file a transaction."""
        progress = self.env['ir.cron']
        due = self.search_count([('state', '=', 'waiting'), ('next_at', '<=', fields.Datetime.now())], limit=COUNTED)
        if due:
            progress._commit_progress(remaining=due)
        while due and (file := self._claim()):
            file._fetch()
            if not progress._commit_progress(1):
                break
        [[at]] = self.env.execute_query(SQL(
            "SELECT MIN(next_at) FROM helpdesk_channel_file WHERE state = 'waiting'"))
        if at:
            self._wake(at if at > fields.Datetime.now() else None)

    @api.model
    def _claim(self):
        self.flush_model(['state', 'next_at'])
        rows = self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_channel_file WHERE state = 'waiting' AND next_at <= %s"
            " ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED", fields.Datetime.now()))
        return self.browse([row_id for [row_id] in rows])

    def _fetch(self):
        """Fetch the file now, and bring the message in line with what came of it."""
        try:
            channel = self.channel_id.with_company(self.channel_id.company_id)
            fetched = channel._fetch(self.source, channel._adapter().FILE_LIMIT)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # a service has many ways to answer nonsense
            _logger.exception("File %s of a messenger", self.id)
            fetched = None
        if fetched and not fetched.reason and not self._try_keep(fetched):
            fetched = Fetched(reason=self.env._("It could not be kept. The server's log says why."), retry=True)
        if not fetched or fetched.reason:
            self._note_failure(fetched)
        self.reference_id._show()

    def _try_keep(self, fetched):
        """Keep the file; tell whether that went well. One that cannot be kept must not stop those behind it."""
        try:
            with self.env.cr.savepoint():
                self._keep(fetched)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # what other modules have against a file, too
            _logger.exception("File %s of a messenger cannot be kept", self.id)
            return False
        return True

    def _keep(self, fetched):
        """Hang the file on the message. What it is decides its content, not what somebody says; pages are no pages."""
        message = self.reference_id.message_id
        if not message:
            self.write({'state': 'failed', 'reason': self.env._("The message is gone.")})
            return
        attachment = self.env['ir.attachment'].with_context(
            attachments_mime_plainxml=True, image_no_postprocess=True).create({
            'name': self.name, 'raw': fetched.content, 'mimetype': guess_mimetype(
                fetched.content, default=self.mimetype or fetched.mimetype or 'application/octet-stream'),
            'res_model': message.model, 'res_id': message.res_id})
        message.attachment_ids += attachment
        self.write({'state': 'done', 'attachment_id': attachment.id, 'reason': False, 'attempts': self.attempts + 1})

    def _note_failure(self, fetched):
        attempts = self.attempts + 1
        seconds = retrying.wait(attempts) if not fetched or (fetched.retry and attempts < ATTEMPTS) else None
        if not fetched and attempts >= ATTEMPTS:
            seconds = None
        self.write({
            'attempts': attempts, 'state': 'failed' if seconds is None else 'waiting',
            'reason': fetched.reason if fetched else self.env._("What the service answered makes no sense."),
            'next_at': seconds is not None and fields.Datetime.now() + timedelta(seconds=seconds)})

    def action_fetch_again(self):
        """Try to fetch these once more.

        :raise AccessError: for who may not set up their channels
        """
        self.check_access('read')
        self.channel_id.check_access('write')
        # sudo: files are the system's to fetch; that the user may set up the channel was checked
        self.sudo().filtered(lambda file: file.state == 'failed').write(
            {'state': 'waiting', 'attempts': 0, 'next_at': fields.Datetime.now()})
        self._wake()


def _name(name):
    """Return a name that is no path and holds nothing unprintable."""
    name = (name or '').replace('\\', '/').rpartition('/')[2]
    return ''.join(char for char in name if char.isprintable()).strip()[:200] or 'file'
