"""Accounting: every mail is there, once, with an outcome. Promise 1, the bar of threats.md, section 2."""
from collections import Counter

from .wait import until


def check(site, subjects, lost=()):
    """Each of ``subjects`` (but those ``lost``) became exactly one ticket; no row of the ledger is left over.

    :return: {outcome: number of rows}
    """
    database = site.database
    rows = database.sql('SELECT subject, outcome, ticket_id, reason, raw_id FROM helpdesk_mail_intake')
    left = [row for row in rows if row[1] in ('received', 'failed')]
    assert not left, f'{len(left)} rows without a good outcome, for example {left[:3]}'
    assert all(row[3] for row in rows), 'an outcome without a reason'
    assert all(row[4] for row in rows), 'a row without its original'
    wanted = Counter(subject for subject in subjects if subject not in lost)
    made = Counter(row[0] for row in rows if row[1] == 'new_ticket')
    assert made == wanted, f'missing: {list(wanted - made)[:5]}, too many: {list(made - wanted)[:5]}'
    others = [row for row in rows if row[1] not in ('new_ticket', 'duplicate')]
    assert not others, f'unexpected outcomes: {others[:3]}'
    tickets = Counter(name for [name] in database.sql('SELECT name FROM helpdesk_ticket'))
    assert tickets == wanted, f'tickets missing: {list(wanted - tickets)[:5]}, double: {list(tickets - wanted)[:5]}'
    words = database.value(
        "SELECT count(*) FROM mail_message WHERE model = 'helpdesk.ticket' AND message_type = 'email'")
    assert words == sum(wanted.values()), f'{words} messages in {len(tickets)} tickets'
    return database.outcomes()


def finish(site, seconds=120):
    """Wait until nothing is left without outcome; what a crash left behind is made older, so nobody waits for it."""
    def done():
        site.database.sql("UPDATE helpdesk_mail_intake SET received_at = received_at - interval '2 minutes' "
                          "WHERE outcome = 'received' AND received_at > now() AT TIME ZONE 'UTC' - interval '1 minute'")
        return not site.database.unfinished()
    until('all outcomes', site.database.waking('helpdesk_mail.ir_cron_process_mail', done), seconds, pause=0.5,
          detail=site.database.outcomes)
