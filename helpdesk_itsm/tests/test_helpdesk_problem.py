from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_process import ProcessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskProblem(ProcessCommon):
    """Problems group incidents, hold cause and workaround, and become articles (S0-14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.problem = cls.env['helpdesk.ticket'].create({
            'name': "Mail server drops connections", 'team_id': cls.team.id, 'type_id': cls.types['problem'].id})

    def test_link_and_log(self):
        incident = self.of('incident').with_user(self.agent)
        incident.problem_id = self.problem
        self.assertEqual(self.problem.with_user(self.agent).incident_ids, incident)
        self.assertEqual(self.problem.incident_count, 1)
        self.assertEqual(self.events(incident, 'problem').summary, f"Problem: {self.problem.number}")
        self.assertEqual(self.events(self.problem, 'incident').summary, f"Incident linked: {incident.number}")
        incident.problem_id = False
        self.assertEqual(self.events(self.problem, 'incident')[-1].summary,
                         f"Incident no longer linked: {incident.number}")
        self.assertFalse(self.problem.incident_count)

    def test_the_queue_by_problem(self):
        """S0-8, S0-14: the one list is grouped by what is behind tickets, and by what they are."""
        incidents = self.of('incident', problem_id=self.problem.id) | self.of('incident', problem_id=self.problem.id)
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        arch = tickets.get_view(view_type='search')['arch']
        for name, field, values in (
                ('group_problem', 'problem_id', {self.problem.id: 2, False: 1}),
                ('group_nature', 'nature', {'incident': 2, 'problem': 1})):
            self.assertIn(f'name="{name}"', arch)
            groups = tickets.formatted_read_group(
                [('id', 'in', (incidents | self.problem).ids)], [field], ['__count'])
            found = {(group[field] or [False])[0] if field == 'problem_id' else group[field]: group['__count']
                     for group in groups}
            self.assertEqual(found, values)

    def test_what_is_no_problem(self):
        incident, other = self.of('incident'), self.of('incident')
        with self.assertRaisesRegex(ValidationError, "is no problem"):
            incident.problem_id = other
        with self.assertRaisesRegex(ValidationError, "is a problem itself"):
            self.of('problem').problem_id = self.problem
        foreign = self.ticket(type_id=self.types['incident'].id, team_id=self.team_b.id)
        with self.assertRaisesRegex(ValidationError, "belong to different companies"):
            foreign.problem_id = self.problem

    def test_unseen_problem(self):
        """Nobody links to a problem they may not see, by no way."""
        hidden = self.ticket(type_id=self.types['problem'].id, team_id=self.team_private.id)
        incident = self.of('incident')
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        for act in (
                lambda: incident.with_user(self.agent).write({'problem_id': hidden.id}),
                lambda: tickets.create({'name': "x", 'team_id': self.team.id, 'problem_id': hidden.id}),
                lambda: tickets.with_context(default_problem_id=hidden.id).create(
                    {'name': "x", 'team_id': self.team.id})):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                act()
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            incident.with_user(self.employee).write({'problem_id': self.problem.id})

    def test_likely_problems_are_offered(self):
        """On an incident's form the open problems with a subject like it; not those of other companies, nor solved."""
        incident = self.of('incident', name="Mail server drops my connection").with_user(self.agent)
        self.assertEqual([offer['id'] for offer in incident.problem_offers], self.problem.ids)
        self.assertFalse(self.of('question', name="Mail server drops my connection").problem_offers)
        self.assertFalse(self.of('incident', name="A chair is broken").problem_offers)
        incident.problem_id = self.problem
        self.assertFalse(incident.problem_offers)

    def test_make_a_problem(self):
        incidents = self.of('incident', name="No mail", impact='1', urgency='3') | self.of(
            'incident', name="Mail is slow", impact='2', urgency='1')
        action = incidents.with_user(self.agent).action_make_problem()
        problem = self.env['helpdesk.ticket'].browse(action['res_id'])
        self.assertRecordValues(problem, [{
            'name': "No mail", 'nature': 'problem', 'impact': '2', 'urgency': '3', 'priority': '3', 'incident_count': 2,
            'team_id': self.team.id, 'status': 'new'}])
        with self.assertRaisesRegex(UserError, "belong to a problem already"):
            incidents.with_user(self.agent).action_make_problem()
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.of('incident').with_user(self.agent_b).action_make_problem()

    def test_link_dialog(self):
        incidents = self.of('incident') | self.of('question')
        link = self.env['helpdesk.ticket.link.problem'].with_user(self.agent).with_context(
            active_ids=incidents.ids).create({'problem_id': self.problem.id})
        link.action_link()
        self.assertEqual(self.problem.incident_ids, incidents)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            link.with_user(self.agent_2).read(['ticket_ids'])
        with self.assertRaisesRegex(UserError, "problems themselves"):
            link.with_context(active_ids=self.problem.ids).create({'problem_id': self.problem.id}).action_link()

    # ------------------------------------------------------------
    # merging
    # ------------------------------------------------------------

    def problem_with(self, **vals):
        """Return (a problem, an incident of it)."""
        problem = self.of('problem', **vals)
        return problem, self.of('incident', problem_id=problem.id)

    def test_merge(self):
        """Incidents, updates and what is known go along to the surviving problem, and come back (N3, S0-14)."""
        double, incident = self.problem_with(workaround="<p>Use the web mail</p>", root_cause="<p>A bad cable</p>")
        double.with_user(self.agent).action_known_error()
        article = double.known_error_id
        double.sudo().workaround_public = True
        update = self.env['helpdesk.problem.update'].with_user(self.agent).create({'problem_id': double.id})
        double.with_user(self.agent).merge_into(self.problem)
        self.assertRecordValues(self.problem, [{
            'incident_ids': incident.ids, 'known_error_id': article.id, 'workaround_public': True,
            'workaround': double.workaround, 'root_cause': double.root_cause}])
        self.assertEqual(update.problem_id, self.problem)
        self.assertEqual(self.events(incident, 'problem').summary, f"Problem: {double.number}",
                         "nobody linked it anew: the log of the two problems says that they are one")
        self.assertEqual(article.incident_count, 1)
        newer = self.of('incident', problem_id=self.problem.id)
        double.with_user(self.agent).undo_merge()
        self.assertRecordValues(self.problem, [{
            'incident_ids': newer.ids, 'known_error_id': False, 'workaround_public': False, 'workaround': False,
            'root_cause': False}])
        self.assertRecordValues(double, [{
            'incident_ids': incident.ids, 'known_error_id': article.id, 'problem_id': False}])
        self.assertEqual(update.problem_id, double)

    def test_merge_keeps_what_is_known(self):
        """What the survivor knows stays; what somebody changes after the merge stays too when it is undone."""
        self.problem.workaround = "<p>Wait</p>"
        double, _incident = self.problem_with(workaround="<p>Use the web mail</p>", root_cause="<p>A bad cable</p>")
        double.with_user(self.agent).merge_into(self.problem)
        self.assertEqual((self.problem.workaround, self.problem.root_cause), ("<p>Wait</p>", "<p>A bad cable</p>"))
        self.problem.root_cause = "<p>A bad switch</p>"
        double.with_user(self.agent).undo_merge()
        self.assertEqual((self.problem.workaround, self.problem.root_cause), ("<p>Wait</p>", "<p>A bad switch</p>"))

    def test_merge_several(self):
        """Two merged problems: undoing the first leaves what the second knows, and its incidents."""
        first, mine = self.problem_with(workaround="<p>Restart</p>")
        second, other = self.problem_with(workaround="<p>Wait</p>")
        (first | second).with_user(self.agent).merge_into(self.problem)
        self.assertEqual(self.problem.workaround, "<p>Restart</p>")
        first.with_user(self.agent).undo_merge()
        self.assertEqual((self.problem.workaround, self.problem.incident_ids), ("<p>Wait</p>", other))
        second.with_user(self.agent).undo_merge()
        self.assertFalse(self.problem.workaround)
        self.assertEqual((first | second).incident_ids, mine | other)

    def test_merge_changes(self):
        """What a change caused goes along as well; neither goes into a ticket of another kind."""
        change, double = self.of('change'), self.of('change')
        incident = self.of('incident', caused_by_change_id=double.id)
        with self.assertRaisesRegex(UserError, "merge it into a ticket of the same kind"):
            double.with_user(self.agent).merge_into(self.problem)
        double.with_user(self.agent).merge_into(change)
        self.assertEqual(change.caused_ticket_ids, incident)
        double.with_user(self.agent).undo_merge()
        self.assertEqual(double.caused_ticket_ids, incident)
        problem, linked = self.problem_with()
        with self.assertRaisesRegex(UserError, "merge it into a ticket of the same kind"):
            problem.with_user(self.agent).merge_into(self.of('incident'))
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            problem.with_user(self.agent_b).merge_into(self.problem)
        self.assertEqual(linked.problem_id, problem)

    # ------------------------------------------------------------
    # known errors
    # ------------------------------------------------------------

    def test_article(self):
        """A draft by an agent, without the cause; published by an editor only; the article knows its incidents."""
        problem = self.problem.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Write down the workaround first"):
            problem.action_known_error()
        problem.write({'workaround': "<p>Use the web mail</p>", 'root_cause': "<p>Sam unplugged it</p>"})
        problem.action_known_error()
        article = problem.known_error_id
        self.assertRecordValues(article, [{
            'state': 'draft', 'name': problem.name, 'company_id': self.company_a.id, 'author_id': self.agent.id}])
        self.assertIn("Use the web mail", article.body)
        self.assertNotIn("Sam", article.body)
        with self.assertRaises(AccessError):
            article.with_user(self.agent).action_publish()
        self.of('incident', problem_id=problem.id)
        self.assertEqual(article.with_user(self.agent).incident_count, 1)
        self.assertEqual(article.with_user(self.agent_b).with_company(self.company_b).incident_count, 0)
        article.sudo().write({'state': 'published'})
        problem.workaround = "<p>Call us</p>"
        with self.assertRaises(AccessError):
            problem.action_known_error()  # a published article is its reviewer's
        article.sudo().reviewer_id = self.agent
        problem.action_known_error()
        self.assertIn("Call us", article.body)
        self.assertEqual(self.events(problem, 'known_error').summary, "An article was written about it")

    def test_workaround_in_answers(self):
        """The workaround goes into answers once customers may read it, not before."""
        incident = self.of('incident', partner_id=self.customer.id, problem_id=self.problem.id).with_user(self.agent)
        self.problem.workaround = "<p>Use the web mail</p>"
        self.assertFalse(incident.may_offer_workaround)
        with self.assertRaisesRegex(UserError, "no workaround that customers may read"):
            incident.action_answer_workaround()
        self.problem.with_user(self.agent).workaround_public = True
        self.assertIn("Use the web mail", incident.action_answer_workaround()['context']['default_body'])
        self.problem.workaround_public = False
        self.problem.with_user(self.agent).action_known_error()
        self.problem.known_error_id.sudo().write({'state': 'published', 'visibility': 'public', 'category_id': self.env[
            'helpdesk.article.category'].create({'name': "Known", 'visibility': 'public'}).id})
        incident.invalidate_recordset()
        self.assertTrue(incident.may_offer_workaround)

    def test_inside(self):
        """Cause and workaround are read by agents only."""
        self.problem.write({'root_cause': "<p>x</p>", 'partner_id': self.employee.partner_id.id})
        for name in ('root_cause', 'workaround', 'problem_id', 'incident_ids'):
            with self.assertRaises(AccessError):
                self.problem.with_user(self.employee).read([name])

    def test_kept_type(self):
        kind = self.env['helpdesk.type'].create({
            'name': "Security problem", 'nature': 'problem', 'group_ids': [Command.link(self.group_user.id)]})
        problem = self.ticket(type_id=kind.id, workaround="<p>x</p>")
        with self.assertRaisesRegex(UserError, "are kept to some people"):
            problem.with_user(self.agent).action_known_error()
