"""Facebook Messenger and Instagram messages, which share one interface; ``facebook.py`` and ``instagram.py`` are the
adapters themselves.

Credentials: ``token`` (access token of the Facebook page, also for Instagram), ``app_secret``, ``verify_token``,
``account`` (id of the page, or of the Instagram professional account), ``human_agent`` (bool: Meta has allowed the app
to let people answer for seven days), ``version`` of the Graph API (optional).

Sources: https://developers.facebook.com/documentation/business-messaging/messenger-platform and
https://developers.facebook.com/documentation/business-messaging/instagram-messaging
"""
import posixpath
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from . import meta, wire
from .adapter import MARK, Call, FileRef, Incoming, Receipt, Received, Sent

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
MEGABYTE = 1_000_000
FILE_LIMIT = 25 * MEGABYTE
ATTACHMENTS = {'image': '.jpg', 'video': '.mp4', 'audio': '.mp4', 'file': '', 'story_mention': ''}

FIELDS = ('messages', 'messaging_postbacks', 'message_reactions', 'message_deliveries', 'message_reads',
          'message_edits')
CLOSED = {2018065, 2018278, 2534022}
GONE = {551, 1545041, 2018001, 2018108}
FAR = 'https://'


@dataclass(frozen=True)
class Service:
    """What differs: ``name``, the ``kind`` of its calls, the most text of a message as ``size`` counts it, the fields
    that hold a person's name, and as what it takes files: ``{kind: (beginnings of MIME types, most bytes)}``."""
    name: str
    kind: str
    text_limit: int
    size: Callable
    profile: tuple
    files: dict
    platform: str = ''
    quotes: bool = False


verify = meta.verify
handshake = meta.handshake


def window(credentials):
    """Return how long after the customer's last message we may write."""
    return HUMAN_WINDOW if credentials.get('human_agent') else WINDOW


# ------------------------------------------------------------
# in
# ------------------------------------------------------------
def read(service, credentials, body):
    """Return what a call (bytes) tells us (:class:`Received`): what is about another account, comments and whatever
    else is no message to us, is only counted.

    :raise ValueError: when it is no call of the ``service``
    """
    account = wire.ident(credentials.get('account')) or None
    messages, receipts, unknown = [], [], 0
    for entry in meta.entries(body, service.kind):
        events = wire.tables(entry.get('messaging'))
        if wire.ident(entry.get('id')) != account or not events:
            unknown += max(1, len(events))
            continue
        unknown += len(wire.tables(entry.get('changes'))) + len(wire.tables(entry.get('standby')))
        for event in events:
            told = _receipts(event)
            message = None if told else _incoming(event, account)
            receipts += told
            messages += [message] if message else []
            unknown += not (told or message)
    return Received(tuple(messages), tuple(receipts), unknown)


def _receipts(event):
    """Return what ``event`` (dict) says of messages of ours. Where it names a time only, nobody can say of which."""
    found = []
    for key, state in (('delivery', 'delivered'), ('read', 'read')):
        told = wire.table(event.get(key))
        named = told.get('mids') if isinstance(told.get('mids'), list) else [told.get('mid')]
        at = wire.moment(told.get('watermark') or event.get('timestamp'), 1000)
        found += [Receipt(wire.ident(one), state, at=at) for one in named if wire.ident(one)]
    return found


def _incoming(event, account):
    """Return the :class:`Incoming` of an event (dict), None where nothing is said to us."""
    sender = wire.ident(wire.table(event.get('sender')).get('id'))
    message = wire.table(event.get('message'))
    if not sender or sender == account or message.get('is_echo'):
        return None
    service_id, said, files, reply_to, edited = _said(event, message)
    if not service_id or not (said or files):
        return None
    return Incoming(service_id, sender, said, files=files, reply_to=reply_to, edited=edited,
                    at=wire.moment(event.get('timestamp'), 1000))


