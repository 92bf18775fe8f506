"""WhatsApp Business, Cloud API.

Credentials: ``token`` (access token), ``app_secret``, ``verify_token``, ``account`` (id of the phone number, not the
number itself), ``business_account`` (id of the account that the number belongs to, for templates), ``version`` of the
Graph API (optional). A person is known by the phone number (digits), or by the id that WhatsApp gives to those who
hide it. Template messages: see ``whatsapp_templates``.

Sources: https://developers.facebook.com/documentation/business-messaging/whatsapp (webhooks/reference/messages,
messages/send-messages, business-phone-numbers/media, support/error-codes)
"""
import mimetypes
import re
from datetime import timedelta

from . import meta, whatsapp_templates, wire
from .adapter import MARK, Call, FileRef, Incoming, Receipt, Received, Sent

WINDOW = timedelta(hours=24)
TEXT_LIMIT = 4096
FILE_LIMIT = 100_000_000

KIND = 'whatsapp_business_account'
MEDIA = ('image', 'document', 'audio', 'video', 'sticker')
MEDIA_HOSTS = ('fbsbx.com', 'facebook.com', 'whatsapp.net', 'fbcdn.net')
STATES = {'sent': 'sent', 'delivered': 'delivered', 'read': 'read', 'played': 'read', 'failed': 'failed'}
PHONE = re.compile(r'\d{5,20}')
HIDDEN = re.compile(r'[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}')  # the person's id where the number is not told

# What WhatsApp takes as what: MIME types, and the most bytes of it.
KINDS = {
    'image': ({'image/jpeg', 'image/png'}, 5_000_000),
    'audio': ({'audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'}, 16_000_000),
    'video': ({'video/mp4', 'video/3gpp'}, 16_000_000),
    'document': ({
        'text/plain', 'application/pdf', 'application/msword', 'application/vnd.ms-excel',
        'application/vnd.ms-powerpoint',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'application/vnd.openxmlformats-officedocument.presentationml.presentation'}, FILE_LIMIT),
}

WINDOW_CLOSED = "The customer wrote more than 24 hours ago: WhatsApp takes an answer only after they write again."
# Faults of one message or one person.
UNREACHABLE = {
    131026: "WhatsApp cannot deliver to this number: it has no WhatsApp, or an old version, or has blocked us.",
    131021: "This is the number that we send from ourselves.",
    131030: "The number is not on the list of those that this test number may write to.",
    130472: "WhatsApp does not deliver this because the number is part of an experiment of Meta's.",
    131049: "WhatsApp chose not to deliver this, to protect the customer from too many messages.",
    131062: "WhatsApp takes no such message for people who hide their number.",
    100: "WhatsApp does not accept the message as it is.",
    131008: "WhatsApp does not accept the message as it is.",
    131009: "WhatsApp does not accept the message as it is.",
    131051: "WhatsApp does not take messages of this kind.",
    131052: "WhatsApp could not fetch the file.",
    131053: "WhatsApp does not accept the file.",
}
BROKEN = {
    33: "The phone number of this channel does not exist any more.",
    130497: "WhatsApp does not allow this account to write to people of that country.",
    131005: "The access token lacks a permission that this channel needs.",
    131031: "WhatsApp has locked the account.",
    131042: "WhatsApp cannot charge the account: check the payment settings at Meta.",
    131045: "The phone number is not registered rightly at WhatsApp.",
    133010: "The phone number is not registered at WhatsApp.",
}
# code: seconds for which the channel waits where WhatsApp names none. The second is about one person alone.
BUSY = {130429: 60, 131056: 0, 131048: 3600, 133016: 3600}
PASSING = {131000, 131016, 131057, 133004, 133005}

verify = meta.verify
handshake = meta.handshake
templates_of = whatsapp_templates.read


