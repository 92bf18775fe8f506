"""Services of the tests: small HTTP servers on this machine that answer as the real ones are documented to.

Nothing here needs Odoo: the pure tests use them as well.
"""
import contextlib
import email.parser
import http.server
import json
import random
import threading
import urllib.parse
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """A request that came: ``headers`` with names in lower case, ``query`` as a dict of texts, ``body`` in bytes."""
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        """The body as what its JSON says."""
        return json.loads(self.body)

    @property
    def form(self):
        """The parts of a multipart form by name: ``(text or bytes, file name or None, MIME type)``."""
        head = b'Content-Type: ' + self.headers['content-type'].encode() + b'\r\n\r\n'
        found = {}
        for part in email.parser.BytesParser().parsebytes(head + self.body).get_payload():
            content, filename = part.get_payload(decode=True), part.get_filename()
            found[part.get_param('name', header='Content-Disposition')] = (
                content if filename else content.decode(), filename, part.get_content_type())
        return found


@dataclass(frozen=True)
class Reply:
    """What is answered: ``body`` in bytes, or anything that becomes JSON. Status 0: hang up without a word."""
    status: int = 200
    body: object = b''
    headers: dict = field(default_factory=dict)

    @property
    def content(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class FakeService(http.server.ThreadingHTTPServer):
    """A server on this machine.

    ``calls``: everything that was asked (list of :class:`Asked`); ``answers``: what is answered first, in order, and
    not what ``handler`` says (deque of :class:`Reply` or of functions of the request that return one, or None to leave
    it to the handler); ``handler``: a function of the :class:`Asked` that returns a :class:`Reply`. Fakes of a service
    inherit this, write :meth:`answer` and name in ``hosts`` the real hosts that they stand for. What :meth:`answer`
    raises fails the test when the service stops.
    """
    hosts = ()
    daemon_threads = True
    block_on_close = False  # an answer that a test holds back must not hold up the end of it

    def __init__(self, handler=None):
        super().__init__(('127.0.0.1', 0), _Handler)
        self.calls, self.answers, self.failures = [], deque(), []
        self.handler = handler or self.answer
        self._lock = threading.Lock()
        self._thread = None

    def answer(self, asked):
        """Return the :class:`Reply` to a request."""
        return Reply(200, {'ok': True})

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        """The address by number, without a slash at the end."""
        return f'http://127.0.0.1:{self.port}'

    def led(self, url):
        """Return ``url`` led to this server where it names one of our ``hosts``, else as it is. Put it with
        :meth:`resolve` between the code and ``helpdesk_core.tools.outbound``, so that all its checks stay real."""
        parts = urllib.parse.urlsplit(url)
        if parts.hostname not in self.hosts:
            return url
        return urllib.parse.urlunsplit(('http', f'{parts.hostname}:{self.port}', *parts[2:]))

    def resolve(self, host, port, **_kwargs):
        """Lead every name to this machine: a resolver for ``helpdesk_core.tools.outbound``."""
        return [(2, 1, 6, '', ('127.0.0.1', port))]

    def start(self):
        self._thread = threading.Thread(target=self.serve_forever, kwargs={'poll_interval': 0.01}, daemon=True)
        self._thread.start()
        return self

    def stop(self):
        """End it; raise what went wrong in :meth:`answer`, so that a test does not go by it."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        if self.failures:
            raise self.failures[0]

    @classmethod
    @contextlib.contextmanager
    def running(cls, *args, **kwargs):
        """Serve while the context lasts."""
        service = cls(*args, **kwargs).start()
        try:
            yield service
        finally:
            service.stop()

    def asked(self, method, path):
        """Return the calls of ``method`` to ``path`` (its beginning), in the order in which they came."""
        return [call for call in self.calls if call.method == method and call.path.startswith(path)]

    def reply(self, asked):
        """Note the request and return what is answered."""
        with self._lock:  # one after the other: the handlers of fakes count and remember
            self.calls.append(asked)
            ready = self.answers.popleft() if self.answers else None
            if not callable(ready):
                return ready or self.handler(asked)
        return ready(asked) or self.handler(asked)  # may wait: others go on

    def handle_error(self, request, client_address):
        """Nothing: a caller that hangs up is what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 30

    def _serve(self):
        parts = urllib.parse.urlsplit(self.path)
        asked = Asked(
            self.command, parts.path, dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get('Content-Length') or 0)))
        try:
            reply = self.server.reply(asked)
        except Exception as error:
            self.server.failures.append(error)
            reply = Reply(500, {'error': repr(error)})
        if not reply.status:
            self.close_connection = True
            return
        self.send_response(reply.status)
        if not isinstance(reply.body, bytes):
            self.send_header('Content-Type', 'application/json')
        for name, value in {**reply.headers, 'Content-Length': str(len(reply.content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def log_message(self, *args):
        """Nothing: the log of the tests is no place for it."""


def disorder(items, copies=2, seed=7):
    """Return ``items`` as a bad network brings them: each up to ``copies`` times, always in the same wrong order."""
    chance = random.Random(seed)
    found = [item for item in items for _copy in range(chance.randint(1, copies))]
    chance.shuffle(found)
    return found
