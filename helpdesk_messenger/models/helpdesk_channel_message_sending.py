import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools import retrying
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import plain
from ..tools.adapter import Sent, Upload

_logger = logging.getLogger(__name__)
CRON = 'helpdesk_messenger.ir_cron_messages'
# how often the job runs by itself
INTERVAL = timedelta(minutes=5)
COUNTED = 1000
# Due, its channel at work, and nothing before it to the same person.
_READY = """
    FROM helpdesk_channel_message m JOIN helpdesk_channel c ON c.id = m.channel_id
    WHERE m.state = 'queued' AND m.next_at <= %(now)s
      AND c.active AND c.state NOT IN ('off', 'error') AND (c.paused_until IS NULL OR c.paused_until <= %(now)s)
      AND NOT EXISTS (
        SELECT FROM helpdesk_channel_message e
        WHERE e.person_id = m.person_id AND e.state = 'queued' AND e.next_at IS NOT NULL AND e.id < m.id)
"""


class HelpdeskChannelMessageSendingMixin(models.AbstractModel):
    """Sends what waits: in order within a conversation, each part of a message in a transaction of its own. What a
    service may or may not have taken (it did not answer) is sent again only where the service knows what it has seen;
    elsewhere people decide."""
    _name = 'helpdesk.channel.message.sending.mixin'
    _description = "Answer by Messenger: Sending"

    @api.model
    def _wake(self, at=None):
        """Have the job called at ``at`` (naive UTC), or as soon as this transaction is through."""
        self.env['helpdesk.ticket']._trigger_timer(CRON, at)

    @api.model
    def _now(self):
        """Return the time to the second (naive UTC). A job goes on for longer than one transaction does."""
        return fields.Datetime.now()

    @api.model
    def _cron_send(self):
        """Send what is due; what fails never stops the rest."""
        progress = self.env['ir.cron']
        [[ready]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM (SELECT 1 %s LIMIT %s) r", self._ready(), COUNTED))
        if ready:
            progress._commit_progress(remaining=ready)
        while ready and (message := self._claim()):
            more = message._send(progress)
            if not more:
                break
        self._wake_next()

    @api.model
    def _ready(self):
        self.flush_model(['state', 'next_at', 'channel_id', 'person_id'])
        self.env['helpdesk.channel'].flush_model(['active', 'state', 'paused_until'])
        return SQL(_READY, now=self._now())

    @api.model
    def _claim(self):
        """Lock the message that is due first and that no other worker has, and return it; nothing: an empty set."""
        rows = self.env.execute_query(SQL(
            "SELECT m.id %s ORDER BY m.next_at, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED", self._ready()))
        return self.browse([row_id for [row_id] in rows])

    @api.model
    def _wake_next(self):
        """Have the job called when something is due next, where that is before its next turn anyway."""
        self._ready()
        [[at]] = self.env.execute_query(SQL("""
            SELECT MIN(GREATEST(m.next_at, c.paused_until))
            FROM helpdesk_channel_message m JOIN helpdesk_channel c ON c.id = m.channel_id
            WHERE m.state = 'queued' AND c.active AND c.state NOT IN ('off', 'error')"""))
        now = self._now()
        if at and at < now + INTERVAL:
            self._wake(at if at > now else None)

    # ------------------------------------------------------------
    # one message
    # ------------------------------------------------------------

    def _send(self, progress):
        """Send what is left of the message; return whether the job may go on."""
        self = self.with_company(self.company_id)  # noqa: PLW0642
        if self.channel_id.kind == 'sms':
            self._send_sms()
            return progress._commit_progress(1)
        try:
            with self.env.cr.savepoint(flush=False):
                calls = self._calls()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except ValueError as error:
            self._fail(str(error))
            return progress._commit_progress(1)
        except Exception:  # whatever it was, the others must not wait
            _logger.exception("Answer %s cannot be written down for a messenger", self.id)
            self._fail(self.env._("It could not be written down. The server's log says why."))
            return progress._commit_progress(1)
        self.write({'part_count': len(calls)})
        return self._send_parts(calls, progress)

    def _send_parts(self, calls, progress):
        person_id, more = self.person_id.id, True
        while self.parts_sent < len(calls):
            sent = self._make(calls[self.parts_sent])
            if not sent.ok:
                self._note_refusal(sent)
                return progress._commit_progress(1)
            self._note_part(sent, person_id)
            if self.parts_sent >= len(calls):
                self._advance('sent')
            more = progress._commit_progress(1 if self.parts_sent >= len(calls) else 0)
            if not self.try_lock_for_update():
                return more  # somebody else goes on with it
        return more

    def _make(self, call):
        try:
            return self.channel_id._ask(call)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # a service has many ways to answer nonsense
            _logger.exception("Answer %s by messenger: what was answered makes no sense", self.id)
            return Sent(False, reason=self.env._("What was answered makes no sense. The server's log says why."),
                        retry=True, unclear=True)

    def _note_part(self, sent, person_id):
        """Keep by what name the service knows the part that it just took."""
        references, part = self.env['helpdesk.channel.reference'], self.parts_sent
        if sent.service_id and not references._find(self.channel_id, sent.service_id):
            references.create({
                'channel_id': self.channel_id.id, 'service_id': sent.service_id, 'person_id': person_id,
                'message_id': self.mail_message_id.id, 'ticket_id': self.ticket_id.id, 'outgoing_id': self.id,
                'part': part, 'at': self._now()})
        self.write({'parts_sent': part + 1})

    def _note_refusal(self, sent):
        """Keep why a message (or a part of it) was not taken, and when the next attempt is."""
        now, attempts = self._now(), self.attempts + 1
        if sent.channel:
            self.channel_id._note_trouble(sent.reason)
            self.write({'attempts': attempts, 'reason': sent.reason, 'next_at': now})
            self._show()
            return
        if sent.template and self.template_id:
            self.template_id.state = sent.template  # nobody else is offered it
        if sent.wait:
            self.channel_id.write({'paused_until': now + timedelta(seconds=sent.wait)})
        seconds = retrying.wait(attempts, sent.wait, prompt=True) if sent.retry else None
        self.write({'attempts': attempts})
        if sent.unclear and not getattr(self.channel_id._adapter(), 'REPEATABLE', False):
            self._leave_unclear(sent.reason)
            return
        if seconds is None:
            self._fail(sent.reason)
            return
        self.write({'reason': sent.reason, 'next_at': now + timedelta(seconds=seconds)})
        self._show()

    # ------------------------------------------------------------
    # what is sent
    # ------------------------------------------------------------

    def _calls(self):
        """Return the calls (list) that bring the message.

        :raise ValueError: when it cannot be sent as it is
        """
        channel = self.channel_id
        self._check_public()
        credentials = channel._credentials(message_key=f'{self._database()}/{self.id}')
        if self.template_id or self.template_told:
            if not self.template_told:
                raise ValueError(self.env._("What was filled into the template is gone."))
            return channel._adapter().send_template(credentials, self.person_id.sender, self.template_told)
        return channel._adapter().send(credentials, self.person_id.sender, self._words(), self._uploads(), '')

    @api.model
    def _database(self):
        return self.env['ir.config_parameter'].sudo().get_param('database.uuid')  # sudo: a parameter

    def _words(self):
        """Return what the message says (text).

        :raise ValueError: when it is not for anybody outside
        """
        self._check_public()
        words = plain.plain(str(self.mail_message_id.body or ''))
        return '\n\n'.join(filter(None, [words, self._rating_words()]))

    def _rating_words(self):
        """Return the question after an answer that solves the ticket (text): how it was; '' where nobody is asked."""
        link = self.asks_rating and self.ticket_id._customer_link()
        if not link:
            return ''
        lang = self.env['helpdesk.macro']._usable_lang(self.ticket_id.customer_lang)
        return self.with_context(lang=lang).env._("How did we do? Tell us here: %s", link)

    def _check_public(self):
        """:raise ValueError: when the message is not for anybody outside (promise 2)"""
        message = self.mail_message_id
        if message.is_internal or not message.subtype_id or message.subtype_id.internal:
            raise ValueError(self.env._("It is an internal note: nobody outside gets it."))

    def _uploads(self):
        """Return the files of the message (list of :class:`Upload`).

        :raise ValueError: when one is larger than the service takes
        """
        channel, files = self.channel_id, self.mail_message_id.attachment_ids.sorted('id')
        limit = channel._adapter().FILE_LIMIT
        if large := files.filtered(lambda file: file.file_size > limit)[:1]:
            raise ValueError(self.env._(
                "%(file)s is larger than the %(limit)s MB that the service takes.", file=large.name,
                limit=limit // 1_000_000))
        return [Upload(file.name, file.mimetype or 'application/octet-stream', file.raw or b'') for file in files]

    # ------------------------------------------------------------
    # SMS
    # ------------------------------------------------------------

    def _send_sms(self):
        """Hand the message to Odoo's own SMS service, which sends it and tells what became of it."""
        try:
            words = self._words()
        except ValueError as error:
            self._fail(str(error))
            return
        if self.mail_message_id.attachment_ids:
            self._fail(self.env._("An SMS holds no files. Send a link to them."))
        elif not words:
            self._fail(self.env._("There is nothing to send."))
        else:
            sms = self.env['sms.sms'].create({
                'number': self.person_id.phone or self.person_id.sender, 'body': words,
                'partner_id': self.person_id.partner_id.id})
            self.env['sms.tracker'].create({'sms_uuid': sms.uuid})
            self.write({'sms_uuid': sms.uuid, 'next_at': False, 'attempts': self.attempts + 1})
