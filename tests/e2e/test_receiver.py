"""The receiver under load and in trouble: 250 after the commit and never before, else the sender keeps the mail.
Promise 1; S1-45, S4-3; F3 and F7 as far as one database goes."""
import smtplib
import time

import pytest
from rig import account, mails
from rig.crowd import Crowd
from rig.wait import until

MEGABYTE = 1 << 20
#: what the log may say when the database goes away
CUT = ('could not be stored', 'could not be looked up', 'waits for the next run', 'odoo.sql_db: bad query')


@pytest.fixture(scope='module')
def desk(site):
    """Odoo and the receiver; only customers get mail."""
    site.receiver.command += ['--max-size', '3MB']
    site.start_odoo().start_receiver()
    site.teams = [team['id'] for team in site.rpc().find('helpdesk.team', [], 'id')]
    site.rpc().call('helpdesk.team', 'write', site.teams, vals={'notify_new': 'none'})
    site.subjects = []
    return site


def test_f12_twenty_senders(desk, capsys):
    """100 mails of 20 people at once, over SMTP and LMTP: 100 tickets, and each person gets their own confirmations."""
    begin = time.monotonic()
    crowd = Crowd(desk, senders=20, each=5, ids=False).start()
    crowd.wait()
    stored = time.monotonic() - begin
    assert crowd.tries == 100, f'some were not taken at once: {crowd.answers[:3]}'
    desk.processed(100, 90)
    done = time.monotonic() - begin
    desk.subjects += crowd.subjects
    assert account.check(desk, desk.subjects) == {'new_ticket': 100}
    sent = desk.sink.wait(100, 90)
    told = time.monotonic() - begin
    desk.sink.settle(1)
    numbers = dict(desk.database.sql('SELECT name, number FROM helpdesk_ticket'))
    expected = sorted((f'[#{numbers[subject]}] We received your request: {subject}', (crowd.address(sender),))
                      for sender, subject in crowd.wanted)
    assert sorted(desk.sink.briefs()) == expected
    with capsys.disabled():
        print(f'\n  100 mails: stored {stored:.1f} s, processed {done:.1f} s, {len(sent)} confirmations {told:.1f} s')
    desk.rpc().call('helpdesk.team', 'write', desk.teams, vals={'acknowledge': False})


