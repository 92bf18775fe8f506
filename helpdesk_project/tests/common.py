from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import mute_logger

PROJECT_AGENT = 'base.group_user,helpdesk_core.group_helpdesk_user,project.group_project_user'


class HelpdeskProjectCommon(HelpdeskCommon):
    """Everybody of the helpdesk, with three projects of company A: seen by colleagues, by its followers, by customers.

    ``maker`` is an agent with rights in Project, ``planner`` works in Project and not in the helpdesk; ``agent`` and
    the others have no rights in Project.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, groups in (('maker', PROJECT_AGENT), ('planner', 'base.group_user,project.group_project_user')):
            setattr(cls, name, mail_new_test_user(
                cls.env, login=f'hd_{name}', name=f"Hd {name.title()}", groups=groups, email=f'{name}@helpdesk.test',
                company_id=cls.company_a.id, company_ids=[Command.set(cls.company_a.ids)], notification_type='inbox'))
        stages = [Command.create({'name': name}) for name in ("To do", "Doing")]
        create = cls.env['project.project'].create
        cls.project = create({'name': "Drills", 'company_id': cls.company_a.id, 'privacy_visibility': 'employees',
                              'type_ids': stages})
        cls.project_followers = create({
            'name': "Secret drills", 'company_id': cls.company_a.id, 'privacy_visibility': 'followers'})
        cls.project_portal = create({
            'name': "Drills of Acme", 'company_id': cls.company_a.id, 'privacy_visibility': 'portal'})
        cls.project_b = create({'name': "Drills B", 'company_id': cls.company_b.id})
        cls.team.project_id = cls.project

    @classmethod
    def task(cls, name="Mend the switch", project=None, **vals):
        """Create a task of ``project`` as the superuser."""
        return cls.env['project.task'].create({'name': name, 'project_id': (project or cls.project).id, **vals})

    def dialog(self, ticket, user=None, **vals):
        """Return the dialog that makes a task of ``ticket``, as ``user`` has it."""
        return self.env['helpdesk.ticket.task'].with_user(user or self.maker).with_context(
            active_id=ticket.id).create(vals)

    def assertRefused(self, act, *args, **kwargs):
        with (
            self.assertRaises(AccessError),
            mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'),
        ):
            return act(*args, **kwargs)
