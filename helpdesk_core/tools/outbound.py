"""Sending something to an address that somebody typed in: never to the inside, never for long (threats: SSRF, A40).

The name is looked up once, every address found is checked, and the connection goes to a checked address itself: a name
that answers differently the second time gains nothing. Host and the certificate's name stay the name's. Redirects are
not followed, proxies of the environment not used, and a server that answers drop by drop is left when its time is up.
"""
import http.client
import io
import socket
import ssl
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

from .addresses import kind

BODY_LIMIT = 64 * 1024
HEAD_LIMIT = 32 * 1024
EXCERPT = 2048
PORTS = {'http': 80, 'https': 443}
KEPT_HEADERS = ('retry-after', 'content-type', 'date')


class OutboundError(Exception):
    """Nothing was delivered, or nobody can tell.

    ``str(error)`` is a sentence for people that holds nothing of the path of the address (it may be a secret);
    ``retry`` tells whether trying again later makes sense; ``reason`` is a word for programs: 'url', 'private',
    'name', 'connect', 'certificate', 'timeout', 'redirect', 'protocol'; ``status`` the HTTP status, if there was one;
    ``left``: the whole request had left, and nobody knows whether it was taken.
    """

    def __init__(self, sentence, reason, retry=False, status=0, left=False):
        super().__init__(sentence)
        self.reason, self.retry, self.status, self.left = reason, retry, status, left


@dataclass(frozen=True)
class Target:
    """A checked address: ``scheme``, ``host`` (ASCII, lower case), ``port`` and ``path`` with the query."""
    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self):
        host = f'[{self.host}]' if ':' in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f'{host}:{self.port}'


