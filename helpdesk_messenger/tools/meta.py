"""What WhatsApp, Messenger and Instagram have in common: Meta's webhooks and its Graph API.

Sources: https://developers.facebook.com/docs/graph-api/webhooks/getting-started and
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""
import hashlib
import hmac
import json
import re
from dataclasses import dataclass

from . import wire
from .adapter import Call, Sent

HOST = 'graph.facebook.com'
VERSION = 'v25.0'  # each is served for two years at least; the channel may name another one

# Answers to whom the whole channel belongs: the key expired or was taken back, permissions are missing, the account is
# blocked. Codes of the Graph API itself; each service adds its own.
CHANNEL = {
    0: "Meta does not accept the access token.",
    3: "The app lacks a permission that this channel needs.",
    10: "The app lacks a permission that this channel needs.",
    102: "Meta does not accept the access token.",
    190: "The access token has expired or was taken back. Make a new one at Meta and enter it in the channel.",
    368: "Meta has blocked this account for some time because of its rules.",
}
BUSY = {4, 17, 32, 341, 613, 80002, 80006, 80007}  # too much at once: later again
PASSING = {1, 2, 1200}  # Meta has a bad moment: later again
BUSY_WAIT = 60


@dataclass(frozen=True)
class Fault:
    """What Meta says is wrong: its ``code``, the finer ``subcode``, and ``words`` of its own."""
    code: int = -1
    subcode: int = 0
    words: str = ''


def verify(credentials, headers, body):
    """Tell whether ``body`` (bytes) was signed with the app's secret."""
    secret = credentials.get('app_secret') or ''
    given = headers.get('x-hub-signature-256') or ''
    if not secret or not isinstance(given, str):
        return False
    meant = 'sha256=' + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(meant.encode(), given.encode('utf-8', 'replace'))


def handshake(credentials, query):
    """Return what Meta wants to read when it asks whether this address is ours, None when it is somebody else."""
    token, given = credentials.get('verify_token') or '', query.get('hub.verify_token') or ''
    known = token and hmac.compare_digest(token.encode(), given.encode('utf-8', 'replace'))
    if not known or query.get('hub.mode') != 'subscribe':
        return None
    return wire.ident(query.get('hub.challenge')) or None


def entries(body, kind):
    """Return the entries (list of dicts) of a call about ``kind`` ('whatsapp_business_account', 'page', 'instagram').

    :raise ValueError: when it is about something else, or no call of Meta
    """
    told = wire.load(body)
    if told.get('object') != kind:
        raise ValueError(f"This is no call about {kind}. Check which webhooks lead to this address.")
    if not isinstance(told.get('entry'), list):
        raise ValueError("The call has no entries.")
    return wire.tables(told['entry'])


def address(credentials, *path):
    """Return the address of ``path`` at the Graph API.

    :raise ValueError: when the channel names a version that is none
    """
    version = (credentials.get('version') or VERSION).strip()
    if not re.fullmatch(r'v\d{1,3}\.\d{1,2}', version):
        raise ValueError(f"A version of Meta's API looks like {VERSION}.")
    return '/'.join((f'https://{HOST}', version, *path))


def token(credentials):
    """Return the headers that say who we are.

    :raise ValueError: as long as there is no token
    """
    if not credentials.get('token'):
        raise ValueError("The channel has no access token yet.")
    return {'Authorization': f"Bearer {credentials['token']}"}


def get(credentials, path, then=None):
    """Return the :class:`Call` that asks for ``path`` (with its query)."""
    return Call('GET', address(credentials, path), token(credentials), secrets=(credentials['token'],), then=then,
                hosts=(HOST,))


def post(credentials, path, told):
    """Return the :class:`Call` that posts ``told`` (dict) as JSON."""
    return Call('POST', address(credentials, *path), {**token(credentials), 'Content-Type': 'application/json'},
                json.dumps(told).encode(), secrets=(credentials['token'],), hosts=(HOST,))


def upload(credentials, path, fields, name, file, then):
    """Return the :class:`Call` that brings a file (:class:`Upload`) to Meta as ``name``, before ``then``."""
    kind, body = wire.multipart(fields, name, file)
    return Call('POST', address(credentials, *path), {**token(credentials), 'Content-Type': kind}, body,
                secrets=(credentials['token'],), then=then, hosts=(HOST,))


def fault(said):
    """Return the :class:`Fault` in an error (dict) of the Graph API or of a webhook."""
    said = wire.table(said)
    told = (wire.table(said.get('error_data')).get('details'), said.get('message'), said.get('title'))
    words = next(filter(None, (_words(one) for one in told)), '')
    return Fault(_number(said.get('code'), -1), _number(said.get('error_subcode'), 0), words)


def _words(value):
    """Return the beginning of what Meta says, without keys: it repeats an access token that it does not understand."""
    said = re.sub(r'^\(#\d+\)', '', wire.text(value))  # the number is told anyway
    return wire.text(re.sub(r'[\w-]{60,}', '…', said), 300)


def _number(value, otherwise):
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def answer(body):
    """Return the JSON object that Meta answered, an empty dict if it is none."""
    try:
        return wire.load(body)
    except ValueError:
        return {}


def taken(told, found):
    """Return the :class:`Sent` for a success that tells an id, or is no more than that; None where it is neither."""
    return Sent(True, found) if found or told.get('success') is True else None


def refused(status, headers, body, judge):
    """Return the :class:`Sent` for an answer that is no success. ``judge(fault)`` returns the :class:`Sent` for what
    the service's own documentation says of the fault, None to leave it to the general rules."""
    found = fault(answer(body).get('error'))
    wait = wire.retry_after(headers)
    said = judge(found)
    if said:
        return said
    if found.code in BUSY or status == 429:
        return not_sent("Too many messages at once.", found, retry=True, wait=wait or BUSY_WAIT)
    if found.code in PASSING or status >= 500 or status == 408:
        return not_sent("The service has a problem of its own.", found, retry=True, wait=wait)
    if found.code in CHANNEL or 200 <= found.code < 300 or status == 401:
        return channel(CHANNEL.get(found.code) or CHANNEL[10 if found.code > 0 else 0], found)
    return not_sent("The service refused the message.", found)


def channel(sentence, found):
    """Return the :class:`Sent` for a fault that stops the whole channel."""
    return not_sent(sentence, found, channel=True)


def not_sent(sentence, found, **more):
    """Return the :class:`Sent` for a fault with a ``sentence`` for people and what Meta says itself."""
    return Sent(False, reason=reason(sentence, found), **more)


def reason(sentence, found):
    """Return ``sentence`` with what the service said of ``found``, so that it can be looked up there."""
    said = ': '.join(filter(None, (f'{found.code}' if found.code >= 0 else '', found.words)))
    return f"{sentence} ({said})" if said else sentence
