"""What a mail server's refusal means: try again later, or never (RFC 5321 4.2.1; F10)."""

import re
from contextlib import contextmanager
from datetime import timedelta

# when a mail that could not be sent is tried again, the last delay over and over
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 1800, 3600))
GIVE_UP_AFTER = timedelta(hours=24)

_CODE = re.compile(r'(?:\(|\A)([45])\d\d\s*[,\n]')
_NO_CONNECTION = re.compile(
    r'(?i)timed? ?out|unexpectedly closed|not connected|connection (?:reset|aborted|refused)|unreachable'
    r'|name or service not known|temporary failure in name resolution|no route to host|broken pipe|disconnected'
)


def is_temporary(reason, no_connection=False):
    """Tell whether the mail may get through later.

    :param str reason: the exception's text, as Odoo keeps it: with the server's code in brackets where it gave one
    :param bool no_connection: the server could not be reached at all
    """
    codes = _CODE.findall(reason or '')
    if codes:
        return '5' not in codes
    return no_connection or bool(_NO_CONNECTION.search(reason or ''))


def next_try(tries, first_failed_at, now):
    """Return when to try again (same kind of datetime as ``now``), None when it is time to give up.

    :param int tries: how often it was tried so far, 1 after the first failure
    """
    if now - first_failed_at >= GIVE_UP_AFTER:
        return None
    return now + DELAYS[min(max(tries, 1), len(DELAYS)) - 1]


class Begun:
    """The mail that a call of core's is at, and whom of its recipients the mail server has taken it for (F10)."""

    def __init__(self):
        self.mail_id, self.partners, self.emails, self._left = False, [], [], []

    def next_mail(self, mail_id, mails):
        """A mail begins: ``mails`` leave for it, one after the other."""
        self.mail_id, self.partners, self.emails = mail_id, [], []
        self._left = [(mail.get('partner_id'), list(mail.get('email_to') or ())) for mail in mails]

    @contextmanager
    def one(self):
        """The next of them leaves in the block; the server has it when the block ends."""
        partner, emails = self._left.pop(0) if self._left else (None, [])
        yield
        if partner:
            self.partners.append(partner)
        else:
            self.emails += emails
