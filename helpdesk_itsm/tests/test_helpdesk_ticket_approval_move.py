from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import HelpdeskItsmCommon
from .common_process import ProcessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketApprovalMove(ProcessCommon, HelpdeskItsmCommon):
    """S0-15: what is decided about a ticket moves it on, where the step it waits in says whereto."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waits = cls.env.ref('helpdesk_itsm.helpdesk_process_step_change_approval')
        cls.waits.write({
            'approved_stage_id': cls.steps['scheduled'].id, 'refused_stage_id': cls.steps['planning'].id})
        cls.one = cls.people_path(cls.boss)
        cls.env['helpdesk.change.rule'].create({'path_id': cls.one.id, 'company_id': cls.company_a.id})

    def waiting(self, **vals):
        """Return (a change that waits in “Approval”, its approval)."""
        return self.ask(self.one, type_id=self.types['change'].id, stage_id=self.steps['approval'].id,
                        user_id=self.agent.id, **vals)

    def notes(self, ticket):
        return [str(message.body) for message in ticket.message_ids.filtered('subtype_id.internal')]

    def test_approved(self):
        change, asked = self.waiting()
        asked.with_user(self.employee).approve()
        self.assertEqual(change.stage_id, self.steps['scheduled'])
        moved = self.events(change, 'stage')
        self.assertEqual((moved.author_id, moved.detail['approval']), (self.boss, 'approved'))
        self.assertTrue(moved.summary.endswith(f", as {self.boss.name} approved"), moved.summary)

    def test_refused_by_link(self):
        """The link in the mail does the same, in the name of who decides and not of the visitor."""
        change, asked = self.waiting()
        asked.with_user(self.env.ref('base.public_user')).sudo()._decide(
            'refused', "Too early", asked.decider_id, how='link')
        self.assertEqual((change.stage_id, change.approval_state), (self.steps['planning'], 'refused'))
        moved = self.events(change, 'stage')
        self.assertEqual(moved.author_id, self.boss)
        self.assertTrue(moved.summary.endswith(f", as {self.boss.name} refused"), moved.summary)

    def test_what_is_missing(self):
        """It stays where it is, and a note for the team says what the stage needs."""
        scheduled = self.env.ref('helpdesk_itsm.helpdesk_process_step_change_scheduled')
        scheduled.field_ids = self.env['ir.model.fields']._get('helpdesk.ticket', 'category_id')
        change, asked = self.waiting()
        asked.with_user(self.employee).approve()
        self.assertEqual((change.stage_id, change.approval_state), (self.steps['approval'], 'approved'))
        self.assertIn("Fill in first: Category.", self.notes(change)[0])
        self.assertIn("does not go to “Scheduled”", self.notes(change)[0])
        change.with_user(self.agent).write({'category_id': self.category.id, 'stage_id': self.steps['scheduled'].id})
        self.assertEqual(change.stage_id, self.steps['scheduled'])

    def test_another_approval(self):
        """The yes of other people than the stage asks for moves nothing; nor does one in another stage."""
        scheduled = self.env.ref('helpdesk_itsm.helpdesk_process_step_change_scheduled')
        board = self.people_path(self.boss_2)
        board.company_id = False
        scheduled.approval_path_id = board
        change, asked = self.waiting()
        asked.with_user(self.employee).approve()
        self.assertEqual(change.stage_id, self.steps['approval'])
        self.assertIn("does not go to “Scheduled”. It needs the approval", self.notes(change)[0])
        new, asked = self.ask(self.one, type_id=self.types['change'].id)
        asked.with_user(self.employee).approve()
        self.assertEqual((new.status, self.notes(new)), ('new', []))

    def test_gone_stage(self):
        """A stage that the process does not have any more keeps no decision from being made."""
        change, asked = self.waiting()
        self.env.ref('helpdesk_itsm.helpdesk_process_step_change_scheduled').unlink()
        asked.with_user(self.employee).approve()
        self.assertEqual((change.approval_state, change.stage_id), ('approved', self.steps['approval']))
        self.assertIn("does not use the stage Scheduled", self.notes(change)[0])

    def test_setting(self):
        with self.assertRaisesRegex(ValidationError, "cannot move tickets on to"), self.cr.savepoint():
            self.waits.approved_stage_id = self.steps['analysis']
        with self.assertRaisesRegex(ValidationError, "cannot move tickets on to"), self.cr.savepoint():
            self.waits.refused_stage_id = self.waits.stage_id
        self.assertIn("approved, on to Scheduled; refused, on to Planning", self.waits.about)
        self.assertRefused(self.waits.with_user(self.leader).write, {'approved_stage_id': False})
        copy = self.processes['change'].copy()
        self.assertEqual(copy.step_ids.approved_stage_id, self.steps['scheduled'])