# ------------------------------------------------------------
# in
# ------------------------------------------------------------
def read(credentials, body):
    """Return what a call (bytes) tells us (:class:`Received`). What is about another number of ours is left out.

    :raise ValueError: when it is no call of WhatsApp
    """
    messages, receipts, unknown = [], [], 0
    for value in _values(meta.entries(body, KIND)):
        if not value or wire.ident(wire.table(value.get('metadata')).get('phone_number_id')) != _account(credentials):
            unknown += 1
            continue
        said = wire.tables(value.get('messages'))
        people = _people(value.get('contacts'), said)
        found = [_incoming(one, people) for one in said]
        told = [_receipt(one) for one in wire.tables(value.get('statuses'))]
        messages += filter(None, found)
        receipts += filter(None, told)
        unknown += (found + told).count(None) + (0 if found or told else 1)
    return Received(tuple(messages), tuple(receipts), unknown)


def _account(credentials):
    return wire.ident(credentials.get('account')) or None


def _values(entries):
    """Yield what each change tells (dict), an empty dict where it is not about messages."""
    for entry in entries:
        for change in wire.tables(entry.get('changes')):
            yield wire.table(change.get('value')) if change.get('field') == 'messages' else {}


def _people(contacts, messages):
    """Return the people of a call by their ids, ``{id: (id, name)}``. Where all is said by one (ids and numbers need
    not be the same), the key '' leads to that one."""
    found, people = {}, wire.tables(contacts)
    senders = {wire.ident(one.get('from')) or wire.ident(one.get('from_user_id')) for one in messages}
    for contact in people:
        profile = wire.table(contact.get('profile'))
        ids = [wire.ident(contact.get(key)) for key in ('wa_id', 'user_id') if wire.ident(contact.get(key))]
        name = wire.text(profile.get('name'), 200) or wire.text(profile.get('username'), 200)
        if ids:
            found.update(dict.fromkeys([*ids, ''] if len(people) == len(senders) == 1 else ids, (ids[0], name)))
    return found


def _incoming(message, people):
    """Return the :class:`Incoming` of a message (dict), None where it is none for us."""
    number, hidden = wire.ident(message.get('from')), wire.ident(message.get('from_user_id'))
    known = people.get(number) or people.get(hidden) or people.get('') or ('', '')
    sender = number or hidden or known[0]
    service_id, kind = wire.ident(message.get('id')), wire.text(message.get('type'), 50)
    edited = kind in ('edit', 'revoke')
    if edited:
        service_id = wire.ident(wire.table(message.get(kind)).get('original_message_id'))
    if not sender or not service_id or message.get('group_id'):
        return None  # what is said in a group is said to others too: it is no matter between the customer and us
    content = wire.table(wire.table(message.get('edit')).get('message')) if kind == 'edit' else message
    said, files = _content(content)
    if not said and not files:
        return None
    return Incoming(
        service_id, sender, said, sender_name=known[1], sender_phone=f'+{sender}' if PHONE.fullmatch(sender) else '',
        files=files, reply_to=_reply_to(message), at=wire.moment(message.get('timestamp')), edited=edited)


def _reply_to(message):
    """Return the id of the message that this one answers or reacts to, '' if none."""
    reaction = message.get('reaction') if message.get('type') == 'reaction' else None
    return wire.ident(wire.table(reaction).get('message_id')) or wire.ident(
        wire.table(message.get('context')).get('id'))


def _content(message):
    """Return ``(text, files)`` of a message: what the customer says by it, however it was said."""
    kind = wire.text(message.get('type'), 50)
    if kind in MEDIA:
        return _media(kind, wire.table(message.get(kind)))
    return SAYINGS.get(kind, _unknown)(message), ()


def _media(kind, media):
    said, reference = wire.text(media.get('caption')), wire.ident(media.get('id'))
    if not reference:
        return said or "[A file that WhatsApp did not pass on]", ()
    mimetype = wire.mimetype(media.get('mime_type'))
    name = wire.text(media.get('filename'), 200) or kind + (mimetypes.guess_extension(mimetype) or '')
    return said, (FileRef(reference, name, mimetype),)


def _text(message):
    return wire.text(wire.table(message.get('text')).get('body'))


def _button(message):
    return wire.text(wire.table(message.get('button')).get('text'))


def _interactive(message):
    told = wire.table(message.get('interactive'))
    for kind in ('button_reply', 'list_reply'):
        reply = wire.table(told.get(kind))
        if reply:
            return _lines(reply.get('title'), reply.get('description'))
    form = wire.table(told.get('nfm_reply'))
    return _lines(form.get('body'), form.get('response_json')) or _unknown(message)


