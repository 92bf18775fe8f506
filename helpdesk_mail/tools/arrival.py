"""What a received mail says about itself, as plain values: the input of every decision about it."""

import email.utils
import ipaddress
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from . import addresses, headers, mail_content

# a Date header this far from the moment of receipt is a broken clock, not a slow mail
MAX_DELAY = timedelta(days=14)
MAX_SUBJECT = 250
MAX_REPORT = 60_000  # characters of a delivery report without parts
_COPY = re.compile(r"""(?imx) ^[ \t>]* (?: -{3,}.{0,60}(?:copy|original\ message|message\ header|returned|unsent)
                     | received: \s from )""")
_BRACKETED = re.compile(r'\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\]')
_ID_LINE = re.compile(r'(?im)^[ \t>]{0,10}message-id:[ \t]{0,5}(<[^>\s]{1,250}>)')
_DIAGNOSTIC = re.compile(r'(?m)^.{0,200}\b[45]\d\d[ -]\#?[45]\.\d{1,3}\.\d{1,3}.{0,200}$|'
                         r'^.{0,100}\b5\d\d .{3,200}$')


class Bounce(NamedTuple):
    """``ids``: Message-Ids of the mail it is about; ``recipients`` who did not get it; ``diagnostic`` in one line;
    ``action``: 'failed', 'delayed', or 'delivered', 'relayed', 'expanded' when all went well (RFC 3464 2.3.3)."""

    ids: list
    recipients: list
    diagnostic: str
    action: str = 'failed'


class Arrival(NamedTuple):
    """One received mail. Addresses are normalised, texts are clean lines, ``date`` is naive UTC."""

    message: object  # email.message.Message
    message_id: str  # '' when it has none
    sender: str  # '' when it has none
    sender_name: str
    subject: str
    parent_ids: list  # Message-Ids it answers, the closest first
    recipients: list  # whom it was brought to, then whom it names
    people: list  # (name, address) of To and Cc
    date: datetime
    reply_to: str


def read(message, received_at, envelope_to=()):
    """Return the :class:`Arrival` of ``message``.

    :param email.message.Message message: of a policy that does not parse headers (compat32)
    :param datetime received_at: naive UTC, stands in for a missing or impossible Date
    :param envelope_to: recipients of the envelope, empty when unknown; they outrank the headers
    """

    def texts(*names):
        return [text for name in names for text in headers.values(message, name)]

    name, sender = author(message)
    people = [pair for header in ('To', 'Cc') for text in headers.values(message, header, shield=True)
              for pair in addresses.pairs(text)]
    delivered = addresses.find(*envelope_to) or addresses.find(
        *texts('Delivered-To', 'X-Original-To', 'Envelope-To', 'X-Envelope-To')
    )
    named = addresses.find(*texts('To', 'Cc', 'Resent-To', 'Resent-Cc', 'Bcc'))
    answered = headers.message_ids(headers.value(message, 'In-Reply-To'))
    thread = headers.message_ids(' '.join(texts('References')))
    return Arrival(
        message=message,
        message_id=next(iter(headers.message_ids(headers.value(message, 'Message-Id'))), ''),
        sender=sender,
        sender_name=name or sender,
        subject=headers.value(message, 'Subject')[:MAX_SUBJECT],
        parent_ids=list(dict.fromkeys([*answered, *reversed(thread)])),
        recipients=list(dict.fromkeys([*delivered, *named])),
        people=list(dict.fromkeys(people)),
        date=sent_at(headers.value(message, 'Date'), received_at),
        reply_to=next(iter(addresses.find(headers.value(message, 'Reply-To'), limit=1)), ''),
    )


def author(message):
    """Return (name, normalised address) of who wrote ``message``, ('', '') when it does not say."""
    for name, shield in (('From', True), ('From', False), ('Sender', True)):
        for text in headers.values(message, name, shield)[:1]:
            if found := addresses.pairs(text, limit=1):
                return found[0]
    return '', ''


def handed_over_by(message):
    """Return the public network address that handed the mail to our mail servers, None when no line tells it.

    Each server puts its Received line on top (RFC 5321 4.4): the newest public address is the one outside of the house.
    """
    for text in headers.raw_values(message, 'Received')[:10]:
        for found in _BRACKETED.findall(text[:2000]):
            try:
                address = ipaddress.ip_address(found)
            except ValueError:
                continue
            if address.is_global:
                return address
    return None


def sent_at(text, received_at):
    """Return when a mail says it was sent (naive UTC); ``received_at`` when that is missing or cannot be."""
    try:
        date = email.utils.parsedate_to_datetime(text)
        date = date.astimezone(UTC).replace(tzinfo=None) if date.tzinfo else date
    except (TypeError, ValueError, IndexError, OverflowError):
        return received_at
    if not received_at - MAX_DELAY <= date <= received_at:
        return received_at
    return date.replace(microsecond=0)


def read_bounce(message):
    """Return the :class:`Bounce` that a delivery report tells (RFC 3464), however broken it is.

    A report that is text alone (qmail, old Exim and Exchange) is read as far as it names ids and addresses.
    """
    ids, recipients, diagnostic, actions = [], [], '', set()
    for part in _parts(message):
        kind = headers.clean_line(next(iter(headers.raw_values(part, 'Content-Type')), '')).partition(';')[0].lower()
        children = mail_content.children_of(part)
        if kind == 'message/delivery-status':
            for block in children:
                if not hasattr(block, 'raw_items'):
                    continue
                for name in ('Final-Recipient', 'Original-Recipient'):
                    recipients += addresses.find(headers.value(block, name))
                actions.add(headers.value(block, 'Action').lower().partition(' ')[0])
                diagnostic = diagnostic or headers.value(block, 'Diagnostic-Code') or headers.value(block, 'Status')
        elif kind == 'message/rfc822' and children:
            ids += _original_ids(children[0])
        elif kind == 'text/rfc822-headers' and not children:
            head = headers.decode_bytes(mail_content.payload_bytes(part)[: headers.MAX_HEADER])
            ids += _original_ids(email.message_from_string(head))
    for name in ('In-Reply-To', 'References'):
        ids += headers.message_ids(headers.value(message, name))
    recipients += addresses.find(headers.value(message, 'X-Failed-Recipients'))
    if not ids or not recipients:
        text, copy = _report_text(message)
        ids = ids or [found for line in _ID_LINE.findall(copy) for found in headers.message_ids(line)]
        recipients = recipients or addresses.find(text)
        diagnostic = diagnostic or next(iter(_DIAGNOSTIC.findall(text)), '').strip()
    actions &= {'failed', 'delayed', 'delivered', 'relayed', 'expanded'}
    action = 'failed' if 'failed' in actions or not actions else min(actions)  # the worst of several
    return Bounce(list(dict.fromkeys(ids)), list(dict.fromkeys(recipients)), diagnostic[:500], action)


def _report_text(message):
    """Return (what a mail server says about a mail, all of its words, the copy of that mail included)."""
    words = mail_content.first_words(message)[:MAX_REPORT]
    copy = _COPY.search(words)
    return words[: copy.start()] if copy else words[:5000], words


def _original_ids(original):
    return [
        found
        for name in ('Message-Id', 'X-Microsoft-Original-Message-ID')
        for found in headers.message_ids(headers.value(original, name))
    ]


def _parts(message, limit=60):
    """Yield the parts of a report, not those of the mail it quotes."""
    pending = [message]
    while pending and limit:
        part = pending.pop(0)
        limit -= 1
        yield part
        if part.get_content_maintype() == 'multipart':
            pending += mail_content.children_of(part)
