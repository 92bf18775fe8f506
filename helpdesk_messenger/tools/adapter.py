"""What the adapters of all services speak: plain values, no network, no database.

An adapter is a module of this package with these functions (credentials: a dict of the channel's settings by name):

``verify(credentials, headers, body) -> bool``  is the call from the service? (headers in lower case, body: bytes)
``handshake(credentials, query) -> str | None``  the answer to the service's question whether the address is ours
``read(credentials, body) -> Received``  what a call tells; ValueError where it is no call of the service
``send(credentials, to, text, files, reply_to) -> list[Call]``  the calls that bring an answer to ``to``, in order: one
    for each message that the customer gets there (a long text is split); ValueError where the service cannot take it
``sent(answer_status, answer_headers, answer_body) -> Sent``  what the service said to one of these calls
``fetch(credentials, reference) -> Call``  the call whose answer's body is the file; ValueError for no such reference
and the constants ``WINDOW`` (timedelta after the customer's last message in which we may write, or None),
``TEXT_LIMIT`` (characters of one message), ``FILE_LIMIT`` (bytes). Where the window hangs on the channel's settings
there is ``window(credentials)`` too: :func:`window_of` knows. ``connect(credentials, url) -> list[Call]`` is there
where the service can be told by program where to call us, ``check(credentials) -> list[Call]`` where it can be asked
whether the settings are right. Where messages come without the sender's name there is ``profile(credentials, sender) ->
Call``, which asks for it, with ``named(status, headers, body) -> str``.

``REPEATABLE`` is True where the service knows by ``message_key`` what it took already: there, a message whose answer
got lost is simply sent again. Elsewhere nobody sends it again but a person who has looked.

For sending, the credentials hold ``message_key`` too: a text that is the same at every attempt to send a message.

A call that only prepares another one (uploading a file, asking where one lies) names it as ``then``: hand its answer
to ``sent`` and go on with ``call.following(sent.service_id)``. Both are one step: tried again, it begins anew.
"""
import json
import urllib.parse
from dataclasses import dataclass, field, replace
from datetime import datetime

# Stands in a call for what the answer to the call before will tell.
MARK = '{{answer-to-the-call-before}}'


class _Storable:
    """Its texts can be kept in a database, whatever a service or its customers put into them."""

    def __post_init__(self):
        for name, value in vars(self).items():
            if isinstance(value, str):
                object.__setattr__(self, name, value.replace('\x00', '').encode('utf-8', 'ignore').decode())


@dataclass(frozen=True)
class FileRef(_Storable):
    """A file waiting at the service: its ``reference`` there (id or address), name, MIME type, size if told."""
    reference: str
    name: str = ''
    mimetype: str = ''
    size: int = 0


@dataclass(frozen=True)
class Incoming(_Storable):
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
class Receipt(_Storable):
    """What became of a message of ours: ``state`` is 'sent', 'delivered', 'read' or 'failed' (with ``reason``)."""
    service_id: str
    state: str
    reason: str = ''
    at: datetime | None = None
    key: str = ''  # the ``message_key`` that it was sent with, where the service repeats it


@dataclass(frozen=True)
class Received:
    """What one call of a service tells; ``unknown`` counts what is meant for somebody else or no message."""
    messages: tuple = ()
    receipts: tuple = ()
    unknown: int = 0


@dataclass(frozen=True)
class Call:
    """An HTTP request to make. ``secrets``: words of it that are masked wherever it is shown. ``then``: the call that
    it prepares. ``hosts``: goes only to these hosts and those below them (it carries a secret); empty: anywhere."""
    method: str
    url: str
    headers: dict = field(default_factory=dict)
    body: bytes = b''
    secrets: tuple = ()
    then: 'Call | None' = None
    hosts: tuple = ()

    def following(self, told):
        """Return the call that this one prepared, with ``told`` (the ``service_id`` of its answer) in the place of
        MARK: as the whole address, as part of the path, or inside a JSON text of the body.

        :raise ValueError: when the address does not lead to the ``hosts`` of that call
        """
        url = told if self.then.url == MARK else self.then.url.replace(MARK, urllib.parse.quote(told, safe='/'))
        body = self.then.body.replace(MARK.encode(), json.dumps(told)[1:-1].encode())
        if self.then.hosts and not _leads_to(url, self.then.hosts):
            raise ValueError("The service named an address that is not its own.")
        return replace(self.then, url=url, body=body)


@dataclass(frozen=True)
class Sent(_Storable):
    """What a service said to a call: ``ok`` with its ``service_id`` (of the message; of a call with ``then``: what the
    next one needs), or ``reason`` (for people), whether to ``retry``, after how many seconds at least (``wait``),
    whether the ``window`` for answers was closed, what a template is from now on (``template``, see ``template``),
    and whether the whole ``channel`` is out of order (key expired,
    account blocked): nothing else will get through either before somebody mends its settings."""
    ok: bool
    service_id: str = ''
    reason: str = ''
    retry: bool = False
    wait: int = 0
    window: bool = False
    channel: bool = False
    template: str = ''
    unclear: bool = False  # the call had left when the connection broke: nobody knows whether it was taken


@dataclass(frozen=True)
class Upload:
    """A file to send: ``name``, ``mimetype``, ``content`` (bytes); ``url`` where the service can fetch it itself."""
    name: str
    mimetype: str
    content: bytes = b''
    url: str = ''


def window_of(adapter, credentials):
    """Return how long after the customer's last message ``adapter`` (module) lets us write (timedelta or None)."""
    return adapter.window(credentials) if hasattr(adapter, 'window') else adapter.WINDOW


def _leads_to(url, hosts):
    """Tell whether ``url`` is a plain https address at one of ``hosts`` or below."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = (parts.hostname or '').rstrip('.')
        return parts.scheme == 'https' and '@' not in parts.netloc and any(
            host == one or host.endswith('.' + one) for one in hosts)
    except ValueError:
        return False
