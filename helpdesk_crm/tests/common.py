from odoo.addons.helpdesk_core.tests.common import AGENT, HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import mute_logger

SALES = 'base.group_user,sales_team.group_sale_salesman'
SALES_ALL = 'base.group_user,sales_team.group_sale_salesman_all_leads'


class HelpdeskCrmCommon(HelpdeskCommon):
    """Everybody of the helpdesk, and sales: ``sales``, ``sales_2`` and ``sales_all`` (may see all opportunities) in
    company A, ``sales_b`` and ``sales_b_all`` in company B; ``agent_sales`` works in both helpdesk and sales of A."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, groups, company in (
            ('sales', SALES, cls.company_a), ('sales_2', SALES, cls.company_a), ('sales_all', SALES_ALL, cls.company_a),
            ('sales_b', SALES, cls.company_b), ('sales_b_all', SALES_ALL, cls.company_b),
            ('agent_sales', f'{AGENT},{SALES}', cls.company_a),
        ):
            setattr(cls, name, mail_new_test_user(
                cls.env, login=f'hd_{name}', name=f"Hd {name.replace('_', ' ').title()}", groups=groups,
                email=f'{name}@helpdesk.test', company_id=company.id, company_ids=[Command.set(company.ids)],
                notification_type='inbox', tz='Europe/Brussels'))
        cls.crm_team = cls.env['crm.team'].create({'name': "Deals", 'company_id': cls.company_a.id})
        cls.crm_team_b = cls.env['crm.team'].create({'name': "Deals B", 'company_id': cls.company_b.id})
        cls.team.crm_team_id = cls.crm_team
        cls.registry.clear_cache()

    def lead(self, **vals):
        """Create an opportunity of nobody in company A as the superuser."""
        return self.env['crm.lead'].create({
            'name': "Ten drills", 'type': 'opportunity', 'user_id': False, 'team_id': self.crm_team.id,
            'company_id': self.company_a.id, **vals})

    def passed(self, ticket, user=None, **kwargs):
        """Pass ``ticket`` to sales as ``user`` (default: the agent); return the lead as the superuser."""
        return self.env['crm.lead'].browse(ticket.with_user(user or self.agent).pass_to_sales(**kwargs))

    def words(self, record):
        """Return all that was posted on ``record``, oldest first, as one text."""
        messages = self.env['mail.message'].search(
            [('model', '=', record._name), ('res_id', '=', record.id)], order='id')
        return '\n'.join(messages.mapped('body'))

    def summaries(self, ticket, *kinds, user=None):
        """Return what the log says of ``kinds``, as ``user`` (default: the superuser) reads it."""
        return self.events(ticket, *kinds).with_user(user or self.env.user).mapped('summary')

    def assertRefused(self, act, *args, **kwargs):
        with (
            self.assertRaises(AccessError),
            mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'),
        ):
            act(*args, **kwargs)
