from datetime import date

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

DAY = date(2026, 3, 4)


class HelpdeskTimeCommon(HelpdeskCommon):
    """Everybody of the helpdesk; ``team`` and ``team_b`` track time, rounded up to quarters of an hour.

    ``leader``, ``agent`` and ``agent_b`` are employees; ``agent_2`` is none.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls.env['project.project'].create
        cls.project = create({'name': "Service", 'company_id': cls.company_a.id, 'privacy_visibility': 'followers',
                              'allow_timesheets': True})
        cls.project_b = create({'name': "Service B", 'company_id': cls.company_b.id, 'allow_timesheets': True})
        for team, project in ((cls.team, cls.project), (cls.team_b, cls.project_b)):
            team.write({'project_id': project.id, 'track_time': True, 'time_rounding': 15})
        cls.employees = {user: cls.env['hr.employee'].create({
            'name': user.name, 'user_id': user.id, 'company_id': user.company_id.id, 'hourly_cost': 30})
            for user in (cls.leader, cls.agent, cls.agent_b)}

    def spend(self, ticket, hours, user=None, **vals):
        """Write down ``hours`` on ``ticket`` as ``user`` (``agent`` to begin with)."""
        return self.env['account.analytic.line'].with_user(user or self.agent).create(
            {'helpdesk_ticket_id': ticket.id, 'unit_amount': hours, 'name': "Looked at it", 'date': DAY, **vals})

    def assertRefused(self, act, *args, **kwargs):
        with (
            self.assertRaises(AccessError),
            mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'),
        ):
            return act(*args, **kwargs)