@dataclass(frozen=True)
class Answer:
    """What came back: ``status``, some ``headers`` (names in lower case), as much of the ``body`` as was wanted (64 kB
    unless said otherwise), ``seconds``, and whether the body is ``complete``."""
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b''
    seconds: float = 0.0
    complete: bool = True

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def text(self):
        """The first 2 kB of the body as text, without what no database or screen takes."""
        text = self.body[:EXCERPT].decode('utf-8', 'replace')
        return ''.join(char if char.isprintable() or char in '\n\t' else ' ' for char in text).strip()


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect to one address, between two pieces of the answer, and for everything together."""
    connect: float = 5.0
    read: float = 10.0
    total: float = 20.0


def check_url(url, ports=None):
    """Return the :class:`Target` of ``url`` without looking up its name.

    :param ports: the ports that are allowed (any iterable of int); None: all
    :raise OutboundError: for anything but a plain http or https address
    """
    url = (url or '').strip()
    if any(char <= ' ' or char in '\\\x7f' for char in url):
        raise OutboundError("The address holds characters that do not belong into one.", 'url')
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname or '', parts.port
    except ValueError as error:
        raise OutboundError("This is no web address.", 'url') from error
    if parts.scheme not in PORTS:
        raise OutboundError("The address has to begin with https:// or http://.", 'url')
    if '@' in parts.netloc:
        raise OutboundError("The address must not hold a name and password.", 'url')
    port = PORTS[parts.scheme] if port is None else port
    if not port or (ports is not None and port not in ports):
        raise OutboundError(f"Port {port} is not allowed.", 'url')
    path = urllib.parse.quote(parts.path or '/', safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += '?' + urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(parts.scheme, _ascii_host(host), port, path)


def _ascii_host(host):
    if ':' not in host:
        try:
            host = host.encode('idna').decode('ascii')
        except UnicodeError:
            host = ''
    if not host or '%' in host:
        raise OutboundError("The address names no server.", 'url')
    return host


def check_literal(target, allow_private=False):
    """Refuse a ``target`` (:class:`Target`) whose host is a numeric address that must not be reached.

    :raise OutboundError: as :func:`post` would
    """
    try:
        _check_addresses(target, [target.host], allow_private)
    except ValueError:  # a name: known when it is looked up
        if target.host.rstrip('.').rpartition('.')[2] == 'localhost' and not allow_private:
            raise _refused(target) from None


def post(url, body, headers=None, **options):
    """POST ``body`` to ``url``; see :func:`request`."""
    return request('POST', url, body, headers, **options)


def request(method, url, body=b'', headers=None, *, allow_private=False, ports=None, limits=None,
            resolver=socket.getaddrinfo, context=None, body_limit=BODY_LIMIT):
    """Send a request to ``url`` and return the :class:`Answer`, whatever its status but a redirect.

    :param str method: 'POST', 'GET', …
    :param str url: http or https
    :param bytes body: what is sent
    :param dict headers: sent besides Host, Content-Length, User-Agent and Connection
    :param bool allow_private: also to addresses of one's own network; link-local, multicast, reserved and cloud
        metadata addresses are refused all the same
    :param ports: allowed ports; None: all
    :param Limits limits: how long it may take
    :param resolver: called as ``socket.getaddrinfo(host, port, type=…)``
    :param ssl.SSLContext context: whom to trust; None: whom the system trusts
    :param int body_limit: bytes of the answer that are read; the rest is left
    :raise OutboundError: when nothing was delivered, or nobody can tell, with a sentence that says why
    """
    limits, start = limits or Limits(), time.monotonic()
    target = check_url(url, ports)
    deadline = start + limits.total
    addresses = _resolve(target, resolver, min(limits.connect, limits.total))
    _check_addresses(target, addresses, allow_private)
    connection = _Connection(target, addresses, limits, deadline, context, body_limit)
    try:
        return _exchange(connection, target, method, body, headers or {}, start)
    except TimeoutError as error:
        raise OutboundError(f"{target.host} did not answer in time.", 'timeout', retry=True,
                            left=connection.left) from error
    except ssl.SSLCertVerificationError as error:
        raise OutboundError(f"The certificate of {target.host} is not accepted: {error.verify_message}.",
                            'certificate', retry=True) from error
    except ValueError as error:  # a header that holds a line break
        raise OutboundError("A header cannot be sent as it is.", 'protocol') from error
    except OSError as error:
        why = error.strerror or getattr(error, 'reason', '') or "the connection was closed"
        raise OutboundError(
            f"No connection to {target.host}: {why}.", 'connect', retry=True, left=connection.left) from error
    except http.client.HTTPException as error:
        raise OutboundError(f"What {target.host} answered is no HTTP.", 'protocol', retry=True,
                            left=connection.left) from error
    finally:
        connection.hang_up()


def _resolve(target, resolver, seconds):
    """Return the addresses (texts) of the target's name. The system's own look-up knows no limit: it is left to
    itself after ``seconds``."""
    found = []

    def look_up():
        try:
            found.append(resolver(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise OutboundError(f"The name {target.host} could not be looked up in time.", 'name', retry=True)
    if isinstance(found[0], Exception) or not found[0]:
        raise OutboundError(f"There is no server called {target.host}.", 'name', retry=True)
    return list(dict.fromkeys(row[4][0] for row in found[0]))


def _check_addresses(target, addresses, allow_private):
    """Refuse the whole name if one of its addresses is none to be sent to."""
    allowed = {'public', 'private'} if allow_private else {'public'}
    if any(kind(address) not in allowed for address in addresses):
        raise _refused(target)


def _refused(target):
    return OutboundError(
        f"{target.host} leads to an address inside the network or to none that can be reached from outside: "
        "nothing is sent there.", 'private')


def _exchange(connection, target, method, body, headers, start):
    connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
    fixed = {'Host': target.authority, 'Content-Length': str(len(body)), 'Connection': 'close'}
    given = {name: value for name, value in headers.items() if name.title() not in fixed}
    for name, value in {'User-Agent': 'Odoo-Helpdesk/1.0', **given, **fixed}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    connection.left = True
    response = connection.getresponse()
    if 300 <= response.status < 400:
        raise OutboundError(
            f"{target.host} answered with a redirect ({response.status}). Redirects are not followed: enter the "
            "address that it leads to.", 'redirect', status=response.status)
    kept = {name: value for name in KEPT_HEADERS if (value := response.getheader(name))}
    body, complete = _read(response, connection.body_limit)
    return Answer(response.status, kept, body, time.monotonic() - start, complete)


def _read(response, limit):
    """Return (up to ``limit`` bytes of the body, whether that is all of it). The status has come: what happens to the
    rest changes nothing about it any more."""
    pieces, size, complete = [], 0, False
    try:
        while size < limit and (piece := response.read1(min(65536, limit - size))):
            pieces.append(piece)
            size += len(piece)
        complete = size < limit and not response.length
    except (OSError, ValueError, http.client.HTTPException):
        pass
    return b''.join(pieces), complete


class _Connection(http.client.HTTPConnection):
    """A connection to one of the checked addresses, within the limits."""

    def __init__(self, target, addresses, limits, deadline, context, body_limit):
        super().__init__(target.host, target.port)
        self.body_limit = body_limit
        self._target, self._addresses, self._limits = target, addresses, limits
        self._deadline, self._context = deadline, context
        self._raw = None
        self.left = False  # whether the whole request is under way

    def connect(self):
        self._raw = self._connect_first()
        if self._target.scheme == 'https':
            context = self._context or ssl.create_default_context()
            self._raw.settimeout(_left(self._deadline, self._limits.connect))
            self._raw = context.wrap_socket(self._raw, server_hostname=self._target.host.rstrip('.'))
        self.sock = _Socket(self._raw, self._limits.read, self._deadline, HEAD_LIMIT + self.body_limit)

    def hang_up(self):
        if self._raw:
            self._raw.close()

    def _connect_first(self):
        failure = None
        for address in self._addresses:
            try:
                return socket.create_connection(
                    (address, self._target.port), _left(self._deadline, self._limits.connect))
            except OSError as error:
                failure = error
        raise failure


class _Socket:
    """What http.client needs of a socket, with an end to its patience: for one piece, and for all together."""

    def __init__(self, raw, read, deadline, room):
        self._raw, self._read, self._deadline, self._room = raw, read, deadline, room

    def sendall(self, data):
        view = memoryview(data)
        while view:
            self._raw.settimeout(_left(self._deadline, self._read))
            view = view[self._raw.send(view[:16384]):]

    def makefile(self, mode):
        return io.BufferedReader(_Stream(self._raw, self._read, self._deadline, self._room))

    def close(self):
        """Nothing: http.client says so as soon as the head is read; the connection hangs up in the end."""


class _Stream(io.RawIOBase):
    """The bytes that come, no more than anybody will look at."""

    def __init__(self, raw, read, deadline, room):
        super().__init__()
        self._raw, self._read, self._deadline, self._room = raw, read, deadline, room

    def readable(self):
        return True

    def readinto(self, buffer):
        self._raw.settimeout(_left(self._deadline, self._read))
        count = self._raw.recv_into(buffer, min(len(buffer), self._room)) if self._room else 0
        self._room -= count
        return count


def _left(deadline, most):
    """Return the seconds that are left until ``deadline``, at most ``most``."""
    left = min(most, deadline - time.monotonic())
    if left <= 0:
        raise TimeoutError
    return left
