"""Telegram Bot API: https://core.telegram.org/bots/api (updates, sendMessage, sendDocument, getFile, setWebhook).

Credentials: ``token``, ``webhook_secret`` (what Telegram sends back in X-Telegram-Bot-Api-Secret-Token). A message
is known by its chat and number, since numbers are given per chat: ``<chat>:<number>``. Only private chats are read:
what is said in groups is not meant for a helpdesk.
"""
import hmac
import json
import secrets
from datetime import UTC, datetime

from .adapter import MARK, Call, FileRef, Incoming, Received, Sent
from .plain import split

WINDOW = None
TEXT_LIMIT = 4096
FILE_LIMIT = 20_000_000  # getFile gives no larger ones
CAPTION_LIMIT = 1024
HOST = 'api.telegram.org'
UPDATES = ('message', 'edited_message')
FILES = ('document', 'audio', 'video', 'voice', 'video_note', 'animation', 'sticker')
# What has no name there: type -> (name, MIME type)
NAMES = {'voice': ('voice.ogg', 'audio/ogg'), 'video': ('video.mp4', 'video/mp4'),
         'video_note': ('video.mp4', 'video/mp4'), 'sticker': ('sticker.webp', 'image/webp'),
         'audio': ('audio.mp3', 'audio/mpeg'), 'animation': ('animation.mp4', 'video/mp4')}
LONGEST_NUMBER = 2 ** 53


def verify(credentials, headers, body):
    """Telegram proves itself by the secret that it was given with setWebhook."""
    expected, given = credentials.get('webhook_secret') or '', headers.get('x-telegram-bot-api-secret-token') or ''
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode('utf-8', 'replace'))


def handshake(credentials, query):
    """Telegram asks nothing."""
    return None


