from odoo.tests import tagged

from .common_access import HelpdeskAccessCommon

NOTE, COMMENT = 'mail.mt_note', 'mail.mt_comment'


@tagged('post_install', '-at_install')
class TestMailMessage(HelpdeskAccessCommon):
    """Internal talk on tickets: notes, their files, activities (promise 2)."""

    def talk(self, ticket, author, word="pelican"):
        """Return (answer, internal messages) of ``author`` on ``ticket``: notes by hand, by mail, by code, a log."""
        ticket = ticket.with_user(author)
        answer = self.answer(ticket, author, body="public words")
        notes = [
            ticket.message_post(body=word, message_type='comment', subtype_xmlid=NOTE),
            ticket.message_post(body=word, message_type='email', subtype_xmlid=NOTE),
            ticket.message_post(body=word, message_type='notification', subtype_xmlid=NOTE),
            ticket.message_post(body=word, message_type='comment', subtype_xmlid=COMMENT, is_internal=True),
            ticket.message_post(body=word, message_type='comment', subtype_xmlid='helpdesk_core.mt_ticket_stage'),
            ticket.sudo()._message_log(body=word),
        ]
        self.env.flush_all()
        return answer.sudo(), self.env['mail.message'].concat(*notes).sudo()

    def assertNotesUnreadable(self, ticket, user, answer, notes):
        mine = self.env['mail.message'].with_user(user)
        on_ticket = [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)]
        self.assertIn(answer.id, mine.search(on_ticket).ids)
        self.assertEqual(set(mine.search(on_ticket).ids) & set(notes.ids), set())
        self.assertEqual(mine.search([('id', 'in', notes.ids)]).ids, [])
        self.assertEqual(mine.search([('body', 'like', "pelican")]).ids, [])
        self.assertEqual(mine.search_count([*on_ticket, ('body', 'like', "pelican")]), 0)
        self.assertIn("public words", answer.with_user(user).read(['body'])[0]['body'])
        for note in notes:
            self.assertRefused(note.with_user(user).read, ['body'])
            self.assertRefused(note.with_user(user).read, ['preview'])
            self.assertRefused(note.with_user(user).write, {'body': "mine"})
        seen = ticket.with_user(user)
        seen.invalidate_recordset()
        self.assertEqual(set(seen.message_ids.ids) & set(notes.ids), set())
        self.assertEqual(set(seen.read(['message_ids'])[0]['message_ids']) & set(notes.ids), set())
        tickets = self.env['helpdesk.ticket'].with_user(user)
        self.assertEqual(tickets.search([('message_ids.body', 'like', "pelican")]).ids, [], "no oracle either")
        self.assertEqual(tickets.search([('message_ids', 'like', "pelican")]).ids, [])
        self.assertEqual(tickets.search([('message_ids', 'any', [('body', 'like', "pelican")])]).ids, [])
        self.assertIn(ticket, tickets.search([('message_ids.body', 'like', "public words")]))

    def test_employees_do_not_read_the_notes_on_their_request(self):
        for name, helper in (
            ('mine', self.agent),
            ('mine private', self.agent_private),
            ('mine secret', self.leader_private),
        ):
            with self.subTest(ticket=name):
                self.assertNotesUnreadable(self.tickets[name], self.employee, *self.talk(self.tickets[name], helper))
                for message in self.tickets[name].message_ids:
                    self.assertRefused(message.with_user(self.employee_2).read, ['body'])

    def test_agents_do_not_read_the_notes_on_their_foreign_requests(self):
        foreign = self.ticket(name="x", team_id=self.team_private.id, partner_id=self.agent.partner_id.id)
        self.assertNotesUnreadable(foreign, self.agent, *self.talk(foreign, self.agent_private))
        hidden = self.ticket(name="y", type_id=self.secret_type.id, partner_id=self.agent.partner_id.id)
        self.assertNotesUnreadable(hidden, self.agent, *self.talk(hidden, self.agent_2))

    def test_agents_do_not_change_their_own_requests_of_hidden_types(self):
        ticket = self.ticket(name="More pay", type_id=self.secret_type.id, partner_id=self.agent.partner_id.id)
        mine = ticket.with_user(self.agent)
        self.assertEqual(mine.name, "More pay")
        self.assertRefused(mine.write, {'priority': '3'})
        self.assertRefused(mine.write, {'type_id': False})
        self.assertRefused(mine.action_solve)
        ticket.with_user(self.agent_2).priority = '3'

    def test_request_that_moves_to_a_foreign_team_takes_its_notes_along(self):
        ticket = self.ticket(name="x", partner_id=self.agent.partner_id.id)
        _answer, notes = self.talk(ticket, self.agent_2)
        self.assertIn("pelican", notes[0].with_user(self.agent).body)
        ticket.with_user(self.agent_2).team_id = self.team_private
        self.assertRefused(notes[0].with_user(self.agent).read, ['body'])
        ticket.with_user(self.agent_private).team_id = self.team
        self.assertIn("pelican", notes[0].with_user(self.agent).body)
        ticket.with_user(self.agent_2).write({'type_id': self.secret_type.id})
        self.assertRefused(notes[0].with_user(self.agent).read, ['body'])

    def test_agents_read_the_notes_of_what_they_work_on(self):
        for name, helper in (('open', self.agent_2), ('private', self.agent_private)):
            word = f"pelican {name}."
            answer, notes = self.talk(self.tickets[name], helper, word)
            for user, readable in self.readers.items():
                if user in (self.portal, self.user_public):
                    continue
                with self.subTest(ticket=name, user=user.name):
                    mine = self.env['mail.message'].with_user(user)
                    expected = answer | notes if name in readable else self.env['mail.message']
                    self.assertEqual(mine.search([('id', 'in', (answer | notes).ids)], order='id'), expected)
                    for message in (answer | notes) - expected:
                        self.assertRefused(message.with_user(user).read, ['body'])
                    self.assertEqual(
                        self.names(
                            self.env['helpdesk.ticket'].with_user(user).search([('message_ids.body', 'like', word)])
                        ),
                        {name} & readable,
                    )

    def test_what_is_addressed_to_somebody_they_read(self):
        note = (
            self.tickets['mine']
            .with_user(self.agent)
            .message_post(
                body="Could you look?",
                message_type='comment',
                subtype_xmlid=NOTE,
                partner_ids=self.employee.partner_id.ids,
            )
        )
        self.assertIn("Could you look?", note.with_user(self.employee).read(['body'])[0]['body'])
        own = self.tickets['mine'].with_user(self.employee).message_post(body="Note to myself", message_type='comment')
        self.assertIn("Note to myself", own.read(['body'])[0]['body'])

    def test_other_documents_messages_are_untouched(self):
        partner = self.env['res.partner'].create({'name': "x"})
        note = partner.message_post(body="pelican")
        self.assertIn("pelican", note.with_user(self.employee).read(['body'])[0]['body'])

    def test_files_of_notes(self):
        ticket = self.tickets['mine']
        note = ticket.with_user(self.agent).message_post(body="pelican", attachments=[('secret.txt', b'secret')])
        answer = self.answer(ticket, self.agent, attachments=[('public.txt', b'public')])
        files = (note | answer).sudo().attachment_ids
        secret, public = note.sudo().attachment_ids, answer.sudo().attachment_ids
        self.assertEqual(self.env['ir.attachment'].with_user(self.employee).search([('id', 'in', files.ids)]), public)
        self.assertRefused(secret.with_user(self.employee).read, ['raw'])
        self.assertEqual(public.with_user(self.employee).raw, b'public')
        self.assertEqual(secret.with_user(self.agent_2).raw, b'secret')
        self.assertRefused(secret.with_user(self.agent_b).read, ['raw'])

    def test_activities_are_internal_talk_too(self):
        ticket = self.tickets['mine']
        todo = ticket.with_user(self.agent).activity_schedule(
            'mail.mail_activity_data_todo', summary="pelican", note="pelican", user_id=self.agent_2.id)
        ask = ticket.with_user(self.agent).activity_schedule(
            'mail.mail_activity_data_todo', summary="Please decide", user_id=self.employee.id)
        self.env.invalidate_all()
        activities = self.env['mail.activity'].with_user(self.employee)
        self.assertEqual(activities.search([('id', 'in', (todo | ask).ids)]), ask)
        self.assertRefused(todo.with_user(self.employee).read, ['note'])
        mine = ticket.with_user(self.employee)
        self.assertEqual(mine.activity_ids, ask)
        self.assertEqual(mine.search([('activity_ids.note', 'like', "pelican")]).ids, [])
        self.assertEqual(mine.search([('activity_ids.summary', 'like', "pelican")]).ids, [])
        self.assertEqual(mine.search([('activity_summary', 'like', "pelican")]).ids, [])
        self.assertEqual(mine.read(['activity_summary'])[0]['activity_summary'], "Please decide")
        self.assertRefused(todo.with_user(self.employee).write, {'summary': "mine"})
        self.assertRefused(todo.with_user(self.employee).unlink)
        self.assertRefused(todo.with_user(self.employee).action_done)
        self.assertEqual(todo.with_user(self.leader).summary, "pelican")
        self.assertEqual(ticket.with_user(self.leader).activity_ids, todo | ask)
        ask.with_user(self.employee).action_done()

    def test_employees_and_strangers_do_not_post_where_they_do_not_read(self):
        for user in (self.employee, self.employee_2, self.agent_b, self.portal):
            with self.subTest(user=user.name):
                self.assertRefused(
                    self.tickets['open'].with_user(user).message_post,
                    body="x",
                    message_type='comment',
                    subtype_xmlid=COMMENT,
                )
        mine = self.tickets['mine'].with_user(self.employee)
        self.assertEqual(mine.message_post(
            body="And?", message_type='comment', subtype_xmlid=COMMENT).author_id, self.employee.partner_id)
