from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_form import HelpdeskFormCommon


@tagged('post_install', '-at_install')
class TestHelpdeskForm(HelpdeskFormCommon):
    """Anybody may write to a team that has a form; what they typed lands in the ticket, and nothing else (S4-4)."""

    def test_sent(self):
        self.team.write({'form_type_ids': [(6, 0, self.kind.ids)], 'form_category_ids': [(6, 0, self.category.ids)]})
        page = self.send(
            phone='+32 2 555', company="Visitors & Co", type=str(self.kind.id), category=str(self.category.id),
            field_serial='SN 1', field_warranty='1', field_bought='2026-01-31', field_pieces='3', field_colour='b',
            files=[('files', ('smoke.txt', b'cough')), ('files', ('flame.txt', b'hot'))])
        ticket = self.made()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(page.status_code, 200)
        self.assertIn('/helpdesk/repairs/thanks', page.url)
        self.assertIn(ticket.number, page.text)
        self.assertRecordValues(ticket, [{
            'name': "Drill smokes", 'team_id': self.team.id, 'channel': 'web', 'partner_id': False,
            'partner_name': "Vera Visitor", 'partner_email': 'vera@visitor.test', 'partner_phone': '+32 2 555',
            'type_id': self.kind.id, 'category_id': self.category.id, 'address_unconfirmed': True,
            'company_id': self.company_a.id, 'status': 'new', 'visitor_lang': 'en_US', 'customer_lang': 'en_US'}])
        given = {one['name']: one.get('value') for one in ticket.read(['ticket_properties'])[0]['ticket_properties']}
        self.assertEqual(given, {'serial': 'SN 1', 'warranty': True, 'bought': '2026-01-31', 'pieces': 3,
                                 'colour': 'b', 'boss': None})
        [message] = ticket.message_ids.filtered(lambda message: message.message_type == 'email')
        self.assertEqual(message.body, "<p>It smokes<br>and smells.</p><p>Company: Visitors &amp; Co</p>")
        self.assertEqual((message.author_id.id, message.email_from), (False, 'vera@visitor.test'))
        self.assertEqual(message.attachment_ids.sorted('name').mapped('raw'), [b'hot', b'cough'])
        self.assertFalse(ticket.message_partner_ids - self.team.message_partner_ids)

    def test_names_that_no_database_takes(self):
        """An address with NUL in it is a page that is not there, and nothing for the server's log."""
        with self.assertNoLogs(level='WARNING'):
            for path in ('/helpdesk/%00/new', '/helpdesk/repairs%00/new', '/helpdesk/%00/thanks?token=x', '/help/%00',
                         '/help/article/%00', '/help/article/a%00b/files/1', '/helpdesk/confirm/1/%00'):
                self.assertEqual(self.url_open(path).status_code, 404, path)
            for path in ('/helpdesk/%00/new', '/help/article/%00/vote', '/help/article/%00/read',
                         '/helpdesk/confirm/1/%00'):
                self.assertIn(self.url_open(path, data={'name': "x"}).status_code, (400, 404), path)
        self.assertFalse(self.made())

    def test_no_form(self):
        """A team without form, an archived one, one that never was: there is no such page, and nothing is taken."""
        for url in ('/helpdesk/nothing/new', f'/helpdesk/{self.team_private.id}/new', '/helpdesk/0/new',
                    '/helpdesk/99999999999999/new', '/helpdesk/repairs/thanks?token=x', '/helpdesk/nothing/thanks'):
            self.assertEqual(self.url_open(url).status_code, 404, url)
        sent = {**self.words, 'pass': self.form_pass()}
        self.assertEqual(self.url_open(f'/helpdesk/{self.team_private.id}/new', data=sent).status_code, 404)
        self.assertEqual(self.url_open(f'/helpdesk/{self.team.id}/new').status_code, 200)
        self.team.active = False
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertEqual(self.url_open(self.url, data=sent).status_code, 404)
        self.team.write({'active': True, 'form_enabled': False})
        self.assertEqual(self.url_open(self.url, data=sent).status_code, 404)
        self.assertFalse(self.made())

    def test_reading_changes_nothing(self):
        query = '&'.join(f'{name}={value}' for name, value in self.words.items())
        self.assertEqual(self.url_open(f'{self.url}?{query}&pass={self.form_pass()}').status_code, 200)
        self.assertFalse(self.made())
        self.assertFalse(self.refusals())

    def test_wrong_answers(self):
        """What was typed stays, each error stands at its field, and the first is where the cursor goes."""
        page = self.send(field_warranty='on')  # true, and yet what hangs on it would not be asked
        self.assertEqual(page.status_code, 422)
        self.assertIn("Please tick the box", page.text)
        page = self.send(name='', email='vera', field_warranty='1', field_pieces='many', field_colour='pink')
        self.assertEqual(page.status_code, 422)
        self.assertFalse(self.made())
        for name in ('name', 'email', 'field_bought', 'field_pieces', 'field_colour'):
            self.assertIn(f'id="helpdesk_q_{name}_error"', page.text)
            self.assertIn(f'href="#helpdesk_q_{name}"', page.text)
        self.assertRegex(page.text, r'<input[^>]*id="helpdesk_q_name"[^>]*autofocus')
        self.assertEqual(page.text.count('autofocus="'), 1)
        self.assertIn('It smokes\nand smells.</textarea>', page.text)
        self.assertIn('value="Drill smokes"', page.text)
        self.assertIn('aria-describedby="helpdesk_q_email_error"', page.text)
        self.assertIn("Please enter an e-mail address such as name@example.com.", page.text)

    def test_dependent_field(self):
        """A field that hangs on another is not asked, and its answer not taken, where the other has another value."""
        self.send(field_bought='2026-01-31')
        self.assertFalse(self.made().ticket_properties['bought'])
        self.lines['serial'].write({'parent_id': self.lines['colour'].id, 'parent_value': " blue ", 'required': True})
        self.assertEqual(self.send(field_colour='b').status_code, 422)
        self.assertIn('/thanks', self.send(field_colour='r', field_serial='SN 2').url)
        self.assertFalse(self.made()[0].ticket_properties['serial'])
        self.send(field_colour='b', field_serial='SN 3')
        self.assertEqual(self.made()[0].ticket_properties['serial'], 'SN 3')
        page = self.url_open(self.url).text
        self.assertIn('data-when="field_colour" data-value="b"', page)
        self.assertIn("Only if “Colour” is “Blue”.", page)

    def test_only_what_is_asked(self):
        """Fields of the ticket, records of ours and types kept to some are not a visitor's to choose."""
        self.lines['pieces'].on_form = False
        self.team.form_type_ids = self.kind
        self.send(type=str(self.kind.id), partner_id=str(self.customer.id), user_id=str(self.agent.id), priority='3',
                  team_id=str(self.team_b.id), stage_id='1', field_boss=str(self.customer.id), field_pieces='7',
                  category=str(self.category.id), address_unconfirmed='', message_type='comment')
        ticket = self.made()
        self.assertRecordValues(ticket, [{
            'partner_id': False, 'user_id': False, 'priority': '1', 'team_id': self.team.id, 'category_id': False,
            'address_unconfirmed': True}])
        self.assertFalse(ticket.ticket_properties['pieces'])
        self.assertFalse(ticket.ticket_properties['boss'])
        page = self.send(type=str(self.hidden_kind.id))
        self.assertEqual(page.status_code, 422)
        self.kind.group_ids = self.group_user  # kept to some from now on: no longer offered
        self.assertNotIn("Broken", self.url_open(self.url).text)

    def test_one_way_to_write_a_mailbox(self):
        """Ways to write an address that make one mailbox look like many are refused (A36)."""
        for address in ('vera@visitor.test.', '"vera"@visitor.test', '"a, b"@visitor.test', 'vera@visitor\u3002test',
                        '\u200bvera@visitor.test', 'vera@visitor', '@visitor.test'):
            with self.subTest(address=address):
                self.assertEqual(self.send(email=address).status_code, 422)
        self.assertIn('/thanks', self.send(email="o'hara+x_1@büro.visitor.test").url)
        self.assertEqual(self.made().partner_email, "o'hara+x_1@büro.visitor.test")

    def test_known_and_unknown_address(self):
        """The same page for both, and nothing of the contact in the ticket: nobody learns whom we know."""
        pages = {}
        for address in ('carla@acme.test', 'vera@visitor.test'):
            page = self.send(email=address)
            ticket = self.made()[0]
            pages[address] = page.text.replace(ticket.number, 'NUMBER').split('<main>')[1]
            self.assertRecordValues(ticket, [{
                'partner_id': False, 'partner_email': address, 'partner_name': "Vera Visitor",
                'address_unconfirmed': True, 'commercial_partner_id': False}])
        self.assertEqual(*pages.values())

    def test_language(self):
        """The link may say the language; one that we do not speak changes nothing."""
        self.env['res.lang']._activate_lang('cs_CZ')
        self.team.form_title = "What is it?"
        self.team.with_context(lang='cs_CZ').form_title = "Co se děje?"
        page = self.url_open(f'{self.url}?lang=cs_CZ').text
        self.assertIn("Co se děje?", page)
        self.assertIn('action="/helpdesk/repairs/new?lang=cs_CZ"', page)
        self.assertIn("What is it?", self.url_open(f'{self.url}?lang=xx_XX').text)
        self.send(f'{self.url}?lang=cs_CZ')
        self.assertEqual((self.made().visitor_lang, self.made().customer_lang), ('cs_CZ', 'cs_CZ'))

    def test_run_again_by_the_server(self):
        """A request that met another one in the database is run again: it is one request, and no file is lost."""
        intake = self.env.registry['helpdesk.form.intake']
        real, runs = intake._make_ticket, []

        def make(model, *args):
            runs.append(len(args[3]))
            if len(runs) == 1:
                raise ConcurrencyError("met another")
            return real(model, *args)
        limit = self.env.registry['helpdesk.form.limit']
        with patch.object(limit, '_take', autospec=True, side_effect=limit._take) as take, \
                patch.object(intake, '_make_ticket', make), mute_logger('odoo.service.model', 'odoo.http'), \
                patch('odoo.service.model.time.sleep'):
            page = self.send(files=[('files', ('a.txt', b'one')), ('files', ('b.txt', b'two'))])
        self.assertIn('/thanks', page.url)
        self.assertEqual(runs, [2, 2])
        self.assertEqual([list(call.args[1]) for call in take.call_args_list],
                         [['pass'], ['address', 'network', 'team']])
        self.assertEqual(self.made().message_ids.attachment_ids.sorted('name').mapped('raw'), [b'one', b'two'])
        self.assertFalse(self.refusals())

    def test_known_address_takes_no_longer(self):
        """The server does the same for both: as many queries, none of them for a contact."""
        questions = self.env['helpdesk.form.questions'].sudo()._questions(self.team)
        counts = []
        for address in ('first@visitor.test', 'carla@acme.test', 'vera@visitor.test'):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['helpdesk.form.intake'].sudo()._make_ticket(
                self.team.sudo(), questions, {**self.words, 'email': address}, [])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_unconfirmed_gives_no_access(self):
        """Whoever typed Carla's address sees none of her tickets, and she sees none of theirs."""
        self.send(email='carla@acme.test')
        tickets = self.env['helpdesk.ticket']
        self.customer.user_ids or self.portal.write({'partner_id': self.customer.id})
        domain = tickets.with_user(self.portal)._helpdesk_portal_domain(company=True)
        self.assertNotIn(self.made(), tickets.search(domain))
        self.assertFalse(tickets.with_user(self.portal)._portal_ticket(self.made().id)[0])

    def test_who_is_logged_in_does_not_count(self):
        self.authenticate('hd_agent', 'hd_agent')
        self.send(email='vera@visitor.test')
        self.assertRecordValues(self.made(), [{
            'partner_id': False, 'user_id': False, 'address_unconfirmed': True,
            'create_uid': self.env.ref('base.public_user').id}])

    def test_script_in_every_field(self):
        """What a visitor types is text: in the form shown again, in the ticket, in the file's name."""
        evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
        names = ('name', 'email', 'phone', 'company', 'subject', 'text', 'field_serial', 'field_bought', 'field_pieces',
                 'field_colour')
        page = self.send(f'{self.url}?lang={evil}&embed={evil}', **dict.fromkeys(names, evil), field_warranty='1')
        self.assertEqual(page.status_code, 422)
        for found in ('<script>alert', '<img src=x'):
            self.assertNotIn(found, page.text)
        page = self.send(name=evil, phone=evil[:39], company=evil, subject=evil, text=evil, field_serial=evil,
                         files=[('files', (f'{evil}.html', b'<script>alert(1)</script>'))])
        ticket = self.made()
        self.assertEqual(ticket.name, evil)
        [message] = ticket.message_ids.filtered(lambda message: message.message_type == 'email')
        self.assertNotIn('<script', message.body)
        self.assertNotIn('<img', message.body)
        self.assertEqual(message.attachment_ids.mimetype, 'text/plain')
        self.assertNotIn('/', message.attachment_ids.name)
        ticket._confirm_address()
        page = self.url_open(ticket._portal_link().replace(ticket.get_base_url(), ''))
        self.assertEqual(page.status_code, 200)
        for found in ('<script>alert', '<img src=x'):
            self.assertNotIn(found, page.text)
        self.assertNotIn('<script>alert', self.send(email=f'a{evil}@b.test').text)

    def test_files(self):
        """Files are held to limits, and nobody reads them without the ticket."""
        page = self.send(files=[('files', ('virus.exe', b'MZ'))])
        self.assertEqual(page.status_code, 422)
        self.assertIn("Files like “virus.exe” are not accepted", page.text)
        self.assertRegex(page.text, r'id="helpdesk_files"[^>]*aria-describedby="helpdesk_files_error" autofocus')
        self.send(files=[('files', ('../../secret.txt', b'mine'))])
        [file] = self.made().message_ids.attachment_ids
        self.assertEqual(file.name, 'secret.txt')
        self.assertFalse(file.public)
        for url in (f'/web/content/{file.id}', f'/my/tickets/{self.made().id}/files/{file.id}'):
            self.assertNotIn('mine', self.url_open(url).text, url)
        for user in (self.portal, self.employee, self.agent_b, self.user_public):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                file.with_user(user).read(['raw'])
        self.team.form_files = False
        self.send(files=[('files', ('more.txt', b'more'))])
        self.assertFalse(self.made()[0].message_ids.attachment_ids)

    def test_settings_are_the_teams(self):
        """Leaders and administrators of the team's company decide; others change nothing, nor see what was refused."""
        for user in (self.agent, self.agent_out, self.leader_private, self.manager_b, self.employee, self.portal):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule',
                                                             'odoo.addons.base.models.ir_model'):
                self.team.with_user(user).write({'form_origins': 'https://evil.test'})
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule',
                                                             'odoo.addons.base.models.ir_model'):
                self.lines['serial'].with_user(user).write({'required': True})
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule',
                                                             'odoo.addons.base.models.ir_model'):
                self.team.with_user(user).action_take_form_fields()
        self.lines['serial'].with_user(self.leader).unlink()
        self.team.with_user(self.leader).write({'form_enabled': True})
        self.assertIn('serial', self.team.form_field_ids.mapped('property_name'))
        self.team.form_field_ids[-1].with_user(self.leader).required = True
        self.team.with_user(self.manager).form_origins = 'https://www.acme.test'
        self.env['helpdesk.form.refusal']._note(self.team, 'robot')
        refusals = self.env['helpdesk.form.refusal']
        found = {user: refusals.with_user(user).search_count([('team_id', '=', self.team.id)])
                 for user in (self.agent, self.leader, self.manager, self.manager_b)}
        self.assertEqual(list(found.values()), [0, 1, 1, 0])
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.env['helpdesk.form.limit'].with_user(self.manager).search([])

    def test_settings_that_make_no_sense(self):
        for vals in ({'form_slug': 'Two Words'}, {'form_slug': '12'}, {'form_origins': 'https://a.test/path'},
                     {'form_origins': '*'}, {'form_origins': "https://a.test; script-src 'unsafe-inline'"},
                     {'form_type_ids': [(6, 0, self.hidden_kind.ids)]}):
            with self.assertRaises(ValidationError, msg=vals):
                self.team.write(vals)
        with self.assertRaises(ValidationError):  # in a circle
            self.lines['warranty'].write({'parent_id': self.lines['bought'].id, 'parent_value': 'x'})
        with self.assertRaises(ValidationError):
            self.lines['bought'].parent_value = "Perhaps"

    def test_address_of_the_form(self):
        self.team_b.form_enabled = True
        self.assertEqual(self.team_b.form_slug, 'repairs-b')
        other = self.env['helpdesk.team'].create({'name': "Repairs B", 'form_enabled': True})
        self.assertEqual(other.form_slug, f'repairs-b-{other.id}')
        odd = self.env['helpdesk.team'].create({'name': "サポート", 'form_enabled': True})
        self.assertEqual(odd.form_slug, 'team')
        self.assertTrue(self.team_b.form_url.endswith('/helpdesk/repairs-b/new'))
        self.assertIn('/thanks', self.send('/helpdesk/repairs-b/new', **{'pass': self.form_pass(self.team_b)}).url)
        self.assertEqual(self.made().company_id, self.company_b)