def _reaction(message):
    return wire.text(wire.table(message.get('reaction')).get('emoji'), 20)  # none: it was taken back


def _location(message):
    place = wire.table(message.get('location'))
    link = wire.place(place.get('latitude'), place.get('longitude'))
    return _lines(place.get('name'), place.get('address'), link) or _unknown(message)


def _contacts(message):
    found = []
    for contact in wire.tables(message.get('contacts')):
        values = [wire.table(contact.get('name')).get('formatted_name')]
        values += [one.get('phone') for one in wire.tables(contact.get('phones'))]
        values += [one.get('email') for one in wire.tables(contact.get('emails'))]
        found.append(', '.join(filter(None, (wire.text(value, 200) for value in values))))
    return wire.text('\n'.join(filter(None, found))) or _unknown(message)


def _order(message):
    told = wire.table(message.get('order'))
    items = [' × '.join(filter(None, (wire.ident(item.get('quantity')), wire.ident(item.get('product_retailer_id')))))
             for item in wire.tables(told.get('product_items'))]
    return _lines(told.get('text'), '\n'.join(filter(None, items))) or _unknown(message)


def _nothing(_message):
    """Nothing that the customer says: a notice of WhatsApp's own."""
    return ''


def _taken_back(_message):
    return "[The customer has taken this message back]"


def _unknown(message):
    """Say that something came, so that the agent can ask for it."""
    kind = wire.text(message.get('type'), 50)
    return "[A message that WhatsApp did not pass on]" if kind else ''


def _lines(*values):
    return wire.text('\n'.join(filter(None, (wire.text(value) for value in values))))


SAYINGS = {
    'text': _text, 'button': _button, 'interactive': _interactive, 'reaction': _reaction, 'location': _location,
    'contacts': _contacts, 'order': _order, 'revoke': _taken_back, 'system': _nothing, 'request_welcome': _nothing,
}


def _receipt(status):
    """Return the :class:`Receipt` of a status (dict), None if it tells nothing that we keep."""
    state, service_id = STATES.get(wire.text(status.get('status'), 20)), wire.ident(status.get('id'))
    if not state or not service_id:
        return None
    why = ''
    if state == 'failed':
        errors = wire.tables(status.get('errors'))
        why = _judge(meta.fault(errors[0] if errors else {})).reason
    return Receipt(service_id, state, why, wire.moment(status.get('timestamp')),
                   wire.ident(status.get('biz_opaque_callback_data')))


# ------------------------------------------------------------
# out
# ------------------------------------------------------------
def send(credentials, to, text, files=(), reply_to=''):
    """Return the calls (:class:`Call`) that send ``text`` and ``files`` (:class:`Upload`) to the person ``to``.

    :raise ValueError: when WhatsApp does not take it at all, with a sentence for the agent
    """
    told = [{'type': 'text', 'text': {'body': piece, 'preview_url': False}} for piece in wire.pieces(text, TEXT_LIMIT)]
    calls = [_message(credentials, to, one, reply_to if first else '') for first, one in _first(told)]
    return calls + [_file(credentials, to, file, '' if calls or number else reply_to)
                    for number, file in enumerate(files)]


def _first(values):
    return ((number == 0, value) for number, value in enumerate(values))


def _message(credentials, to, told, reply_to):
    told = {'messaging_product': 'whatsapp', 'recipient_type': 'individual', **_recipient(to), **told}
    if reply_to:
        told['context'] = {'message_id': reply_to}
    if credentials.get('message_key'):  # told back with each status: so we find a message whose answer got lost
        told['biz_opaque_callback_data'] = credentials['message_key'][:512]
    return meta.post(credentials, _path(credentials, 'messages'), told)


def _recipient(to):
    if PHONE.fullmatch(to):
        return {'to': to}
    if HIDDEN.fullmatch(to):
        return {'recipient': to}
    raise ValueError("This is no WhatsApp number.")


def _path(credentials, last):
    if not _account(credentials):
        raise ValueError("The channel has no phone number id yet.")
    return _account(credentials), last


