from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_itsm.tests.common_process import ProcessCommon
from odoo.tests import tagged


@tagged('post_install', '-at_install')
class TestJourneyProblem(ProcessCommon):
    """One answer to all customers of a problem, with mail and portal installed (N10)."""

    def test_solving_asks_each_customer_once(self):
        """Who wrote in two tickets gets one mail with the faces to rate by, and no mail that it is solved."""
        self.processes['incident'].step_ids.field_ids = False
        self.team.tell_solved = True
        problem = self.of('problem', user_id=self.agent.id)
        tickets = self.env['helpdesk.ticket'].concat(*(
            self.of('incident', partner_id=self.stranger.id, channel='email', problem_id=problem.id) for _ in range(2)))
        update = self.env['helpdesk.problem.update'].with_user(self.agent).create(
            {'problem_id': problem.id, 'solve': True})
        update.text_ids.body = "<p>The cable is back</p>"
        with self.at(NOW):
            update.action_send()
        with self.at(NOW + timedelta(hours=1)), self.enter_registry_test_mode():
            self.env.ref('helpdesk_itsm.ir_cron_problem_updates').method_direct_trigger()
            self.env.ref('helpdesk_mail.ir_cron_send_answers').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(tickets.mapped('status')), {'solved'})
        self.assertEqual(set(tickets.mapped('solved_mail')), {'skipped'})
        mails = self.env['mail.mail'].search([
            ('model', '=', 'helpdesk.ticket'), ('res_id', 'in', tickets.ids),
            ('recipient_ids', 'in', self.stranger.ids)])
        self.assertEqual(len(mails), 1)
        self.assertIn("The cable is back", mails.body_html)
        self.assertIn("&amp;rate=5", mails.body_html)