def _said(event, message):
    """Return ``(service_id, text, files, reply_to, edited)`` of an event."""
    if message:
        mid = wire.ident(message.get('mid'))
        if message.get('is_deleted'):
            return mid, "[The customer has taken this message back]", (), '', True
        text, files = _content(message)
        return mid, text, files, wire.ident(wire.table(message.get('reply_to')).get('mid')), False
    edit, postback, reaction = (wire.table(event.get(key)) for key in ('message_edit', 'postback', 'reaction'))
    if edit:
        return wire.ident(edit.get('mid')), wire.text(edit.get('text')), (), '', True
    if postback:
        mid = wire.ident(postback.get('mid')) or _made_id('postback', event)
        return mid, wire.text(postback.get('title')) or wire.text(postback.get('payload')), (), '', False
    if reaction and reaction.get('action') == 'react':
        mid = wire.ident(reaction.get('mid'))
        return _made_id('reaction', event, mid), wire.text(reaction.get('emoji'), 20), (), mid, False
    return '', '', (), '', False


def _made_id(kind, event, *more):
    """Return an id for what has none of its own: the same for the same event, however often it comes."""
    sender, time = wire.table(event.get('sender')).get('id'), wire.ident(event.get('timestamp'))
    return wire.ident('.'.join((kind, wire.ident(sender), time, *more))) if time else ''


def _content(message):
    """Return ``(text, files)`` of a message."""
    lines, files = [wire.text(message.get('text'))], []
    lines.append(_link(wire.table(wire.table(message.get('reply_to')).get('story'))))
    for attachment in wire.tables(message.get('attachments')):
        kind, payload = wire.text(attachment.get('type'), 50), wire.table(attachment.get('payload'))
        url = _address(payload.get('url'))
        if kind in ATTACHMENTS and url:
            files.append(FileRef(url, _name(kind, url)))
        else:
            spot = wire.table(payload.get('coordinates'))
            lines.append(wire.place(spot.get('lat'), spot.get('long')) or _link({**attachment, **payload}) or
                         "[Something that cannot be shown here]")
    if message.get('is_unsupported') and not any(lines) and not files:
        lines.append("[A message that the service did not pass on]")
    return wire.text('\n'.join(filter(None, lines))), tuple(files)


def _link(told):
    """Return what is shared, in words: its title and where it is."""
    return '\n'.join(filter(None, (wire.text(told.get('title'), 500), _address(told.get('url')))))


def _address(value):
    """Return ``value`` if it is an address of the web, else ''."""
    found = wire.text(value, 4000)
    return found if found.startswith(FAR) and wire.IDENT.fullmatch(found[:500]) and ' ' not in found else ''


def _name(kind, url):
    """Return the name of a file: what its address ends with, or its kind."""
    last = urllib.parse.unquote(posixpath.basename(url.partition('?')[0].partition('#')[0]), errors='ignore')
    last = wire.text(last, 100).replace('/', '_').replace('\\', '_')
    return last if re.fullmatch(r'[^.].*\.[A-Za-z0-9]{1,5}', last) else kind + ATTACHMENTS[kind]


# ------------------------------------------------------------
# out
# ------------------------------------------------------------
def send(service, credentials, to, text, files=(), reply_to=''):
    """Return the calls (:class:`Call`) that send ``text`` and ``files`` (:class:`Upload`) to the person ``to``.

    :raise ValueError: when the ``service`` does not take it at all, with a sentence for the agent
    """
    if not re.fullmatch(r'\d{1,40}', to):
        raise ValueError(f"This is no person at {service.name}.")
    told = [{'text': piece} for piece in wire.pieces(text, service.text_limit, service.size)]
    calls = [_message(credentials, to, one) for one in told]
    if calls and reply_to and service.quotes:
        calls[0] = _message(credentials, to, told[0], reply_to)
    return calls + [_file(service, credentials, to, file) for file in files]


