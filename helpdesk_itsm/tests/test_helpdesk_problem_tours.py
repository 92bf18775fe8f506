from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_process import ProcessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskProblemTours(ProcessCommon, HttpCase):
    """The service desk in the browser (S0-16, N10)."""

    def open(self, tour, ticket, user):
        self.start_tour(f'/odoo/helpdesk-tickets/{ticket.id}', tour, login=user.login)

    def test_step_dialog(self):
        """S0-16: pressing a stage asks for what it needs, and moves."""
        problem = self.of('problem', stage_id=self.steps['analysis'].id, user_id=self.agent.id)
        self.open('helpdesk_itsm_step_dialog', problem, self.agent)
        self.assertEqual(problem.stage_id, self.steps['known_error'])
        self.assertIn("Use the web mail", problem.workaround)

    def test_step_refused(self):
        """S0-16: who may not is told who may, and the ticket stays."""
        self.env.ref('helpdesk_itsm.helpdesk_process_step_problem_known_error').by_leader = True
        problem = self.of(
            'problem', stage_id=self.steps['resolved'].id, user_id=self.agent.id, workaround="<p>Wait</p>")
        with mute_logger('odoo.http'):
            self.open('helpdesk_itsm_step_refused', problem, self.agent)
        self.assertEqual(problem.stage_id, self.steps['resolved'])

    def test_update(self):
        """N10: write once, see who gets it, send, recall."""
        problem = self.of('problem', user_id=self.agent.id)
        self.of('incident', partner_id=self.customer.id, problem_id=problem.id)
        self.open('helpdesk_itsm_update', problem, self.agent)
        update = problem.update_ids
        self.assertEqual((update.state, len(update.line_ids)), ('recalled', 0))
        self.assertIn("We found it", update.text_ids[0].body)
