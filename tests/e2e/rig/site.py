"""A desk that runs: database, Odoo, receiver, outgoing mail server; and IMAP where it is asked for."""
import contextlib
import pathlib
import shutil
import smtplib
import tempfile
import urllib.request

from parts import config
from parts.base import LOGS, PYTHON
from parts.services import free_ports

from . import database
from .imap import Dovecot
from .process import Process, port_open
from .rpc import Client
from .sink import Sink
from .wait import until


class Site:
    """Everything one file of tests needs; ``close`` stops all of it, whatever happened."""

    def __init__(self, name, cluster=None):
        """``cluster``: a :class:`rig.cluster.Cluster`, if not the shared one; it is stopped with the rest."""
        self.name = name
        self.stack = contextlib.ExitStack()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='e2e-site-'))
        self.allowed = []
        try:
            if cluster:
                self.stack.callback(cluster.close)
            self.database = database.Database(name, cluster)
            self.stack.callback(self.database.drop)
            environment = cluster.odoo_environment(self.folder) if cluster else database.environment()
            self.sink = Sink().start()
            self.stack.callback(self.sink.stop)
            self.http, self.websocket, self.smtp, self.lmtp = free_ports(4)
            self.odoo = Process('Odoo', [
                PYTHON, '-P', '-m', 'odoo', '-d', name, '--http-port', self.http, '--gevent-port', self.websocket,
                '--workers', '0', '--max-cron-threads', '1', '--smtp', '127.0.0.1', '--smtp-port', self.sink.port,
            ], self.folder / 'odoo.log', environment)
            self.stack.callback(self.odoo.stop)
            self.receiver = Process('receiver', [
                PYTHON, '-P', '-m', 'odoo', f'--addons-path={config.addons_option()}', 'helpdesk_receiver', '-d', name,
                '--interface', '127.0.0.1', '--smtp-port', self.smtp, '--lmtp-port', self.lmtp,
            ], self.folder / 'receiver.log', environment)
            self.stack.callback(self.receiver.stop)
            self.imap = None
        except BaseException:
            self.close()
            raise

    def close(self):
        """Stop everything and throw it away, but for the logs."""
        self.stack.close()
        for log in self.folder.glob('*.log'):
            shutil.copyfile(log, LOGS / f'e2e-{self.name}-{log.name}')
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------
    # servers
    # ------------------------------------------------------------

    def start_odoo(self):
        """Start Odoo and wait until it answers."""
        self.odoo.start()
        until('Odoo to answer', lambda: self.odoo.check() or self._healthy(), 60, detail=self.odoo.tail)
        return self

    def _healthy(self):
        with contextlib.suppress(OSError), urllib.request.urlopen(
                f'http://127.0.0.1:{self.http}/web/health', timeout=10) as answer:
            return answer.status == 200
        return False

    def start_receiver(self):
        """Start the receiver and wait until it takes connections on both ports."""
        self.receiver.start()
        until('the receiver to listen',
              lambda: self.receiver.check() or (port_open(self.smtp) and port_open(self.lmtp)), 60,
              detail=self.receiver.tail)
        return self

    def start_imap(self):
        """Start Dovecot."""
        self.imap = Dovecot()
        self.stack.callback(self.imap.stop)
        self.imap.start()
        return self

    def allow_log(self, *words):
        """Warnings and errors of ours with one of these words are part of what is tested."""
        self.allowed += words

    def log_problems(self):
        """Warnings and errors of our modules that nobody expected."""
        lines = self.odoo.problems() + self.receiver.problems()
        return [line for line in lines if not any(words in line for words in self.allowed)]

    # ------------------------------------------------------------
    # people
    # ------------------------------------------------------------

    def rpc(self, login='admin'):
        """Odoo's API as one of the users of the seed."""
        return Client(self.http, database.KEYS[login])

    def smtp_client(self, timeout=30):
        """An SMTP connection to the receiver."""
        return smtplib.SMTP('127.0.0.1', self.smtp, local_hostname='mx.test', timeout=timeout)

    def lmtp_client(self, timeout=30):
        """An LMTP connection to the receiver."""
        client = smtplib.LMTP(host='127.0.0.1', port=self.lmtp, local_hostname='mx.test')
        client.sock.settimeout(timeout)
        return client

    def deliver(self, raw, sender='carla@customer.test', to='support@desk.test', way='smtp'):
        """Hand one mail to the receiver as a mail server does; return {recipient: (code, text)} of those refused."""
        recipients = [to] if isinstance(to, str) else list(to)
        with (self.smtp_client() if way == 'smtp' else self.lmtp_client()) as client:
            return client.sendmail(sender, recipients, raw, mail_options=['BODY=8BITMIME'])

    # ------------------------------------------------------------
    # the ledger
    # ------------------------------------------------------------

    def processed(self, rows, seconds=30):
        """Wait until the ledger has ``rows`` rows and each of them its outcome."""
        until(f'{rows} mails in the ledger with their outcomes',
              lambda: self.database.rows() >= rows and not self.database.unfinished(), seconds, pause=0.2,
              detail=self.database.outcomes)

    def intake(self, message_id, *fields):
        """The ledger's row of a Message-Id."""
        return self.rpc().one('helpdesk.mail.intake', [('message_id', '=', message_id)], *fields)
