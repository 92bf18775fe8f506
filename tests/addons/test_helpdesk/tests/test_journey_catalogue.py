import re

from odoo.fields import Command
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyCatalogue(JourneyCommon):
    """An order from the catalogue, by mail from the request to its end (S0-13, S0-15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.employee_2.partner_id
        cls.item = cls.env['helpdesk.catalogue.item'].create({
            'name': "New laptop", 'team_id': cls.team.id, 'question_ids': [
                Command.create({'name': "Reason", 'kind': 'text', 'required': True})],
            'category_id': cls.env['helpdesk.catalogue.category'].create({'name': "Hardware"}).id,
            'approval_path_id': cls.env['helpdesk.approval.path'].create({
                'name': "Boss", 'company_id': cls.company_a.id, 'step_ids': [Command.create({
                    'name': "Boss", 'who': 'people', 'partner_ids': [Command.set(cls.boss.ids)]})]}).id})

    def order(self):
        """Let a customer order in the portal; return (ticket, mails)."""
        item = self.item.with_user(self.portal)._offered(domain=[('id', '=', self.item.id)])
        mails = self.sent(lambda: item._make_request({f'q_{self.item.question_ids.id}': "Mine is broken"}))
        return self.result[0], mails

    def to(self, mails, address):
        return [mail for mail in mails if address in str(mail['email_to'])]

    def test_refused(self):
        """Who approves gets one mail with the answers; who asked gets one with the reason, and none that says Solved
        besides. Nobody else reads the reason."""
        ticket, mails = self.order()
        [asked] = self.to(mails, self.boss.email)
        self.assertIn("Mine is broken", asked['body'])
        self.assertTrue(re.search(r'/helpdesk/approval/\d+/', asked['body']))
        mails = self.sent(lambda: ticket.approval_ids._decide('refused', "No money left", self.boss))
        [told] = self.to(mails, self.portal.email)
        self.assertIn("No money left", told['body'])
        self.assertEqual((ticket.status, ticket.solved_mail), ('solved', 'skipped'))
        self.assertFalse(self.to(mails, self.boss.email))
        mails = self.sent(lambda: self.reply(told, self.portal.email, "But it is really broken"))
        self.assertEqual(ticket.status, 'open', "the customer has the last word, agents decide")

    def test_refused_colleague(self):
        """A colleague who orders reads the reason once, too: no mail says Solved besides."""
        item = self.item.with_user(self.employee)._offered(domain=[('id', '=', self.item.id)])
        self.sent(lambda: item._make_request({f'q_{self.item.question_ids.id}': "Mine is broken"}))
        ticket = self.result[0]
        mails = self.sent(lambda: ticket.approval_ids._decide('refused', "No money left", self.boss))
        [told] = self.to(mails, self.employee.email)
        self.assertIn("No money left", told['body'])
        self.assertEqual((ticket.status, ticket.solved_mail), ('solved', 'skipped'))

    def test_approved(self):
        """Who asked hears that work begins, in one mail that answers nothing: promises go on."""
        ticket, _mails = self.order()
        mails = self.sent(lambda: ticket.approval_ids._decide('approved', '', self.boss))
        [told] = self.to(mails, self.portal.email)
        self.assertIn("“New laptop” was approved: we begin.", told['body'])
        self.assertEqual((ticket.status, ticket.first_response_at), ('new', False))
