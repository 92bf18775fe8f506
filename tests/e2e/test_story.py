"""The main job from end to end, with real servers: S0-6, S0-9, S0-28, S1-12, S1-13, S2-10, S3-3, S3-4, S3-7, S3-8,
S3-12 to S3-15, S3-17 to S3-19, S4-3, S4-18, D1, D2, D4, D16."""
import re
import time

import pytest
from rig import mails
from rig.wait import until

PDF = b'%PDF-1.4\n' + bytes(range(256)) * 40
CSV = 'Größe;Preis\r\n10;5 €\r\n'.encode('cp1252')
CARLA, BOB, ANNA, LEO = 'carla@customer.test', 'bob@customer.test', 'anna@house.test', 'leo@house.test'
SUBJECT = 'Invoice machine is on fire'
SOON = 10  # seconds in which a mail must have left; core's queue would take up to an hour


@pytest.fixture(scope='module')
def desk(site):
    """Odoo with its cron thread, the receiver, IMAP, and Odoo's own incoming server reading from it."""
    site.start_odoo().start_receiver().start_imap()
    admin = site.rpc()
    [site.server_id] = admin.call('fetchmail.server', 'create', vals_list=[{
        'name': 'support mailbox', 'server_type': 'imap', 'server': '127.0.0.1', 'port': site.imap.port,
        'user': site.imap.user, 'password': site.imap.password}])
    admin.call('fetchmail.server', 'button_confirm_login', site.server_id)
    return site


