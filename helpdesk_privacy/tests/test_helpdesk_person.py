import json
import zipfile

from markupsafe import Markup
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import PrivacyCommon

SAID = "My grandmother left me an old drill from Ghent in the winter of 1950."


class PersonCommon(PrivacyCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petra = cls.env['res.partner'].create({
            'name': "Petronella Quuxwort", 'email': 'Petra@quux.test', 'phone': '+32 2 777 88 99'})
        cls.own = cls.env['helpdesk.ticket'].create({
            'name': "Grandmother's drill", 'team_id': cls.team.id, 'partner_id': cls.petra.id,
            'description': "<p>Call Petronella</p>"})
        cls.other = cls.env['helpdesk.ticket'].create({
            'name': "Acme's drill", 'team_id': cls.team.id, 'partner_id': cls.customer.id})
        cls.by_address = cls.env['helpdesk.ticket'].create({
            'name': "No contact", 'team_id': cls.team.id, 'partner_name': "P. Quuxwort",
            'partner_email': 'petra@quux.test'})

    def talk(self):
        """Petra writes on her own ticket and on Carla's; agents quote and name her."""
        petra = {'author_id': self.petra.id, 'subtype_xmlid': 'mail.mt_comment', 'message_type': 'email'}
        for ticket in (self.own, self.other):
            ticket.message_post(body=f"{SAID} Call 02 777 88 99.", attachments=[('petra.txt', SAID.encode())], **petra)
            self.answer(ticket, self.agent, Markup(
                "<p>Dear Petronella Quuxwort, thank you.</p><blockquote>my grandmother <b>left me an old</b> drill from"
                " Ghent in the winter of 1950.</blockquote>"))
            ticket.with_user(self.agent).message_post(
                body="petra@quux.test rang from +3227778899", subtype_xmlid='mail.mt_note')
        self.other.message_post(
            body="Carla here: the drill hums.", author_id=self.customer.id, subtype_xmlid='mail.mt_comment',
            message_type='email', attachments=[('carla.txt', b'hums in the night')])
        self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id('helpdesk.ticket'), 'res_id': self.own.id, 'rating': 5,
            'feedback': "Quuxwort is happy", 'consumed': True, 'partner_id': self.petra.id})
        self.env.flush_all()

    def dialog(self, user=None, **vals):
        return self.env['helpdesk.person'].with_user(user or self.manager).create({
            'partner_id': self.petra.id, 'reason': "request 17", **vals})

    def assertForgotten(self):
        """Nothing of Petra is left but her contact."""
        self.purge()
        words = ('petra@quux', 'grandmother', 'winter of 1950', '777 88 99', '27778899', 'Quuxwort')
        tables = {table for table, _column, _row in self.where_in_database(*words)} - {
            'res_partner', 'privacy_lookup_wizard', 'privacy_lookup_wizard_line', 'helpdesk_person'}
        self.assertEqual(tables, set())
        self.assertEqual(self.where_on_disk(*words), [])


