from datetime import timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW, HelpdeskCommon
from odoo.fields import Command


class SlaCommon(HelpdeskCommon):
    """A policy for everybody in company A: first answer in 1 h, resolution in 8 h, Prague hours 8 to 12 and 13 to 17.

    ``NOW`` is a Wednesday, 10:00 in Prague (09:00 UTC).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with patch('odoo.sql_db.BaseCursor.now', lambda cursor: NOW - timedelta(days=30)):
            cls._set_up_policy()

    @classmethod
    def _set_up_policy(cls):
        cls.calendar = cls._calendar("Office Prague", 'Europe/Prague', [(8, 12), (13, 17)])
        cls.team.resource_calendar_id = cls.calendar
        cls.policy = cls._policy("Standard", {'first_response': 60, 'resolution': 480})

    @classmethod
    def _calendar(cls, name, tz, hours, company=None, days='01234'):
        return cls.env['resource.calendar'].create({
            'name': name, 'tz': tz, 'company_id': (company or cls.company_a).id,
            'attendance_ids': [Command.clear()] + [Command.create({
                'name': name, 'dayofweek': day, 'hour_from': begin, 'hour_to': end,
                'day_period': 'morning' if begin < 12 else 'afternoon'}) for day in days for begin, end in hours],
        })

    @classmethod
    def _policy(cls, name, targets, **vals):
        """Create a policy; ``targets`` is {metric: minutes} or {(metric, priority): minutes}."""
        lines = []
        for key, minutes in targets.items():
            metric, priority = key if isinstance(key, tuple) else (key, 'any')
            lines.append(Command.create({'metric': metric, 'priority': priority, 'minutes': minutes}))
        return cls.env['helpdesk.sla.policy'].create({
            'name': name, 'company_id': cls.company_a.id, 'target_ids': lines, **vals})

    def ticket(self, **vals):
        return super().ticket(**{'channel': 'email', 'partner_id': self.customer.id, **vals})

    def clock(self, ticket, metric, instance=1):
        """Return one clock of ``ticket`` as it stands now."""
        self.env.flush_all()
        return self.env['helpdesk.sla.status'].search([
            ('ticket_id', '=', ticket.id), ('metric', '=', metric), ('instance', '=', instance)])

    def tick(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_sla.ir_cron_sla').method_direct_trigger()
        self.env.invalidate_all()

    def told(self, user):
        """Return the subjects of what ``user`` was told about promises, oldest first."""
        return self.notices(user, 'romise').sorted('id').mapped('subject')

    @staticmethod
    def later(**span):
        return NOW + timedelta(**span)
