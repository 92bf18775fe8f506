from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo.addons.mail.tests.common import MailCommon, mail_new_test_user
from odoo.fields import Command
from odoo.tests import freeze_time

# A Wednesday, ten in the morning in Brussels (winter time); naive UTC as everywhere in the ORM.
NOW = datetime(2026, 3, 4, 9, 0)
AGENT = 'base.group_user,helpdesk_core.group_helpdesk_user'
MANAGER = 'base.group_user,helpdesk_core.group_helpdesk_manager'
STATUSES = ('new', 'open', 'waiting_customer', 'waiting_third_party', 'solved', 'closed')


class HelpdeskCommon(MailCommon):
    """Two companies with two teams each, one of them for its members only, and everybody who comes near them.

    ========================  ==============  ===========================================
    team                      visibility      people
    ========================  ==============  ===========================================
    ``team`` (company A)      company         leader, agent, agent_2
    ``team_private`` (A)      members         leader_private, agent_private
    ``team_b`` (company B)    company         agent_b
    ``team_b_private`` (B)    members         agent_b_private
    ========================  ==============  ===========================================

    ``agent_out`` works in company A and in no team; ``manager`` administers A, ``manager_b`` B.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a, cls.company_b = cls.company_admin, cls.company_2
        cls.group_user = cls.env.ref('helpdesk_core.group_helpdesk_user')
        cls.stages = {status: cls.env.ref(f'helpdesk_core.helpdesk_stage_{status}') for status in STATUSES}
        cls._create_people()
        cls._create_teams()
        cls._create_customers()
        cls.registry.clear_cache()

    @classmethod
    def _create_people(cls):
        people = {
            'leader': (AGENT, cls.company_a), 'agent': (AGENT, cls.company_a), 'agent_2': (AGENT, cls.company_a),
            'agent_out': (AGENT, cls.company_a), 'leader_private': (AGENT, cls.company_a),
            'agent_private': (AGENT, cls.company_a), 'manager': (MANAGER, cls.company_a),
            'agent_b': (AGENT, cls.company_b), 'agent_b_private': (AGENT, cls.company_b),
            'manager_b': (MANAGER, cls.company_b),
            'employee': ('base.group_user', cls.company_a), 'employee_2': ('base.group_user', cls.company_a),
            'portal': ('base.group_portal', cls.company_a),
        }
        for name, (groups, company) in people.items():
            setattr(cls, name, mail_new_test_user(
                cls.env, login=f'hd_{name}', name=f"Hd {name.replace('_', ' ').title()}", groups=groups,
                email=f'{name}@helpdesk.test', company_id=company.id, company_ids=[Command.set(company.ids)],
                notification_type='email' if name == 'portal' else 'inbox', tz='Europe/Brussels',
                signature=f'<p>-- {name}</p>'))

    @classmethod
    def _create_teams(cls):
        def team(name, company, visibility, leader, members):
            return cls.env['helpdesk.team'].create({
                'name': name, 'company_id': company.id, 'visibility': visibility, 'leader_id': leader.id,
                'notify_new': 'none', 'sequence': 50,
                'member_ids': [Command.create({'user_id': user.id}) for user in members],
            })
        nobody = cls.env['res.users']
        cls.team = team("Repairs", cls.company_a, 'company', cls.leader, cls.agent | cls.agent_2)
        cls.team_private = team("Personnel", cls.company_a, 'members', cls.leader_private, cls.agent_private)
        cls.team_b = team("Repairs B", cls.company_b, 'company', nobody, cls.agent_b)
        cls.team_b_private = team("Personnel B", cls.company_b, 'members', nobody, cls.agent_b_private)
        cls.teams = cls.team | cls.team_private | cls.team_b | cls.team_b_private

    @classmethod
    def _create_customers(cls):
        partners = cls.env['res.partner'].with_context(no_reset_password=True)
        cls.acme = partners.create({'name': "Acme", 'is_company': True, 'email': 'info@acme.test'})
        cls.customer = partners.create({
            'name': "Carla Customer", 'parent_id': cls.acme.id, 'email': 'Carla@Acme.test', 'phone': '+32 2 555 01 01'})
        cls.colleague = partners.create(
            {'name': "Colin Colleague", 'parent_id': cls.acme.id, 'email': 'colin@acme.test'}
        )
        cls.stranger = partners.create({'name': "Stella Stranger", 'email': 'stella@else.test'})

    # ------------------------------------------------------------
    # tools
    # ------------------------------------------------------------

    @contextmanager
    def at(self, moment):
        """Stop both clocks: Python's, and the one of every transaction (crons run in their own)."""
        with freeze_time(moment), patch('odoo.sql_db.BaseCursor.now', lambda cursor: moment):
            yield

    def ticket(self, **vals):
        """Create a ticket of ``team`` as the superuser."""
        return self.env['helpdesk.ticket'].create({'name': "Drill is silent", 'team_id': self.team.id, **vals})

    def events(self, ticket, *kinds):
        """Return the ticket's log, oldest first, of ``kinds`` only where given."""
        self.env.flush_all()
        found = self.env['helpdesk.ticket.event'].search([('ticket_id', '=', ticket.id)], order='id')
        return found.filtered(lambda event: event.kind in kinds) if kinds else found

    def run_cron(self, name):
        """Run a scheduled action as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f'helpdesk_core.{name}').method_direct_trigger()

    def answer(self, ticket, user, body="<p>Have you tried the switch?</p>", **kwargs):
        """Post a public message as ``user``."""
        return ticket.with_user(user).message_post(
            **{'body': body, 'subtype_xmlid': 'mail.mt_comment', 'message_type': 'comment', **kwargs})

    def notices(self, user, text):
        """Return what ``user`` was told by a notice whose subject contains ``text``."""
        return self.env['mail.message'].search(
            [
                ('partner_ids', 'in', user.partner_id.ids),
                ('subject', 'like', text),
                ('message_type', '=', 'user_notification'),
            ]
        )
