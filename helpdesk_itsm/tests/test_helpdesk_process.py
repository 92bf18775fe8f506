from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common_process import ProcessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskProcess(ProcessCommon):
    """Each nature goes its own way, set up without code (S0-12, S0-13, S0-14, S0-15, S0-16, S2-8)."""

    # ------------------------------------------------------------
    # which process
    # ------------------------------------------------------------

    def test_stages_of_a_team(self):
        """What the API offers: the team's own stages and those of its processes, once each."""
        stages = self.team.with_user(self.agent)._ticket_stages()
        self.assertEqual(stages[:len(self.team.stage_ids)], self.team.stage_ids)
        self.assertEqual(set(stages.ids), set((
            self.team.stage_ids | self.team.process_ids.step_ids.stage_id).ids))
        self.assertIn(self.steps['scheduled'], stages)
        self.assertEqual(self.team_b._ticket_stages(), self.team_b.stage_ids)

    def test_process_follows_nature_and_team(self):
        """S0-12 to S0-15: incident, request, problem, change each have theirs; a question, and other teams, none."""
        for nature, process in self.processes.items():
            self.assertEqual(self.of(nature).process_id, process)
        self.assertFalse(self.of('question').process_id)
        self.assertFalse(self.ticket().process_id)
        other = self.ticket(type_id=self.types['problem'].id, team_id=self.team_private.id)
        self.assertFalse(other.process_id, "not switched on there")
        self.assertEqual(other.offered_stage_ids, self.team_private.stage_ids)
        self.assertFalse(self.ticket(type_id=self.types['change'].id, team_id=self.team_b.id).process_id)

    def test_stages_of_problem_and_change(self):
        """S0-14, S0-15, S2-8: the stages of the ready processes, in their order."""
        self.assertEqual(
            self.of('problem')._stages().mapped('name'), ["New", "Analysis", "Known Error", "Resolved", "Closed"])
        self.assertEqual(self.of('change')._stages().mapped('name'), [
            "New", "Planning", "Approval", "Scheduled", "In Progress", "Review", "Closed"])
        self.assertEqual(self.of('question')._stages(), self.team.stage_ids)

    def test_people_open_and_change_a_process(self):
        """S0-16: administrators of the helpdesk set up steps without more rights; agents read what a step asks."""
        step = self.env.ref('helpdesk_itsm.helpdesk_process_step_incident_solved')
        asked = self.env['ir.model.fields']._get('helpdesk.ticket', 'tag_ids')
        with Form(step.with_user(self.manager)) as form:
            self.assertNotIn(asked, form.field_ids)
            form.field_ids.add(asked.with_user(self.manager))
        self.assertIn(asked, step.field_ids)
        self.assertIn("Tags", step.with_user(self.agent).about)
        with Form(self.processes['incident'].with_user(self.manager)) as form:
            form.description = "Something does not work"
        self.assertNotIn('"field_ids"', step.with_user(self.agent).get_view(view_type='form')['arch'])
        with self.assertRaises(AccessError):
            step.with_user(self.agent).by_leader = True
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            asked.with_user(self.manager).field_description = "Labels"

    def test_foreign_stage_is_refused(self):
        problem = self.of('problem')
        with self.assertRaisesRegex(ValidationError, "does not use the stage Waiting for Customer"):
            problem.stage_id = self.stages['waiting_customer']
        with self.assertRaisesRegex(ValidationError, "does not use the stage"):
            self.of('question').stage_id = self.steps['analysis']

    def test_another_type_keeps_the_meaning(self):
        """S0-16: a ticket that becomes a problem is in the problem's stage of the same meaning; it is logged."""
        ticket = self.of('incident', stage_id=self.stages['open'].id)
        ticket.with_user(self.agent).type_id = self.types['problem']
        self.assertEqual(ticket.process_id, self.processes['problem'])
        self.assertEqual(ticket.stage_id, self.steps['analysis'])
        self.assertEqual(self.events(ticket, 'stage').mapped('new'), ["Analysis"])
        ticket.with_user(self.agent).type_id = False
        self.assertEqual(ticket.stage_id, self.stages['open'], "without a process the team's own stages hold again")

    def test_another_team_gives_its_stage(self):
        ticket = self.of('problem', stage_id=self.steps['known_error'].id)
        ticket.with_user(self.leader_private).move_to_team(self.team_private)
        self.assertFalse(ticket.process_id)
        self.assertEqual(ticket.stage_id, self.stages['open'])
        ticket.with_user(self.leader_private).move_to_team(self.team)
        self.assertEqual(ticket.stage_id, self.steps['analysis'])

    def test_present_tickets_go_on(self):
        """Switching a process on or off changes tickets that come, not those that are there."""
        ticket = self.ticket(type_id=self.types['problem'].id, team_id=self.team_private.id,
                             stage_id=self.stages['waiting_customer'].id)
        self.team_private.process_ids = self.processes['problem']
        self.assertFalse(ticket.process_id)
        ticket.with_user(self.agent_private).stage_id = self.stages['solved']
        new = self.ticket(type_id=self.types['problem'].id, team_id=self.team_private.id)
        self.assertEqual(new.process_id, self.processes['problem'])
        self.team_private.process_ids = False
        self.assertEqual(new.process_id, self.processes['problem'], "it ends as it began")
        self.assertFalse(self.ticket(type_id=self.types['problem'].id, team_id=self.team_private.id).process_id)

    def test_every_team_and_companies(self):
        """A process of one company is for its teams only; a team's own comes before the one for every team."""
        process = self.env['helpdesk.process'].create({
            'name': "Questions", 'nature': 'question', 'all_teams': True, 'company_id': self.company_b.id,
            'step_ids': [Command.create({'stage_id': self.stages[name].id}) for name in ('new', 'closed')]})
        kind = self.types['question'].id
        self.assertEqual(self.ticket(type_id=kind, team_id=self.team_b.id).process_id, process)
        self.assertFalse(self.ticket(type_id=kind).process_id)
        own = process.copy({'company_id': self.company_b.id, 'team_ids': self.team_b.ids})
        self.assertEqual(self.ticket(type_id=kind, team_id=self.team_b.id).process_id, own)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            own.team_ids = self.team  # company A's

    def test_teams_are_chosen_on_the_form(self):
        """S0-16: an administrator gives a process of every company its teams, on its own form as on a team's."""
        process = self.processes['problem'].with_user(self.manager)
        domain = process.fields_get(['team_ids'])['team_ids']['domain']
        offered = safe_eval(domain, {'company_id': process.company_id.id})
        self.assertIn(self.team_private, self.env['helpdesk.team'].with_user(self.manager).search(offered))
        with Form(process) as form:
            form.team_ids.add(self.team_private)
        self.assertEqual(process.team_ids, self.team | self.team_private)
        process.sudo().team_ids |= self.team_b
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            process.sudo().company_id = self.company_a

    def test_two_processes_for_one(self):
        with self.assertRaisesRegex(ValidationError, "has the process “Problem” for this nature already"):
            self.processes['problem'].copy({'team_ids': self.team.ids})
        with self.assertRaisesRegex(ValidationError, "needs a first step that means “New”"):
            self.env['helpdesk.process'].create({
                'name': "Odd", 'nature': 'question', 'team_ids': self.team.ids,
                'step_ids': [Command.create({'stage_id': self.stages['open'].id})]})

    # ------------------------------------------------------------
    # what a step asks
    # ------------------------------------------------------------

    def test_missing_field_is_named(self):
        """S0-16: required fields of a step; the same write may bring them."""
        problem = self.of('problem')
        said = rf"{problem.number} cannot go to “Analysis” yet. Fill in first: Assignee\."
        with self.assertRaisesRegex(UserError, said), self.cr.savepoint():
            problem.with_user(self.agent).stage_id = self.steps['analysis']
        self.assertEqual(problem.stage_id, self.stages['new'])
        problem.with_user(self.agent).write({'stage_id': self.steps['analysis'].id, 'user_id': self.agent.id})
        self.assertEqual(problem.stage_id, self.steps['analysis'])
        with self.assertRaisesRegex(UserError, "Fill in first: Root Cause"), self.cr.savepoint():
            problem.with_user(self.agent).write({'stage_id': self.steps['resolved'].id, 'root_cause': '<p><br></p>'})
        problem.with_user(self.agent).write({
            'stage_id': self.steps['resolved'].id, 'root_cause': "<p>A loose cable</p>"})
        self.assertEqual(problem.status, 'solved')

    def test_order_of_steps(self):
        problem = self.of('problem', user_id=self.agent.id)
        with self.assertRaisesRegex(UserError, "It comes after Analysis, Known Error, and the ticket is in New"):
            problem.with_user(self.agent).write({'stage_id': self.steps['resolved'].id, 'root_cause': "<p>x</p>"})

    def test_roles(self):
        """S0-16: who may move is named; leader, assignee, members, groups, administrators."""
        step = self.env.ref('helpdesk_itsm.helpdesk_process_step_incident_closed')
        step.by_leader = True
        group = self.env['res.groups'].create({'name': "Closers", 'user_ids': [Command.set(self.agent_out.ids)]})
        ticket = self.of('incident', user_id=self.agent.id)
        with self.assertRaisesRegex(UserError, r"It is moved there by: the team leader \(Hd Leader\)"):
            ticket.with_user(self.agent).stage_id = self.stages['closed']
        ticket.with_user(self.leader).stage_id = self.stages['closed']
        for change, user in (({'by_assignee': True}, self.agent), ({'by_members': True}, self.agent_2),
                             ({'group_ids': group.ids}, self.agent_out), ({}, self.manager)):
            ticket.stage_id = self.stages['open']
            step.write(change)
            ticket.with_user(user).stage_id = self.stages['closed']
            self.assertEqual(ticket.status, 'closed')
        step.write({'by_members': False})
        ticket.stage_id = self.stages['open']
        with self.assertRaises(UserError):
            ticket.with_user(self.agent_2).stage_id = self.stages['closed']

    def test_every_way_is_the_same(self):
        """Board, list, macro, answer with a stage, Solve: all are refused, and nothing is half done."""
        ticket = self.of('incident', user_id=self.agent.id, partner_id=self.customer.id)
        as_agent = ticket.with_user(self.agent)
        before = len(ticket.message_ids)
        macro = self.env['helpdesk.macro'].with_user(self.agent).create({
            'name': "Done", 'reply': "<p>Done</p>", 'set_status': 'solved'})
        for act in (
                as_agent.action_solve,
                lambda: as_agent._set_status('solved'),
                lambda: as_agent.apply_macro(macro),
                lambda: self.answer(ticket, self.agent, helpdesk_stage_id=self.stages['solved'].id),
                lambda: as_agent.web_save({'stage_id': self.stages['solved'].id}, {'stage_id': {}})):
            with self.assertRaisesRegex(UserError, "Fill in first: Category"), self.cr.savepoint():
                act()
        self.assertEqual(ticket.status, 'new')
        self.assertEqual(len(ticket.message_ids), before)
        as_agent.category_id = self.category
        as_agent.action_solve()
        self.assertEqual(ticket.status, 'solved')

    def test_many_at_once(self):
        tickets = self.of('incident') | self.of('incident', category_id=self.category.id)
        with self.assertRaisesRegex(UserError, tickets[0].number):
            tickets.with_user(self.agent).write({'stage_id': self.stages['solved'].id})

    def test_what_happens_by_itself(self):
        """A customer's reply reopens and the clock closes, whatever the steps ask: nobody is there to be asked."""
        for step in self.processes['incident'].step_ids:
            step.write({'by_leader': True, 'field_ids': [
                Command.link(self.env.ref('helpdesk_core.field_helpdesk_ticket__category_id').id)]})
        ticket = self.of('incident', partner_id=self.customer.id, channel='email')
        self.answer(ticket, self.agent)
        self.assertEqual(ticket.status, 'open', "the answer takes a new ticket up")
        ticket.stage_id = self.stages['solved']
        ticket.message_post(
            body="No!", author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment')
        self.assertEqual(ticket.status, 'open')
        ticket.stage_id = self.stages['solved']
        ticket._autoclose()
        self.assertEqual(ticket.status, 'closed')

    def test_coming_in(self):
        """Nobody is turned away at the door; whoever makes a ticket in a later step has what it needs."""
        step = self.processes['incident'].step_ids[0]
        step.write({'by_leader': True, 'field_ids': [
            Command.link(self.env.ref('helpdesk_core.field_helpdesk_ticket__category_id').id)]})
        request = self.env['helpdesk.ticket'].with_user(self.employee).create({
            'name': "No mail", 'team_id': self.team.id, 'type_id': self.types['incident'].id})
        self.assertEqual(request.sudo().process_id, self.processes['incident'])
        values = {'name': "Done on the phone", 'team_id': self.team.id, 'type_id': self.types['incident'].id,
                  'stage_id': self.stages['solved'].id}
        with self.assertRaisesRegex(UserError, "Fill in first: Category"):
            self.env['helpdesk.ticket'].with_user(self.agent).create(values)
        made = self.env['helpdesk.ticket'].with_user(self.agent).create({**values, 'category_id': self.category.id})
        self.assertEqual(made.status, 'solved')

    def test_routed_type(self):
        """A rule gives a type whose process lacks the stage of the board: the request comes in all the same."""
        self.env['helpdesk.routing.rule'].create({
            'name': "Root causes", 'domain': "[('name', 'ilike', 'outage')]", 'type_id': self.types['problem'].id})
        ticket = self.ticket(name="Large outage", stage_id=self.stages['waiting_customer'].id)
        self.assertEqual((ticket.process_id, ticket.status), (self.processes['problem'], 'new'))

    def test_solve_where_there_is_no_solved(self):
        """A change ends with being closed: Solve does that, when the process lets it."""
        change = self.of('change', user_id=self.agent.id, stage_id=self.steps['review'].id)
        change.with_user(self.agent).action_solve()
        self.assertEqual(change.status, 'closed')

    def test_no_query_per_ticket(self):
        """Creating and moving many costs no query for each because of processes."""
        def cost(count, nature):
            values = [{'name': "x", 'team_id': self.team.id, 'category_id': self.category.id,
                       'type_id': nature and self.types[nature].id} for _ in range(count)]
            self.env.flush_all()
            start = self.cr.sql_log_count
            tickets = self.env['helpdesk.ticket'].with_user(self.agent).create(values)
            tickets.write({'stage_id': self.stages['open'].id})
            tickets.flush_recordset()
            return self.cr.sql_log_count - start
        cost(2, 'incident'), cost(2, False)  # caches
        extra = {count: cost(count, 'incident') - cost(count, False) for count in (2, 12)}
        self.assertLessEqual(extra[12], extra[2] + 2)

    # ------------------------------------------------------------
    # asking
    # ------------------------------------------------------------

    def test_dialog_asks_for_what_is_missing(self):
        """S0-16: the form asks for these fields alone, and moves."""
        problem = self.of('problem', stage_id=self.steps['analysis'].id, user_id=self.agent.id).with_user(self.agent)
        action = problem.get_step_dialog(self.steps['resolved'].id)
        self.assertEqual(action['context']['helpdesk_step_stage_id'], self.steps['resolved'].id)
        asking = problem.with_context(action['context'])
        self.assertEqual(asking.step_missing, ',root_cause,')
        arch = self.env['helpdesk.ticket'].get_view(action['views'][0][0], 'form')['arch']
        self.assertIn('name="root_cause"', arch)
        self.assertIn('name="category_id"', arch, "another step asks for it")
        asking.write({'root_cause': "<p>A loose cable</p>"})
        asking.action_enter_step()
        self.assertEqual(problem.stage_id, self.steps['resolved'])
        self.assertFalse(problem.get_step_dialog(self.steps['analysis'].id), "nothing is missing there")

    def test_dialog_refuses(self):
        problem = self.of('problem')
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            problem.with_user(self.agent_b).get_step_dialog(self.steps['analysis'].id)
        self.assertFalse(problem.with_user(self.agent).get_step_dialog(self.steps['resolved'].id),
                         "the order is wrong as well: moving says so")
        with self.assertRaisesRegex(UserError, "Fill in first: Assignee"):
            problem.with_user(self.agent).with_context(
                helpdesk_step_stage_id=self.steps['analysis'].id).action_enter_step()

    def test_solve_button_asks(self):
        ticket = self.of('incident').with_user(self.agent)
        action = ticket.with_context(helpdesk_ask=True).action_solve()
        self.assertEqual(action['res_model'], 'helpdesk.ticket')
        self.assertEqual(ticket.status, 'new')

    # ------------------------------------------------------------
    # configuration
    # ------------------------------------------------------------

    def test_only_administrators_configure(self):
        """S0-16, and its refusals: agents read, leaders switch processes of their teams on, administrators write."""
        process = self.processes['incident']
        for user in (self.agent, self.leader):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                process.with_user(user).name = "Mine"
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                process.step_ids[0].with_user(user).by_members = True
        self.team.with_user(self.leader).process_ids = [Command.unlink(process.id)]
        self.assertFalse(self.of('incident').process_id)
        process.with_user(self.manager).name = "Disturbance"
        self.assertEqual(process.name, "Disturbance")
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.ticket().with_user(self.agent).write({'process_id': process.id})

    def test_opened_without_the_right_on_all_fields(self):
        """S0-16: helpdesk administrators say what a step asks for, agents read it; neither needs more rights."""
        self.assertFalse(self.manager.has_group('base.group_erp_manager'))
        step = self.env.ref('helpdesk_itsm.helpdesk_process_step_incident_closed')
        wanted = self.env['ir.model.fields']._get('helpdesk.ticket', 'category_id')
        with Form(step.with_user(self.manager), 'helpdesk_itsm.helpdesk_process_step_view_form') as form:
            form.field_ids.add(wanted.with_user(self.manager))
        self.assertIn('category_id', step.field_ids.mapped('name'))
        for user in (self.agent, self.leader, self.manager):
            [shown] = step.with_user(user).web_read({'about': {}})
            self.assertIn("Category", shown['about'])
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            wanted.with_user(self.manager).field_description = "Mine"

    def test_audited(self):
        """What a process and its steps ask for stands in the administration log."""
        step = self.env.ref('helpdesk_itsm.helpdesk_process_step_incident_closed')
        step.with_user(self.manager).by_leader = True
        logged = self.env['helpdesk.admin.log'].search([('model', '=', 'helpdesk.process.step')], limit=1)
        self.assertIn('by_leader', str(logged.changes))

    def test_only_what_people_fill_in(self):
        field = self.env['ir.model.fields']._get('helpdesk.ticket', 'solved_at')
        with self.assertRaisesRegex(ValidationError, "People do not fill this in"):
            self.processes['incident'].step_ids[0].field_ids = field
        known = self.env['helpdesk.ticket']._process_fields()
        self.assertLessEqual({'category_id', 'user_id', 'root_cause', 'workaround', 'impact', 'tag_ids'}, known)
        self.assertFalse({'status', 'number', 'process_id', 'frozen_until', 'stage_id', 'priority'} & known)

    def test_used_steps_stay(self):
        self.of('problem', stage_id=self.steps['analysis'].id)
        step = self.env.ref('helpdesk_itsm.helpdesk_process_step_problem_analysis')
        with self.assertRaisesRegex(UserError, "are in the stage Analysis"):
            step.unlink()
        with self.assertRaisesRegex(UserError, "are in the stage Analysis"):
            step.stage_id = self.stages['open']
        with self.assertRaisesRegex(UserError, "Tickets follow this process"):
            self.processes['problem'].unlink()

    def test_copy(self):
        copy = self.processes['problem'].copy()
        self.assertFalse(copy.team_ids)
        resolved = copy.step_ids.filtered(lambda step: step.stage_id == self.steps['resolved'])
        self.assertEqual(resolved.previous_ids.process_id, copy)
        self.assertEqual(resolved.previous_ids.stage_id, self.steps['analysis'] | self.steps['known_error'])
        self.assertEqual(resolved.field_ids.mapped('name'), ['root_cause'])

    def test_board_of_a_process(self):
        """The board of problems has the problem's stages as columns, empty ones too; others keep theirs."""
        self.of('problem')

        def columns(domain):
            groups = self.env['helpdesk.ticket'].with_user(self.agent).with_context(
                read_group_expand=True).web_read_group(domain, ['stage_id'], ['__count'])
            return [group['stage_id'][1] for group in groups['groups']]
        self.assertEqual(columns([('type_id.nature', '=', 'problem'), ('team_id', '=', self.team.id)]), [
            "New", "Analysis", "Known Error", "Resolved", "Closed"])
        self.assertNotIn("Analysis", columns([('team_id', '=', self.team.id)]))

    # ------------------------------------------------------------
    # approval, portal
    # ------------------------------------------------------------

    def test_approval_before_a_step(self):
        """S0-15, S0-16: a step that needs approval is entered by approved tickets alone, by nobody's reply either."""
        path = self.env['helpdesk.approval.path'].create({
            'name': "Board", 'company_id': self.company_a.id, 'step_ids': [Command.create({
                'name': "Boss", 'who': 'people', 'partner_ids': [Command.set(self.leader.partner_id.ids)]})]})
        self.env['helpdesk.change.rule'].create({'company_id': self.company_a.id, 'path_id': path.id})
        change = self.of('change', user_id=self.agent.id, stage_id=self.steps['approval'].id).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "It needs the approval “Board”: ask for it first"), self.cr.savepoint():
            change.stage_id = self.steps['scheduled']
        change._request_approval(path)
        with self.assertRaisesRegex(UserError, "It waits for approval"), self.cr.savepoint():
            change.stage_id = self.steps['scheduled']
        self.assertEqual(change._stage_for('open'), self.steps['planning'], "what happens by itself goes there")
        change.sudo()._end_approval('refused', "no")
        with self.assertRaisesRegex(UserError, "was refused"), self.cr.savepoint():
            change.stage_id = self.steps['scheduled']
        change.sudo()._end_approval('approved', "")
        change.stage_id = self.steps['scheduled']
        self.assertEqual(change.stage_id, self.steps['scheduled'])

    def test_another_type_is_no_way_around(self):
        """Who comes from another process has passed no step of this one, and skips none by changing the type."""
        change = self.of('change', user_id=self.agent.id, stage_id=self.steps['planning'].id).with_user(self.agent)
        for nature in ('question', 'request'):
            change.type_id = self.types[nature]
            change.stage_id = self.stages['open']
            with self.assertRaisesRegex(UserError, "comes after Scheduled"), self.cr.savepoint():
                change.write({'type_id': self.types['change'].id, 'stage_id': self.steps['in_progress'].id})
        change.stage_id = self.stages['waiting_third_party']
        change.write({'type_id': self.types['change'].id, 'stage_id': self.steps['approval'].id})
        self.assertEqual(change.stage_id, self.steps['approval'], "the first stage of its meaning, as forms send it")

    def test_approval_that_is_not_needed(self):
        """A kind of change that needs no approval is not held up."""
        change = self.of('change', user_id=self.agent.id, stage_id=self.steps['planning'].id)
        change.with_user(self.agent).stage_id = self.steps['scheduled']
        self.assertEqual(change.stage_id, self.steps['scheduled'])

    def test_portal_solve(self):
        """A customer solves where the step asks for nothing; else the button is not there, nor is the act."""
        ticket = self.of('incident', partner_id=self.customer.id)
        self.assertFalse(ticket._portal_may('requester', 'solve'), "the category is missing")
        with self.assertRaises(AccessError):
            ticket._portal_check_may('requester', 'solve')
        ticket.category_id = self.category
        self.assertTrue(ticket._portal_may('requester', 'solve'))
        self.env.ref('helpdesk_itsm.helpdesk_process_step_incident_solved').by_leader = True
        self.assertFalse(ticket._portal_may('requester', 'solve'))
        self.assertTrue(self.ticket(partner_id=self.customer.id)._portal_may('requester', 'solve'))