@tagged('post_install', '-at_install')
class TestHelpdeskPerson(PersonCommon):
    """One person's data are found, handed out and erased; other people's stay (D21)."""

    def test_counts(self):
        """By contact, by address alone, and in other people's tickets."""
        self.talk()
        wizard = self.dialog()
        self.assertEqual((wizard.ticket_count, wizard.other_count, wizard.held_count), (2, 1, 0))
        by_address = self.dialog(partner_id=False, email='PETRA@quux.test')
        self.assertEqual((by_address.ticket_count, by_address.other_count), (2, 1))

    def test_anonymise(self):
        """Her words, name, address and number go, also where others quoted them; tickets and others' words stay."""
        self.talk()
        self.dialog().action_forget()
        self.env.invalidate_all()
        log = self.env['privacy.log'].search([], order='id desc', limit=1)
        self.assertEqual((log.anonymized_email, log.execution_details, log.user_id), (
            'p****@q***.test', "Helpdesk: Done: 2 own tickets, 1 of others.", self.manager))
        self.assertForgotten()
        self.assertEqual(self.own.name, '█████')
        self.assertFalse(self.own.partner_id | self.own.commercial_partner_id | self.by_address.partner_id)
        self.assertFalse(self.own.partner_email or self.own.description or self.by_address.partner_email)
        self.assertEqual((self.other.name, self.other.partner_id), ("Acme's drill", self.customer))
        bodies = ' '.join(self.other.message_ids.mapped('body'))
        self.assertIn("Carla here: the drill hums.", bodies)
        self.assertIn("Dear █████, thank you.", bodies)
        self.assertEqual(self.other.message_ids.attachment_ids.mapped('raw'), [b'hums in the night'])
        self.assertEqual(self.own.rating_ids.mapped('rating'), [5])
        for ticket in self.own | self.other | self.by_address:
            self.assertEqual(self.events(ticket, 'anonymised').detail, {'reason': "request 17"})

    def test_erase(self):
        """Her own tickets go for good; others' tickets stay without her."""
        self.talk()
        numbers = (self.own | self.by_address).mapped('number')
        self.dialog(mode='erase').action_forget()
        self.assertFalse((self.own | self.by_address).exists())
        self.assertEqual(set(self.env['helpdesk.ticket.event'].search(
            [('kind', '=', 'erased')]).mapped('new')) & set(numbers), set(numbers))
        self.assertForgotten()
        self.assertIn("Carla here", ' '.join(self.other.message_ids.mapped('body')))

    def test_longer_addresses_are_others(self):
        """Whose address merely ends or begins like hers is somebody else: nothing of theirs goes or is handed out."""
        self.talk()
        said = {}
        for address in ('anna.petra@quux.test', 'petra@quux.test.example', 'xpetra@quux.test',
                        'petra@quux.test-shop.be'):
            said[address] = f"The pump of {address} hums."
            for ticket in (self.other, self.own):
                ticket.message_post(
                    body=said[address], author_id=False, email_from=f'"Somebody" <{address}>', message_type='email',
                    subtype_xmlid='mail.mt_comment', attachments=[('pump.txt', address.encode())])
        alone = self.ticket(name="Pumps", partner_id=self.customer.id, email_cc='anna.petra@quux.test')
        wizard = self.dialog()
        self.assertEqual((wizard.ticket_count, wizard.other_count), (2, 1))
        with wizard._archive() as file, zipfile.ZipFile(file) as archive:
            text = archive.read('data.json').decode()
            self.assertFalse([name for name in archive.namelist() if 'pump' in name])
        self.assertNotIn("hums", text)
        wizard.action_forget()
        self.env.invalidate_all()
        bodies = ' '.join(self.other.message_ids.mapped('body'))
        for address, words in said.items():
            self.assertIn(words, bodies)
            self.assertIn(f'"Somebody" <{address}>', self.other.message_ids.mapped('email_from'))
        self.assertEqual(alone.email_cc, 'anna.petra@quux.test')
        self.assertEqual(set(self.other.message_ids.attachment_ids.mapped('raw')),
                         {b'hums in the night', *(address.encode() for address in said)})

    def test_files_of_others_records(self):
        """The leaflet of a mail template that an answer carried stays the template's."""
        template = self.env['mail.template'].create({
            'name': "Thanks", 'model_id': self.env['ir.model']._get_id('helpdesk.ticket')})
        leaflet = self.env['ir.attachment'].create({
            'name': 'leaflet.txt', 'raw': b'Opening hours', 'res_model': 'mail.template', 'res_id': template.id})
        template.attachment_ids = leaflet
        self.own.message_post(
            body="Thank you.", author_id=self.agent.partner_id.id, subtype_xmlid='mail.mt_comment',
            attachment_ids=leaflet.ids)
        self.assertEqual(self.own.message_ids.attachment_ids, leaflet)
        self.dialog().action_forget()
        self.assertEqual(leaflet.exists().raw, b'Opening hours')
        self.engine._anonymise(self.own, "retention")
        self.assertEqual(template.attachment_ids.exists(), leaflet)

    def test_contacts_of_other_companies(self):
        """What another company knows of somebody with the same address is neither shown nor used."""
        self.env['res.partner'].create({
            'name': "Petra of B", 'email': 'petra@quux.test', 'phone': '+32 9 111 22 33',
            'company_id': self.company_b.id})
        with self.dialog()._archive() as file, zipfile.ZipFile(file) as archive:
            person = json.loads(archive.read('data.json'))['person']
        self.assertEqual((person['names'], person['phones']), (["Petronella Quuxwort"], ['+32 2 777 88 99']))

    def test_administration_log(self):
        """Nobody blackens their own name as the one who did it, nor what belongs to another company."""
        log = self.env['helpdesk.admin.log'].sudo()
        rows = log.with_user(self.manager).sudo()._log([
            {'model': 'helpdesk.team', 'res_id': self.team.id, 'name': "Line of Zanzibar", 'company_id': company.id,
             'act': 'changed', 'changes': []} for company in (self.company_a, self.company_b)])
        self.dialog(partner_id=False, name=self.manager.name, email='nobody@quux.test').action_forget()
        self.dialog(partner_id=False, name="Zanzibar", email='nobody@quux.test').action_forget()
        self.env.invalidate_all()
        self.assertEqual(rows.mapped('user_name'), [self.manager.name] * 2)
        self.assertEqual(rows.mapped('name'), ["Line of █████", "Line of Zanzibar"])

    def test_legal_hold_wins(self):
        """What is on hold stays and is named."""
        self.talk()
        self.own.with_user(self.manager).set_legal_hold(True, "case")
        wizard = self.dialog()
        self.assertEqual((wizard.ticket_count, wizard.held_count), (1, 1))
        params = wizard.action_forget()['params']
        self.assertIn(self.own.number, params['message'])
        self.assertEqual((self.own.name, self.own.partner_id), ("Grandmother's drill", self.petra))
        self.assertFalse(self.by_address.partner_email)
        self.petra.sudo().helpdesk_legal_hold = True
        self.dialog(mode='erase').action_forget()
        self.assertTrue(self.own.exists())

    def test_legal_hold_keeps_files_and_words(self):
        """Who works on a ticket on hold deletes no file of it and changes no message, a note's neither."""
        ticket = self.other.with_user(self.agent)
        public, note = (ticket.message_post(
            body="said", message_type='comment', subtype_xmlid=kind, attachments=[('a.txt', b'words')])
            for kind in ('mail.mt_comment', 'mail.mt_note'))
        self.other.with_user(self.manager).set_legal_hold(True, "case")
        for message in public | note:
            file = message.attachment_ids.with_user(self.agent)
            for act in (file.unlink, lambda message=message: ticket._message_update_content(message, body=""),
                        lambda message=message: ticket._message_update_content(message, attachment_ids=[])):
                with self.assertRaisesRegex(UserError, "legal hold"), self.env.cr.savepoint():
                    act()
            self.assertEqual((file.exists().raw, message.body), (b'words', Markup("<p>said</p>")))
        self.other.with_user(self.manager).set_legal_hold(False, "over")
        ticket._message_update_content(note, body="changed")
        public.attachment_ids.with_user(self.agent).unlink()
        self.assertFalse(public.attachment_ids.exists())

    def test_other_companies(self):
        """A company that was not chosen keeps its tickets, and the dialog says how many."""
        theirs = self.ticket(name="In B", team_id=self.team_b.id, partner_id=self.petra.id)
        wizard = self.dialog()
        self.assertEqual((wizard.ticket_count, wizard.foreign_count), (2, 1))
        wizard.action_forget()
        self.assertEqual((theirs.name, theirs.partner_id), ("In B", self.petra))

    def test_who_may(self):
        """Administrators of the helpdesk and of the system; not colleagues' data, not a company's."""
        for user in (self.agent, self.leader, self.employee, self.portal):
            self.assertRefused(self.dialog, user)
        system = mail_new_test_user(
            self.env, login='hd_system', groups='base.group_system', company_id=self.company_a.id)
        self.assertEqual(self.dialog(system).ticket_count, 2)
        self.assertRefused(self.dialog(system).with_user(self.leader).action_forget)
        for vals in ({'partner_id': self.agent.partner_id.id}, {'partner_id': self.acme.id}, {'reason': ' '},
                     {'partner_id': False}):
            with self.assertRaises(UserError):
                self.dialog(**vals).action_forget()
        self.assertEqual(self.own.name, "Grandmother's drill")

    def test_privacy_lookup(self):
        """Odoo's look-up lists tickets, by address too; deleting one there erases it, unless it is on hold."""
        lookup = self.env['privacy.lookup.wizard'].create({'name': "Petronella Quuxwort", 'email': 'petra@quux.test'})
        lookup.action_lookup()
        lines = lookup.line_ids.filtered(lambda line: line.res_model == 'helpdesk.ticket')
        self.assertEqual(set(lines.mapped('res_id')), {self.own.id, self.by_address.id})
        self.assertFalse(lookup.line_ids.filtered(lambda line: line.res_model == 'helpdesk.ticket.event'))
        self.own.with_user(self.manager).set_legal_hold(True, "case")
        with self.assertRaisesRegex(UserError, "legal hold"):
            lines.filtered(lambda line: line.res_id == self.own.id).action_unlink()
        lines.filtered(lambda line: line.res_id == self.by_address.id).action_unlink()
        self.assertEqual((self.own | self.by_address).exists(), self.own)
        action = lookup.action_helpdesk_person()
        self.assertEqual(action['context'], {'default_name': "Petronella Quuxwort", 'default_email': 'petra@quux.test'})

    def test_export(self):
        """The archive holds what she wrote and was sent, with files; no note, nobody else's words (promise 2)."""
        self.talk()
        wizard = self.dialog()
        with wizard._archive() as file, zipfile.ZipFile(file) as archive:
            names, text = archive.namelist(), archive.read('data.json').decode()
            data = json.loads(text)
            files = [archive.read(name) for name in names if name.startswith('files/')]
        self.assertEqual(files, [SAID.encode()] * 2)
        self.assertEqual(data['person']['emails'], ['petra@quux.test'])
        [own] = [ticket for ticket in data['tickets'] if ticket['number'] == self.own.number]
        self.assertEqual((own['subject'], len(own['messages'])), ("Grandmother's drill", 2))
        self.assertEqual(own['ratings'], [{'rating': 5.0, 'feedback': "Quuxwort is happy"}])
        [other] = data['other_tickets']
        self.assertEqual((other['number'], len(other['messages'])), (self.other.number, 1))
        self.assertNotIn('subject', other)
        for inside in ("rang from", "Carla here", "hums"):
            self.assertNotIn(inside, text)

    def test_export_without_others(self):
        """A stranger's mail on her ticket, and what one of us typed of a call, are not handed out (promise 2)."""
        self.own.message_post(
            body="I am the neighbour.", author_id=False, email_from='neighbour@else.test', message_type='email',
            subtype_xmlid='mail.mt_comment')
        call = self.ticket(name="Call", team_id=self.team.id, partner_id=self.petra.id, channel='phone',
                           description="<p>She was rude.</p>")
        with self.dialog()._archive() as file, zipfile.ZipFile(file) as archive:
            text = archive.read('data.json').decode()
        self.assertIn(call.number, text)
        self.assertNotIn("neighbour", text)
        self.assertNotIn("rude", text)


@tagged('post_install', '-at_install')
class TestHelpdeskPersonExport(HttpCase, PersonCommon):

    def test_download(self):
        """Who opened the dialog downloads the archive; nobody else does."""
        wizard = self.dialog()
        self.env.flush_all()
        self.authenticate(self.manager.login, self.manager.login)
        response = self.url_open(f'/helpdesk/person/{wizard.id}/export')
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, 'application/zip'))
        self.assertEqual(response.content[:2], b'PK')
        for user in (self.manager_b, self.leader):
            self.authenticate(user.login, user.login)
            self.assertIn(self.url_open(f'/helpdesk/person/{wizard.id}/export').status_code, (403, 404))
