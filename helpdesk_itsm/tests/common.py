import re

from odoo.addons.helpdesk_core.tests.common import NOW, HelpdeskCommon
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import mute_logger


class HelpdeskItsmCommon(HelpdeskCommon):
    """Everybody of the helpdesk, a path of two steps, and people who approve: a colleague without helpdesk rights
    (``boss``, the employee), the portal customer's company's approver (``approver``), the team's leader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.employee.partner_id
        cls.boss_2 = cls.employee_2.partner_id
        cls.approver = cls.colleague
        cls.approver.helpdesk_approver = True
        cls.portal.partner_id.parent_id = cls.acme
        cls.path = cls.make_path(
            {'name': "Customer", 'who': 'customer'},
            {'name': "Head of IT", 'who': 'people', 'partner_ids': [Command.set(cls.boss.ids)]})

    @classmethod
    def make_path(cls, *steps, **values):
        return cls.env['helpdesk.approval.path'].create({
            'name': "Yes of both", 'company_id': cls.company_a.id, **values,
            'step_ids': [Command.create({'sequence': number, **step}) for number, step in enumerate(steps)]})

    @classmethod
    def people_path(cls, people, company=None, **step):
        return cls.make_path(
            {'name': "Bosses", 'who': 'people', 'partner_ids': [Command.set(people.ids)], **step},
            company_id=(company or cls.company_a).id)

    def ask(self, path=None, **vals):
        """Return (ticket of the customer, its waiting approvals), asked as an agent at ``NOW``."""
        ticket = self.ticket(**{'partner_id': self.customer.id, **vals})
        with self.at(NOW), self.mock_mail_gateway():
            ticket.with_user(self.agent).action_request_approval((path or self.path).id)
        return ticket, ticket.approval_ids.filtered(lambda approval: approval.state == 'waiting')

    def link_of(self, mail):
        """Return the path of the link in ``mail``."""
        return re.search(r'/helpdesk/approval/\d+/[\w.]+', mail.body_html).group()

    def assertRefused(self, act, *args, **kwargs):
        with (
            self.assertRaises(AccessError),
            mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'),
        ):
            return act(*args, **kwargs)
