"""Redact files: rewrite what is text or mail, tell of the others whether they hold what is looked for (N14)."""
import io
import re
import zipfile

from .redact_mail import redact_mail
from .redaction import redact_html, redact_text

TEXT_TYPES = (
    'application/json', 'application/xml', 'application/csv', 'application/x-ndjson', 'application/javascript')
LARGEST = 20 << 20  # bytes of one member of an archive that are looked at
MEMBERS = 2000
TAG = re.compile(r'<[^>]*>')
# where no text can be looked for: somebody has to look at them
OPAQUE = ('image/', 'audio/', 'video/', 'application/pdf', 'application/octet-stream', 'application/x-')


def is_text(mimetype):
    """Tell whether files of ``mimetype`` can be rewritten as text."""
    return mimetype.startswith('text/') or mimetype in TEXT_TYPES or mimetype.endswith(('+xml', '+json'))


def is_opaque(mimetype):
    """Tell whether text in files of ``mimetype`` cannot be found by a program."""
    return mimetype.startswith(OPAQUE)


def decoded(data):
    """Return (text, encoding) of the bytes ``data``: whatever they are, no byte is lost."""
    if data.startswith((b'\xff\xfe', b'\xfe\xff')):
        try:
            return data.decode('utf-16'), 'utf-16'
        except UnicodeDecodeError:
            pass
    try:
        return data.decode(), 'utf-8'
    except UnicodeDecodeError:
        return data.decode('latin-1'), 'latin-1'


def redact_file(data, mimetype, find):
    """Redact a file.

    :return: (bytes, count); (None, count) when it holds what is looked for and cannot be rewritten
    """
    mimetype = (mimetype or '').lower()
    if mimetype == 'message/rfc822':
        return redact_mail(data, find, redact_file)
    text, encoding = decoded(data)
    if is_text(mimetype):
        redact = redact_html if any(kind in mimetype for kind in ('html', 'xml')) else redact_text
        text, count = redact(text, find)
        return (text.encode('utf-8' if encoding == 'latin-1' else encoding) if count else data), count
    count = len(find(text)) + _found_wide(data, find) + _found_in_archive(data, find)
    return (None if count else data), count


def _found_wide(data, find):
    """Return how often it stands there in two bytes a letter, as office programs and mail clients write it."""
    if b'\0' not in data[:100_000]:
        return 0
    return sum(len(find(data[skip:].decode('utf-16-le', 'replace'))) for skip in (0, 1))


def _found_in_archive(data, find):
    if not data.startswith(b'PK'):
        return 0
    count = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:MEMBERS]:
                count += len(find(member.filename))
                if not member.is_dir():
                    with archive.open(member) as file:
                        text, _encoding = decoded(file.read(LARGEST))
                    # office programs cut words into pieces with tags between
                    count += max(redact_html(text, find)[1], len(find(TAG.sub('', text))))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return count
    return count
