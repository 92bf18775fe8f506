import json
import logging
import time
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_routing import TYPED_CHANNELS
from odoo.addons.helpdesk_core.tools import outbound
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, html2plaintext

from ..tools import chat, retrying, signing, topics

_logger = logging.getLogger(__name__)
CRON = 'helpdesk_webhook.ir_cron_deliveries'
# how often the job runs by itself
INTERVAL = timedelta(minutes=5)
COUNTED = 1000
# milliseconds after which a receiver is one that takes its time
SLOW = 1000
TEXT_LIMIT = 20_000
# Due, its webhook at work, and nothing before it on the same ticket: what is waiting there is either tried first or
# in another worker's hands.
_READY = """
    FROM helpdesk_webhook_delivery d JOIN helpdesk_webhook w ON w.id = d.webhook_id
    WHERE d.state = 'waiting' AND d.next_at <= %(now)s
      AND w.active AND (w.paused_until IS NULL OR w.paused_until <= %(now)s)
      AND NOT EXISTS (
        SELECT FROM helpdesk_webhook_delivery e
        WHERE e.webhook_id = d.webhook_id AND e.ticket_id = d.ticket_id AND e.state = 'waiting' AND e.id < d.id)
"""


# not the receiver's fault: it is never asked
WITHHELD = 'withheld'


class Outcome(NamedTuple):
    """How an attempt went: ``verdict`` ('sent', 'retry', 'failed'; WITHHELD: not even tried), and what there is to keep
    of it."""
    verdict: str
    status: int = 0
    error: str = ''
    response: str = ''
    retry_after: int = 0
    duration: int = 0


