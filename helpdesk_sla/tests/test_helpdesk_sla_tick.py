from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SlaCommon

TICK = 'odoo.addons.helpdesk_sla.models.helpdesk_sla_tick'


@tagged('post_install', '-at_install')
class TestHelpdeskSlaTick(SlaCommon):
    """What happens when the time of a clock has come: each thing once, to the right people, in working time."""

    def step(self, metric='first_response', **vals):
        target = self.policy.target_ids.filtered(lambda target: target.metric == metric)
        with self.at(NOW - timedelta(days=30)):
            return self.env['helpdesk.sla.step'].create({'target_id': target.id, **vals})

    def test_c13_warning_once(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.at(self.later(minutes=44)):
            self.tick()
            self.assertFalse(self.told(self.agent), "75 % are not used yet")
        with self.at(self.later(minutes=45)):
            self.tick()
            self.assertEqual(ticket.sla_state, 'warning')
            self.assertEqual(self.told(self.agent), [f"[#{ticket.number}] Promise at risk: {ticket.name}"])
            self.tick()
            self.tick()
        self.assertEqual(len(self.told(self.agent)), 1, "each warning comes once")
        self.assertFalse(self.told(self.leader))
        self.assertEqual(self.events(ticket, 'sla_warning').mapped('new'), ["First answer: 75 %"])

    def test_s4_19_who_watches_is_told_once(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
            ticket._watch(self.agent | self.agent_2)
        with self.at(self.later(minutes=45)):
            self.tick()
        self.assertEqual([len(self.told(user)) for user in (self.agent, self.agent_2, self.leader)], [1, 1, 0])

    def test_c12_breach_is_a_fact(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.at(self.later(minutes=61)):
            self.tick()
            self.assertEqual(ticket.sla_state, 'breached')
        with self.at(self.later(minutes=70)):
            ticket.user_id = self.agent_2
        with self.at(self.later(minutes=95)):
            self.answer(ticket, self.agent_2)
            first = self.clock(ticket, 'first_response')
        self.assertEqual((first.state, first.breached_at), ('breached', self.later(hours=1)))
        self.assertEqual(first.breach_user_id, self.agent, "the assignee at that time")
        self.assertEqual((first.reached_at, first.late_minutes), (self.later(minutes=95), 35))
        self.assertIn("kept late by 35 min", first.sentence)
        self.assertEqual(self.events(ticket, 'sla_breach').mapped('at'), [self.later(hours=1)])

    def test_c12_breach_found_by_the_late_answer(self):
        """No job ran in between: the fact is there all the same, once."""
        with self.at(NOW):
            ticket = self.ticket()
        with self.at(self.later(minutes=95)):
            self.answer(ticket, self.agent)
            first = self.clock(ticket, 'first_response')
            self.assertEqual((first.breached_at, first.late_minutes), (self.later(hours=1), 35))
            self.tick()
        self.assertEqual(len(self.events(ticket, 'sla_breach')), 1)

    def test_three_days_of_downtime(self):
        self.step(moment='breach', to_assignee=False, to_leader=True)
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
            self.env.flush_all()
        with self.at(datetime(2026, 3, 9, 9, 0)):  # Monday
            self.tick()
            self.tick()
            first, resolution = self.clock(ticket, 'first_response'), self.clock(ticket, 'resolution')
            self.assertEqual(first.breached_at, self.later(hours=1))
            self.assertEqual(resolution.breached_at, datetime(2026, 3, 5, 9, 0))
            self.assertEqual(self.told(self.agent), [f"[#{ticket.number}] Promise missed: {ticket.name}"])
            self.assertEqual(self.told(self.leader), [f"[#{ticket.number}] Promise missed: {ticket.name}"])
        self.assertEqual(sorted(first.fired), sorted(['p75', 'breach', f's{first.target_id.step_ids.id}']))

    def test_old_news_waits_for_the_morning(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
            self.env.flush_all()
        with self.at(datetime(2026, 3, 4, 22, 0)):
            self.tick()
            self.assertEqual(ticket.sla_state, 'breached', "the fact does not wait")
            self.assertFalse(self.told(self.agent))
            self.assertEqual(self.clock(ticket, 'first_response').next_at, datetime(2026, 3, 5, 7, 0))
        with self.at(datetime(2026, 3, 5, 7, 0)):
            self.tick()
            self.assertEqual(len(self.told(self.agent)), 1)

    def test_many_clocks_of_one_ticket_wait_together(self):
        """What one of them reads anew does not wake the others before the morning, nor for ever."""
        self.policy.target_ids = [
            Command.create({'metric': 'assign', 'minutes': 10}),
            Command.create({'metric': 'stage', 'minutes': 20, 'stage_id': self.stages['open'].id})]
        with self.at(NOW):
            self.ticket()
            self.env.flush_all()
        with self.at(datetime(2026, 3, 4, 22, 0)):
            for _number in range(3):
                self.tick()
                self.assertFalse(self.env['helpdesk.sla.status'].search(
                    [('next_at', '<=', datetime(2026, 3, 5, 6, 59)), ('policy_id', '=', self.policy.id)]))
        self.assertFalse(self.told(self.leader))
        with self.at(datetime(2026, 3, 5, 7, 0)):
            self.tick()
        self.assertEqual(len(self.told(self.leader)), 1)

    def test_steps_at_night_when_told_so(self):
        self.step(moment='breach', any_time=True, to_assignee=False, to_leader=True)
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
            self.env.flush_all()
        with self.at(datetime(2026, 3, 4, 22, 0)):
            self.tick()
        self.assertEqual(self.told(self.leader), [f"[#{ticket.number}] Promise missed: {ticket.name}"])
        self.assertFalse(self.told(self.agent))

    def test_end_of_the_day_is_no_night(self):
        """What is due at 17:00 sharp is told at 17:01."""
        self.policy.target_ids.filtered(lambda t: t.metric == 'resolution').unlink()
        with self.at(datetime(2026, 3, 4, 15, 0)):
            ticket = self.ticket(user_id=self.agent.id)
            self.assertEqual(ticket.sla_due_at, datetime(2026, 3, 4, 16, 0))
        with self.at(datetime(2026, 3, 4, 15, 46)):
            self.tick()
        with self.at(datetime(2026, 3, 4, 16, 1)):
            self.tick()
        self.assertEqual([subject.split(':')[0].split('] ')[1] for subject in self.told(self.agent)],
                         ["Promise at risk", "Promise missed"])

    def test_d10_every_step(self):
        tag = self.env['helpdesk.tag'].create({'name': "Late"})
        todo = self.env.ref('mail.mail_activity_data_todo')
        action = self.env['ir.actions.server'].create({
            'name': "Note it", 'model_id': self.env['ir.model']._get_id('helpdesk.ticket'), 'state': 'code',
            'code': "record.write({'color': 5})"})
        team = self.env['helpdesk.team'].create({
            'name': "Second level", 'company_id': self.company_a.id, 'leader_id': self.agent_out.id,
            'notify_new': 'none', 'resource_calendar_id': self.calendar.id})
        for number, vals in enumerate((
                {'action': 'priority', 'priority': '3'},
                {'action': 'tag', 'tag_ids': [Command.set(tag.ids)]},
                {'action': 'activity', 'activity_type_id': todo.id},
                {'action': 'server', 'server_action_id': action.id},
                {'action': 'team', 'team_id': team.id},
                {'action': 'assign', 'assign_to': 'leader'},
                {'action': 'notify', 'to_assignee': False, 'user_ids': [Command.set(self.manager.ids)]})):
            self.step(moment='after', amount=5, sequence=number, **vals)
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.at(self.later(minutes=64)):
            self.tick()
            self.assertEqual(ticket.priority, '1')
        with self.at(self.later(minutes=65)):
            self.tick()
        self.assertEqual((ticket.priority, ticket.tag_ids, ticket.color), ('3', tag, 5))
        self.assertEqual((ticket.team_id, ticket.user_id), (team, self.agent_out))
        self.assertEqual(ticket.activity_ids.mapped('user_id'), self.agent)
        self.assertEqual(self.told(self.manager), [f"[#{ticket.number}] Promise missed: {ticket.name}"])
        self.assertEqual(len(self.events(ticket, 'sla_step')), 7)
        with self.at(self.later(minutes=66)):
            self.tick()
        self.assertEqual(len(self.events(ticket, 'sla_step')), 7)

    def test_d10_a_macro_as_a_step(self):
        """Run by the system: the reply goes out in the assignee's name, and answers no promise (C3)."""
        create = self.env['helpdesk.macro'].create
        macro = create({
            'name': "Sorry for the wait", 'scope': 'everybody', 'set_priority': '3', 'set_assignee': 'me',
            'reply': '<p>Dear <t t-out="object.partner_name">customer</t>, we need a little longer.</p>'})
        foreign = create({'name': "Foreign", 'scope': 'teams', 'team_ids': [Command.set(self.team_private.ids)],
                          'set_status': 'closed'})
        archived = create({'name': "Old", 'scope': 'everybody', 'set_status': 'closed', 'active': False})
        for number, run in enumerate((foreign, archived, macro)):
            self.step(moment='after', amount=5, sequence=number, action='macro', macro_id=run.id)
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id, partner_id=self.customer.id)
        with self.at(self.later(minutes=65)):
            self.tick()
            self.tick()
        answer = ticket.message_ids.filtered(lambda message: message.message_type == 'comment')
        self.assertIn("Dear Carla Customer, we need a little longer.", answer.body)
        self.assertEqual((answer.author_id, answer.partner_ids), (self.agent.partner_id, self.customer))
        self.assertRecordValues(ticket, [{
            'priority': '3', 'user_id': self.agent.id, 'is_closed': False, 'first_response_at': False}])
        self.assertFalse(self.clock(ticket, 'first_response').reached_at, "the customer still waits for a person")
        self.assertEqual(self.events(ticket, 'macro').mapped('new'), ["Sorry for the wait"])
        self.assertEqual(len(self.events(ticket, 'automatic_message')), 1)

    def test_s4_14_repeated_reminders_end_with_the_answer(self):
        self.step(moment='after', amount=10, repeat_times=3, repeat_minutes=10, to_assignee=True)
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        for minute in (60, 70, 80):
            with self.at(self.later(minutes=minute)):
                self.tick()
        self.assertEqual(len(self.told(self.agent)), 3)
        with self.at(self.later(minutes=85)):
            self.answer(ticket, self.agent)
        with self.at(self.later(minutes=120)):
            self.tick()
        self.assertEqual(len(self.told(self.agent)), 3, "kept late: nobody is reminded any more")

    def test_a_step_set_up_later_leaves_the_past_alone(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.at(self.later(minutes=65)):
            self.tick()
            target = self.policy.target_ids.filtered(lambda target: target.metric == 'first_response')
            target.step_ids = [Command.create({'moment': 'after', 'amount': minutes, 'action': 'priority',
                                               'priority': priority}) for minutes, priority in ((2, '2'), (20, '3'))]
            self.tick()
            self.assertEqual(ticket.priority, '1')
        with self.at(self.later(minutes=80)):
            self.tick()
        self.assertEqual(ticket.priority, '3')

    def test_one_poisoned_clock(self):
        with self.at(NOW):
            good, bad = self.ticket(user_id=self.agent.id), self.ticket(user_id=self.agent_2.id)
            self.env.flush_all()
        tick_one = self.registry['helpdesk.sla.status']._tick_one

        def poisoned(clock_row, *args):
            if clock_row.ticket_id == bad:
                raise ValueError("poison")
            return tick_one(clock_row, *args)
        with self.at(self.later(minutes=46)), mute_logger(TICK), \
                patch.object(self.registry['helpdesk.sla.status'], '_tick_one', poisoned):
            self.tick()
            self.assertEqual(len(self.told(self.agent)), 1)
            self.assertFalse(self.told(self.agent_2))
            self.assertEqual(self.clock(bad, 'first_response').next_at, self.later(minutes=106))
            self.assertEqual(good.sla_state, 'warning')

    def test_one_notice_for_many_tickets(self):
        with self.at(NOW):
            tickets = [self.ticket(user_id=self.agent.id, name=f"Drill {number}") for number in range(12)]
            self.env.flush_all()
        with self.at(self.later(minutes=45)):
            self.tick()
            [subject] = self.told(self.agent)
            self.assertEqual(subject, "12 tickets with promises at risk")
            body = self.notices(self.agent, 'promises at risk').body
        for ticket in tickets:
            self.assertIn(ticket.number, body)

    def test_who_may_not_see_is_not_told(self):
        """An assignee who lost the team is told nothing of its tickets."""
        self.step(moment='breach', to_assignee=False, user_ids=[Command.set(self.agent_private.ids + self.agent_b.ids)])
        with self.at(NOW):
            self.ticket(user_id=self.agent.id)
        with self.at(self.later(minutes=61)):
            self.tick()
        self.assertFalse(self.told(self.agent_b), "works in another company")
        self.assertTrue(self.told(self.agent_private), "sees the tickets of the company's open team")

    def test_done_and_archived_tickets_are_quiet(self):
        with self.at(NOW):
            solved, archived = self.ticket(user_id=self.agent.id), self.ticket(user_id=self.agent.id)
        with self.at(self.later(minutes=10)):
            solved.action_solve()
            archived.active = False
        with self.at(self.later(minutes=90)):
            self.tick()
        self.assertFalse(self.told(self.agent))
        self.assertEqual(self.clock(solved, 'first_response').state, 'cancelled')
        self.assertEqual(self.clock(solved, 'resolution').state, 'met')
        self.assertEqual(solved.sla_state, 'met')

    def test_the_job_is_woken_for_the_next_moment(self):
        trigger = self.env['ir.cron.trigger']
        cron = self.env.ref('helpdesk_sla.ir_cron_sla')
        trigger.search([('cron_id', '=', cron.id)]).unlink()
        with self.at(NOW):
            self.ticket()
            self.env.flush_all()
            self.assertFalse(trigger.search([('cron_id', '=', cron.id)]), "the job comes before that anyway")
        with self.at(self.later(minutes=9)):
            self.tick()
            self.assertEqual(trigger.search([('cron_id', '=', cron.id)]).call_at, self.later(minutes=45))
            self.policy.target_ids.filtered(lambda t: t.metric == 'first_response').minutes = 8
            for _number in range(2):
                self.ticket()
                self.env.flush_all()
            self.assertEqual(trigger.search([('cron_id', '=', cron.id)]).sorted('call_at').mapped('call_at'),
                             [self.later(minutes=15), self.later(minutes=45)], "sooner, and once")
