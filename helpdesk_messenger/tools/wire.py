"""What the adapters need to read what strangers send and to write what services take. Nothing in here trusts its input.

Every text that comes out of here can be stored: no NUL, no half of a character, no other control sign.
"""
import json
import math
import re
import secrets
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BODY_LIMIT = 3 * 1024 * 1024  # bytes; Meta, the most talkative of them, promises to stay below
TEXT_LIMIT = 20_000  # characters of one text of a customer
IDENT = re.compile(r'[\x21-\x7e]{1,512}')
UNLINED = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+')
BYTES = 'application/octet-stream'
LONGEST_WAIT = 24 * 60 * 60
BREAKS = ('\n\n', '\n', '. ', '! ', '? ', '; ', ', ', ' ')


# ------------------------------------------------------------
# reading
# ------------------------------------------------------------
def load(body, limit=BODY_LIMIT):
    """Return the JSON object (dict) in ``body`` (bytes).

    :raise ValueError: for anything else, for more than ``limit`` bytes and for what is nested without end
    """
    if len(body) > limit:
        raise ValueError("The call is larger than any of this service.")
    try:
        found = json.loads(body.decode('utf-8'), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError("The call holds no JSON.") from error
    if not isinstance(found, dict):
        raise ValueError("The call holds no JSON object.")
    return found


def _refuse(name):
    raise ValueError(name)


def table(value):
    """Return ``value`` if it is a dict, else an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value):
    """Return the dicts in the list ``value``; nothing if it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value, limit=TEXT_LIMIT):
    """Return ``value`` as a text that can be stored and shown, cut at ``limit``; '' if it is none."""
    if not isinstance(value, str):
        return ''
    cut = value[:limit].encode('utf-8', 'ignore').decode()
    return ''.join(char for char in cut if char in '\n\t' or not (char < ' ' or '\x7f' <= char < '\xa0')).strip()


def line(value, limit):
    """Return ``value`` (text) as one line without what mails' headers do not take or what turns the reading direction,
    cut at ``limit``."""
    return ' '.join(UNLINED.sub(' ', value).split())[:limit].strip()


def ident(value):
    """Return ``value`` (text or whole number) as the id that a service gave, '' if it cannot be one."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10 ** 30:
        value = str(value)
    return value if isinstance(value, str) and IDENT.fullmatch(value) else ''


def moment(value, per_second=1):
    """Return the aware UTC datetime of ``value`` (number or text of digits, since 1970), None if it is none."""
    try:
        seconds = float(value) / per_second
        if isinstance(value, bool) or not math.isfinite(seconds) or not 0 < seconds < 2 ** 32:
            return None
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def place(latitude, longitude):
    """Return a link to a map (text) for a place on earth, '' if it is none."""
    try:
        latitude, longitude = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        return ''
    known = abs(latitude) <= 90 and abs(longitude) <= 180
    return f'https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}' if known else ''


def retry_after(headers, now=None):
    """Return how many seconds the Retry-After of ``headers`` asks for: 0 without one, a day at most."""
    said = next((value for name, value in (headers or {}).items() if name.lower() == 'retry-after'), '')
    if re.fullmatch(r'\d{1,9}', said.strip()):
        return min(int(said), LONGEST_WAIT)
    try:
        then = parsedate_to_datetime(said)
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0, min(math.ceil((then - (now or datetime.now(UTC))).total_seconds()), LONGEST_WAIT))
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0


# ------------------------------------------------------------
# writing
# ------------------------------------------------------------
def units(value):
    """Return the length of a text as most services count it: UTF-16 units."""
    return len(value.encode('utf-16-le', 'surrogatepass')) // 2


def octets(value):
    """Return the length of a text in bytes of UTF-8."""
    return len(value.encode('utf-8', 'surrogatepass'))


def pieces(value, limit, size=units):
    """Split a text into pieces of at most ``limit`` (in what ``size`` counts), where a reader would pause."""
    found, rest = [], value.strip()
    while rest:
        end = _fitting(rest, limit, size)
        if end < len(rest):
            end = _pause(rest, end)
        piece, rest = rest[:end].rstrip(), rest[end:].lstrip()
        if piece:
            found.append(piece)
    return found


def _fitting(value, limit, size):
    """Return how many characters from the start of ``value`` fit (at least one)."""
    low, high = 1, min(len(value), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(value[:middle]) <= limit else (low, middle - 1)
    return low


def _pause(value, end):
    """Return the best place to cut in the second half of what fits, ``end`` if there is none."""
    if value[end].isspace():
        return end
    for mark in BREAKS:
        place = value.rfind(mark, end // 2, end)
        if place > 0:
            return place + len(mark)
    return end


def multipart(fields, name, upload):
    """Return ``(content type, body)`` of a form: the texts ``fields`` (dict), and ``upload`` as the file ``name``."""
    boundary = secrets.token_hex(16)
    parts = [_part(f'name="{key}"', '', value.encode()) for key, value in fields.items()]
    filename = re.sub(r'[\x00-\x1f\x7f"\\]', '_', upload.name) or 'file'
    parts.append(_part(f'name="{name}"; filename="{filename}"', mimetype(upload.mimetype), upload.content))
    start = b'--' + boundary.encode() + b'\r\n'
    body = b''.join(start + part for part in parts) + b'--' + boundary.encode() + b'--\r\n'
    return f'multipart/form-data; boundary={boundary}', body


def _part(disposition, kind, content):
    head = f'Content-Disposition: form-data; {disposition}\r\n' + (f'Content-Type: {kind}\r\n' if kind else '')
    return head.encode() + b'\r\n' + content + b'\r\n'


def mimetype(value):
    """Return the bare MIME type in ``value``, in lower case and without parameters; bytes if it is none."""
    bare = value.partition(';')[0].strip().lower() if isinstance(value, str) else ''
    return bare if re.fullmatch(r'[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}', bare) else BYTES
