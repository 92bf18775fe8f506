from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_catalogue import CatalogueCommon

HOSTILE = "<script>alert(1)</script> {{7*7}} ${8*8} =HYPERLINK(\"x\") \x00"


@tagged('post_install', '-at_install')
class TestHelpdeskCatalogueOrder(CatalogueCommon):
    """From the form to the ticket with its answers (S0-13)."""

    def test_order(self):
        category = self.env['helpdesk.category'].create({'name': "Computers"})
        tag = self.env['helpdesk.tag'].create({'name': "Purchase"})
        self.laptop.write({'ticket_category_id': category.id, 'tag_ids': [Command.set(tag.ids)], 'priority': '2'})
        ticket, errors = self.make(self.carla, self.laptop, {
            self.model: str(self.small.id), self.pieces: "2,5", self.needed: "2026-04-01", self.instead: "no",
        }, {self.offer: [('offer.pdf', b'%PDF-1.4 x')]}, remark="Soon, please")
        self.assertEqual(errors, {})
        self.assertRecordValues(ticket, [{
            'name': "New laptop", 'team_id': self.team.id, 'type_id': self.laptop.type_id.id, 'priority': '2',
            'partner_id': self.customer.id, 'channel': 'portal', 'catalogue_item_id': self.laptop.id,
            'category_id': category.id, 'tag_ids': tag.ids, 'status': 'new', 'company_id': self.company_a.id}])
        self.assertEqual(self.answers(ticket), {
            "Model": "14 inch", "Pieces": "2.5", "Needed on": "2026-04-01", "Instead of an old one?": "No",
            "Offer": "offer.pdf"})
        [file] = ticket.answer_ids.attachment_ids
        self.assertEqual((file.raw, file.res_model, file.res_id), (b'%PDF-1.4 x', 'helpdesk.ticket', ticket.id))
        said = ticket.message_ids.filtered(lambda one: "Soon, please" in (one.body or ''))
        self.assertEqual(said.author_id, self.customer)
        self.assertEqual(ticket.unanswered_since, ticket.create_date)

    def test_file_names(self):
        """A24: the name of a file is clean wherever it stands, in the answer that approvers read as well."""
        ticket, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)}, {
            self.offer: [('offer\u202efdp.\x01txt', b'x')]})
        self.assertEqual(self.answers(ticket)["Offer"], "offerfdp.txt")

    def test_conditional_answers(self):
        """What is not asked is not required, and not taken when it is sent all the same."""
        ticket, errors = self.make(self.carla, self.laptop, {
            self.model: str(self.small.id), self.instead: "no", self.reason: "hidden words"})
        self.assertEqual((errors, self.answers(ticket)), ({}, {"Model": "14 inch", "Instead of an old one?": "No"}))
        ticket, errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id), self.instead: "yes"})
        self.assertEqual((ticket, list(errors)), (None, [self.name_of(self.reason)]))

    def test_bad_answers(self):
        """Each mistake is told where it was made, and nothing is made."""
        before = self.env['helpdesk.ticket'].search_count([('catalogue_item_id', '=', self.laptop.id)])
        other = self.env['helpdesk.catalogue.choice'].create({'name': "Elsewhere", 'question_id': self.env[
            'helpdesk.catalogue.question'].create({'name': "X", 'kind': 'choice', 'item_id': self.key.id}).id})
        ticket, errors = self.make(self.carla, self.laptop, {
            self.model: str(other.id), self.pieces: "many", self.needed: "tomorrow", self.instead: "perhaps",
        }, {self.offer: [('virus.exe', b'MZ')]})
        self.assertIsNone(ticket)
        self.assertEqual(set(errors), {self.name_of(one) for one in (
            self.model, self.pieces, self.needed, self.instead, self.offer)})
        self.assertIn("ZIP", errors[self.name_of(self.offer)])
        _ticket, errors = self.make(self.carla, self.laptop)
        self.assertEqual(list(errors), [self.name_of(self.model)])
        self.assertEqual(
            self.env['helpdesk.ticket'].search_count([('catalogue_item_id', '=', self.laptop.id)]), before)

    def test_forged_names(self):
        """Questions of other items, fields of the ticket and anything else that is sent are not looked at."""
        foreign = self.env['helpdesk.catalogue.question'].create(
            {'name': "Secret", 'kind': 'text', 'item_id': self.foreign.id})
        ticket, _errors = self.make(
            self.carla, self.laptop, {self.model: str(self.small.id), foreign: "forged"}, team_id=str(self.team_b.id),
            user_id=str(self.agent.id), priority='3', partner_id=str(self.stranger.id), q_0="x", q_999999="x",
            state='solved', catalogue_item_id=str(self.key.id))
        self.assertEqual(self.answers(ticket), {"Model": "14 inch"})
        self.assertRecordValues(ticket, [{
            'team_id': self.team.id, 'user_id': False, 'priority': '1', 'partner_id': self.customer.id,
            'catalogue_item_id': self.laptop.id}])

    def test_assets(self):
        """Only one's own assets can be named; where there are none the question is not asked."""
        mine, other, theirs = self.env['maintenance.equipment'].create([
            {'name': "Laptop", 'serial_no': "A-1", 'owner_user_id': self.employee.id},
            {'name': "Laptop", 'serial_no': "B-2", 'owner_user_id': self.employee_2.id},
            {'name': "Drill", 'serial_no': "C-3", 'helpdesk_partner_id': self.acme.id}])
        base = {self.model: str(self.small.id), self.instead: "yes", self.reason: "broken"}
        ticket, errors = self.make(self.employee, self.laptop, {**base, self.which: str(mine.id)})
        self.assertEqual((errors, self.answers(ticket)["Which one"]), ({}, "Laptop (A-1)"))
        self.assertEqual(ticket.equipment_ids, mine)
        ticket, _errors = self.make(self.carla, self.laptop, {**base, self.which: str(theirs.id)})
        self.assertEqual(ticket.equipment_ids, theirs)
        ticket, errors = self.make(self.carla, self.laptop, {**base, self.which: str(mine.id)})
        self.assertEqual((ticket, list(errors)), (None, [self.name_of(self.which)]))
        ticket, errors = self.make(self.employee, self.laptop, {**base, self.which: str(other.id)})
        self.assertEqual((ticket, list(errors)), (None, [self.name_of(self.which)]))
        ticket, errors = self.make(self.stella, self.laptop, {**base, self.which: str(mine.id)})
        self.assertEqual((errors, set(self.answers(ticket))), ({}, {"Model", "Instead of an old one?", "Reason"}))
        mine.company_id = self.company_b
        self.assertFalse(self.env['maintenance.equipment']._catalogue_assets(self.employee.partner_id, self.company_a))

    def test_hostile_text(self):
        """What is typed stays text: in the answer, in an export, and in the conversation."""
        ticket, _errors = self.make(self.carla, self.laptop, {
            self.model: str(self.small.id), self.instead: "yes", self.reason: HOSTILE}, remark=HOSTILE)
        kept = HOSTILE.replace('\x00', '').strip()
        self.assertEqual(self.answers(ticket)["Reason"], kept)
        self.assertNotIn('<script', ''.join(ticket.message_ids.mapped(lambda one: str(one.body))))
        answer = ticket.answer_ids.filtered(lambda one: one.name == "Reason")
        answer.with_user(self.agent).text = "=1+1"
        exported = answer.with_context(import_compat=False).export_data(['value'])['datas']
        self.assertEqual(exported, [["'=1+1"]])

    def test_form_changes_rewrite_nothing(self):
        """Renamed, deleted and added questions change no request that was sent."""
        ticket, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id), self.instead: "no"})
        self.model.name = "Which machine"
        self.small.name = "13 inch"
        self.instead.unlink()
        self.assertEqual(self.answers(ticket), {"Model": "14 inch", "Instead of an old one?": "No"})
        self.model.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.answers(ticket), {"Model": "14 inch", "Instead of an old one?": "No"})

    def test_pace(self):
        with patch('odoo.addons.helpdesk_portal.models.helpdesk_ticket_portal_new.REQUESTS_AN_HOUR', 1):
            self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
            with self.assertRaisesRegex(UserError, "many requests"):
                self.make(self.carla, self.laptop, {self.model: str(self.small.id)})

    # ------------------------------------------------------------
    # for somebody else
    # ------------------------------------------------------------

    def test_agent_orders_for_customer(self):
        """What the customer may order, an agent orders for them; not what is offered to the agent (S0-13)."""
        customer = self.items.with_user(self.agent)._customer(str(self.customer.id))
        self.assertEqual(self.offered(self.agent, customer) & (self.laptop | self.key | self.machine | self.foreign),
                         self.laptop | self.machine)
        ticket, errors = self.make(
            self.agent, self.laptop, {self.model: str(self.large.id)}, customer=customer, remark="On the <b>phone</b>")
        self.assertEqual(errors, {})
        self.assertRecordValues(ticket, [{
            'partner_id': self.customer.id, 'channel': 'agent', 'create_uid': self.agent.id}])
        self.assertIn("&lt;b&gt;", ticket.description)
        self.assertFalse(self.events(ticket, 'customer_message', 'agent_message'))

    def test_only_agents_order_for_others(self):
        for user in (self.carla, self.employee):
            with self.assertRaises(AccessError):
                self.items.with_user(user)._customer(str(self.stranger.id))
        theirs = self.env['res.partner'].create({'name': "Of B", 'company_id': self.company_b.id})
        for forged in (str(theirs.id), '0', 'x', '９', str(10 ** 12)):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                self.items.with_user(self.agent)._customer(forged)
        self.assertIsNone(self.items.with_user(self.agent)._customer(''))


