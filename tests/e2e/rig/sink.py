"""The outgoing mail server: accepts what Odoo sends, keeps envelopes and bytes, or makes trouble when told to."""
import asyncio
import email
import email.policy
import time
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from parts.services import free_ports

from .wait import until


class Sent(NamedTuple):
    """One mail that arrived: envelope, bytes, parsed message, time (monotonic)."""
    sender: str
    recipients: tuple
    raw: bytes
    message: email.message.EmailMessage
    at: float

    @property
    def subject(self):
        """The decoded subject."""
        return str(self.message['Subject'])

    @property
    def brief(self):
        """Subject and recipients, what lists of mails are compared by."""
        return self.subject, self.recipients

    def header(self, name):
        """A header as one line of text, '' when missing."""
        return ' '.join(str(self.message[name] or '').split())

    def text(self, kind='html'):
        """The body of a kind."""
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else ''


class Sink:
    """An SMTP server on a loopback port, in a thread of this process."""

    def __init__(self):
        self.mails = []
        self.tried = []
        self.answer = None
        self.hangs = self.closes = self.leaves = False
        self.port = free_ports(1)[0]
        self.controller = None

    def start(self):
        """Start to listen unless it does, always on the same port."""
        if self.controller:
            return self
        self.controller = Controller(
            self, hostname='127.0.0.1', port=self.port, data_size_limit=64 << 20, enable_SMTPUTF8=True)
        self.controller.start()
        return self

    def stop(self):
        """Stop to listen; who hangs is let go."""
        self.hangs = False
        if self.controller:
            self.controller.stop()
            self.controller = None

    def behave(self, answer=None, hangs=False, closes=False, leaves=False):
        """Answer to mails with ``answer`` ('451 later'), or hang, or close after the data, or (none) accept again.

        ``leaves``: accept one with its 250 and close the connection then.
        """
        self.answer, self.hangs, self.closes, self.leaves = answer, hangs, closes, leaves

    async def handle_DATA(self, server, _session, envelope):
        """Take one mail."""
        raw = envelope.original_content
        self.tried.append((tuple(envelope.rcpt_tos), time.monotonic()))
        while self.hangs:
            await asyncio.sleep(0.05)
        if self.closes:
            server.transport.abort()
        if self.answer or self.closes:
            return self.answer or '451 gone'
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.mails.append(Sent(
            envelope.mail_from, tuple(sorted(envelope.rcpt_tos)), raw, message, time.monotonic()))
        if self.leaves:
            await server.push('250 kept')
            server.transport.close()  # what is written leaves first; the answer below reaches nobody
        return '250 kept'

    def clear(self):
        """Forget the mails."""
        self.mails.clear()
        self.tried.clear()

    def to(self, address):
        """The mails sent to an address."""
        return [mail for mail in self.mails if address in mail.recipients]

    def briefs(self):
        """All mails in the order of their arrival."""
        return [mail.brief for mail in self.mails]

    def wait(self, count, seconds=15):
        """Wait until at least ``count`` mails are here; return all."""
        until(f'{count} outgoing mails', lambda: len(self.mails) >= count, seconds, detail=self.briefs)
        return list(self.mails)

    def settle(self, seconds=2.0):
        """Wait until no mail has come for some seconds; return all. For "and nothing else was sent"."""
        last, since = len(self.mails), time.monotonic()
        end = since + 30
        while time.monotonic() - since < seconds and time.monotonic() < end:
            time.sleep(0.1)
            if len(self.mails) != last:
                last, since = len(self.mails), time.monotonic()
        return list(self.mails)


SMTP.line_length_limit = 1 << 20  # long lines are the sender's business here
