from odoo.tests import tagged

from .common import HelpdeskCrmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketMerge(HelpdeskCrmCommon):
    """Merged tickets and their opportunities (N3, D5)."""

    def test_survivor_takes_over_and_undo_gives_back(self):
        source, target = self.ticket(name="a"), self.ticket(name="b")
        shared, brought = self.lead(name="shared"), self.lead(name="brought")
        source.link_lead(brought)
        (source | target).link_lead(shared)
        source.with_user(self.agent).merge_into(target)
        self.assertEqual(target.lead_ids, shared | brought)
        self.assertIn('merge', self.events(target, 'opportunity')[-1].detail)
        self.assertEqual(brought.with_user(self.sales).helpdesk_ticket_ids, target, "the merged one is archived")
        source.with_user(self.agent).undo_merge()
        self.assertEqual((target.lead_ids, source.lead_ids), (shared, shared | brought))

    def test_what_came_by_two_stays_until_both_are_undone(self):
        one, two, target, lead = self.ticket(name="a"), self.ticket(name="b"), self.ticket(name="c"), self.lead()
        (one | two).link_lead(lead)
        (one | two).with_user(self.agent).merge_into(target)
        one.with_user(self.agent).undo_merge()
        self.assertEqual(target.lead_ids, lead)
        two.with_user(self.agent).undo_merge()
        self.assertFalse(target.lead_ids)

    def test_what_sales_unlinked_meanwhile_stays_so(self):
        source, target, lead, later = self.ticket(name="a"), self.ticket(name="b"), self.lead(), self.lead()
        source.link_lead(lead)
        source.with_user(self.agent).merge_into(target)
        target.with_user(self.agent_sales).unlink_lead(lead)
        target.with_user(self.agent_sales).link_lead(later)
        source.with_user(self.agent).undo_merge()
        self.assertEqual((target.lead_ids, source.lead_ids), (later, lead))

    def test_survivor_is_with_sales(self):
        source, target = self.ticket(name="a", partner_id=self.customer.id), self.ticket(name="b")
        lead = self.passed(source)
        source.with_user(self.agent).merge_into(target)
        self.assertEqual(target.sales_passed_at, source.sales_passed_at)
        self.answer(target, self.agent, body="<p>Here now</p>")
        self.assertIn("Here now", self.words(lead))
        self.assertEqual(self.words(lead).count("Here now"), 1)
        source.with_user(self.agent).undo_merge()
        self.assertFalse(target.sales_passed_at)
        self.assertTrue(source.sales_passed_at)
        self.assertFalse(target.lead_ids)

    def test_outcome_is_told_to_the_survivor_alone(self):
        source, target, lead = self.ticket(name="a"), self.ticket(name="b"), self.lead(user_id=self.sales.id)
        source.link_lead(lead)
        source.with_user(self.agent).merge_into(target)
        lead.with_user(self.sales).action_set_won()
        self.assertEqual(self.words(target).count("Sales won"), 1)
        self.assertEqual([event.detail['what'] for event in self.events(source, 'opportunity')], ['linked'])