def read(credentials, body):
    """Return what an update tells; see the contract in ``adapter``."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("The call is no JSON.") from error
    if not isinstance(update, dict) or not _number(update.get('update_id')):
        raise ValueError("The call is no update of Telegram.")
    for kind in UPDATES:
        if isinstance(message := update.get(kind), dict):
            incoming = _message(message, edited=kind == 'edited_message')
            return Received(messages=(incoming,)) if incoming else Received(unknown=1)
    return Received(unknown=1)


def _message(message, edited):
    """Return the :class:`Incoming` of a message, None where it is none of a person in a private chat."""
    chat, sender, number = (_dict(message, 'chat'), _dict(message, 'from'), message.get('message_id'))
    if chat.get('type') != 'private' or not _number(chat.get('id')) or not _number(number) or sender.get('is_bot'):
        return None
    files = tuple(_files(message))
    text = _text(message.get('text')) or _text(message.get('caption')) or _other_words(message)
    if not text and not files:
        return None
    replied = _dict(message, 'reply_to_message').get('message_id')
    names = [_text(sender.get(name)) for name in ('first_name', 'last_name')]
    return Incoming(
        service_id=f"{chat['id']}:{number}", sender=str(chat['id']), text=text,
        sender_name=' '.join(filter(None, names)) or _text(sender.get('username')),
        sender_phone=_own_phone(message, sender), files=files,
        reply_to=f"{chat['id']}:{replied}" if _number(replied) else '',
        at=_moment(message.get('edit_date') if edited else message.get('date')), edited=edited)


def _own_phone(message, sender):
    """Return the number that somebody shared as their own: Telegram says whose contact it is."""
    contact = _dict(message, 'contact')
    if not _number(contact.get('user_id')) or contact.get('user_id') != sender.get('id'):
        return ''
    phone = _text(contact.get('phone_number'))
    return phone if not phone or phone.startswith('+') else f'+{phone}'


def _other_words(message):
    """Return in words what a message without text and files holds: a contact, a place."""
    contact, place = _dict(message, 'contact'), _dict(message, 'location')
    if contact:
        parts = (_text(contact.get(name)) for name in ('first_name', 'last_name', 'phone_number'))
        return ' '.join(filter(None, parts))
    if isinstance(place.get('latitude'), float | int) and isinstance(place.get('longitude'), float | int):
        return f"https://www.openstreetmap.org/?mlat={place['latitude']}&mlon={place['longitude']}"
    return ''


def _files(message):
    photos = message.get('photo')
    if isinstance(photos, list) and photos:
        sizes = [photo for photo in photos if isinstance(photo, dict) and _text(photo.get('file_id'))]
        if sizes:  # the same picture in several sizes
            best = max(sizes, key=lambda photo: _count(photo.get('file_size')))
            yield FileRef(best['file_id'], 'photo.jpg', 'image/jpeg', _count(best.get('file_size')))
    for kind in FILES:
        file = _dict(message, kind)
        # an animation comes as a document too
        if _text(file.get('file_id')) and not (kind == 'animation' and message.get('document')):
            name, mimetype = NAMES.get(kind, ('file', ''))
            yield FileRef(file['file_id'], _text(file.get('file_name')) or name,
                          _text(file.get('mime_type')) or mimetype, _count(file.get('file_size')))


def send(credentials, to, text, files, reply_to):
    """Return the calls that bring ``text`` and ``files`` to the chat ``to``."""
    replied = reply_to.rpartition(':') if reply_to else ('', '', '')
    more = {'reply_parameters': {'message_id': int(replied[2]), 'allow_sending_without_reply': True}} if (
        replied[0] == to and replied[2].isascii() and replied[2].isdigit()) else {}
    calls = []
    for part in split(text, TEXT_LIMIT):
        calls.append(_call(credentials, 'sendMessage', {'chat_id': to, 'text': part, **more}))
        more = {}
    calls += [_upload(credentials, to, file, more if not calls and not index else {})
              for index, file in enumerate(files)]
    if not calls:
        raise ValueError("There is nothing to send.")
    return calls


def sent(answer_status, answer_headers, answer_body):
    """Return what Telegram said; see the contract in ``adapter``."""
    try:
        answer = json.loads(answer_body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return Sent(False, reason=f"Telegram answered with the status {answer_status}.",
                    retry=answer_status >= 500 or answer_status == 429, wait=_wait(answer_headers, {}))
    result = answer.get('result')
    if answer.get('ok') is True and 200 <= answer_status < 300:
        if isinstance(result, dict) and _text(result.get('file_path')):
            return Sent(True, result['file_path'])
        if isinstance(result, dict) and _number(result.get('message_id')):
            return Sent(True, f"{_dict(result, 'chat').get('id')}:{result['message_id']}")
        return Sent(True)
    return _refusal(answer, answer_status, answer_headers)


def _refusal(answer, status, headers):
    code = answer.get('error_code') if _number(answer.get('error_code')) else status
    said = _text(answer.get('description'))[:200] or f"status {status}"
    if code == 429:
        return Sent(False, reason="Telegram asks to send more slowly.", retry=True,
                    wait=_wait(headers, _dict(answer, 'parameters')))
    if code in (401, 404):
        return Sent(False, reason="Telegram does not know the bot any more: its token is wrong or was changed.",
                    channel=True)
    if code == 403:
        return Sent(False, reason="The customer has blocked the bot, or has left the chat.")
    return Sent(False, reason=f"Telegram refused the message: {said}", retry=code >= 500)


def fetch(credentials, reference):
    """Return the call that asks where a file lies, and goes on with the one that brings it."""
    if not reference or len(reference) > 1000:
        raise ValueError("This is no file of Telegram.")
    token = credentials.get('token') or ''
    file = Call('GET', f'https://{HOST}/file/bot{token}/{MARK}', secrets=(token,), hosts=(HOST,))
    return _call(credentials, 'getFile', {'file_id': reference}, then=file)


def connect(credentials, url):
    """Return the calls (list) that tell Telegram where to send what customers write."""
    return [_call(credentials, 'setWebhook', {
        'url': url, 'secret_token': credentials.get('webhook_secret') or '', 'allowed_updates': list(UPDATES)})]


def _call(credentials, method, values, then=None):
    token = credentials.get('token') or ''
    return Call('POST', f'https://{HOST}/bot{token}/{method}', {'Content-Type': 'application/json'},
                json.dumps(values).encode(), secrets=(token,), then=then, hosts=(HOST,))


def _upload(credentials, to, file, more):
    """Return the call that sends ``file`` (:class:`Upload`)."""
    token, boundary = credentials.get('token') or '', secrets.token_hex(16)
    name = ''.join('_' if char in '"\\' or not char.isprintable() else char for char in file.name) or 'file'
    mimetype = file.mimetype if file.mimetype.isascii() and file.mimetype.isprintable() else 'application/octet-stream'
    fields = {'chat_id': to, **{key: json.dumps(value) for key, value in more.items()}}
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
             for key, value in fields.items()]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="document"; filename="{name}"\r\n'
                 f'Content-Type: {mimetype}\r\n\r\n'.encode())
    body = b''.join([*parts, file.content, f'\r\n--{boundary}--\r\n'.encode()])
    return Call('POST', f'https://{HOST}/bot{token}/sendDocument',
                {'Content-Type': f'multipart/form-data; boundary={boundary}'}, body, secrets=(token,), hosts=(HOST,))


def _wait(headers, parameters):
    seconds = parameters.get('retry_after')
    if _number(seconds) and seconds > 0:
        return min(seconds, 86400)
    told = (headers or {}).get('retry-after') or ''
    return min(int(told[:9]), 86400) if told.isascii() and told.isdigit() else 0


def _dict(values, name):
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _text(value):
    return value.strip() if isinstance(value, str) else ''


def _number(value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LONGEST_NUMBER


def _count(value):
    return value if _number(value) and value > 0 else 0


def _moment(value):
    """Return the aware datetime of seconds since 1970, None for what is none."""
    try:
        return datetime.fromtimestamp(value, UTC) if _count(value) else None
    except (OverflowError, OSError, ValueError):
        return None
