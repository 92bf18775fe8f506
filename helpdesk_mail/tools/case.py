"""The facts about one received mail as its processing hands them on: plain values, no records."""
from typing import NamedTuple


class Address(NamedTuple):
    """An address of ours that a mail names. ``model`` is None for addresses that make no records."""

    address: str
    model: str
    team_id: int
    company_id: int
    defaults: str   # what the alias says new records get, a dict as text
    contact: str    # who may write to it, as of mail.alias


class Parent(NamedTuple):
    """The message that a mail answers."""

    id: int
    model: str
    res_id: int
    internal: bool
    author_id: int


class People(NamedTuple):
    """A ticket and the people who belong to it.

    Mail that names a merged ticket goes to the one that took it in: there are two rows then, with that one's id, its
    people in one and the merged ticket's in the other; ``merged_id`` and ``old_number`` say what was named.
    """

    id: int
    number: str
    team_id: int
    company_id: int
    partner_id: int
    commercial_partner_id: int
    partner_email: str
    email_cc: str
    follower_ids: list
    merged_into_id: int = None
    merged_id: int = None
    old_number: str = ''


class Sender(NamedTuple):
    """A contact with the sender's address; ``agent``: works in the helpdesk."""

    id: int
    commercial_partner_id: int
    company_id: int
    user_id: int
    internal: bool
    from_mail: bool = False
    agent: bool = False
    undeliverable: bool = False  # mails to the address came back
    unproven: bool = False  # they gave the address themselves, by signing up or in the portal


class Side(NamedTuple):
    """A side thread with a third party, and the people in it."""

    id: int
    name: str
    ticket_id: int
    team_id: int
    company_id: int
    addresses: frozenset    # normalised
    partner_ids: frozenset
    companies: frozenset    # commercial_partner_id of the contacts
    named_by: str           # how the mail names it, see tools.belonging
    message_id: int = None  # the message of it that the mail answers


class Case(NamedTuple):
    """One mail and all that was found out about it."""

    arrival: object        # tools.arrival.Arrival
    verdict: object        # tools.mail_kind.Verdict
    ours: dict             # address -> Address, of those the mail names
    places: list           # Address of each team the mail was sent to, in the order it names them
    parent: Parent = None  # the message it answers
    signed: dict = {}      # ticket id -> True for a note: named by our signature in its addresses or Message-Ids
    quoted: dict = {}      # the same, named by our signature in its words; read where nothing else names a ticket
    senders: tuple = ()    # Sender, best first
    plain: bool = False    # show its text only: more was tried and failed
    authentication: str = 'none'   # what our mail server says about the sender, see tools.authentication
    believed: bool = False  # mail from colleagues is who it says it is
    values: dict = {}  # what a rule for received mails fills in
    content: object = None  # tools.mail_content.Content to show, where it is not all of the mail
    side: Side = None      # the side thread with a third party that it answers
    blocked_by: str = ''   # the list's entry that blocks the sender in every company the mail was sent to

    def names_note(self, ticket_id):
        """True when the mail answers something internal of this ticket."""
        if self.in_thread_of(ticket_id):
            return self.parent.internal
        return self.signed.get(ticket_id, False) or self.quoted.get(ticket_id, False)

    def led_on(self, survivors):
        """Return the case with merged tickets' ids replaced, by ``survivors`` {id: id of the ticket that goes on}."""
        parent = self.parent
        if parent and parent.model == 'helpdesk.ticket':
            parent = parent._replace(res_id=survivors.get(parent.res_id, parent.res_id))
        signed, quoted = ({survivors.get(key, key): note for key, note in found.items()}
                          for found in (self.signed, self.quoted))
        return self._replace(parent=parent, signed=signed, quoted=quoted)

    def in_thread_of(self, ticket_id):
        """True when the mail answers a message of this ticket."""
        return bool(self.parent) and self.parent.model == 'helpdesk.ticket' and self.parent.res_id == ticket_id