class HelpdeskWebhookDeliverySendingMixin(models.AbstractModel):
    """Sends what is waiting: in order within a ticket and webhook, each in a transaction of its own, at least once and
    always under the same identifier (threats: F2)."""
    _name = 'helpdesk.webhook.delivery.sending.mixin'
    _description = "Webhook Delivery: Sending"

    @api.model
    def _wake(self, at=None):
        """Have the job called at ``at`` (naive UTC), or as soon as this transaction is through."""
        woken = self.env.cr.precommit.data
        if at or not woken.get(CRON):
            self.env['helpdesk.ticket']._trigger_timer(CRON, at)
            woken.update({CRON: True} if not at else {})

    @api.model
    def _cron_send(self):
        """Send what is due; what fails never stops the rest."""
        progress = self.env['ir.cron']
        ready = self._count_ready()
        if ready:
            progress._commit_progress(remaining=ready)
        slow = set()
        while ready and (delivery := self._claim(slow)):
            webhook, outcome = delivery.webhook_id, delivery._attempt()
            delivery._keep(outcome)
            if outcome.duration > SLOW:
                slow.add(webhook.id)
            more = progress._commit_progress(1)
            if outcome.verdict != WITHHELD:
                webhook._note_outcome_apart(outcome)
            if not more:
                break
        self._wake_next()

    @api.model
    def _count_ready(self):
        [[count]] = self.env.execute_query(SQL(
            "SELECT COUNT(*) FROM (SELECT 1 %s LIMIT %s) ready", self._ready(), COUNTED))
        return count

    @api.model
    def _claim(self, slow=()):
        """Lock the delivery that is due first and that no other worker has, and return it; nothing: an empty set.

        :param slow: ids of webhooks whose receivers take their time: whatever else is due goes before them
        """
        rows = self.env.execute_query(SQL(
            "SELECT d.id %s ORDER BY d.webhook_id = ANY(%s), d.next_at, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED",
            self._ready(), list(slow)))
        return self.browse([row_id for [row_id] in rows])

    @api.model
    def _ready(self):
        """Return what is due, from FROM on (SQL), as the database knows it."""
        self._flush_queue()
        return SQL(_READY, now=self._now())

    @api.model
    def _flush_queue(self):
        self.flush_model(['state', 'next_at', 'webhook_id', 'ticket_id'])
        self.env['helpdesk.webhook'].flush_model(['active', 'paused_until'])

    @api.model
    def _now(self):
        """Return the time to the second (naive UTC). A job goes on for longer than one transaction does."""
        return fields.Datetime.now()

    @api.model
    def _wake_next(self):
        """Have the job called when something is due next, where that is before its next turn anyway."""
        self._flush_queue()
        [[at]] = self.env.execute_query(SQL("""
            SELECT MIN(GREATEST(d.next_at, w.paused_until))
            FROM helpdesk_webhook_delivery d JOIN helpdesk_webhook w ON w.id = d.webhook_id
            WHERE d.state = 'waiting' AND w.active"""))
        now = self._now()
        if at and at < now + INTERVAL:
            self._wake(at if at > now else None)

    # ------------------------------------------------------------
    # one attempt
    # ------------------------------------------------------------

    def _attempt(self):
        """Send this delivery once and return the :class:`Outcome`; nothing is written."""
        self.ensure_one()
        if self._is_limited(self.ticket_id):
            return Outcome(WITHHELD, error=self.env._(
                "The ticket is of a type by now that the webhook is not chosen for. A member of the type's groups can "
                "choose it under “Limited Types”, and send this again."))
        try:
            with self.env.cr.savepoint(flush=False):
                body = self._body()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # whatever it was, the others must not wait
            _logger.exception("Webhook delivery %s cannot be written down", self.id)
            return Outcome('failed', error=self.env._("It could not be written down. The server's log says why."))
        start = time.monotonic()
        try:
            outcome = self._post(body)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # a receiver has many ways to answer nonsense
            _logger.exception("Webhook delivery %s: the answer makes no sense", self.id)
            outcome = Outcome('retry', error=self.env._("What was answered makes no sense. The server's log says why."))
        return outcome._replace(duration=round((time.monotonic() - start) * 1000))

    def _is_limited(self, tickets):
        """Tell whether one of ``tickets`` is of a type that is kept to some groups, and the webhook not chosen for it:
        now, whatever it was when the event was noted."""
        return bool(tickets.type_id.filtered('group_ids') - self.webhook_id.limited_type_ids)

    def _post(self, body):
        webhook = self.webhook_id
        headers = {'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Odoo-Helpdesk-Webhook/1.0',
                   **signing.headers(webhook._signing_keys(), self.uid, int(time.time()), body)}
        try:
            target = outbound.check_url(webhook.url)
            answer = outbound.post(
                webhook.url, body, headers, allow_private=webhook._is_private_allowed(target))
        except outbound.OutboundError as error:
            return Outcome('retry' if error.retry else 'failed', status=error.status, error=str(error))
        verdict = retrying.verdict(answer.status)
        wish = retrying.retry_after(answer.headers.get('retry-after'), self._now())
        error = '' if answer.ok else self.env._("The receiver answered with the status %s.", answer.status)
        return Outcome(verdict, answer.status, error, answer.text, wish)

    def _keep(self, outcome):
        """Write down how an attempt went, and when the next one is."""
        now, attempts = self._now(), self.attempts + 1
        vals = {'attempts': attempts, 'status': outcome.status, 'error': outcome.error or False, 'next_at': False,
                'response': outcome.response or False, 'duration': outcome.duration, 'state': outcome.verdict}
        if outcome.verdict == 'sent':
            vals['sent_at'] = now
        elif outcome.verdict == WITHHELD:
            vals.update(state='failed', attempts=self.attempts)
        elif outcome.verdict == 'retry':
            seconds = retrying.wait(attempts, outcome.retry_after)
            vals['state'] = 'failed' if seconds is None else 'waiting'
            vals['next_at'] = seconds is not None and now + timedelta(seconds=seconds)
        self.write(vals)
        _logger.info("Webhook delivery %s: %s, status %s, attempt %s, %s ms", self.id, vals['state'], outcome.status,
                     attempts, outcome.duration)

    # ------------------------------------------------------------
    # what is sent
    # ------------------------------------------------------------

    def _body(self):
        """Return the bytes that are sent, in the format of the webhook."""
        webhook = self.webhook_id
        payload = json.loads(self.payload)
        if message := self._message_part():
            payload['data']['message'] = message
        if webhook.format != 'json':
            here = self.with_context(lang=webhook.company_id.partner_id.lang)
            payload = chat.FORMATS[webhook.format](payload, here._sentence(payload), here._labels())
        return json.dumps(payload, ensure_ascii=False).encode()

    def _labels(self):
        return {'customer': self.env._("Customer"), 'team': self.env._("Team"), 'assignee': self.env._("Assignee")}

    def _sentence(self, payload):
        """Return in words what happened: nothing that is not in the payload."""
        _ = self.env._
        what = self._topic_names().get(payload['type'], payload['type'])
        change, actor = payload['data']['change'] or {}, payload['data']['actor']
        old, new = change.get('old'), change.get('new')
        if old and new:
            what = _("%(what)s: %(old)s → %(new)s", what=what, old=old, new=new)
        elif old or new:
            what = _("%(what)s: %(value)s", what=what, value=new or _("no longer %s", old))
        return _("%(what)s, by %(who)s", what=what, who=actor['name']) if actor['kind'] != 'system' else what

    def _message_part(self):
        """Return the words that go along (dict of ``id``, ``author``, ``text``), or None: where the webhook sends none,
        where they are gone or have become internal since."""
        event, webhook, ticket, message = self.event_id, self.webhook_id, self.ticket_id, self.event_id.message_id
        if not event or not webhook.include_text:
            return None
        # a merge may have moved the words to another ticket since
        places = ticket | ticket.browse(message.res_id if message.model == ticket._name else ()).exists()
        if self._is_limited(places):
            return None
        if event.kind == 'created':
            return self._description_part()
        internal = message.is_internal or not message.subtype_id or message.subtype_id.internal
        allowed = not internal if event.kind in topics.PUBLIC_MESSAGES else (
            event.kind == 'internal_note' and webhook.send_notes)
        if not message or not allowed:
            return None
        return {'id': message.id, 'author': message.author_id.name or message.email_from or None,
                'text': _plain(message.body)}

    def _description_part(self):
        """Return the first request as :meth:`_message_part` does. What an agent typed, such as the notes of a call, is
        a note."""
        ticket, typed = self.ticket_id, self.ticket_id.channel in TYPED_CHANNELS
        text = _plain(ticket.description) if not typed or self.webhook_id.send_notes else ''
        author = self.event_id.author_id if typed else ticket.partner_id
        return {'id': None, 'author': author.name or None, 'text': text} if text else None


def _plain(body):
    return chat.cut(html2plaintext(body or '', include_references=False).strip(), TEXT_LIMIT)