def test_size_limit(desk):
    """A mail over the limit is refused with 552: at MAIL where the sender tells its size, else after DATA."""
    rows = desk.database.rows()
    with desk.smtp_client() as client:
        client.ehlo()
        limit = int(client.esmtp_features['size'])
        assert limit == 3 * MEGABYTE
        code, _told = client.docmd('MAIL', f'FROM:<carla@customer.test> SIZE={limit + 1}')
        assert code == 552
    raw = mails.compose('Too big') + (b'y' * 70 + b'\r\n') * ((limit + MEGABYTE) // 72)
    for connect in (desk.smtp_client, desk.lmtp_client):
        with connect(60) as client:
            client.ehlo_or_helo_if_needed()
            client.mail('carla@customer.test')
            client.rcpt('support@desk.test')
            assert client.data(raw)[0] == 552
    assert desk.database.rows() == rows


def test_recipients(desk):
    """Unknown people at our domain are refused at RCPT, so that the sender learns of it; the others get the mail."""
    for way in ('smtp', 'lmtp'):
        refused = desk.deliver(mails.compose('One of two', to='support@desk.test, nobody@desk.test'),
                               to=['support@desk.test', 'nobody@desk.test'], way=way)
        assert set(refused) == {'nobody@desk.test'} and refused['nobody@desk.test'][0] == 550
        desk.subjects.append('One of two')
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            desk.deliver(mails.compose('For nobody'), to='nobody@desk.test', way=way)
    desk.processed(len(desk.subjects))
    account.check(desk, desk.subjects)
    assert desk.rpc().count('helpdesk.ticket', [('email_cc', 'ilike', 'nobody@desk.test')]) == 0, 'answers would bounce'


def test_several_recipients_lmtp(desk):
    """Over LMTP each recipient gets its own answer (RFC 2033); two teams of one company are one ticket."""
    raw = mails.compose('For two teams', to='support@desk.test, billing@desk.test')
    with desk.lmtp_client() as client:
        client.ehlo_or_helo_if_needed()
        client.mail('carla@customer.test')
        assert client.rcpt('support@desk.test')[0] == client.rcpt('billing@desk.test')[0] == 250
        assert client.docmd('DATA')[0] == 354
        client.send(raw + b'\r\n.\r\n')
        assert [client.getreply()[0] for _recipient in range(2)] == [250, 250]
        assert client.noop()[0] == 250, 'an answer too many or too few'
    desk.subjects.append('For two teams')
    desk.processed(desk.database.rows())
    account.check(desk, desk.subjects)


def test_database_away(desk):
    """The database goes away under the receiver: 451, nothing lost; it comes back: 250, without a restart."""
    desk.allow_log(*CUT)
    held = desk.smtp_client()
    held.ehlo()
    held.mail('carla@customer.test')
    assert held.rcpt('support@desk.test')[0] == 250
    desk.database.allow_connections(False)
    try:
        raw = mails.compose('Database was away')
        assert held.data(raw)[0] == 451
        for way in ('smtp', 'lmtp'):
            code = refusal(desk, raw, way)
            assert code == 451, f'{way} answered {code}'
    finally:
        desk.database.allow_connections(True)
    until('the receiver to take mail again', lambda: not refusal(desk, raw, 'smtp'), 15, pause=0.5)
    held.rset()
    held.mail('carla@customer.test')
    held.rcpt('support@desk.test')
    assert held.data(mails.compose('Same connection'))[0] == 250
    held.quit()
    desk.receiver.check()
    desk.subjects += ['Database was away', 'Same connection']
    until('both mails to be processed', lambda: desk.database.tickets() >= len(desk.subjects), 30)
    desk.processed(len(desk.subjects))
    account.check(desk, desk.subjects)


def refusal(desk, raw, way):
    """Deliver a mail; return the code of the refusal, 0 when it was taken."""
    try:
        desk.deliver(raw, way=way)
    except smtplib.SMTPRecipientsRefused as error:
        return next(iter(error.recipients.values()))[0]
    except smtplib.SMTPResponseException as error:
        return error.smtp_code
    return 0


def test_f03_sessions_cut_while_mail_comes(desk):
    """All sessions in the database are cut three times while 100 mails come in: nothing is lost, nothing double."""
    desk.allow_log(*CUT)
    crowd = Crowd(desk, senders=10, each=10, label='Cut', ids=False)
    crowd.start()
    before = len(desk.subjects)
    for share in (20, 50, 80):
        until(f'{share} mails', lambda share=share: desk.database.rows() >= before + share, 40, pause=0.02)
        desk.database.throw_out()
    crowd.wait()
    desk.receiver.check()
    desk.subjects += crowd.subjects
    account.finish(desk)
    account.check(desk, desk.subjects)


def test_graceful_stop(desk):
    """SIGTERM under load: what got 250 is in the ledger, the process ends by itself, and a new one goes on."""
    crowd = Crowd(desk, senders=10, each=8, label='Stop', seconds=60)
    before = desk.database.rows()
    crowd.start()
    until('30 mails', lambda: len(crowd.accepted) >= 30, 30, pause=0.02)
    code, seconds = desk.receiver.stop(25)
    assert code == 0, f'the receiver ended with {code}:\n{desk.receiver.tail()}'
    assert seconds < 15, f'it took {seconds:.1f} s to stop'
    accepted = set(crowd.accepted)
    stored = {subject for [subject] in desk.database.sql('SELECT subject FROM helpdesk_mail_intake')}
    assert accepted <= stored, f'accepted, but not in the ledger: {sorted(accepted - stored)[:5]}'
    desk.start_receiver()
    crowd.wait()
    assert desk.database.rows() >= before + 80
    desk.subjects += crowd.subjects
    account.finish(desk)
    account.check(desk, desk.subjects)
