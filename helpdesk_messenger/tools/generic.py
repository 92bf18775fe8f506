"""A signed webhook in both directions, for every service that has no adapter of its own.

Both directions are signed by the Standard Webhooks specification (version 1, symmetric): ``webhook-id``,
``webhook-timestamp`` (seconds since 1970) and ``webhook-signature`` = ``v1,`` and base64 of the HMAC-SHA256 of
``<id>.<timestamp>.<body>``; the secret is ``whsec_`` and base64. A call older than five minutes is refused.

Credentials: ``signing_secret``, ``peer_url`` (where answers are sent). The JSON is described in the module's README.
"""
import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from datetime import UTC, datetime

from .adapter import Call, FileRef, Incoming, Receipt, Received, Sent
from .plain import split

WINDOW = None
REPEATABLE = True
TEXT_LIMIT = 20_000
FILE_LIMIT = 25_000_000
TOLERANCE = 300  # seconds
PREFIX = 'whsec_'
STATES = ('sent', 'delivered', 'read', 'failed')
MOST = 1000  # messages and receipts of one call


def new_secret():
    """Return a fresh secret (text)."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret, message_id, timestamp, body):
    """Return ``v1,<base64>`` for ``body`` (bytes), '' where the secret is none."""
    try:
        key = base64.b64decode((secret or '').removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return ''
    if not key:
        return ''
    signed = f'{message_id}.{timestamp}.'.encode('utf-8', 'replace') + body
    return 'v1,' + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def verify(credentials, headers, body, now=None):
    """The peer proves itself by the signature, and that the call is none from long ago by its time."""
    message_id, timestamp = headers.get('webhook-id') or '', headers.get('webhook-timestamp') or ''
    if not message_id or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 13):
        return False
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE:
        return False
    expected = signature(credentials.get('signing_secret'), message_id, timestamp, body)
    given = (headers.get('webhook-signature') or '').split()[:10]
    return bool(expected) and any(
        hmac.compare_digest(expected.encode(), one.encode('utf-8', 'replace')) for one in given)


def handshake(credentials, query):
    """The peer asks nothing."""
    return None


def read(credentials, body):
    """Return what a call tells; see the contract in ``adapter``."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("The call is no JSON.") from error
    if not isinstance(told, dict):
        raise ValueError("The call is no JSON object.")
    messages, receipts = told.get('messages', []), told.get('receipts', [])
    if not isinstance(messages, list) or not isinstance(receipts, list):
        raise ValueError("“messages” and “receipts” are lists.")
    if len(messages) + len(receipts) > MOST:
        raise ValueError(f"A call holds at most {MOST} messages and receipts.")
    return Received(tuple(map(_message, messages)), tuple(map(_receipt, receipts)))


def _message(values):
    if not isinstance(values, dict):
        raise ValueError("A message is a JSON object.")
    sender = values.get('sender')
    if not isinstance(sender, dict):
        raise ValueError("A message needs its “sender”, an object with an “id”.")
    files = values.get('files') or []
    if not isinstance(files, list):
        raise ValueError("“files” is a list.")
    return Incoming(
        service_id=_needed(values, 'id'), sender=_needed(sender, 'id'), text=_text(values, 'text', 100_000),
        sender_name=_text(sender, 'name'), sender_phone=_text(sender, 'phone'), sender_email=_text(sender, 'email'),
        files=tuple(map(_file, files)), reply_to=_text(values, 'reply_to'), at=_moment(values.get('at')),
        edited=values.get('edited') is True)


def _file(values):
    if not isinstance(values, dict):
        raise ValueError("A file is a JSON object.")
    size = values.get('size')
    return FileRef(_needed(values, 'url', 2000), _text(values, 'name'), _text(values, 'mimetype'),
                   size if isinstance(size, int) and 0 < size < 2 ** 53 else 0)


def _receipt(values):
    if not isinstance(values, dict) or values.get('state') not in STATES:
        raise ValueError("A receipt is a JSON object whose “state” is one of: " + ', '.join(STATES))
    return Receipt(_needed(values, 'id'), values['state'], _text(values, 'reason'), _moment(values.get('at')))


def send(credentials, to, text, files, reply_to):
    """Return the calls that bring ``text`` and ``files`` to ``to``: one a message; the files go with the last."""
    if not text and not files:
        raise ValueError("There is nothing to send.")
    parts = split(text, TEXT_LIMIT) or ['']
    calls = []
    for index, part in enumerate(parts):
        message_id, timestamp = _message_id(credentials, index), str(int(time.time()))
        body = json.dumps({
            'id': message_id, 'to': to, 'text': part, 'reply_to': (reply_to or None) if not index else None,
            'files': [{'name': file.name, 'mimetype': file.mimetype,
                       'content': base64.b64encode(file.content).decode()}
                      for file in (files if index == len(parts) - 1 else ())],
        }, ensure_ascii=False).encode()
        calls.append(_signed(credentials, message_id, timestamp, body))
    return calls


def check(credentials):
    """Return the calls (list) that show whether the peer takes what we send; it does nothing about them."""
    if not credentials.get('peer_url'):
        return []
    message_id = 'msg_' + secrets.token_urlsafe(18)
    body = json.dumps({'id': message_id, 'test': True}).encode()
    return [_signed(credentials, message_id, str(int(time.time())), body)]


def _signed(credentials, message_id, timestamp, body):
    return Call('POST', credentials.get('peer_url') or '', {
        'Content-Type': 'application/json; charset=utf-8', 'webhook-id': message_id, 'webhook-timestamp': timestamp,
        'webhook-signature': signature(credentials.get('signing_secret'), message_id, timestamp, body)}, body)


def _message_id(credentials, index):
    """Return what the peer knows a message by: the same however often it is sent."""
    key = credentials.get('message_key') or secrets.token_urlsafe(18)
    return 'msg_' + hashlib.sha256(f'{key}/{index}'.encode()).hexdigest()[:32]


def sent(answer_status, answer_headers, answer_body):
    """Return what the peer said. Its answer may hold the id by which it speaks of the message in receipts."""
    try:
        answer = json.loads(answer_body or b'{}')
    except (ValueError, RecursionError):
        answer = None
    answer = answer if isinstance(answer, dict) else {}
    if 200 <= answer_status < 300:
        return Sent(True, _text(answer, 'id'))
    told = (answer_headers or {}).get('retry-after') or ''
    wait = min(int(told[:9]), 86400) if told.isascii() and told.isdigit() else 0
    said = _text(answer, 'reason')[:200] or f"The other side answered with the status {answer_status}."
    return Sent(False, reason=said, retry=answer_status >= 500 or answer_status in (408, 425, 429), wait=wait,
                channel=answer_status in (401, 410))


def fetch(credentials, reference):
    """Return the call that brings the file at an address."""
    if not reference.startswith(('https://', 'http://')):
        raise ValueError("The file has no web address.")
    return Call('GET', reference)


def _needed(values, name, limit=200):
    value = values.get(name)
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise ValueError(f"“{name}” is missing, or is no text of at most {limit} characters.")
    if not value.strip().isprintable():  # without them it would be the id of somebody else
        raise ValueError(f"“{name}” holds characters that cannot be kept.")
    return value.strip()


def _text(values, name, limit=500):
    value = values.get(name)
    return value.strip()[:limit] if isinstance(value, str) else ''


def _moment(value):
    """Return the aware datetime of an ISO text or of seconds since 1970, None for what is none."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        pass
    return None
