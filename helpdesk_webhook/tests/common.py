import contextlib
import http.server
import json
import threading
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.helpdesk_core.tools import outbound
from odoo.fields import Command

# What the webhooks of the tests are sent to. No test looks anything up: the name is led to a server of the test.
HOST = 'receiver.example.com'


class Receiver(http.server.ThreadingHTTPServer):
    """A server on this machine that keeps what it is sent, and answers with ``status`` and ``headers``.

    ``seen``: dicts of ``path``, ``headers`` (names in lower case), ``body`` (bytes) and ``json``.
    """
    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), _Handler)
        self.seen, self.asked, self.status, self.headers, self.text = [], [], 200, {}, b'thanks'
        self.before_answer = lambda: None

    def handle_error(self, request, client_address):
        """Nothing: a caller that hangs up is what some tests are about."""

    def url(self, host):
        """Return an address under the name ``host``, for whoever looks names up with :meth:`resolve`."""
        return f'http://{host}:{self.server_address[1]}/hook'

    def resolve(self, host, port, **_kwargs):
        """Lead every name to this machine, and note that it was asked for."""
        self.asked.append(host)
        return [(2, 1, 6, '', ('127.0.0.1', port))]

    @classmethod
    @contextlib.contextmanager
    def running(cls):
        """Serve while the context lasts."""
        server = cls()
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        server = self.server
        server.seen.append({'path': self.path, 'headers': {k.lower(): v for k, v in self.headers.items()},
                            'body': body, 'json': json.loads(body)})
        server.before_answer()
        self.send_response(server.status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(server.text)

    def log_message(self, *args):
        """Nothing: the log of the tests is no place for it."""


class WebhookCommon(HelpdeskCommon):
    """A webhook of company A that wants everything but notes and texts, and a receiver for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.topics = {topic.code: topic for topic in cls.env['helpdesk.webhook.topic'].search([('code', '!=', False)])}
        cls.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', HOST)
        cls.webhooks = cls.env['helpdesk.webhook'].with_context(mail_notrack=True)
        cls.deliveries = cls.env['helpdesk.webhook.delivery']

    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(Receiver.running())
        original = outbound.post
        self.patch(outbound, 'post', lambda *args, **kwargs: original(
            *args, **{'resolver': self.receiver.resolve, **kwargs}))

    def webhook(self, *codes, **vals):
        """Create a webhook of the manager for the receiver; ``codes``: topics, all of them where there are none."""
        wanted = [self.topics[f'ticket.{code}'].id for code in codes] or [one.id for one in self.topics.values()]
        return self.webhooks.with_user(self.manager).create({
            'name': "Program", 'url': self.receiver.url(HOST),
            'company_id': self.company_a.id, 'topic_ids': [Command.set(wanted)], **vals}).sudo()

    def queued(self, webhook, *states):
        """Return the deliveries of ``webhook``, oldest first."""
        self.env.flush_all()
        return self.deliveries.search(
            [('webhook_id', '=', webhook.id), ('state', 'in', states or ('waiting', 'sent', 'failed'))], order='id')

    def send(self):
        """Run the job as the scheduler does."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_webhook.ir_cron_deliveries').method_direct_trigger()
        self.env.invalidate_all()

    @contextlib.contextmanager
    def at_time(self, moment):
        """Let the job and its transactions believe that it is ``moment``; what runs on the network does not."""
        with (patch('odoo.sql_db.BaseCursor.now', lambda cursor: moment),
              patch.object(type(self.deliveries), '_now', lambda model: moment)):
            yield