@tagged('post_install', '-at_install')
class TestHelpdeskCatalogueAnswer(CatalogueCommon):
    """Answers on the ticket: who reads and corrects them, and that it is logged (S0-13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mixin = cls.laptop.with_user(cls.employee).sudo()
        cls.request, _errors = mixin._make_request(
            {f'q_{cls.model.id}': str(cls.small.id), f'q_{cls.pieces.id}': "2", f'q_{cls.instead.id}': "no"},
            {f'q_{cls.offer.id}': [('offer.txt', b'offer')]})
        cls.chosen, cls.number, cls.yesno, cls.file = cls.request.answer_ids

    def test_corrected(self):
        self.chosen.with_user(self.agent).choice_id = self.large
        self.number.with_user(self.agent).number = 3
        self.assertEqual(self.answers(self.request)["Model"], "16 inch")
        rows = self.events(self.request, 'answer')
        self.assertEqual(rows.mapped(lambda row: (row.user_id, row.old, row.new)), [
            (self.agent, "14 inch", "16 inch"), (self.agent, "2", "3")])
        self.assertEqual(rows[0].summary, "Answer corrected: “Model” changed from 14 inch to 16 inch")
        self.number.with_user(self.agent).number = 3  # nothing changed
        self.assertEqual(len(self.events(self.request, 'answer')), 2)

    def test_corrected_from_the_ticket(self):
        self.request.with_user(self.agent).write({'answer_ids': [Command.update(self.yesno.id, {'yesno': 'yes'})]})
        self.assertEqual(self.yesno.value, "Yes")

    def upload(self, user, name="better.txt", raw=b'better', **vals):
        return self.env['ir.attachment'].with_user(user).create({
            'name': name, 'raw': raw, 'res_model': 'helpdesk.catalogue.answer', 'res_id': self.file.id, **vals})

    def test_another_file(self):
        """Agents put another file in place of one; the customer gets it, the log and the ticket keep the old one."""
        old, new = self.file.attachment_ids, self.upload(self.agent)
        answer = self.file.with_user(self.agent)
        answer.attachment_ids = [Command.unlink(old.id), Command.link(new.id)]
        self.assertEqual((answer.attachment_ids, answer.value), (new, "better.txt"))
        self.assertEqual((new.res_model, new.res_id), ('helpdesk.ticket', self.request.id))
        self.assertEqual((old.exists().res_model, old.res_id), ('helpdesk.ticket', self.request.id))
        self.assertEqual(self.request.sudo()._portal_file(new.id), new)
        self.assertEqual(self.events(self.request, 'answer').summary,
                         "Answer corrected: “Offer” changed from offer.txt to better.txt")
        own = self.env['ir.attachment'].with_user(self.agent).create({'name': "note.txt", 'raw': b'note'})
        for command, error in (
                (Command.link(own.id), AccessError), (Command.unlink(new.id), UserError),
                (Command.link(self.upload(self.agent_2).id), AccessError),
                (Command.link(self.upload(self.agent, "virus.exe").id), UserError)):
            with self.subTest(command=command), self.assertRaises(error), self.env.cr.savepoint():
                answer.write({'attachment_ids': [command]})

    def test_question_in_my_language(self):
        """Agents read the question in their language while it still reads as it was asked."""
        self.env['res.lang']._activate_lang('de_DE')
        self.pieces.with_context(lang='de_DE').name = "Stück"
        german = self.number.with_user(self.agent).with_context(lang='de_DE')
        self.assertEqual((german.label, self.number.with_user(self.agent).label), ("Stück", "Pieces"))
        self.pieces.name = "How many"
        self.assertEqual(german.label, "Pieces", "it was asked so")

    def test_not_corrected(self):
        """Whose it is, what was asked, its words and its files are nobody's to write; nor are choices of others."""
        other = self.env['helpdesk.catalogue.question'].create({
            'name': "X", 'kind': 'choice', 'item_id': self.key.id, 'choice_ids': [Command.create({'name': "Y"})]})
        asset = self.env['maintenance.equipment'].create({'name': "Foreign", 'owner_user_id': self.employee_2.id})
        secret = self.env['ir.attachment'].create({'name': "secret", 'raw': b'secret'})
        for answer, values, error in (
                (self.chosen, {'value': "18 inch"}, AccessError), (self.chosen, {'name': "Size"}, AccessError),
                (self.chosen, {'text': "x"}, AccessError), (self.chosen, {'ticket_id': self.ticket().id}, AccessError),
                (self.file, {'attachment_ids': [Command.link(secret.id)]}, AccessError),
                (self.chosen, {'equipment_id': asset.id}, AccessError),
                (self.chosen, {'choice_id': other.choice_ids.id}, UserError)):
            with self.subTest(values=values), self.assertRaises(error), self.env.cr.savepoint():
                answer.with_user(self.agent).write(values)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.env['helpdesk.catalogue.answer'].with_user(self.agent).create(
                {'ticket_id': self.request.id, 'name': "X", 'kind': 'text'})
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.chosen.with_user(self.manager).unlink()

    def test_readers(self):
        self.assertEqual(self.chosen.with_user(self.employee).value, "14 inch")
        for user in (self.employee_2, self.agent_b, self.carla, self.manager_b):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger(
                    'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                self.chosen.with_user(user).read(['value'])
        for user in (self.employee, self.employee_2, self.agent_b):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger(
                    'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                self.chosen.with_user(user).write({'choice_id': self.large.id})
        self.request.team_id = self.team_private
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.chosen.with_user(self.agent).read(['value'])

    def test_facts_are_the_systems(self):
        for name, value in (('catalogue_item_id', self.key.id), ('catalogue_expected_at', '2026-01-01 00:00:00')):
            with self.assertRaises(AccessError):
                self.request.with_user(self.manager).write({name: value})

    def test_search(self):
        found = self.env['helpdesk.ticket'].with_user(self.agent).search([('answer_ids.value', 'ilike', "14 in")])
        self.assertEqual(found, self.request)

    def test_anonymised(self):
        """Words of people go from answers and from what the log says of them; what was asked stays (N14)."""
        self.number.with_user(self.agent).number = 77
        self.env['helpdesk.personal.data']._anonymise(self.request, "asked for")
        self.assertEqual(self.request.answer_ids.mapped('name'), ["Model", "Pieces", "Instead of an old one?", "Offer"])
        left = [self.request.answer_ids.read(['value', 'text', 'number', 'yesno', 'choice_id']),
                self.events(self.request, 'answer').read(['old', 'new'])]
        for words in ("14 inch", "77", "offer.txt"):
            self.assertNotIn(words, str(left))
        self.assertFalse(self.request.answer_ids.attachment_ids)