def _file(credentials, to, file, reply_to):
    """Return the call that sends one file: by its link where WhatsApp shall fetch it, else after an upload."""
    kind = _kind(file)
    content = {'id': MARK} if file.content else {'link': file.url}
    if kind == 'document':
        content['filename'] = file.name
    call = _message(credentials, to, {'type': kind, kind: content}, reply_to)
    if not file.content:
        return call
    fields = {'messaging_product': 'whatsapp', 'type': wire.mimetype(file.mimetype)}
    return meta.upload(credentials, _path(credentials, 'media'), fields, 'file', file, call)


def _kind(file):
    """Return as what WhatsApp takes ``file`` ('image', 'document', …)."""
    mimetype = wire.mimetype(file.mimetype)
    for kind, (types, limit) in KINDS.items():
        if mimetype in types:
            if len(file.content) > limit:
                raise ValueError(
                    f"{file.name} is too large: WhatsApp takes up to {limit // 1_000_000} MB of this kind.")
            if not file.content and not file.url.startswith('https://'):
                raise ValueError(f"{file.name} is empty: WhatsApp takes no empty files.")
            return kind
    raise ValueError(f"WhatsApp does not take files like {file.name}. It takes PDF, text and Office documents, JPEG "
                     "and PNG pictures, sound and MP4 videos.")


def sent(status, headers, body):
    """Return the :class:`Sent` of an answer: the id of the message, of an uploaded file, or the address of a file."""
    if 200 <= status < 300:
        told = meta.answer(body)
        messages = wire.tables(told.get('messages'))
        found = wire.ident(messages[0].get('id') if messages else told.get('url') or told.get('id'))
        return meta.taken(told, found) or Sent(False, reason="WhatsApp gave an answer that nobody understands.")
    return meta.refused(status, headers, body, lambda found: _judge(found, wire.retry_after(headers), known=True))


def _judge(found, wait=0, known=False):
    """Return the :class:`Sent` for a fault; ``known``: None for what only the Graph API's general rules know."""
    if found.code in (131047, 470):
        return meta.not_sent(WINDOW_CLOSED, found, window=True)
    if found.code in whatsapp_templates.FAULTS:
        return meta.not_sent(whatsapp_templates.FAULTS[found.code], found,
                             template=whatsapp_templates.SPOILT.get(found.code, ''))
    if found.code in UNREACHABLE:
        return meta.not_sent(UNREACHABLE[found.code], found)
    if found.code in BROKEN:
        return meta.channel(BROKEN[found.code], found)
    if found.code in BUSY:
        return meta.not_sent("Too many messages at once.", found, retry=True, wait=wait or BUSY[found.code])
    if found.code in PASSING:
        return meta.not_sent("WhatsApp has a problem of its own.", found, retry=True, wait=wait)
    return None if known else meta.not_sent("WhatsApp did not deliver the message.", found)


def templates(credentials, after=''):
    """Return the call that asks for the templates of the account, a page at a time."""
    return meta.get(credentials, whatsapp_templates.path(credentials, after))


def send_template(credentials, to, told):
    """Return the calls that send an approved template to the person ``to``, whenever they wrote last."""
    return [_message(credentials, to, whatsapp_templates.message(told), '')]


def connect(credentials, url):
    """Return the calls that tell WhatsApp to bring what concerns our number to ``url``, whatever the app's own address
    is. It asks us at once whether the address is ours (:func:`handshake`)."""
    told = {'webhook_configuration': {
        'override_callback_uri': url, 'verify_token': credentials.get('verify_token') or ''}}
    return [meta.post(credentials, _path(credentials, '')[:1], told)]


def check(credentials):
    """Return the calls that ask WhatsApp whether it knows us and our number."""
    number, _last = _path(credentials, '')
    return [meta.get(credentials, number + '?fields=verified_name')]


def fetch(credentials, reference):
    """Return the call that asks where the file ``reference`` lies (good for five minutes), before the one that gets it.

    :raise ValueError: when this is no file of WhatsApp
    """
    if not re.fullmatch(r'[A-Za-z0-9_-]{1,100}', reference or ''):
        raise ValueError("This is no file of WhatsApp.")
    then = Call('GET', MARK, meta.token(credentials), secrets=(credentials['token'],), hosts=MEDIA_HOSTS)
    return meta.get(credentials, reference, then)
