from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, LivechatCommon

SUNDAY = datetime(2026, 3, 8, 9, 0)
TEXT = "The charger blinks red"


@tagged('post_install', '-at_install')
class TestImLivechatChannel(LivechatCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours = cls.env['resource.calendar'].create({
            'name': "Weekdays", 'tz': 'Europe/Brussels', 'company_id': cls.company_a.id,
            'attendance_ids': [Command.clear()] + [Command.create({
                'name': "Day", 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 18}) for day in range(5)]})
        cls.env['mail.presence']._update_presence(cls.agent)

    def leave(self, text=TEXT, email='Nina@New.test', name="Nina", **kwargs):
        return self.livechat.with_user(self.public).sudo()._helpdesk_take_message(name, email, text, **kwargs)

    def test_working_hours(self):
        """S1-18: nobody gets a chat outside the team's working hours; a channel may say otherwise."""
        self.assertEqual(self.livechat.available_operator_ids, self.agent)
        self.team.resource_calendar_id = self.hours
        for moment, only, found in (
                (NOW, True, self.agent), (SUNDAY, True, self.env['res.users']), (SUNDAY, False, self.agent)):
            with self.at(moment):
                self.env['mail.presence']._update_presence(self.agent)
                self.livechat.helpdesk_only_hours = only
                found_now = self.livechat._get_available_operators_by_livechat_channel()[self.livechat]
                self.assertEqual(found_now, found, (moment, only))

    def test_offer(self):
        """S1-18: with a team there is always something to offer: its form where it has one, else a message."""
        self.team.resource_calendar_id = self.hours
        with self.at(SUNDAY):
            self.assertTrue(self.livechat._is_livechat_available())
            self.assertEqual(self.livechat._helpdesk_offer(), {'form_url': False, 'closed': True})
        with self.at(NOW), patch.object(
                self.registry['helpdesk.team'], '_public_form_url', lambda team: 'https://x.test/helpdesk/repairs/new'):
            self.assertEqual(self.livechat._helpdesk_offer(), {
                'form_url': 'https://x.test/helpdesk/repairs/new', 'closed': False})
        self.livechat.helpdesk_team_id = False
        self.assertFalse(self.livechat._helpdesk_offer())

    def test_message_is_a_ticket(self):
        """S0-1, S1-18: what a visitor leaves is a ticket of the channel's team; their address is unproven (A35)."""
        self.customer.email = 'nina@new.test'
        number = self.leave(pages=['/shop'])['number']
        ticket = self.env['helpdesk.ticket'].search([('number', '=', number)])
        self.assertEqual((ticket.name, ticket.channel, ticket.team_id), (TEXT, 'chat', self.team))
        self.assertEqual((ticket.partner_name, ticket.partner_email), ("Nina", 'nina@new.test'))
        self.assertTrue(ticket.address_unconfirmed)
        self.assertFalse(ticket.partner_id)
        self.assertTrue(ticket.unanswered_since)
        self.assertIn('/shop', ticket.message_ids.filtered('subtype_id.internal').mapped('body')[0])

    def test_hostile_message(self):
        """Threats: a message is text."""
        number = self.leave(text="<script>alert(1)</script>", name="<b>N</b>", pages=['/<script>'])['number']
        ticket = self.env['helpdesk.ticket'].search([('number', '=', number)])
        written = str(ticket.description) + ''.join(map(str, ticket.message_ids.mapped('body')))
        self.assertNotIn('<script', written)
        self.assertIn('&lt;script&gt;', ticket.description)

    def test_refused(self):
        """Promise 7, A35, A36: what cannot be taken says what to do; one address, and one team, get so many an hour,
        and nobody learns which limit it was."""
        good = 'a@b.test'
        for text, email in (("", good), (TEXT, 'nobody'), (TEXT, None), ("x" * 10_001, good), (7, good)):
            self.assertEqual(list(self.leave(text=text, email=email)), ['error'])
        before = self.env['helpdesk.ticket'].search_count([])
        for _number in range(5):
            self.assertIn('number', self.leave())
        by_address = self.leave(email='NINA@new.test')
        self.assertEqual(list(by_address), ['error'])
        with patch('odoo.addons.helpdesk_livechat.models.im_livechat_channel.A_TEAM', 5):
            self.assertEqual(self.leave(email='other@new.test'), by_address)
        self.assertEqual(self.env['helpdesk.ticket'].search_count([]), before + 5)
        self.team.active = False
        self.assertEqual(list(self.leave(email='third@new.test')), ['error'])

    def test_odd_values(self):
        """Threats: what no database and no header of a mail takes is left out; an address has an end."""
        answer = self.leave(name="Ni\x00na\r\nBcc: all", text="Silent\x00\ud800 drill", email='ni\x00na@new.test')
        ticket = self.env['helpdesk.ticket'].search([('number', '=', answer['number'])])
        self.assertRecordValues(ticket, [
            {'name': "Silent drill", 'partner_name': "Nina Bcc: all", 'partner_email': 'nina@new.test'}])
        self.assertEqual(list(self.leave(email='x' * 300 + '@new.test')), ['error'])