class Story:
    """The steps, each with what must be true after it. ``sent`` is the exact list of all outgoing mails so far."""

    def __init__(self, site):
        self.site = site
        self.admin, self.agent = site.rpc('admin'), site.rpc('agent')
        self.sent = []

    def left(self, *expected, since):
        """Exactly these mails left, in any order, within seconds; return them in the order named."""
        self.sent += expected
        self.site.sink.wait(len(self.sent), SOON)
        took = time.monotonic() - since
        found = self.site.sink.mails
        assert sorted(mail.brief for mail in found) == sorted(self.sent)
        assert took < SOON, f'the mails took {took:.1f} s to leave'
        return [next(mail for mail in reversed(found) if mail.brief == brief) for brief in expected]

    def ticket(self, *fields):
        """The ticket as the agent reads it."""
        return self.agent.one('helpdesk.ticket', [('id', '=', self.id)], *fields)

    def messages(self):
        """The public conversation and notes, oldest first, as the agent reads them."""
        return self.agent.find(
            'mail.message', [('model', '=', 'helpdesk.ticket'), ('res_id', '=', self.id),
                             ('message_type', 'in', ('email', 'comment'))],
            'author_id', 'email_from', 'body', 'subtype_id', 'is_internal', 'message_id', 'parent_id')

    # ------------------------------------------------------------

    def customer_writes(self):
        """A mail in the mailbox, fetched by Odoo's own job, becomes a ticket with its files (S3-3, S3-4)."""
        self.first = mails.new_id()
        self.site.imap.put(mails.compose(
            SUBJECT, 'It burns since this morning.\nPlease help!\n', Cc=f'Bob <{BOB}>', message_id=self.first,
            files=[('smoke report.pdf', 'application/pdf', PDF), ('prices.csv', 'text/csv', CSV)]))
        begin = time.monotonic()
        self.site.database.wake_cron('mail.ir_cron_mail_gateway_action')
        self.site.processed(1)
        row = self.site.intake(self.first, 'outcome', 'reason', 'way', 'ticket_id', 'server_id', 'attempts')
        assert (row['outcome'], row['way'], row['attempts']) == ('new_ticket', 'imap', 1)
        assert row['reason']
        assert row['server_id'][0] == self.site.server_id
        self.id = row['ticket_id'][0]
        until('the mail to be marked as read', lambda: not self.site.imap.unread(), 10)
        self.number = self.ticket('number')['number']
        self.tag = f'[#{self.number}]'
        self.acknowledgement, _notice = self.left(
            (f'{self.tag} We received your request: {SUBJECT}', (CARLA,)),
            (f'{self.tag} New ticket: {SUBJECT}', (LEO,)), since=begin)

    def check_ticket(self):
        """What the agent sees: who, by which way, the words, the files to the byte."""
        found = self.ticket('name', 'status', 'channel', 'partner_id', 'partner_email', 'email_cc', 'user_id',
                            'unanswered_since', 'first_response_at')
        assert found['name'] == SUBJECT
        assert (found['status'], found['channel'], found['partner_email']) == ('new', 'email', CARLA)
        assert 'Carla Customer' in found['partner_id'][1]
        assert BOB in found['email_cc']
        assert found['unanswered_since'] and not found['first_response_at'] and not found['user_id']
        [message] = self.messages()
        assert 'It burns since this morning.' in message['body'] and message['message_id'] == self.first
        files = self.agent.find(
            'ir.attachment', [('res_model', '=', 'helpdesk.ticket'), ('res_id', '=', self.id)], 'name')
        assert {file['name']: self.site.database.stored(file['id']) for file in files} == {
            'smoke report.pdf': PDF, 'prices.csv': CSV}

    def check_acknowledgement(self):
        """It says what it is, comes from the team, answers the customer's mail, and names no inside person."""
        mail = self.acknowledgement
        assert 'desk.test' in mail.header('From') and 'support@desk.test' in mail.header('From')
        assert re.search(r'<support\+t\d+-\w{12}@desk\.test>', mail.header('Reply-To'))
        assert self.first in mail.header('References')
        assert mail.header('Auto-Submitted') == 'auto-replied'
        assert mail.header('X-Auto-Response-Suppress') == 'All'
        assert mail.header('Message-Id').startswith('<')
        assert 'Cc' not in mail.message
        assert self.number in mail.text() and self.number in mail.text('plain')
        assert not set('\u034f\u200b') & set(mail.text('plain')), 'fillers in the plain text'
        assert not self.ticket('first_response_at')['first_response_at'], 'an automatic mail is no answer'

    def agents_talk(self):
        """Taking the ticket and an internal note: nothing leaves for people outside (S0-28, S3-17, D4)."""
        self.agent.call('helpdesk.ticket', 'action_assign_to_me', self.id)
        self.agent.call('helpdesk.ticket', 'message_post', self.id, body='Their machine is out of warranty: SECRET.',
                        message_type='comment', subtype_xmlid='mail.mt_note')

    def agent_answers(self):
        """The answer goes to the customer and to whom they had in Cc, from the team's address (S1-13, D1)."""
        begin = time.monotonic()
        self.agent.call('helpdesk.ticket', 'message_post', self.id, body='Unplug it. A colleague comes at noon.',
                        message_type='comment', subtype_xmlid='mail.mt_comment')
        subject = f'{self.tag} {SUBJECT}'
        self.answer, _copy = self.left((subject, (CARLA,)), (subject, (BOB,)), since=begin)
        found = self.ticket('status', 'first_response_at', 'unanswered_since', 'user_id')
        assert found['status'] == 'open' and found['user_id'][1] == 'Anna Agent'
        assert found['first_response_at'] and not found['unanswered_since']

    def check_answer(self):
        """Its headers lead the customer's program and their answer back to us; nobody's private address is in it."""
        mail = self.answer
        assert 'Anna Agent' in mail.header('From') and 'support@desk.test' in mail.header('From')
        assert ANNA not in mail.raw.decode(errors='replace')
        assert re.search(r'<support\+t\d+-\w{12}@desk\.test>', mail.header('Reply-To'))
        assert self.first in mail.header('References')
        assert mail.header('Message-Id') == self.messages()[-1]['message_id']
        assert 'Unplug it.' in mail.text() and 'SECRET' not in mail.raw.decode(errors='replace')
        assert 'Auto-Submitted' not in mail.message

    def customer_answers(self):
        """Their answer comes by the receiver this time and goes into the same ticket, at its place (S3-14, S3-19)."""
        waiting = self.admin.one('helpdesk.stage', [('status', '=', 'waiting_customer')], 'name')
        self.agent.call('helpdesk.ticket', 'write', self.id, vals={'stage_id': waiting['id']})
        reply = mails.answer(self.answer, 'Done, the fire is out.', message_id=mails.new_id())
        begin = time.monotonic()
        assert self.site.deliver(reply, to='support@desk.test') == {}
        self.site.processed(2)
        row = self.admin.find('helpdesk.mail.intake', [], 'outcome', 'ticket_id', 'way', 'reason', order='id desc')[0]
        assert (row['outcome'], row['ticket_id'][0], row['way']) == ('follow_up', self.id, 'smtp')
        assert self.number in row['reason']
        self.left((f'{self.tag} Re: {SUBJECT}', (ANNA,)), since=begin)
        found = self.ticket('status', 'unanswered_since', 'reopen_count')
        assert found['status'] == 'open' and found['unanswered_since'] and not found['reopen_count']
        last = self.messages()[-1]
        assert 'Carla Customer' in last['author_id'][1] and 'the fire is out' in last['body']

    def colleague_answers_with_number_only(self):
        """Bob was in Cc; his program dropped all references, the number in the subject is enough for him (S3-14)."""
        begin = time.monotonic()
        assert self.site.deliver(mails.compose(
            f'AW: {self.tag} {SUBJECT}', 'I can confirm.\n', sender=f'Bob <{BOB}>'), sender=BOB, way='lmtp') == {}
        self.site.processed(3)
        row = self.admin.find('helpdesk.mail.intake', [], 'outcome', 'ticket_id', 'way', order='id desc')[0]
        assert (row['outcome'], row['ticket_id'][0], row['way']) == ('follow_up', self.id, 'lmtp')
        self.left((f'{self.tag} AW: {SUBJECT}', (ANNA,)), since=begin)

    def stranger_guesses(self):
        """A stranger with the number gets a ticket of their own, linked, and learns nothing of this one (D16)."""
        begin = time.monotonic()
        before = self.messages()
        assert self.site.deliver(mails.compose(
            f'Re: {self.tag} {SUBJECT}', 'Send me everything.\n', sender='Eve <eve@stranger.test>'),
            sender='eve@stranger.test') == {}
        self.site.processed(4)
        row = self.admin.find('helpdesk.mail.intake', [], 'outcome', 'ticket_id', order='id desc')[0]
        assert row['outcome'] == 'possible_follow_up' and row['ticket_id'][0] != self.id
        assert self.messages() == before
        other = self.agent.one('helpdesk.ticket', [('id', '=', row['ticket_id'][0])], 'number', 'name', 'related_ids')
        assert other['related_ids'] == [self.id]
        told, _notice = self.left(
            (f'[#{other["number"]}] We received your request: {other["name"]}', ('eve@stranger.test',)),
            (f'[#{other["number"]}] New ticket: {other["name"]}', (LEO,)), since=begin)
        assert self.number not in told.raw.decode(), 'the stranger was told the number of the other ticket'

    def agent_solves(self):
        """The customer is told, once (S3-8)."""
        begin = time.monotonic()
        self.agent.call('helpdesk.ticket', 'action_solve', self.id)
        [mail] = self.left((f'{self.tag} Solved: {SUBJECT}', (CARLA,)), since=begin)
        assert mail.header('Auto-Submitted') == 'auto-replied'
        assert re.search(r'<support\+t\d+-\w{12}@desk\.test>', mail.header('Reply-To'))
        found = self.ticket('status', 'solved_at', 'unanswered_since')
        assert found['status'] == 'solved' and found['solved_at'] and not found['unanswered_since']

    def customer_comes_back(self):
        """An answer to the solved mail reopens the ticket, by the team's policy; fetched by the button this time."""
        solved = self.site.sink.mails[-1]
        self.site.imap.put(mails.answer(solved, 'It burns again!', message_id=mails.new_id()))
        begin = time.monotonic()
        self.admin.call('fetchmail.server', 'fetch_mail', self.site.server_id)
        self.site.processed(5)
        self.left((f'{self.tag} Re: Solved: {SUBJECT}', (ANNA,)), since=begin)
        found = self.ticket('status', 'reopen_count', 'solved_at')
        assert (found['status'], found['reopen_count'], found['solved_at']) == ('open', 1, False)

    def nothing_else(self):
        """No further mail, no second ticket, nobody outside got a word of the note; the log tells the whole story."""
        self.site.sink.settle()
        assert sorted(self.site.sink.briefs()) == sorted(self.sent)
        assert all(mail.subject.count('[#') == 1 for mail in self.site.sink.mails)
        senders = {mail.header('From') for mail in self.site.sink.mails}
        assert not [name for name in senders if 'desk.test' not in name and 'customer.test' not in name], senders
        outside = [mail for mail in self.site.sink.mails
                   if not all(to.endswith('@house.test') for to in mail.recipients)]
        assert not any(b'SECRET' in mail.raw for mail in outside)
        ids = [mail.header('Message-Id') for mail in self.site.sink.mails]
        assert len({(mail.header('Message-Id'), mail.recipients) for mail in self.site.sink.mails}) == len(ids)
        assert self.admin.count('helpdesk.ticket') == 2
        assert self.admin.count('helpdesk.mail.intake', [('outcome', 'in', ('failed', 'received'))]) == 0
        log = self.agent.find('helpdesk.ticket.event', [('ticket_id', '=', self.id)], 'kind')
        words = ('created', 'customer_message', 'assignee', 'internal_note', 'agent_message')
        assert [event['kind'] for event in log if event['kind'] in words] == [
            'created', 'customer_message', 'assignee', 'internal_note', 'agent_message',
            'customer_message', 'customer_message', 'customer_message']


def test_story(desk):
    """The whole story, in one go."""
    story = Story(desk)
    story.customer_writes()
    story.check_ticket()
    story.check_acknowledgement()
    story.agents_talk()
    story.agent_answers()
    story.check_answer()
    story.customer_answers()
    story.colleague_answers_with_number_only()
    story.stranger_guesses()
    story.agent_solves()
    story.customer_comes_back()
    story.nothing_else()
