import json
import re

from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import COMMENT, NOTE, JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyHttp(HttpCase, JourneyCommon):
    """What the rules promise holds over HTTP as well, by the routes that the web client uses."""

    def setUp(self):
        super().setUp()
        self.beta, _mails = self.request(
            self.team_private, subject="Salary", body="Word pumpkin.", files=[('beta.bin', b'beta secret')])
        self.file = self.beta.message_ids.attachment_ids
        self.note = self.beta.with_user(self.agent_private).message_post(
            body="Inside talk.", subtype_xmlid=NOTE, message_type='comment')
        self.env.flush_all()

    def login(self, user):
        self.authenticate(user.login, user.login)

    def rpc(self, route, **params):
        answer = self.url_open(route, data=json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}),
                               headers={'Content-Type': 'application/json'})
        return answer.json()

    def test_foreign_ticket(self):
        """A ticket of another team, its files and its talk are not served, by id or otherwise (S0-18, S4-10, A25)."""
        self.login(self.agent)
        with mute_logger('odoo.http', 'odoo.addons.base.models.ir_rule'):
            for route in (f'/web/content/{self.file.id}', f'/web/content/helpdesk.ticket/{self.beta.id}/description',
                          f'/web/image/{self.file.id}', f'/web/content/{self.file.id}?download=1'):
                answer = self.url_open(route)
                self.assertNotIn(b'beta secret', answer.content, route)
                served = answer.status_code not in (403, 404)
                self.assertFalse(served and 'placeholder' not in answer.headers['Content-Disposition'], route)
            found = self.rpc('/mail/thread/messages', thread_model='helpdesk.ticket', thread_id=self.beta.id)
            self.assertNotIn('pumpkin', json.dumps(found))
            found = self.rpc('/mail/message/post', thread_model='helpdesk.ticket', thread_id=self.beta.id,
                             post_data={'body': 'hello', 'subtype_xmlid': COMMENT, 'message_type': 'comment'})
            self.assertIn('error', found)
            found = self.rpc('/web/dataset/call_kw/helpdesk.ticket/web_search_read', model='helpdesk.ticket',
                             method='web_search_read', args=[], kwargs={'domain': [], 'specification': {'name': {}}})
            self.assertNotIn('Salary', json.dumps(found))
        self.assertNotIn('hello', str(self.beta.message_ids.mapped('body')))

    def test_own_ticket(self):
        """Who is of the team gets all of it by the same routes, which shows that the test above asked rightly."""
        self.login(self.agent_private)
        self.assertEqual(self.url_open(f'/web/content/{self.file.id}').content, b'beta secret')
        found = json.dumps(self.rpc('/mail/thread/messages', thread_model='helpdesk.ticket', thread_id=self.beta.id))
        self.assertIn('pumpkin', found)
        self.assertIn('Inside talk.', found)

    def test_employee_reads_no_notes(self):
        """The employee who raised a request reads the answers and never the notes, by any route (S0-28, S3-1, A29)."""
        ticket = self.env['helpdesk.ticket'].with_user(self.employee).create(
            {'name': "My chair", 'team_id': self.team_private.id}).sudo()
        agents = ticket.with_user(self.agent_private)
        note = agents.message_post(
            body="Inside talk.", subtype_xmlid=NOTE, message_type='comment', attachments=[('note.bin', b'note secret')])
        agents.message_post(body="It comes today.", subtype_xmlid=COMMENT, message_type='comment')
        self.env.flush_all()
        self.login(self.employee)
        with mute_logger('odoo.http', 'odoo.addons.base.models.ir_rule'):
            found = json.dumps(self.rpc('/mail/thread/messages', thread_model='helpdesk.ticket', thread_id=ticket.id))
            self.assertIn('It comes today.', found)
            self.assertNotIn('Inside talk.', found)
            for method, args in (('read', [note.ids, ['body']]), ('search_read', [[('id', '=', note.id)], ['body']])):
                found = self.rpc(f'/web/dataset/call_kw/mail.message/{method}', model='mail.message', method=method,
                                 args=args, kwargs={})
                self.assertNotIn('Inside talk.', json.dumps(found), method)
            answer = self.url_open(f'/web/content/{note.attachment_ids.id}')
            self.assertNotIn(b'note secret', answer.content)

    def test_mail_ticket(self):
        """In the browser: a ticket that came by mail is read, noted upon, answered and solved; the customer gets the
        answer and the notice of the solution, and nothing else (S0-28, S1-13, S3-15 to S3-18)."""
        ticket, _mails = self.request(subject="Tour by mail", body="It does not turn.", files=[('photo.bin', b'photo')])
        mails = self.sent(lambda: self.start_tour(
            '/odoo/helpdesk', 'test_helpdesk_mail_ticket', login=self.agent.login, timeout=180))
        self.assertEqual((ticket.status, ticket.user_id), ('solved', self.agent))
        self.assertLeft(mails, *[(f'[#{ticket.number}] {subject}', self.customer.email_formatted)
                                 for subject in ("Tour by mail", "Solved: Tour by mail")])
        self.assertFalse([mail for mail in mails if 'They broke it' in mail['body']])

    def test_pages(self):
        """The agents' and the employees' first pages are served (S3-1)."""
        for user, path in ((self.agent, '/odoo/helpdesk'), (self.manager, '/odoo/helpdesk'), (self.employee, '/odoo')):
            self.login(user)
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 200)
            self.assertIn('odoo.__session_info__', answer.text)

    def test_a_customer_takes_anothers_address(self):
        """Who says in the portal that a customer's address is theirs gets none of that customer's requests (A38)."""
        mallory = mail_new_test_user(
            self.env, login='mallory', password='mallory', groups='base.group_portal', email='mallory@else.test',
            name="Mallory", company_id=self.company_a.id)
        self.authenticate('mallory', 'mallory')
        key = re.search(r'csrf_token: "([^"]+)"', self.url_open('/my').text).group(1)
        answer = self.url_open('/my/address/submit', data={
            'csrf_token': key, 'partner_id': mallory.partner_id.id, 'name': "Mallory", 'email': self.customer.email,
            'phone': '+32 2 555 02 02', 'street': "Road 1", 'zip': '1000', 'city': "Brussels",
            'country_id': self.env.ref('base.be').id})
        self.assertIn('redirectUrl', answer.text)
        self.env.invalidate_all()
        self.assertEqual(mallory.partner_id.email_normalized, self.customer.email_normalized)
        ticket, _mails = self.request(self.team, subject="My wages", body="Word pumpkin.")
        self.assertEqual(ticket.partner_id, self.customer)
        page = self.url_open('/my/tickets?show=all')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("My wages", page.text)
        self.assertEqual(self.url_open(f'/my/tickets/{ticket.id}').status_code, 404)
