from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskItsmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketAsset(HelpdeskItsmCommon):
    """S0-12: what a ticket is about, with its history, owner, warranty and maintenance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls.env['maintenance.equipment'].create
        cls.saw = create({
            'name': "Saw", 'serial_no': 'SN-4711', 'model': "X200", 'company_id': cls.company_a.id,
            'helpdesk_partner_id': cls.acme.id, 'helpdesk_location': "Hall 3", 'warranty_date': '2027-01-01'})
        cls.laptop = create({'name': "Laptop", 'company_id': cls.company_a.id, 'owner_user_id': cls.employee.id})
        cls.saw_b = create({'name': "Saw B", 'company_id': cls.company_b.id})

    def test_card_and_count(self):
        """Serial, model, customer, place, warranty and earlier tickets: those that the reader may see."""
        before = self.ticket(name="Blade broke", equipment_ids=[Command.set(self.saw.ids)])
        hidden = self.ticket(name="Stolen?", team_id=self.team_private.id, equipment_ids=[Command.set(self.saw.ids)])
        before.action_solve()
        ticket = self.ticket(partner_id=self.customer.id)
        ticket.with_user(self.agent).equipment_ids = self.saw
        card = ticket.with_user(self.agent).asset_card
        for words in ("SN-4711", "X200", "Acme", "Hall 3", before.number, "Blade broke", "Solved"):
            self.assertIn(words, card)
        self.assertNotIn(hidden.number, card)
        self.assertNotIn(ticket.number, card)
        saw = self.saw.with_user(self.agent)
        self.assertEqual((saw.helpdesk_open_ticket_count, saw.helpdesk_ticket_count), (1, 2))
        self.assertEqual(self.saw.with_user(self.agent_private).helpdesk_ticket_count, 3)
        found = self.env['helpdesk.ticket'].with_user(self.agent).search(saw.action_view_helpdesk_tickets()['domain'])
        self.assertEqual(found, before | ticket)
        self.assertEqual(self.events(ticket, 'asset').summary, "Assets: Saw/SN-4711")

    def test_serial_number(self):
        ticket = self.ticket(equipment_ids=[Command.set(self.saw.ids)])
        self.assertEqual(self.env['maintenance.equipment'].with_user(self.agent).name_search('4711'),
                         [(self.saw.id, "Saw/SN-4711")])
        self.assertEqual(
            self.env['helpdesk.ticket'].with_user(self.agent).search([('equipment_ids', 'ilike', 'SN-47')]), ticket)

    def test_companies(self):
        """Agents read their companies' assets and change none; a ticket takes none of another company."""
        for user, seen in ((self.agent, self.saw | self.laptop), (self.agent_b, self.saw_b), (self.employee_2, None)):
            assets = self.env['maintenance.equipment'].with_user(user).search(
                [('id', 'in', (self.saw | self.laptop | self.saw_b).ids)])
            self.assertEqual(assets, seen or self.saw.browse())
        self.assertRefused(self.saw.with_user(self.agent).write, {'name': "x"})
        self.assertRefused(self.ticket().with_user(self.agent).write,
                           {'equipment_ids': [Command.link(self.saw_b.id)]})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.ticket(equipment_ids=[Command.link(self.saw_b.id)])

    def test_whose(self):
        """What a customer may name: their company's, and what they own; never a stranger's."""
        def theirs(partner):
            domain = self.env['maintenance.equipment']._helpdesk_domain_of(partner)
            return self.env['maintenance.equipment'].search(domain)
        self.assertEqual(theirs(self.customer), self.saw)
        self.assertEqual(theirs(self.boss), self.laptop)
        self.assertFalse(theirs(self.stranger))
        self.assertFalse(theirs(self.stranger.browse()))

    def test_maintenance(self):
        """Asked for from the ticket; its state comes back, and who works on the ticket hears when it is done."""
        ticket = self.ticket(equipment_ids=[Command.set(self.saw.ids)], user_id=self.agent.id)
        action = ticket.with_user(self.agent_2).action_create_maintenance()
        request = self.env['maintenance.request'].browse(action['res_id'])
        self.assertEqual((request.equipment_id, request.helpdesk_ticket_id), (self.saw, ticket))
        first = self.env['maintenance.stage'].search([('done', '=', False)], limit=1)
        done = self.env['maintenance.stage'].search([('done', '=', True)], limit=1)
        request.stage_id = first
        self.assertEqual(ticket.with_user(self.agent).maintenance_words, f"Drill is silent: {first.name}")
        messages = ticket.message_ids
        request.stage_id = done
        self.assertEqual(ticket.with_user(self.agent).maintenance_words, f"Drill is silent: {done.name}")
        notice = self.env['mail.message'].search([
            ('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id), ('message_type', '=', 'user_notification')])
        self.assertEqual(notice.partner_ids, self.agent.partner_id)
        self.assertEqual(ticket.message_ids - notice, messages, "nothing of it reaches the customer")
        self.assertEqual(self.events(ticket, 'maintenance').mapped('summary'),
                         ["Maintenance asked for: Drill is silent", "Maintenance done: Drill is silent"])
        self.assertRefused(ticket.with_user(self.agent_b).action_create_maintenance)
        self.assertRefused(ticket.with_user(self.employee).action_create_maintenance)
        self.assertRefused(request.with_user(self.employee).read, ['helpdesk_ticket_id'])

    def test_merge(self):
        """A merged ticket brings its assets and asks nobody any more; undone, it takes them away again."""
        target = self.ticket(partner_id=self.customer.id)
        source, asked = self.ask(self.people_path(self.boss), equipment_ids=[Command.set(self.saw.ids)])
        source.with_user(self.agent).merge_into(target)
        self.assertEqual(target.equipment_ids, self.saw)
        self.assertEqual((source.approval_state, asked.state), ('none', 'cancelled'))
        source.with_user(self.agent).undo_merge()
        self.assertFalse(target.equipment_ids)
        self.assertEqual(source.equipment_ids, self.saw)
