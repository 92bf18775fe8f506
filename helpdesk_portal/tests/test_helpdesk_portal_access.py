import json
from datetime import datetime, timedelta

from markupsafe import Markup
from odoo.addons.helpdesk_portal.models.helpdesk_ticket_portal_talk import ANSWERS_AN_HOUR
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_access import SECRET, HelpdeskPortalAccessCommon

QUIET = ('odoo.http', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
ACTS = ('answer', 'solve', 'reopen', 'rate', 'nudge', 'add')


@tagged('post_install', '-at_install')
class TestHelpdeskPortalAccess(HelpdeskPortalAccessCommon):
    """What is not theirs cannot be had: by address, by id, by key, by the API, by core's own routes (A25 to A32)."""

    def each(self):
        """Log in as each of those who have no part in the ticket."""
        for login, password in self.others.items():
            self.authenticate(login, password)
            self.login = login
            yield login

    def assertNothing(self, text):
        for word in filter(None, (SECRET, "tried the switch", "HUSH", "press it", self.repair.access_token)):
            self.assertNotIn(word, text, self.login)

    def get(self, url, **kwargs):
        with mute_logger(*QUIET):
            return self.url_open(url, **kwargs)

    def test_the_key_cannot_be_asked_for(self):
        """Who has the key is in: no public method gives it away, whoever calls it."""
        key = self.repair._portal_ensure_token()
        self.env.flush_all()
        for user in (self.stella, self.colin, self.employee, self.agent_b, self.agent):
            url = self.repair.with_user(user).get_portal_url()
            self.assertEqual(url, self.url)
        for login in self.each():
            if login:
                self.assertNotIn(key, self.call('get_portal_url', [self.repair.id]))

    def test_pages_and_files(self):
        other = self.ticket(name="Of Stella", partner_id=self.stranger.id)
        key, ours = other._portal_ensure_token(), self.repair._portal_ensure_token()
        files = (self.public.attachment_ids | self.note.attachment_ids).ids
        for _login in self.each():
            for url in (self.url, f'{self.url}?access_token={key}', f'{self.url}?access_token={ours[:-1]}',
                        f'{self.url}?access_token=', f'{self.url}?access_token=%C3%A9',
                        *(f'{self.url}/files/{file_id}' for file_id in files),
                        '/my/tickets?show=all', '/my/tickets?show=all&search=Drill',
                        f'/my/tickets?search={self.repair.number}', '/my/tickets?show=all&whose=company&group=person'):
                self.assertNothing(self.get(url).text)

    def test_no_act_is_theirs(self):
        self.repair._portal_ensure_token()
        before = (self.repair.status, self.repair.email_cc, len(self.repair.message_ids), self.repair.nudged_at)
        for login in self.each():
            key = self.csrf()
            for act in ACTS:
                data = {'csrf_token': key, 'text': "forged", 'rate': '1', 'address': 'me@evil.test'}
                answer = self.get(f'{self.url}/{act}', data=data, allow_redirects=False)
                self.assertIn(answer.status_code, (404,) if login or act != 'add' else (303,), (login, act))
        self.repair.invalidate_recordset()
        self.assertEqual(
            (self.repair.status, self.repair.email_cc, len(self.repair.message_ids), self.repair.nudged_at), before)

    def test_core_routes(self):
        file_ids = (self.public.attachment_ids | self.note.attachment_ids).ids
        thread = {'thread_model': 'helpdesk.ticket', 'thread_id': self.repair.id}
        for _login in self.each():
            for file_id in file_ids:
                for url in (f'/web/content/{file_id}', f'/web/image/{file_id}', f'/web/content/{file_id}?download=1',
                            f'/web/content?model=ir.attachment&id={file_id}&field=raw'):
                    self.assertNothing(self.get(url).text)
            for url in (f'/mail/view?model=helpdesk.ticket&res_id={self.repair.id}', f'/mail/message/{self.note.id}',
                        f'/mail/message/{self.public.id}', f'/web/content/helpdesk.ticket/{self.repair.id}/description',
                        f'/web/content/mail.message/{self.note.id}/body'):
                self.assertNothing(self.get(url, allow_redirects=False).text)
            for message in (self.public, self.note):
                for route, params in (
                        ('/mail/message/update_content', {'message_id': message.id, 'update_data': {'body': "forged"}}),
                        ('/mail/message/reaction', {'message_id': message.id, 'content': "x", 'action': 'add'}),
                        ('/mail/message/translate', {'message_id': message.id}),
                        ('/mail/attachment/delete', {'attachment_id': message.attachment_ids.id})):
                    self.assertNothing(self.rpc(route, **params))
            for route, params in (
                    ('/mail/thread/messages', thread), ('/mail/chatter_fetch', thread),
                    ('/mail/thread/recipients', {**thread, 'message_id': self.note.id}),
                    ('/mail/message/post', {**thread, 'post_data': {'body': "forged", 'message_type': 'comment'}}),
                    ('/mail/data', {'fetch_params': [['mail.thread', {**thread, 'request_list': ['followers']}]]}),
                    ('/mail/read_subscription_data', {'follower_id': self.repair.message_follower_ids[:1].id})):
                self.assertNothing(self.rpc(route, **params))
        messages = self.env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', '=', self.repair.id)])
        self.assertFalse(messages.filtered(lambda message: "forged" in (message.body or '') or message.reaction_ids))
        self.assertEqual((self.public | self.note).attachment_ids.ids, sorted(file_ids))

    def test_the_api(self):
        everything = [[]]
        for login in self.each():
            if not login:
                continue
            for method, args in (
                    ('search_read', [[('id', '=', self.repair.id)], ['name']]), ('read', [[self.repair.id], ['name']]),
                    ('name_search', ["Drill"]), ('export_data', [[self.repair.id], ['name', 'partner_email']]),
                    ('formatted_read_group', [[], ['name'], ['__count']]), ('web_search_read', [[], {'name': {}}]),
                    ('message_post', [[self.repair.id]]), ('get_answer_recipients', [[self.repair.id]]),
                    ('action_portal_withdraw_links', [[self.repair.id]]), ('get_knowledge', [[self.repair.id]]),
                    ('search_knowledge', [[self.repair.id], "drill"]), ('get_answer_stages', [[self.repair.id]]),
                    ('copy', [[self.repair.id]]), ('write', [[self.repair.id], {'name': "forged"}])):
                self.assertNothing(self.call(method, *args))
            for model in ('mail.message', 'helpdesk.ticket.event', 'rating.rating', 'helpdesk.article.use',
                          'mail.scheduled.message', 'mail.notification', 'mail.followers'):
                self.assertNothing(self.call('search_read', *everything, model=model))
            for message in (self.public, self.note):
                self.assertNothing(self.call('read', [message.id], ['body', 'email_from'], model='mail.message'))
                self.assertNothing(self.call(
                    'read', message.attachment_ids.ids, ['name', 'raw'], model='ir.attachment'))
        self.assertEqual(self.repair.name, SECRET)

    def test_no_private_method_by_the_api(self):
        """Methods behind the pages work as the superuser: no request names them."""
        self.authenticate('stella', 'stellastella')
        for method in ('_portal_answer', '_portal_ensure_token', '_portal_link', '_portal_ticket', '_portal_request'):
            with mute_logger(*QUIET):
                self.assertIn("Private methods", self.call(method, [self.repair.id]))

    def test_nothing_changes_by_get(self):
        self.authenticate('carla', 'carlacarla')
        self.team.portal_offered = True
        count, before = self.env['helpdesk.ticket'].search_count([]), len(self.repair.message_ids)
        for act in ACTS:
            with mute_logger('odoo.http'):
                url = f'{self.url}/{act}?text=forged&rate=1&address=me@evil.test'
                self.assertIn(self.url_open(url).status_code, (404, 405))
        self.url_open(f'/my/tickets/new?topic=team-{self.team.id}&subject=forged&text=forged')
        self.url_open(f'{self.url}?said=solve')
        self.repair.invalidate_recordset()
        self.assertEqual(self.env['helpdesk.ticket'].search_count([]), count)
        self.assertEqual((self.repair.status, len(self.repair.message_ids)), ('open', before))

    # who was added, and merged tickets

    def test_added_people_stay_with_the_customers_house(self):
        ticket, role = self.held(self.carla)
        ticket._portal_add_person(role, 'colin@acme.test')
        self.assertEqual(self.held(self.colin)[1], 'shared')
        self.colleague.parent_id = self.stranger  # has gone to another house
        self.assertFalse(self.held(self.colin)[0])
        self.colleague.parent_id = self.acme
        self.assertEqual(self.held(self.colin)[1], 'shared')
        self.repair.partner_id = self.acme
        self.assertEqual(self.held(self.colin)[1], 'shared', "the same house")
        self.repair.partner_id = self.stranger
        self.assertEqual(self.held(self.colin), (self.repair.browse(), ''), "another customer's now")
        self.assertEqual(self.held(self.stella)[1], 'requester')
        self.assertNotIn(self.colleague, self.repair.message_follower_ids.partner_id, "nor by mail")

    def test_merged_ticket_leads_on(self):
        own = self.ticket(name="Goes on", partner_id=self.customer.id)
        self.repair.merge_into(own)
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn(f'/my/tickets/{own.id}"', page.text)
        for word in ("Nothing was written", "We have it", "We are on it", 'name="text"'):
            self.assertNotIn(word, page.text)
        self.assertNotIn(f'{self.url}"', self.url_open('/my/tickets?show=all').text)
        ticket, role = self.held(self.carla)
        self.assertFalse([act for act in ACTS if ticket._portal_may(role, act)])
        for user in (self.colin, self.stella, self.beate, self.employee):
            self.assertFalse(self.held(user)[0])

    def test_merged_into_anothers_ticket(self):
        """What goes on belongs to somebody else: it is neither shown nor named."""
        foreign = self.ticket(name="Of Stella", partner_id=self.stranger.id)
        link = self.repair._portal_link().replace(self.repair.get_base_url(), '')
        self.repair.merge_into(foreign)
        for login, url in ((None, link), ('carla', self.url)):
            self.authenticate(login, login and login + login)
            page = self.url_open(url)
            self.assertEqual(page.status_code, 200)
            self.assertIn("joined with another", page.text)
            for word in (foreign.name, foreign.number, f'/my/tickets/{foreign.id}"'):
                self.assertNotIn(word, page.text)
        self.repair._write_facts({'merged_into_id': False})  # archived, for another reason
        self.assertFalse(self.held(self.carla)[0])

    # what they send

    def test_follow_ups_have_a_pace(self):
        """Who holds the link to a closed ticket does not make tickets without end."""
        self.team.reopen_policy = 'follow_up'
        self.repair.action_close()
        ticket, _role = self.held(self.carla)
        for _number in range(ANSWERS_AN_HOUR):
            ticket._portal_answer("And another thing")
        with self.assertRaises(UserError):
            ticket._portal_answer("And another thing")
        self.assertEqual(len(self.repair.related_ids), ANSWERS_AN_HOUR)

    def test_odd_values(self):
        self.team.write({'portal_offered': True, 'ticket_properties': [
            {'name': 'size', 'string': "Size", 'type': 'float'},
            {'name': 'count', 'string': "Count", 'type': 'integer'}]})
        ask = self.env['helpdesk.ticket'].with_user(self.carla)._portal_request
        for name, value in (('size', 'nan'), ('size', '-inf'), ('size', '1e400'), ('count', '9' * 400), ('count', 'x')):
            with self.assertRaises(UserError):
                ask(f'team-{self.team.id}', {'subject': "x", 'text': "y", f'field_{name}': value})
        made = ask(f'team-{self.team.id}', {'subject': "x", 'text': "y", 'field_size': '2.5', 'field_count': '-3'})
        self.env.flush_all()
        self.assertEqual((made.ticket_properties['size'], made.ticket_properties['count']), (2.5, -3))
        self.authenticate('carla', 'carlacarla')
        for query in ('after=²', 'after=%D9%A3', 'after=' + '9' * 30, 'search=%25', 'search=\'"<', 'sort=id;drop',
                      'group=user_id', 'show=__class__', 'whose=all'):
            with self.subTest(query=query):
                self.assertEqual(self.url_open(f'/my/tickets?{query}').status_code, 200)
        self.assertEqual(self.url_open(f'{self.url}?before=²').status_code, 200)

    def test_our_addresses_are_not_copied(self):
        """A mail to ourselves would come back as the customer's."""
        ticket, role = self.held(self.carla)
        alias = self.env['mail.alias'].create({
            'alias_name': 'help.me', 'alias_domain_id': self.mail_alias_domain.id,
            'alias_model_id': self.env['ir.model']._get_id('helpdesk.ticket')})
        for address in (alias.alias_full_name, self.agent.email):
            with self.assertRaises(UserError):
                ticket._portal_add_person(role, address)
        for address in ("a@b.test\nBcc: x@y.test", "a@b.test, c@d.test", "nobody", ""):
            with self.assertRaises(UserError):
                ticket._portal_add_person(role, address)
        self.assertFalse(self.repair.email_cc)

    def test_mails_stay_in_their_place(self):
        """The words of a mail neither cover the page nor pass for a part of it (A15 to A20)."""
        body = Markup(
            '<div class="modal d-block position-fixed" id="helpdesk_text" style="position:fixed;color:red">'
            '<a href="https://x.test/?a=1" title="1 &gt; 0" class="btn" data-bs-toggle="modal">Click</a>'
            '<img src="x" onerror="alert(1)"><script>alert(2)</script>'
            '<p>Write <code>class="btn"</code> there</p></div>')
        self.repair.message_post(
            body=body, message_type='email', subtype_xmlid='mail.mt_comment', author_id=self.customer.id,
            attachments=[('"><script>alert(3)</script>.html', b'<html><script>alert(4)</script></html>'),
                         ('x.svg', b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(5)</script></svg>')])
        self.repair.write({'name': "<script>alert(6)</script>", 'description': Markup(
            '<p class="position-fixed">First</p><script>alert(7)</script>')})
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(self.url).text
        for word in ('<script>alert', 'onerror="alert', 'modal d-block', 'data-bs-toggle="modal"', 'position-fixed',
                     'position:fixed', '"><script'):
            self.assertNotIn(word, page)
        for word in ('href="https://x.test/?a=1" title="1 &gt; 0">Click', 'class="btn"</code>', "First",
                     '&lt;script&gt;alert(6)'):
            self.assertIn(word, page)
        self.assertNotIn('<script>alert(6)', self.url_open('/my/tickets').text)
        for file in self.repair.message_ids[0].attachment_ids:
            answer = self.url_open(f'{self.url}/files/{file.id}')
            self.assertIn('attachment', answer.headers['Content-Disposition'])
            self.assertEqual(answer.headers['X-Content-Type-Options'], 'nosniff')
            self.assertNotIn('\n', answer.headers['Content-Disposition'])

    def test_files_where_words_are_asked_for(self):
        """A form may send a file under any name: refused in words, no error of the server."""
        self.authenticate('carla', 'carlacarla')
        self.team.portal_offered = True
        key, upload = self.csrf(), ('x.txt', b'x')
        for url, name, data in (
                (f'{self.url}/answer', 'text', {}), (f'{self.url}/add', 'address', {}),
                ('/my/tickets/new', 'subject', {'topic': f'team-{self.team.id}', 'text': "y"}),
                ('/my/tickets/new', 'text', {'topic': f'team-{self.team.id}', 'subject': "x"})):
            with self.subTest(url=url, name=name):
                answer = self.url_open(url, data={'csrf_token': key, **data}, files={name: upload})
                self.assertEqual(answer.status_code, 422)
        self.repair.action_close()
        answer = self.url_open(f'{self.url}/rate', data={'csrf_token': key, 'rate': '5'}, files={'comment': upload})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.repair.rating_ids.rating, 5)

    def test_our_own_notes_are_not_shown(self):
        """The notes of a call, and fields that nobody but us has filled in (promise 2)."""
        self.team.ticket_properties = [{'name': 'mood', 'string': "Mood of the caller", 'type': 'char'}]
        tickets = self.env['helpdesk.ticket']
        called = tickets.browse(tickets.with_user(self.agent).register_call(
            {'name': "Rang up", 'partner_id': self.customer.id, 'team_id': self.team.id, 'notes': "Sounds drunk"}))
        called.ticket_properties = {'mood': "angry"}
        made = self.env['helpdesk.ticket'].with_user(self.carla)
        self.team.portal_offered = True
        made = made._portal_request(f'team-{self.team.id}', {'subject': "x", 'text': "y", 'field_mood': "cheerful"})
        made.description = "<p>From the form</p>"
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(f'/my/tickets/{called.id}').text
        self.assertIn("Rang up", page)
        for word in ("drunk", "Mood", "angry"):
            self.assertNotIn(word, page)
        page = self.url_open(f'/my/tickets/{made.id}').text
        for word in ("From the form", "Mood", "cheerful"):
            self.assertIn(word, page)

    # roles

    def acts(self, login, password):
        """Return {act: status code} of trying each act by HTTP."""
        self.authenticate(login, password)
        data = {'csrf_token': self.csrf(), 'text': "forged", 'rate': '1', 'address': 'me@evil.test'}
        return {act: self.get(f'{self.url}/{act}', data=data, allow_redirects=False).status_code for act in ACTS}

    def test_a_reader_reads(self):
        self.colleague.helpdesk_portal_right = 'read'
        self.assertEqual(self.acts('colin', 'colincolin'), dict.fromkeys(ACTS, 403))
        self.repair.action_close()
        self.assertEqual(self.acts('colin', 'colincolin'), dict.fromkeys(ACTS, 403))
        self.assertEqual(self.url_open(f'{self.url}/files/{self.public.attachment_ids.id}').content, b'press it')
        self.assertEqual(self.get(f'{self.url}/files/{self.note.attachment_ids.id}').status_code, 404)
        self.assertEqual((self.repair.status, self.repair.email_cc, self.repair.rating_ids.ids), ('closed', False, []))

    def test_who_was_added_answers_and_no_more(self):
        ticket, role = self.held(self.carla)
        ticket._portal_add_person(role, 'colin@acme.test')
        self.assertEqual(self.acts('colin', 'colincolin'), {
            'answer': 303, 'solve': 403, 'reopen': 403, 'rate': 403, 'nudge': 403, 'add': 403})
        self.assertEqual(self.repair.message_ids[0].author_id, self.colleague)

    def test_a_manager_of_another_company_of_ours(self):
        """Their right is for what they asked of the company that their login is for."""
        (self.colleague | self.beate_partner).helpdesk_portal_right = 'manage'
        b = self.ticket(name="Of company B", team_id=self.team_b.id, partner_id=self.customer.id)
        for login, seen, hidden in (('colin', self.repair, b), ('beate', b, self.repair)):
            self.authenticate(login, login + login)
            self.assertEqual(self.get(f'/my/tickets/{seen.id}').status_code, 200)
            self.assertEqual(self.get(f'/my/tickets/{hidden.id}').status_code, 404)
            page = self.get('/my/tickets?show=all').text
            self.assertIn(seen.number, page)
            self.assertNotIn(hidden.number, page)
        self.team_b.portal_offered = True
        with self.assertRaises(UserError):
            self.env['helpdesk.ticket'].with_user(self.colin)._portal_request(
                f'team-{self.team_b.id}', {'subject': "x", 'text': "y"})

    def test_a_link_is_for_one_ticket(self):
        other = self.ticket(name="Other one", partner_id=self.customer.id)
        answer = self.answer(other, self.agent, attachments=[('other.txt', b'other')])
        link = self.repair._portal_link().replace(self.repair.get_base_url(), '')
        self.authenticate(None, None)
        page = self.url_open(link)
        self.assertIn("tried the switch", page.text)
        self.assertNotIn("HUSH", page.text)
        self.assertEqual(page.headers['Referrer-Policy'], 'same-origin')
        self.assertNotIn(self.repair.access_token, page.text)
        for file in (answer.attachment_ids, self.note.attachment_ids):
            self.assertEqual(self.get(f'{self.url}/files/{file.id}').status_code, 404)
            self.assertEqual(self.get(f'/web/content/{file.id}').status_code, 404)
        self.assertEqual(self.get(f'/my/tickets/{other.id}/files/{answer.attachment_ids.id}').status_code, 404)
        self.assertIn('/web/login', self.get('/my/tickets').url)
        self.customer.email = 'carla.new@acme.test'
        self.assertFalse(self.repair.access_token, "sent to an address that is no longer theirs")
        self.assertIn('/web/login', self.get(self.url).url)

    def test_api_keys(self):
        """JSON-2 with a key of one's own."""
        for user in (self.stella, self.beate, self.employee, self.agent_b):
            key = self.env['res.users.apikeys'].with_user(user).sudo()._generate(
                'rpc', "test", datetime.now() + timedelta(days=1))
            self.env.flush_all()
            self.login = user.login
            self.authenticate(None, None)
            for model, method, body in (
                    ('helpdesk.ticket', 'read', {'ids': self.repair.ids, 'fields': ['name', 'description']}),
                    ('helpdesk.ticket', 'search_read', {'domain': [['id', '=', self.repair.id]], 'fields': ['name']}),
                    ('helpdesk.ticket', 'get_portal_url', {'ids': self.repair.ids}),
                    ('helpdesk.ticket', 'message_post', {'ids': self.repair.ids, 'body': "forged"}),
                    ('helpdesk.ticket', '_portal_ensure_token', {'ids': self.repair.ids}),
                    ('mail.message', 'read', {'ids': (self.public | self.note).ids, 'fields': ['body']}),
                    ('ir.attachment', 'read', {'ids': self.note.attachment_ids.ids, 'fields': ['raw', 'name']})):
                with mute_logger(*QUIET):
                    answer = self.url_open(f'/json/2/{model}/{method}', data=json.dumps(body), headers={
                        'Authorization': f'bearer {key}', 'Content-Type': 'application/json'})
                self.assertNotEqual(answer.status_code, 401, "the key is known")
                self.assertNothing(answer.text)
        self.assertFalse(self.repair.message_ids.filtered(lambda message: "forged" in (message.body or '')))
