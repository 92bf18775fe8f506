"""The outgoing mail server makes trouble: nobody is told twice, nothing is silently gone. F10; S1-13, D1."""

import pytest
from rig import mails
from rig.wait import until

CARLA, BOB = 'carla@customer.test', 'bob@customer.test'


@pytest.fixture(scope='module')
def desk(site):
    """Odoo and the receiver; only customers get mail."""
    site.start_odoo().start_receiver()
    teams = [team['id'] for team in site.rpc().find('helpdesk.team', [], 'id')]
    site.rpc().call('helpdesk.team', 'write', teams, vals={'notify_new': 'none'})
    return site


@pytest.fixture
def ticket(desk):
    """A fresh ticket, confirmed; afterwards the server behaves again."""
    rows = desk.database.rows()
    desk.sink.clear()
    desk.deliver(mails.compose('Trouble'))
    desk.processed(rows + 1)
    desk.sink.wait(1, 30)
    desk.sink.clear()
    yield desk.database.value('SELECT max(id) FROM helpdesk_ticket')
    desk.sink.behave()
    desk.sink.start()


def answer(desk, ticket, words, seconds=60, **more):
    """The agent answers; return the id of the message."""
    agent = desk.rpc('agent')
    agent.timeout = seconds
    return agent.call('helpdesk.ticket', 'message_post', ticket, body=words, message_type='comment',
                      subtype_xmlid='mail.mt_comment', **more)


def notification(desk, ticket):
    """How the delivery of the last answer stands, as the agent's screen shows it."""
    return desk.database.sql(
        "SELECT n.notification_status, n.failure_reason FROM mail_notification n JOIN mail_message m "
        "ON m.id = n.mail_message_id WHERE m.model = 'helpdesk.ticket' AND m.res_id = %s "
        "AND m.message_type = 'comment' AND n.notification_type = 'email' ORDER BY n.id DESC LIMIT 1", ticket)[0]


@pytest.mark.parametrize('trouble', ['550 5.7.1 we do not like you', '552 5.3.4 we do not like you, too big'])
def test_f10_refused(desk, ticket, trouble):
    """The answer stays on the ticket, marked as undelivered with the server's words; others are not held up."""
    desk.sink.behave(trouble)
    answer(desk, ticket, 'You will not read this.')
    until('the failure to show', lambda: notification(desk, ticket)[0] == 'exception', 30,
          detail=lambda: notification(desk, ticket))
    assert 'we do not like you' in notification(desk, ticket)[1]
    desk.sink.behave()
    answer(desk, ticket, 'But this.')
    [mail] = desk.sink.wait(1, 30)
    assert 'But this.' in mail.text()
    desk.sink.settle(1)
    assert len(desk.sink.mails) == 1


def test_f10_later(desk, ticket):
    """421, 451, "connection refused" and a line that breaks after the data say "later": tried again, arrived once."""
    for words, trouble in (('first', '421 4.3.2 shutting down'), ('second', '451 4.7.1 greylisted'), ('third', None),
                           ('fourth', 'closes')):
        tried = len(desk.sink.tried)
        desk.sink.behave()
        desk.sink.start()
        if trouble:
            desk.sink.behave(**({'closes': True} if trouble == 'closes' else {'answer': trouble}))
        else:
            desk.sink.stop()
        answer(desk, ticket, f'The {words} answer.')
        if trouble:
            until('a first try', lambda tried=tried: len(desk.sink.tried) > tried, 30)
    waiting = "SELECT count(*) FROM mail_mail WHERE state = 'outgoing' AND failure_reason IS NOT NULL"
    until('four mails to wait for another try', lambda: desk.database.value(waiting) == 4, 30)
    assert notification(desk, ticket)[0] != 'exception', 'what is tried again has not failed yet'
    desk.sink.behave()
    desk.sink.start()
    until('the mails to be tried again', desk.database.waking(
        'mail.ir_cron_mail_scheduler_action', lambda: len(desk.sink.mails) >= 4), 60, 0.2,
        lambda: (desk.sink.briefs(), notification(desk, ticket)))
    desk.sink.settle(2)
    assert [mail.recipients for mail in desk.sink.mails] == [(CARLA,)] * 4
    for words in ('first', 'second', 'third', 'fourth'):
        assert len([mail for mail in desk.sink.mails if f'The {words} answer.' in mail.text()]) == 1
    until('the ticket to show that they were sent', lambda: notification(desk, ticket)[0] == 'sent', 10)


def test_f10_gone_after_its_250(desk, ticket):
    """A server takes each mail and closes the connection: of two recipients each gets it once, and shows as sent."""
    desk.allow_log('Exception while processing mail')
    [bob] = desk.rpc().call('res.partner', 'create', vals_list=[{'name': 'Bob', 'email': BOB}])
    desk.sink.behave(leaves=True)
    answer(desk, ticket, 'For both of you.', partner_ids=[bob])
    until('both to have it', desk.database.waking(
        'mail.ir_cron_mail_scheduler_action', lambda: len(desk.sink.mails) >= 2), 60, 0.2, desk.sink.briefs)
    statuses = "SELECT array_agg(DISTINCT notification_status) FROM mail_notification WHERE res_partner_id = %s"
    until('it to show as sent', lambda: desk.database.value(statuses, bob) == ['sent'], 20,
          detail=lambda: desk.database.value(statuses, bob))
    waiting = ("SELECT count(*) FROM mail_mail JOIN mail_message m ON m.id = mail_message_id "
               "WHERE state IN ('outgoing', 'exception') AND m.model = 'helpdesk.ticket' AND m.res_id = %s")
    desk.database.sql("UPDATE mail_mail SET scheduled_date = now() AT TIME ZONE 'UTC' WHERE state = 'outgoing'")
    desk.database.wake_cron('mail.ir_cron_mail_scheduler_action')
    desk.sink.settle(3)
    assert sorted(mail.recipients for mail in desk.sink.mails) == [(BOB,), (CARLA,)]
    assert not desk.database.value(waiting, ticket)
    assert notification(desk, ticket)[0] == 'sent'


def test_f10_hanging(desk, ticket):
    """A server that does not answer holds up neither the agents nor the mails that come in."""
    desk.allow_log('Exception while processing mail', 'Exception during request handling')
    desk.sink.behave(hangs=True)
    answer(desk, ticket, 'Slow line.', seconds=6)
    rows = desk.database.rows()
    desk.deliver(mails.compose('Meanwhile'))
    desk.processed(rows + 1, 15)
    desk.sink.behave()
    desk.sink.wait(2, 30)
    desk.sink.settle(2)
    assert sorted(len(desk.sink.to(to)) for to in {to for mail in desk.sink.mails for to in mail.recipients}) == [2]
