from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, HelpdeskCommon

MONDAY = NOW + timedelta(days=5)


@tagged('post_install', '-at_install')
class TestHelpdeskTicketFreeze(HelpdeskCommon):
    """Put aside until a date or an answer; it wakes by itself and tells its people (S4-20)."""

    def frozen(self, until=MONDAY, **vals):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id, partner_id=self.customer.id, channel='email', **vals)
            ticket.with_user(self.agent).action_freeze(until, " Spare part comes on Monday ")
        return ticket

    def test_freeze_and_unfreeze(self):
        ticket = self.frozen()
        self.assertEqual((ticket.is_frozen, ticket.frozen_until, ticket.frozen_reason),
                         (True, MONDAY, "Spare part comes on Monday"))
        [event] = self.events(ticket, 'frozen')
        self.assertEqual((event.user_id, event.new, event.detail), (
            self.agent, "Spare part comes on Monday", {'until': Datetime.to_string(MONDAY)}))
        ticket.with_user(self.agent_2).action_unfreeze()
        self.assertEqual((ticket.is_frozen, ticket.frozen_until, ticket.frozen_reason), (False, False, False))
        self.assertEqual(self.events(ticket, 'unfrozen').user_id, self.agent_2)
        ticket.action_unfreeze()
        self.assertEqual(len(self.events(ticket, 'unfrozen')), 1, "nothing to wake")

    def test_it_wakes_by_itself_and_says_so(self):
        ticket, other = self.frozen(), self.frozen(until=MONDAY + timedelta(days=1))
        with self.at(MONDAY - timedelta(minutes=1)):
            self.run_cron('ir_cron_unfreeze')
        self.assertTrue(ticket.is_frozen)
        with self.at(MONDAY + timedelta(days=0, hours=3)):  # the job came three hours late
            self.run_cron('ir_cron_unfreeze')
            self.run_cron('ir_cron_unfreeze')
        self.env.invalidate_all()
        self.assertFalse(ticket.is_frozen)
        self.assertTrue(other.is_frozen)
        self.assertEqual(len(self.notices(self.agent, "Awake again")), 1)
        self.assertIn("Spare part", self.notices(self.agent, "Awake again").body)

    def test_the_customer_wakes_it_at_once(self):
        ticket = self.frozen(until=False)
        self.assertTrue(ticket.is_frozen)
        with self.at(NOW + timedelta(hours=3)):
            ticket.with_context(helpdesk_message_at=NOW + timedelta(hours=2)).message_post(
                body="It came", author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment')
        self.assertFalse(ticket.is_frozen)
        self.assertEqual(self.events(ticket, 'unfrozen').at, NOW + timedelta(hours=2), "as of the message")
        self.assertIn("The customer wrote", self.notices(self.agent, "Awake again").body)

    def test_agents_and_notes_do_not_wake_it(self):
        ticket = self.frozen()
        self.answer(ticket, self.agent)
        ticket.with_user(self.agent).message_post(body="Ordered", subtype_xmlid='mail.mt_note')
        self.assertTrue(ticket.is_frozen)

    def test_done_is_not_frozen(self):
        ticket = self.frozen()
        ticket.action_solve()
        self.assertFalse(ticket.is_frozen)
        with self.assertRaisesRegex(UserError, ticket.number):
            ticket.action_freeze(False, "Too late")

    def test_refusals(self):
        with self.at(NOW):
            ticket = self.ticket(team_id=self.team_private.id)
            for until, reason, words in ((MONDAY, '  ', "Say why"), (NOW, "Now", "has passed"),
                                         (NOW - timedelta(days=1), "Yesterday", "has passed")):
                with self.assertRaisesRegex(UserError, words):
                    ticket.action_freeze(until, reason)
            for user in (self.agent, self.employee, self.portal, self.agent_b):
                with self.assertRaises(AccessError):
                    ticket.with_user(user).action_freeze(MONDAY, "Not mine")
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent_private).write({'is_frozen': True})
        own = self.ticket(partner_id=self.employee.partner_id.id)
        with self.assertRaises(AccessError):
            own.with_user(self.employee).action_freeze(MONDAY, "Raised it, does not work on it")

    @mute_logger('odoo.models', 'odoo.addons.base.models.ir_model')
    def test_reasons_are_internal_talk(self):
        """Who merely asked does not read why it is frozen, or what the date is there for, by no way (promise 2)."""
        ticket = self.ticket(partner_id=self.employee.partner_id.id, deadline_reason="Ms Quist shouted")
        ticket.with_user(self.agent).action_freeze(Datetime.now() + timedelta(days=3), "Let them cool down")
        self.env.flush_all()
        self.env.invalidate_all()
        own = ticket.with_user(self.employee)
        self.assertTrue(own.is_frozen)
        for name in ('frozen_reason', 'deadline_reason'):
            for act in (lambda field: own.read([field]), lambda field: own.search([(field, 'ilike', 'down')]),
                        lambda field: own._read_group([], [field], ['__count'])):
                with self.subTest(field=name), self.assertRaises(AccessError):
                    act(name)
            self.assertTrue(ticket.with_user(self.agent)[name])
        own.message_post(body="Hello?", subtype_xmlid='mail.mt_comment', message_type='comment')
        self.assertFalse(ticket.is_frozen)
        self.assertEqual(self.events(ticket, 'unfrozen').old, "Let them cool down")

    def test_dialog(self):
        with self.at(NOW):
            tickets = self.ticket() | self.ticket()
            dialog = self.env['helpdesk.ticket.freeze'].with_user(self.agent).with_context(
                active_ids=tickets.ids).create({'reason': "Holidays"})
            self.assertEqual(dialog.until, NOW.replace(hour=7) + timedelta(days=1), "tomorrow, eight in Brussels")
            dialog.when = 'week'
            self.assertEqual(dialog.until, NOW.replace(hour=7) + timedelta(days=7))
            dialog.when = 'answer'
            self.assertFalse(dialog.until)
            dialog.when = 'date'
            with self.assertRaisesRegex(UserError, "Choose the date"):
                dialog.action_freeze()
            dialog.until = MONDAY
            dialog.action_freeze()
        self.assertEqual(tickets.mapped('is_frozen'), [True, True])
        self.assertEqual(tickets.mapped('frozen_until'), [MONDAY, MONDAY])
