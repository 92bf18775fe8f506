from odoo.tests import tagged

from .common_access import HelpdeskAccessCommon

COMMENT, NOTE = 'mail.mt_comment', 'mail.mt_note'


@tagged('post_install', '-at_install')
class TestHelpdeskTypeRights(HelpdeskAccessCommon):
    """Who is not in a type's groups hears nothing of its tickets by mail or inbox, follower or not (S4-9, S4-10).

    Lists, searches, reports, logs and exports: test_helpdesk_access, test_helpdesk_export.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.followed = cls.env['helpdesk.ticket'].create({
            'name': "Followed", 'team_id': cls.team.id, 'partner_id': cls.customer.id})
        cls.followers = cls.agent | cls.agent_2 | cls.employee
        subtypes = cls.env['mail.message.subtype'].search([('res_model', 'in', [False, 'helpdesk.ticket'])])
        cls.followed.message_subscribe(cls.followers.partner_id.ids, subtypes.ids)
        cls.personnel.user_ids |= cls.agent_2

    def told(self, message):
        """Return the colleagues (users) who were notified of ``message``, by inbox or mail."""
        return message.sudo().notified_partner_ids.user_ids & self.followers

    def post(self, subtype, **vals):
        return self.followed.message_post(
            body="Words", author_id=self.customer.id, message_type='email', subtype_xmlid=subtype, **vals)

    def test_public_messages(self):
        self.assertEqual(self.told(self.post(COMMENT)), self.followers)
        self.followed.type_id = self.secret_type
        self.assertEqual(self.told(self.post(COMMENT)), self.agent_2)

    def test_notes_and_stages(self):
        self.followed.type_id = self.secret_type
        note = self.followed.with_user(self.leader).sudo().message_post(body="Among us", subtype_xmlid=NOTE)
        self.assertLessEqual(self.told(note), self.agent_2)
        before = self.followed.message_ids
        self.followed.stage_id = self.stages['open']
        self.flush_tracking()
        [moved] = self.followed.message_ids - before
        self.assertEqual(self.told(moved), self.agent_2)

    def test_another_team(self):
        self.followed.team_id = self.team_private
        self.assertEqual(self.told(self.post(COMMENT)), self.employee, "agents of other teams no longer")

    def test_the_requester_and_who_is_named_hear(self):
        self.followed.write({'type_id': self.secret_type.id, 'partner_id': self.employee.partner_id.id})
        message = self.followed.message_post(
            body="Words", author_id=self.agent_2.partner_id.id, message_type='comment', subtype_xmlid=COMMENT,
            partner_ids=self.agent.partner_id.ids)
        self.assertEqual(self.told(message), self.employee | self.agent)

    def test_nobody_is_given_or_told_what_they_may_not_see(self):
        self.followed.type_id = self.secret_type
        self.team.notify_new = 'members'
        fresh = self.env['helpdesk.ticket'].create({
            'name': "Fresh", 'team_id': self.team.id, 'type_id': self.secret_type.id})
        fresh._tell_team()
        self.assertTrue(self.notices(self.agent_2, "Fresh"))
        self.assertFalse(self.notices(self.agent, "Fresh"))
        self.team.assignment_method = 'round_robin'
        for _turn in range(3):
            ticket = self.env['helpdesk.ticket'].create({
                'name': "Given", 'team_id': self.team.id, 'type_id': self.secret_type.id})
            self.assertEqual(ticket.user_id, self.agent_2, "only who may see it")

    def test_links_do_not_give_the_subject_away(self):
        """Odoo names linked records whatever the reader's rights: a hidden one is its number alone."""
        parent = self.env['helpdesk.ticket'].create({
            'name': "Dismissal", 'team_id': self.team.id, 'type_id': self.secret_type.id})
        self.followed.parent_id = parent
        shown = {self.agent: parent.number, self.agent_2: f'[{parent.number}] Dismissal'}
        for user, name in shown.items():
            with self.subTest(user=user.name):
                self.env.invalidate_all()
                ticket = self.followed.with_user(user)
                self.assertEqual(ticket.read(['parent_id'])[0]['parent_id'], (parent.id, name))
                [row] = ticket.web_read({'parent_id': {'fields': {'display_name': {}}}})
                self.assertEqual(row['parent_id']['display_name'], name)
                [group] = ticket.formatted_read_group([('id', '=', ticket.id)], ['parent_id'], ['__count'])
                self.assertEqual(group['parent_id'], (parent.id, name))
        texts = str(self.events(self.followed).with_user(self.agent).mapped('summary'))
        self.assertIn(parent.number, texts)
        self.assertNotIn("Dismissal", texts)
        for value in ('parent_id.name', 'child_ids.name'):
            found = self.env['helpdesk.ticket'].with_user(self.agent).search([(value, 'like', "Dismissal")])
            self.assertFalse(found)
