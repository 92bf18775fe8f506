"""kill -9 in the middle of 200 mails, then a restart: 200 mails in the ledger, each with its outcome, 200 tickets, none
twice. Promise 1, N6, F1, G4, G5."""
import contextlib

import pytest
from rig import account, mails
from rig.crowd import Crowd
from rig.wait import until

PROCESS = 'helpdesk_mail.ir_cron_process_mail'
CONFIRM = 'helpdesk_mail.ir_cron_send_answers'
FETCH = 'mail.ir_cron_mail_gateway_action'


@pytest.fixture
def desk(site):
    """Servers down, no mail, no ticket; nobody gets mail."""
    site.odoo.stop()
    site.receiver.stop()
    site.database.sql('DELETE FROM fetchmail_server')
    site.database.sql('TRUNCATE helpdesk_mail_intake, helpdesk_mail_answer CASCADE')
    site.database.sql("SELECT set_config('helpdesk.event_maintenance', 'erase', false); "
                      "DELETE FROM mail_mail; DELETE FROM mail_message WHERE model = 'helpdesk.ticket'; "
                      "DELETE FROM helpdesk_ticket_event; DELETE FROM helpdesk_ticket")
    site.database.sql("UPDATE helpdesk_team SET notify_new = 'none', acknowledge = false")
    site.sink.clear()
    return site


def test_f01_kill_receiver(desk):
    """The receiver dies three times while 200 mails come in, half of them without Message-Id; senders retry."""
    desk.start_odoo().start_receiver()
    crowd = Crowd(desk, senders=20, each=10, ids=False, seconds=120).start()
    for share in (40, 90, 140):
        until(f'{share} mails', lambda share=share: desk.database.rows() >= share, 90, 0.02, desk.receiver.tail)
        desk.receiver.kill()
        desk.start_receiver()
    crowd.wait()
    assert crowd.tries > 200, 'no sender was cut off: the kill came too late to prove anything'
    account.finish(desk)
    found = account.check(desk, crowd.subjects)
    assert found['new_ticket'] == 200


@contextlib.contextmanager
def processing_blocked(desk):
    """Nobody can make a ticket as long as the block lasts: somebody else holds the table."""
    connection = desk.database.connect()
    connection.autocommit = False
    try:
        with connection.cursor() as cursor:
            cursor.execute('LOCK TABLE helpdesk_ticket IN SHARE ROW EXCLUSIVE MODE')
            yield
    finally:
        connection.close()


def test_f01_kill_while_processing(desk):
    """200 mails are stored and none is processed when the receiver dies; then Odoo dies twice while it catches up."""
    desk.start_receiver()
    with processing_blocked(desk):
        crowd = Crowd(desk, senders=10, each=20, ids=False).start()
        crowd.wait()
        assert desk.database.outcomes() == {'received': 200}
        desk.receiver.kill()
    desk.database.sql("UPDATE helpdesk_mail_intake SET received_at = received_at - interval '5 minutes'")
    for share in (40, 110):
        desk.start_odoo()
        until(f'{share} outcomes', desk.database.waking(
            PROCESS, lambda share=share: desk.database.unfinished() <= 200 - share), 90, 0.02, desk.database.outcomes)
        assert desk.database.unfinished(), 'it was done before it could be killed'
        desk.odoo.kill()
    desk.start_odoo()
    account.finish(desk)
    assert account.check(desk, crowd.subjects) == {'new_ticket': 200}


def test_restarted_receiver_catches_up(desk):
    """What a killed receiver left behind is brought to its end by the next one, without Odoo and without waiting."""
    desk.start_receiver()
    with processing_blocked(desk):
        crowd = Crowd(desk, senders=5, each=4).start()
        crowd.wait()
        desk.receiver.kill()
    desk.start_receiver()
    desk.processed(20, 30)
    assert account.check(desk, crowd.subjects) == {'new_ticket': 20}


def test_f01_g04_kill_odoo_while_fetching(desk, capsys):
    """Odoo dies twice while its own job fetches 200 mails by IMAP, some without Message-Id: each is there, once.

    Core's fetch marks a mail as read before it has it, and a kill in between loses it (G4); ours does not.
    """
    desk.start_imap()
    sent = {}
    for number in range(200):
        subject = f'Fetched {number:03}'
        own = None if number % 4 == 0 else mails.new_id()
        sent[subject] = mails.compose(
            subject, sender=f'Person <person{number % 40}@crowd.test>', Message_ID=own, Date=mails.DATE)
    desk.imap.put(*sent.values())
    desk.start_odoo()
    admin = desk.rpc()
    [server] = admin.call('fetchmail.server', 'create', vals_list=[{
        'name': 'mailbox', 'server_type': 'imap', 'server': '127.0.0.1', 'port': desk.imap.port,
        'user': desk.imap.user, 'password': desk.imap.password}])
    admin.call('fetchmail.server', 'button_confirm_login', server)
    for share in (60, 120):
        until(f'{share} mails in the ledger', desk.database.waking(
            FETCH, lambda share=share: desk.database.rows() >= share), 90, 0.02, desk.odoo.tail)
        desk.odoo.kill()
        desk.start_odoo()
    until('the mailbox to be read', desk.database.waking(FETCH, lambda: not desk.imap.unread()), 120, 0.5,
          lambda: f'{desk.imap.unread()} unread; {desk.database.outcomes()}')
    account.finish(desk)
    stored = {subject for [subject] in desk.database.sql('SELECT DISTINCT subject FROM helpdesk_mail_intake')}
    lost = set(sent) - stored
    assert not lost, f'{len(lost)} mails were lost: {sorted(lost)[:5]}'
    account.check(desk, sent)
    with capsys.disabled():
        print(f'\n  IMAP: 200 mails through two kills, outcomes {desk.database.outcomes()}')


def test_f02_kill_while_confirming(desk):
    """Odoo dies twice while it confirms 40 tickets: each customer is told; at most the mail that was just on its way
    when Odoo died comes twice."""
    desk.database.sql('UPDATE helpdesk_team SET acknowledge = true')
    desk.start_receiver()
    crowd = Crowd(desk, senders=4, each=10).start()
    crowd.wait()
    desk.processed(40, 60)
    for share in (8, 20):
        desk.start_odoo()
        until(f'{share} confirmations', desk.database.waking(
            CONFIRM, lambda share=share: len(desk.sink.mails) >= share), 90, 0.02, desk.odoo.tail)
        desk.odoo.kill()
    desk.start_odoo()
    numbers = dict(desk.database.sql('SELECT name, number FROM helpdesk_ticket'))
    expected = {(f'[#{numbers[subject]}] We received your request: {subject}', (crowd.address(sender),))
                for sender, subject in crowd.wanted}
    until('all confirmations', desk.database.waking(
        CONFIRM, lambda: len(set(desk.sink.briefs())) >= 40), 90, 0.2, lambda: len(desk.sink.mails))
    desk.sink.settle(2)
    assert set(desk.sink.briefs()) == expected
    assert len(desk.sink.mails) <= 40 + 2, f'{len(desk.sink.mails)} mails for 40 tickets'
