import re
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_catalogue import CatalogueCommon

MONDAY = datetime(2026, 3, 2, 9, 0)  # ten in Brussels


@tagged('post_install', '-at_install')
class TestHelpdeskCatalogueApproval(CatalogueCommon, HttpCase):
    """An order that somebody has to approve first: it waits, begins, or ends with the reason (S0-13, S0-15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.employee_2.partner_id
        cls.path = cls.env['helpdesk.approval.path'].create({
            'name': "Head of IT", 'company_id': cls.company_a.id, 'step_ids': [Command.create({
                'name': "Head of IT", 'who': 'people', 'partner_ids': [Command.set(cls.boss.ids)]})]})
        cls.checklist = cls.env['helpdesk.checklist'].create(
            {'name': "Hand out", 'item_ids': [Command.create({'name': "Note the serial number"})]})
        cls.laptop.write({'approval_path_id': cls.path.id, 'checklist_id': cls.checklist.id, 'price': "900 €"})
        cls.policy = cls.env['helpdesk.sla.policy'].create({
            'name': "Laptops", 'company_id': cls.company_a.id, 'calendar_mode': 'always', 'sequence': 0,
            'target_ids': [Command.create({
                'metric': 'resolution', 'minutes': 600, 'pause_statuses': 'waiting_third_party'})]})
        cls.laptop.sla_policy_id = cls.policy

    def order(self, at=MONDAY):
        with self.at(at), self.mock_mail_gateway():
            ticket, errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)}, remark="Please")
            self.assertEqual(errors, {})
            self.mails = self._new_mails
            self.env.flush_all()
        return ticket

    def decide(self, ticket, outcome, reason='', at=MONDAY + timedelta(hours=5)):
        with self.at(at), self.mock_mail_gateway():
            ticket.approval_ids._decide(outcome, reason, self.boss)
            self.mails = self._new_mails
            self.env.flush_all()

    def steps(self, ticket):
        return [(state, words) for state, words, _more in ticket._portal_order_steps()]

    def test_waits(self):
        """The request waits and its clock stands still; who decides reads what was ordered, and nothing internal."""
        ticket = self.order()
        self.assertEqual((ticket.status, ticket.approval_state), ('waiting_third_party', 'waiting'))
        self.assertFalse(ticket.check_ids)
        self.assertFalse(ticket.catalogue_expected_at)
        self.assertEqual(ticket.sla_status_ids.mapped('state'), ['paused'])
        self.assertEqual(ticket.with_context(tz='UTC')._portal_order_steps()[1:], [
            ('now', f"It waits for approval by {self.boss.name}", "We write to you as soon as it is decided."),
            ('next', "We do it", "Usually within 2 working days from then on.")])
        mail = self.mails.filtered(lambda one: '/helpdesk/approval/' in (one.body_html or ''))
        self.assertIn(self.boss.email, (mail.email_to or '') + str(mail.recipient_ids.mapped('email')))
        for words in ("14 inch", "900 €", "Please"):
            self.assertIn(words, mail.body_html)

    def test_approved(self):
        """Work begins with the approval: stage, checklist, clock and the usual time count from then on."""
        ticket = self.order()
        self.decide(ticket, 'approved')
        self.assertEqual((ticket.status, ticket.approval_state), ('new', 'approved'))
        self.assertEqual(ticket.check_ids.mapped('name'), ["Note the serial number"])
        self.assertEqual(ticket.catalogue_expected_at, self.laptop._delivered_by(MONDAY + timedelta(hours=5)))
        said = ticket.message_ids.filtered(lambda one: "was approved: we begin" in (one.body or ''))
        self.assertIn("Usually it is there by", said.body)
        self.assertFalse(ticket.first_response_at, "a machine's words answer nothing")
        clock = ticket.sla_status_ids
        self.assertEqual((clock.state, clock.due_at), ('running', MONDAY + timedelta(hours=15)))
        self.assertEqual([state for state, _words in self.steps(ticket)], ['done', 'done', 'now'])

    def test_corrected_after_approval(self):
        """An answer that is corrected after the yes is said: people said yes to something else."""
        ticket = self.order()
        answer = ticket.answer_ids.filtered('choice_id')
        answer.with_user(self.agent).choice_id = self.large
        self.assertFalse(ticket.changed_after_approval, "nobody has said yes yet")
        self.decide(ticket, 'approved')
        answer.with_user(self.agent).choice_id = self.large
        self.assertFalse(ticket.changed_after_approval, "it is the same")
        answer.with_user(self.agent).choice_id = self.small
        self.assertTrue(ticket.changed_after_approval)

    def test_refused(self):
        """The customer reads why, in one public message; the request is solved and its promise is none any more."""
        ticket = self.order()
        self.decide(ticket, 'refused', "Budget <b>spent</b>")
        self.assertEqual((ticket.status, ticket.approval_state), ('solved', 'refused'))
        said = ticket.message_ids.filtered(lambda one: "Budget" in (one.body or '') and one.subtype_id.name)
        public = said.filtered(lambda one: one.subtype_id == self.env.ref('mail.mt_comment'))
        self.assertEqual(len(public), 1)
        self.assertIn("&lt;b&gt;spent", public.body)
        self.assertIn("“New laptop” was not approved", public.body)
        self.assertEqual(public.author_id, self.leader.partner_id)
        self.assertFalse(ticket.first_response_at, "a machine's words answer nothing")
        self.assertEqual(self.steps(ticket)[1][0], 'stopped')
        self.assertEqual(ticket._portal_order_steps()[1][2], "Budget <b>spent</b>")
        self.assertFalse(ticket.check_ids)

    def test_refused_in_the_customers_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.customer.lang = 'fr_FR'
        self.laptop.with_context(lang='fr_FR').name = "Nouvel ordinateur"
        ticket = self.order()
        self.decide(ticket, 'refused', "Non")
        self.assertTrue(ticket.message_ids.filtered(lambda one: "Nouvel ordinateur" in (one.body or '')))

    def test_agent_moved_it_meanwhile(self):
        """Where an agent took it up before, the approval does not throw it back."""
        ticket = self.order()
        ticket.with_user(self.agent).stage_id = self.stages['open']
        self.decide(ticket, 'approved')
        self.assertEqual(ticket.status, 'open')

    def test_cancelled(self):
        """Who leads the team may go without, and has the request to work on; its agents may not, nor may others."""
        ticket = self.order()
        for user in (self.agent_b, self.agent):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_cancel_approval()
        self.assertEqual((ticket.status, ticket.approval_state), ('waiting_third_party', 'waiting'))
        ticket.with_user(self.leader).action_cancel_approval()
        self.assertEqual((ticket.status, ticket.approval_state), ('new', 'none'))

    def test_nobody_to_ask(self):
        """A path that leads to nobody loses no request: its people read that it is theirs to ask."""
        foreign = self.path.copy({'company_id': self.company_b.id})
        self.laptop.sudo()._write({'approval_path_id': foreign.id})
        self.env.invalidate_all()
        ticket = self.order()
        self.assertEqual((ticket.status, ticket.approval_state), ('new', 'none'))
        note = ticket.message_ids.filtered(lambda one: "Nobody could be asked" in (one.body or ''))
        self.assertEqual(note.subtype_id, self.env.ref('mail.mt_note'))

    def test_path_of_another_company(self):
        with self.assertRaisesRegex(Exception, "company"):
            self.laptop.approval_path_id = self.path.copy({'company_id': self.company_b.id})

    def test_requester_is_the_approver(self):
        """Where nobody else has to say yes, it is approved at once."""
        item = self.item("Screen", audience='all', approval_path_id=self.path.id)
        with self.mock_mail_gateway():
            ticket, _errors = self.make(self.employee_2, item)
        self.assertEqual((ticket.status, ticket.approval_state), ('new', 'approved'))
        self.assertNotIn("was approved", ''.join(ticket.message_ids.mapped(lambda one: str(one.body))))

    def test_approver_decides_from_the_mail(self):
        """Nobody decides by opening the link; after the yes the customer's page says what comes next (S0-13)."""
        ticket = self.order(datetime.now().replace(microsecond=0))
        mail = self.mails.filtered(lambda one: '/helpdesk/approval/' in (one.body_html or ''))
        link = re.search(r'/helpdesk/approval/\d+/[\w.=-]+', mail.body_html).group()
        self.authenticate(None, None)
        page = self.url_open(link)
        self.assertIn("14 inch", page.text)
        self.assertEqual(ticket.approval_state, 'waiting')
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        self.url_open(link, data={'csrf_token': token, 'answer': 'approve'})
        self.env.invalidate_all()
        self.assertEqual((ticket.approval_state, ticket.status), ('approved', 'new'))
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(f'/my/tickets/{ticket.id}').text
        self.assertIn("Approved on", page)
        self.assertIn("We do it", page)
