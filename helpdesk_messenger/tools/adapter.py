"""What the adapters of all services speak: plain values, no network, no database.

An adapter is a module of this package with these functions (credentials: a dict of the channel's settings by name):

``verify(credentials, headers, body) -> bool``  is the call from the service? (headers in lower case, body: bytes)
``handshake(credentials, query) -> str | None``  the answer to the service's question whether the address is ours
``read(credentials, body) -> Received``  what a call tells; ValueError where it is no call of the service
``send(credentials, to, text, files, reply_to) -> list[Call]``  the calls that bring an answer to ``to``, in order
``sent(answer_status, answer_headers, answer_body) -> Sent``  what the service said to one of these calls
``fetch(credentials, reference) -> list[Call] | Call``  where a file is to be had (see the adapter)
and the constants ``WINDOW`` (timedelta after the customer's last message in which we may write, or None),
``TEXT_LIMIT`` (characters of one message), ``FILE_LIMIT`` (bytes).
"""
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class FileRef:
    """A file waiting at the service: its ``reference`` there (id or address), name, MIME type, size if told."""
    reference: str
    name: str = ''
    mimetype: str = ''
    size: int = 0


@dataclass(frozen=True)
class Incoming:
    """One message of a customer. ``service_id`` is unique within the channel, ``sender`` the person's id there."""
    service_id: str
    sender: str
    text: str = ''
    sender_name: str = ''
    sender_phone: str = ''
    sender_email: str = ''
    files: tuple = ()
    reply_to: str = ''
    at: datetime | None = None  # aware, UTC
    edited: bool = False  # a later wording of a message that was received before


@dataclass(frozen=True)
class Receipt:
    """What became of a message of ours: ``state`` is 'sent', 'delivered', 'read' or 'failed' (with ``reason``)."""
    service_id: str
    state: str
    reason: str = ''
    at: datetime | None = None


@dataclass(frozen=True)
class Received:
    """What one call of a service tells; ``unknown`` counts what is meant for somebody else or no message."""
    messages: tuple = ()
    receipts: tuple = ()
    unknown: int = 0


@dataclass(frozen=True)
class Call:
    """An HTTP request to make. ``secret`` words of it are masked wherever it is shown."""
    method: str
    url: str
    headers: dict = field(default_factory=dict)
    body: bytes = b''
    secrets: tuple = ()


@dataclass(frozen=True)
class Sent:
    """What a service said to a call: ``ok`` with its ``service_id``, or ``reason`` (for people), whether to ``retry``,
    after how many seconds at the earliest (``wait``), and whether the ``window`` for answers was closed."""
    ok: bool
    service_id: str = ''
    reason: str = ''
    retry: bool = False
    wait: int = 0
    window: bool = False


@dataclass(frozen=True)
class Upload:
    """A file to send: ``name``, ``mimetype``, ``content`` (bytes); ``url`` where the service can fetch it itself."""
    name: str
    mimetype: str
    content: bytes = b''
    url: str = ''
