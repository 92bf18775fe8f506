"""Redact an original mail: in its decoded parts, which are then written anew (N14).

What threads a conversation stays: Message-Id, References, In-Reply-To, Date.
"""
import hashlib
import io
from email import charset, message_from_bytes, policy
from email.errors import MessageError
from email.generator import BytesGenerator
from email.header import Header, decode_header, make_header
from urllib.parse import unquote

from .redaction import redact_html, redact_text

KEPT = ('message-id', 'references', 'in-reply-to', 'date', 'mime-version', 'content-transfer-encoding', 'content-id')
READABLE = ('subject', 'from', 'to', 'cc', 'bcc', 'reply-to', 'sender')
REMOVED = "[removed]\n"
UTF8 = charset.Charset('utf-8')
UTF8.body_encoding = charset.BASE64


def redact_mail(raw, find, redact_file=None, drop=()):
    """Return the mail ``raw`` without what ``find`` finds, and how often it was found.

    :param redact_file: function (bytes, mimetype, find) → (bytes or None, count) for its attached files; a file for
        which it returns None is taken out
    :param drop: SHA-1 (hex) of the contents of files to take out
    :return: (bytes, count); (None, count) when the mail cannot be written anew without it
    """
    total = 0
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        for part in mail.walk():
            total += _redact_headers(part, find)
            if not part.is_multipart():
                total += _redact_part(part, find, redact_file, drop)
        hidden = sum(len(find(text)) for part in mail.walk() for text in (part.preamble, part.epilogue) if text)
        if hidden:
            return None, total + hidden
        if not total:
            return raw, 0
        new = _written(mail)
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
        count = max(total, len(find(raw.decode('latin-1'))))
        return (None if count else raw), count
    if _still_holds(new, find):
        return None, total
    return new, total


def mail_texts(raw):
    """Yield (name, text) of what a mail says: its headers, its text parts and the names of its files."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    for part in mail.walk():
        for name, value in part.items():
            if name.lower() not in KEPT:
                yield name, _decoded_header(value)
        if not part.is_multipart() and part.get_content_maintype() == 'text':
            yield part.get_content_type(), _text(part)


def _still_holds(raw, find):
    return any(find(text) or (name == 'text/html' and redact_html(text, find)[1]) for name, text in mail_texts(raw))


def _written(mail):
    out = io.BytesIO()
    BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(mail)
    return out.getvalue()


def _decoded_header(value):
    try:
        text = str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError, TypeError):
        text = str(value)
    return f'{text}\n{unquote(text)}' if '%' in text else text


def _redact_headers(part, find):
    total = 0
    for name in {name.lower() for name in part.keys()} - set(KEPT):  # noqa: SIM118 (a Message is no dict)
        values = [_decoded_header(value) for value in part.get_all(name)]
        count = sum(len(find(value)) for value in values)
        if not count:
            continue
        total += count
        if name == 'content-type':
            for param in ('name', 'filename'):
                part.del_param(param)
            if find(_decoded_header(part['content-type'])):
                raise ValueError('what is looked for holds the mail together')
        elif name == 'content-disposition':
            part.replace_header(name, values[0].split(';')[0].strip() or 'attachment')
        elif name in READABLE:
            del part[name]
            for value in values:
                part[name] = Header(redact_text(value.split('\n')[0], find)[0], 'utf-8')
        else:
            del part[name]
    return total


def _redact_part(part, find, redact_file, drop):
    data, kind = part.get_payload(decode=True) or b'', part.get_content_type()
    if data and hashlib.sha1(data, usedforsecurity=False).hexdigest() in drop:
        _put(part, REMOVED, 'plain')
        return 1
    if part.get_content_maintype() == 'text':
        text = _text(part)
        new, count = (redact_html if kind == 'text/html' else redact_text)(text, find)
        if count:
            _put(part, new)
        return count
    new, count = redact_file(data, kind, find) if redact_file else (data, 0)
    if count and new is None:
        _put(part, REMOVED, 'plain')
    elif count:
        _put(part, new.decode('utf-8', 'surrogateescape'))
    return count


def _text(part):
    data = part.get_payload(decode=True) or b''
    for name in (part.get_content_charset(), 'utf-8'):
        try:
            return data.decode(name)
        except (LookupError, TypeError, ValueError):
            continue
    return data.decode('latin-1')


def _put(part, text, subtype=None):
    """Give ``part`` another text; as ``subtype`` it is no file any more."""
    if subtype:
        del part['Content-Disposition']
        part.replace_header('Content-Type', f'text/{subtype}') if 'Content-Type' in part else part.add_header(
            'Content-Type', f'text/{subtype}')
    del part['Content-Transfer-Encoding']
    part.set_payload(text, UTF8)
