import json
import re

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestHelpdeskPortal(HelpdeskCommon, HttpCase):
    """Who sees what in the portal, and that nothing else can be had by any way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, partner in (('carla', cls.customer), ('colin', cls.colleague), ('stella', cls.stranger)):
            setattr(cls, name, mail_new_test_user(
                cls.env, login=name, password=name + name, groups='base.group_portal', partner_id=partner.id,
                name=partner.name, email=partner.email, company_id=cls.company_a.id))
        cls.repair = cls.env['helpdesk.ticket'].create({
            'name': "Drill is silent", 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'channel': 'portal'})
        cls.public = cls.repair.with_user(cls.agent).message_post(
            body="Have you tried the switch?", subtype_xmlid='mail.mt_comment', message_type='comment',
            attachments=[('manual.txt', b'press it')])
        cls.note = cls.repair.with_user(cls.agent).message_post(
            body="SECRET talk", subtype_xmlid='mail.mt_note', message_type='comment',
            attachments=[('secret.txt', b'hush')])
        cls.url = f'/my/tickets/{cls.repair.id}'

    def link(self):
        return self.repair._portal_link().replace(self.repair.get_base_url(), '')

    # reading

    def test_own_ticket_without_internal_talk(self):
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Have you tried the switch?", page.text)
        self.assertNotIn("SECRET", page.text)
        self.assertNotIn("secret.txt", page.text)
        self.assertIn("Drill is silent", self.url_open('/my/tickets').text)
        self.assertEqual(self.url_open(f'{self.url}/files/{self.public.attachment_ids.id}').content, b'press it')
        self.assertEqual(self.url_open(f'{self.url}/files/{self.note.attachment_ids.id}').status_code, 404)

    def test_others_see_nothing(self):
        for login in ('colin', 'stella'):
            self.authenticate(login, login + login)
            for url in (self.url, f'{self.url}/files/{self.public.attachment_ids.id}'):
                self.assertEqual(self.url_open(url).status_code, 404, (login, url))
            self.assertNotIn("Drill is silent", self.url_open('/my/tickets?show=all').text)
        self.authenticate(None, None)
        self.assertIn('/web/login', self.url_open(self.url).url)

    def test_no_rights_on_models(self):
        for user in (self.carla, self.colin, self.user_public):
            for model in ('helpdesk.ticket', 'helpdesk.ticket.event', 'helpdesk.team', 'helpdesk.sla.status'):
                with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.note.with_user(user).read(['body'])
            with self.assertRaises(AccessError):
                self.note.attachment_ids.with_user(user).read(['raw'])
        found = self.env['mail.message'].with_user(self.colin).search([('model', '=', 'helpdesk.ticket')])
        self.assertFalse(found)

    def test_company_right(self):
        domain = self.env['helpdesk.ticket'].with_user(self.colin)._helpdesk_portal_domain
        tickets = self.env['helpdesk.ticket']
        self.assertNotIn(self.repair, tickets.search(domain(company=True)))
        self.colleague.helpdesk_portal_right = 'read'
        self.assertIn(self.repair, tickets.search(domain(company=True)))
        self.assertNotIn(self.repair, tickets.search(domain()))
        found, role = tickets.with_user(self.colin)._portal_ticket(self.repair.id)
        self.assertEqual((found, role), (self.repair, 'reader'))
        self.assertFalse(found._portal_may(role, 'answer'))
        self.colleague.helpdesk_portal_right = 'manage'
        self.assertEqual(tickets.with_user(self.colin)._portal_ticket(self.repair.id)[1], 'manager')
        self.colleague.parent_id = self.stranger  # another house: the right stays behind
        self.assertEqual(self.colleague._helpdesk_portal_right(), 'own')
        self.assertNotIn(self.repair, tickets.search(domain(company=True)))

    def test_hidden_type_is_the_requesters(self):
        self.repair.type_id = self.env['helpdesk.type'].create(
            {'name': "Salary", 'group_ids': [(6, 0, self.group_user.ids)]})
        self.colleague.helpdesk_portal_right = 'manage'
        tickets = self.env['helpdesk.ticket']
        self.assertFalse(tickets.with_user(self.colin)._portal_ticket(self.repair.id)[0])
        self.assertEqual(tickets.with_user(self.carla)._portal_ticket(self.repair.id)[1], 'requester')

    def test_followers_do_not_matter(self):
        foreign = self.ticket(partner_id=self.stranger.id)
        foreign.message_subscribe(partner_ids=self.customer.ids)
        self.authenticate('carla', 'carlacarla')
        page = self.url_open('/my/tickets?show=all')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(foreign.number, page.text)

    # links

    def test_link_opens_one_ticket(self):
        other = self.ticket(name="Other one", partner_id=self.customer.id)
        self.authenticate(None, None)
        page = self.url_open(self.link())
        self.assertIn("Have you tried the switch?", page.text)
        self.assertNotIn('access_token', page.url)
        self.assertIn('/web/login', self.url_open(f'/my/tickets/{other.id}').url)
        token = self.repair.access_token
        self.assertEqual(self.url_open(f'/my/tickets/{other.id}?access_token={token}').status_code, 404)
        self.repair.with_user(self.agent).action_portal_withdraw_links()
        self.assertFalse(self.repair.access_token)
        self.assertIn('/web/login', self.url_open(self.url).url)
        self.assertEqual(self.events(self.repair, 'links_withdrawn').user_id, self.agent)

    def test_links_are_withdrawn_by_those_who_work_on_it(self):
        self.repair._portal_ensure_token()
        for user in (self.employee, self.carla, self.agent_b):
            with self.assertRaises(AccessError), mute_logger(
                    'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'):
                self.repair.with_user(user).action_portal_withdraw_links()
        self.repair.partner_id = self.stranger
        self.assertFalse(self.repair.access_token)

    def test_token_is_no_key_to_the_chatter(self):
        token = self.repair._portal_ensure_token()
        for route, params in (
            ('/mail/message/post', {'thread_model': 'helpdesk.ticket', 'thread_id': self.repair.id, 'token': token,
                                    'post_data': {'body': "forged", 'message_type': 'notification'}}),
            ('/mail/chatter_fetch', {'thread_model': 'helpdesk.ticket', 'thread_id': self.repair.id, 'token': token}),
        ):
            for login in (None, 'carla'):
                self.authenticate(login, login and login + login)
                with mute_logger('odoo.http'):
                    answer = self.url_open(route, data=json.dumps({'params': params}),
                                           headers={'Content-Type': 'application/json'}).text
                self.assertNotIn("switch", answer, (route, login))
        self.assertFalse(self.repair.message_ids.filtered(lambda message: 'forged' in (message.body or '')))
        with self.assertRaises(AccessError):
            self.repair.with_user(self.employee).read(['access_token'])

    # acting

    def test_answer_as_plain_text(self):
        ticket, _role = self.env['helpdesk.ticket'].with_user(self.carla)._portal_ticket(self.repair.id)
        ticket._portal_answer("<script>alert(1)</script> still silent", [('../<b>.png', b'x')])
        message = self.repair.message_ids[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertNotIn('<script', message.body)
        self.assertEqual(message.attachment_ids.name, '<b>.png')
        self.assertEqual(self.events(self.repair)[-1].kind, 'customer_message')
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(self.url).text
        self.assertNotIn('<script>alert', page)
        self.assertNotIn('<b>.png', page)

    def test_nothing_changes_by_get(self):
        self.authenticate('carla', 'carlacarla')
        for act in ('answer', 'solve', 'reopen', 'rate', 'nudge', 'add'):
            with mute_logger('odoo.http'):
                self.assertIn(self.url_open(f'{self.url}/{act}').status_code, (404, 405))
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open(f'{self.url}/solve', data={'x': '1'}).status_code, 400)
        self.assertNotEqual(self.repair.status, 'solved')

    def test_solve_rate_once_reopen(self):
        ticket, role = self.env['helpdesk.ticket'].with_user(self.carla)._portal_ticket(self.repair.id)
        ticket._portal_solve(role)
        self.assertEqual(self.repair.status, 'solved')
        ticket._portal_rate(role, '5', "Thanks")
        self.assertEqual(self.repair.rating_ids.filtered('consumed').mapped('rating'), [5])
        with self.assertRaises(AccessError):
            ticket._portal_rate(role, '1', "again")
        ticket._portal_reopen(role)
        self.assertEqual(self.repair.status, 'open')
        self.assertEqual(self.events(self.repair, 'portal').mapped('author_id'), self.customer)

    def test_follow_up_where_the_policy_says_so(self):
        self.team.reopen_policy = 'follow_up'
        self.repair.action_close()
        ticket, _role = self.env['helpdesk.ticket'].with_user(self.carla)._portal_ticket(self.repair.id)
        new = ticket._portal_answer("it is back")
        self.assertNotEqual(new, ticket)
        self.assertEqual((new.related_ids, new.partner_id, self.repair.status), (self.repair, self.customer, 'closed'))

    def test_thanks_make_no_follow_up(self):
        self.team.reopen_policy = 'follow_up'
        self.repair.action_close()
        ticket, _role = self.env['helpdesk.ticket'].with_user(self.carla)._portal_ticket(self.repair.id)
        self.assertEqual((ticket._portal_answer("Thank you very much!"), ticket.status), (ticket, 'closed'))

    def test_nudge_once_an_interval(self):
        self.repair._write_facts({'unanswered_since': '2026-03-02 09:00:00', 'nudged_at': False})
        self.repair.stage_id = self.stages['open']
        self.repair._write_facts({'unanswered_since': '2026-03-02 09:00:00', 'create_date': '2026-03-02 09:00:00'})
        ticket, role = self.env['helpdesk.ticket'].with_user(self.carla)._portal_ticket(self.repair.id)
        ticket._portal_nudge(role)
        self.assertTrue(self.repair.is_nudged)
        self.assertEqual(len(self.events(self.repair, 'nudged')), 1)
        with self.assertRaises(AccessError):
            ticket._portal_nudge(role)
        self.answer(self.repair, self.agent)
        self.assertFalse(self.repair.is_nudged)

    def test_new_request(self):
        self.authenticate('carla', 'carlacarla')
        self.team.portal_offered = True
        page = self.url_open(f'/my/tickets/new?topic=team-{self.team.id}')
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        self.url_open('/my/tickets/new', data={
            'csrf_token': token, 'topic': f'team-{self.team.id}', 'subject': "Saw is loud", 'text': "Very.",
            'priority': '3', 'team_id': str(self.team_b.id), 'partner_id': str(self.stranger.id)})
        made = self.env['helpdesk.ticket'].search([('name', '=', "Saw is loud")])
        self.assertEqual((made.team_id, made.partner_id, made.priority, made.channel),
                         (self.team, self.customer, '1', 'portal'))

    def test_add_colleague(self):
        ticket, role = self.env['helpdesk.ticket'].with_user(self.carla)._portal_ticket(self.repair.id)
        ticket._portal_add_person(role, 'colin@acme.test')
        self.assertEqual(self.env['helpdesk.ticket'].with_user(self.colin)._portal_ticket(self.repair.id)[1], 'shared')
        ticket._portal_add_person(role, 'else@where.test')
        self.assertIn('else@where.test', self.repair.email_cc)
        self.assertFalse(ticket._portal_may('link', 'add'))

    def test_banner(self):
        self.assertIn("our turn", self.repair.with_user(self.carla).sudo()._portal_turn()['sentence'])
        self.repair.stage_id = self.stages['waiting_customer']
        self.assertIn("waiting for your answer since", self.repair._portal_turn()['sentence'])

    def test_answer_by_the_link_in_the_browser(self):
        self.authenticate(None, None)
        page = self.url_open(self.link())
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        refused = self.url_open(f'{self.url}/answer', data={'csrf_token': token, 'text': "look"},
                                files={'files': ('virus.exe', b'MZ')})
        self.assertEqual(refused.status_code, 422)
        self.assertIn("virus.exe", refused.text)
        self.assertIn("look", refused.text, "what was typed is kept")
        sent = self.url_open(f'{self.url}/answer', data={'csrf_token': token, 'text': "Still silent"},
                             files={'files': ('photo.png', b'png')})
        self.assertEqual(sent.status_code, 200)
        message = self.repair.message_ids[0]
        self.assertIn("Still silent", message.body)
        self.assertEqual((message.author_id, message.attachment_ids.name), (self.customer, 'photo.png'))
        with mute_logger('odoo.http'):
            self.url_open(f'{self.url}/add', data={'csrf_token': token, 'address': 'me@evil.test'})
        self.assertNotIn('evil', self.repair.email_cc or '')

    def test_only_the_customers_mail_has_the_link(self):
        self.repair.message_subscribe(partner_ids=self.colleague.ids)
        groups = {group[0]: group for group in self.repair._notify_get_recipients_groups(self.public, "Ticket")}
        link = groups['helpdesk_customer'][2]['button_access']['url']
        self.assertIn(self.repair.access_token, link)
        person = {'id': self.customer.id, 'share': True, 'email_normalized': 'carla@acme.test'}
        self.assertTrue(groups['helpdesk_customer'][1](person))
        self.assertFalse(groups['helpdesk_customer'][1]({**person, 'id': self.colleague.id}))
        for name, group in groups.items():
            if name != 'helpdesk_customer':
                self.assertNotIn(self.repair.access_token, str(group[2]), name)
