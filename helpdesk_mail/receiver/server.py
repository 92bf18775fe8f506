"""LMTP (RFC 2033) and SMTP (RFC 5321) by aiosmtpd. A mail gets its 250 after the ledger's commit, never before."""

import asyncio
import logging
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

_logger = logging.getLogger(__name__)
TRY_LATER = '451 4.3.0 The mail cannot be stored now, try again later'
NO_SUCH = '550 5.1.1 No such address here'
LONGEST_LINE = 1 << 24  # bytes; senders exist that write a whole page in one line
MAX_RECIPIENTS = 1000
RETRY = 5  # seconds between attempts to reach a database that is away at the start


class Handler:
    """aiosmtpd's hooks; the database's work is done in threads."""

    def __init__(self, intake, way, threads):
        self.intake, self.way, self.threads = intake, way, threads

    async def _in_thread(self, function, *args):
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *args)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return '452 4.5.3 Too many recipients'
        try:
            ours = await self._in_thread(self.intake.may_be_ours, address)
        except Exception as error:
            _logger.warning("A recipient could not be looked up: %s", error)
            return TRY_LATER
        if not ours:
            return NO_SUCH
        envelope.rcpt_tos.append(address)
        return '250 2.1.5 OK'

    async def handle_DATA(self, server, session, envelope):
        try:
            row_id = await self._in_thread(
                self.intake.take,
                bytes(envelope.original_content),
                self.way,
                envelope.mail_from or '',
                list(envelope.rcpt_tos),
            )
        except Exception as error:
            _logger.warning("A mail could not be stored, its sender will try again: %s", error)
            return TRY_LATER
        return f'250 2.0.0 OK {row_id}'


class Smtp(SMTP):
    line_length_limit = LONGEST_LINE


class Lmtp(LMTP):
    """LMTP answers DATA once for each recipient (RFC 2033 4.2); aiosmtpd answers once."""

    line_length_limit = LONGEST_LINE
    _answers = 0

    async def smtp_DATA(self, arg):
        self._answers = len(self.envelope.rcpt_tos) if self.envelope else 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 0

    async def push(self, status):
        text = status.decode() if isinstance(status, bytes) else status
        if self._answers > 1 and not text.startswith(('354', '501', '503')):
            status = '\r\n'.join([text] * self._answers)
        await super().push(status)


class Receiver:
    """Both servers, from start to a stop that loses nothing."""

    def __init__(self, intake, interface, smtp_port, lmtp_port, max_size, connections=100):
        """
        :param Intake intake: the database's side
        :param str interface: address to listen on
        :param int smtp_port: 0 for none
        :param int lmtp_port: 0 for none
        :param int max_size: bytes of the largest mail that is taken
        :param int connections: that are served at the same time, each protocol
        """
        self.intake, self.interface, self.max_size = intake, interface, max_size
        self.ports = [(Smtp, 'smtp', smtp_port), (Lmtp, 'lmtp', lmtp_port)]
        self.threads = ThreadPoolExecutor(8, thread_name_prefix='helpdesk-take')
        self.limit = connections
        self.stop_wanted = None

    async def serve(self):
        """Listen until SIGTERM or SIGINT, then finish what was begun."""
        loop = asyncio.get_running_loop()
        self.stop_wanted = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop_wanted.set)
        servers = [await self._listen(loop, *port) for port in self.ports if port[2]]
        starter = asyncio.create_task(self._sweep_when_up())
        await self.stop_wanted.wait()
        starter.cancel()
        for server in servers:
            server.close()
        _logger.info("The receiver stops; mails in work are finished first")
        await asyncio.sleep(0)
        await loop.run_in_executor(None, self.threads.shutdown, True)
        await asyncio.sleep(0.1)  # the last answers leave
        await loop.run_in_executor(None, self.intake.stop)

    async def _listen(self, loop, protocol, way, port):
        handler = Handler(self.intake, way, self.threads)

        def connect():
            return protocol(
                handler,
                data_size_limit=self.max_size,
                enable_SMTPUTF8=True,
                decode_data=False,
                loop=loop,
                hostname=socket.gethostname(),
                ident='helpdesk receiver',
                timeout=300,
            )

        server = await loop.create_server(connect, self.interface, port, backlog=self.limit)
        _logger.info("%s receiver listens on %s:%s", way.upper(), self.interface, port)
        return server

    async def _sweep_when_up(self):
        """Bring what an earlier run left behind to its end, as soon as the database answers."""
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(self.threads, self.intake._registry)
            except Exception as error:
                _logger.warning("The database cannot be used yet: %s", error)
                await asyncio.sleep(RETRY)
            else:
                self.intake.sweep()
                _logger.info("The receiver is ready")
                return
