from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import HelpdeskCommon


class HelpdeskAccessCommon(HelpdeskCommon):
    """Tickets of every kind, and who reads which: nothing else, by no way (promise 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personnel = cls.env['res.groups'].create({
            'name': "Personnel matters", 'user_ids': [Command.set((cls.agent_2 | cls.leader_private).ids)]})
        cls.secret_type = cls.env['helpdesk.type'].create({
            'name': "Salary", 'nature': 'request', 'group_ids': [Command.set(cls.personnel.ids)]})
        create = cls.env['helpdesk.ticket'].create
        cls.tickets = {
            'open': create({'name': "Zebra open", 'team_id': cls.team.id, 'partner_id': cls.customer.id}),
            'private': create({'name': "Zebra private", 'team_id': cls.team_private.id, 'partner_id': cls.customer.id}),
            'secret': create(
                {
                    'name': "Zebra secret",
                    'team_id': cls.team.id,
                    'type_id': cls.secret_type.id,
                    'partner_id': cls.customer.id,
                }
            ),
            'private secret': create(
                {'name': "Zebra both", 'team_id': cls.team_private.id, 'type_id': cls.secret_type.id}
            ),
            'b': create({'name': "Zebra B", 'team_id': cls.team_b.id, 'partner_id': cls.customer.id}),
            'b private': create({'name': "Zebra B private", 'team_id': cls.team_b_private.id}),
            'mine': create(
                {'name': "Zebra employee", 'team_id': cls.team.id, 'partner_id': cls.employee.partner_id.id}
            ),
            'mine private': create(
                {'name': "Zebra personnel", 'team_id': cls.team_private.id, 'partner_id': cls.employee.partner_id.id}
            ),
            'mine secret': create(
                {
                    'name': "Zebra salary",
                    'team_id': cls.team_private.id,
                    'type_id': cls.secret_type.id,
                    'partner_id': cls.employee.partner_id.id,
                }
            ),
        }
        cls.all_tickets = cls.env['helpdesk.ticket'].concat(*cls.tickets.values())
        cls.env.flush_all()
        a = {'open', 'mine'}
        private = {'private', 'mine private'}
        # who reads which tickets: nothing else, by no way
        cls.readers = {
            cls.agent: a, cls.leader: a, cls.agent_out: a,
            cls.agent_2: a | {'secret'},
            cls.agent_private: a | private,
            cls.leader_private: a | private | {'secret', 'private secret', 'mine secret'},
            cls.manager: a | private,
            cls.agent_b: {'b'}, cls.agent_b_private: {'b', 'b private'}, cls.manager_b: {'b', 'b private'},
            cls.employee: {'mine', 'mine private', 'mine secret'}, cls.employee_2: set(),
            cls.portal: set(), cls.user_public: set(),
        }
        cls.agents = [user for user in cls.readers if user.has_group('helpdesk_core.group_helpdesk_user')]

    def names(self, tickets):
        """Return the keys in ``self.tickets`` of ``tickets``."""
        return {name for name, ticket in self.tickets.items() if ticket.id in tickets.ids}

    def assertRefused(self, act, *args, **kwargs):
        with (
            self.assertRaises(AccessError),
            mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'),
        ):
            act(*args, **kwargs)
