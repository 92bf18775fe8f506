"""Decide where a mail belongs: the ticket it names, or a ticket of its own (promise 3, D4, D16, N5).

Pure functions over plain facts, so that every row of the tables can be tested and read.
"""

from typing import NamedTuple

from .authentication import FAIL, NONE

# how the mail names the ticket
REFERENCE = 'reference'  # In-Reply-To or References hold the id of one of its messages
SIGNED = 'signed'  # our signature for it in the address that was written to, or in an id that is not on file
NUMBER = 'number'  # its number stands in the subject
MARKER = 'marker'  # our signature for it in the quoted words
# who the sender is to that ticket
CUSTOMER = 'customer'  # the ticket's own contact or address
COMPANY = 'company'  # another person of the customer's company
PARTICIPANT = 'participant'  # follower, or in the ticket's Cc
AGENT = 'agent'  # works in the helpdesk
STRANGER = 'stranger'
# who the sender is to a side thread; AGENT, CUSTOMER and STRANGER are as above
MEMBER = 'member'  # one of the people it was sent to
ORGANISATION = 'organisation'  # somebody else of their company or mail domain
# what happens
FOLLOW_UP = 'follow_up'  # the customer's side writes into the ticket
AGENT_REPLY = 'agent_reply'  # public answer by an agent
NOTE = 'note'  # stays in the house
NEW_LINKED = 'new_linked'  # a follow-up ticket: the old one is done
POSSIBLE = 'possible_follow_up'  # own ticket, linked; a person decides
NEW = 'new'
HELD = 'held'  # waits for a person
SIDE_ANSWER = 'side_answer'  # the third party's answer, into the side thread
SIDE_NOTE = 'side_note'  # a colleague's words, kept in the side thread


class Decision(NamedTuple):
    """``action`` as above and ``reason``, a key of the texts in the ledger."""

    action: str
    reason: str


def decide(named_by, role, parent_is_note=False, is_customer_too=False, may_continue=True,
           authentication=NONE, believed=False):
    """Return the :class:`Decision` for a mail that a person wrote.

    :param named_by: REFERENCE, SIGNED, NUMBER, MARKER or None when the mail names no ticket
    :param role: what the sender is to that ticket
    :param bool parent_is_note: the message it answers is an internal note
    :param bool is_customer_too: an agent who is also the ticket's customer
    :param bool may_continue: the team's policy lets a customer's answer go on in this ticket
    :param authentication: what our mail server says about the sender, see :mod:`authentication`
    :param bool believed: mail from colleagues is who it says it is: proved, or the administrator vouches for the way
    """
    if authentication == FAIL and role == AGENT:
        return Decision(HELD, 'forged')
    if not named_by:
        return Decision(NEW, 'new')
    if authentication == FAIL:
        return Decision(POSSIBLE, 'forged')
    if role == STRANGER:
        # whoever was sent one of our mails can pass it on; nothing in it proves who writes now
        return Decision(POSSIBLE, f'stranger_{named_by}')
    if parent_is_note and role != CUSTOMER:
        return Decision(NOTE, 'reply_to_note')
    if role == AGENT and not is_customer_too:
        if not believed:
            # nobody speaks to a customer in the house's name on the word of a From line (G13, A6)
            return Decision(NOTE, 'agent_unproved')
        if named_by != REFERENCE:
            # only a reference tells whether the agent answers the customer or a colleague's note (D4)
            return Decision(NOTE, f'agent_{named_by}')
        return Decision(AGENT_REPLY, 'agent_reference')
    if not may_continue:
        return Decision(NEW_LINKED, 'done')
    return Decision(FOLLOW_UP, f'{role}_{named_by}')


def decide_side(named_by, role, authentication=NONE):
    """Return the :class:`Decision` for a mail that names a side thread with a third party (D6, S2-37).

    Nothing of it ever goes into the ticket's conversation by itself: where the ticket's customer turns up (the third
    party passed our mail on), a person decides.

    :param named_by: REFERENCE, SIGNED or MARKER
    :param role: what the sender is to the side thread: MEMBER, ORGANISATION, CUSTOMER (anybody who belongs to the
        ticket), AGENT (works here) or STRANGER
    :param authentication: what our mail server says about the sender
    """
    if authentication == FAIL:
        return Decision(HELD, 'side_forged')
    if role == MEMBER:
        return Decision(SIDE_ANSWER, f'side_{named_by}')
    if role == AGENT:
        return Decision(SIDE_NOTE, 'side_agent')
    if role == CUSTOMER:
        return Decision(POSSIBLE, 'side_customer')
    if role == ORGANISATION and named_by != MARKER:
        # quoted words travel with every copy; a reference or a signed address comes from our mail itself
        return Decision(SIDE_ANSWER, 'side_colleague')
    return Decision(HELD, 'side_stranger')