def _message(credentials, to, message, reply_to=''):
    told = {'recipient': {'id': to}, 'messaging_type': 'RESPONSE', 'message': message}
    if credentials.get('human_agent'):
        told.update({'messaging_type': 'MESSAGE_TAG', 'tag': 'HUMAN_AGENT'})
    if reply_to:
        told['reply_to'] = {'mid': reply_to}
    return meta.post(credentials, ('me', 'messages'), told)


def _file(service, credentials, to, file):
    """Return the call that uploads a file, before the one that sends it."""
    kind = _kind(service, file)
    call = _message(credentials, to, {'attachment': {'type': kind, 'payload': {'attachment_id': MARK}}})
    fields = {'message': f'{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":true}}}}}}'}
    if service.platform:
        fields['platform'] = service.platform
    return meta.upload(credentials, ('me', 'message_attachments'), fields, 'filedata', file, call)


def _kind(service, file):
    """Return as what the service takes ``file`` ('image', 'file', …)."""
    mimetype = wire.mimetype(file.mimetype)
    for kind, (beginnings, limit) in service.files.items():
        if mimetype.startswith(beginnings):
            if not file.content:
                raise ValueError(f"{file.name} is empty: {service.name} takes no empty files.")
            if len(file.content) > limit:
                raise ValueError(f"{file.name} is too large: {service.name} takes up to {limit // MEGABYTE} MB of this "
                                 "kind.")
            return kind
    raise ValueError(f"{service.name} does not take files like {file.name}. It takes pictures, sound, videos and PDF.")


def sent(service, status, headers, body):
    """Return the :class:`Sent` of an answer: the id of the message, of an uploaded file, or of the account."""
    if 200 <= status < 300:
        told = meta.answer(body)
        found = next(filter(None, (wire.ident(told.get(key)) for key in ('message_id', 'attachment_id', 'id'))), '')
        return meta.taken(told, found) or Sent(
            False, reason=f"{service.name} gave an answer that nobody understands.")
    return meta.refused(status, headers, body, lambda found: _judge(service, found))


def _judge(service, found):
    """Return the :class:`Sent` for what Messenger and Instagram say, None for the Graph API's general rules."""
    if found.subcode in CLOSED:
        return meta.not_sent(f"The time in which {service.name} lets us answer is over: the customer has to write "
                             "again.", found, window=True)
    if found.code in GONE or found.subcode in GONE:
        return meta.not_sent(f"The customer cannot be reached at {service.name} at the moment: the account is gone, or "
                             "takes no messages from us.", found)
    if found.code == 100:
        return meta.not_sent(f"{service.name} does not accept the message as it is.", found)
    return None


# ------------------------------------------------------------
# files and names
# ------------------------------------------------------------
def connect(service, credentials, url):
    """Return the calls that have the page tell our app what people write. Where the app passes it on to, it is told in
    Meta's own settings."""
    return [meta.post(credentials, ('me', 'subscribed_apps'), {'subscribed_fields': list(FIELDS)})]


def check(service, credentials):
    """Return the calls that ask whether the token knows our account."""
    if not wire.ident(credentials.get('account')):
        raise ValueError(f"The channel has no account id of {service.name} yet.")
    return [meta.get(credentials, wire.ident(credentials['account']) + '?fields=name')]


def fetch(credentials, reference):
    """Return the call that gets a file from the address that came with the message; no secret of ours goes there.

    :raise ValueError: when this is no address of the web
    """
    if not _address(reference):
        raise ValueError("This is no address of a file.")
    return Call('GET', reference)


def profile(service, credentials, sender):
    """Return the call that asks for a person's name."""
    if not re.fullmatch(r'\d{1,40}', sender):
        raise ValueError(f"This is no person at {service.name}.")
    return meta.get(credentials, f"{sender}?fields={','.join(service.profile)}")


def named(service, status, headers, body):
    """Return the name (text) in the answer to :func:`profile`, '' if it tells none."""
    told = meta.answer(body) if 200 <= status < 300 else {}
    return next(filter(None, (wire.text(told.get(key), 100) for key in service.profile)), '')
