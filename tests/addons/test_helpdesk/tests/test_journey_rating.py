import re
from html import unescape

from odoo.tests import HttpCase, tagged

from .common import COMMENT, JourneyCommon

LINK = re.compile(r'href="([^"]*/my/tickets/[^"]*rate=\d)"')


@tagged('post_install', '-at_install')
class TestJourneyRating(JourneyCommon, HttpCase):
    """From the answer that solves to the rating, by the customer's mail alone."""

    def links(self, mail):
        base = self.env['helpdesk.ticket'].get_base_url()
        return [unescape(link).replace(base, '') for link in LINK.findall(mail['body'])]

    def test_one_mail_three_faces_one_rating(self):
        """The answer that solves asks how it was, in the customer's own mail; a face chooses, a click sends; once."""
        ticket, _mails = self.request()
        ticket.write({'email_cc': 'carl@acme.test', 'user_id': self.agent.id})
        mails = self.sent(lambda: ticket.with_user(self.agent).message_post(
            body="Turn it off and on.", message_type='comment', subtype_xmlid=COMMENT,
            helpdesk_stage_id=self.stages['solved'].id))
        told, copy = self.mail_to(mails, 'carla@acme.test'), self.mail_to(mails, 'carl@acme.test')
        self.assertEqual(([mail for mail in mails if "Solved" in mail['subject']], ticket.status, ticket.solved_mail),
                         ([], 'solved', 'skipped'))
        links = self.links(told)
        self.assertEqual([link[-1] for link in links], ['5', '3', '1'])
        self.assertEqual((self.links(copy), ticket.access_token in copy['body']), ([], False))
        page = self.url_open(links[1])
        self.assertNotIn('access_token', page.url)
        self.assertRegex(page.text, r'value="3"[^>]*checked')
        self.assertFalse(ticket.rating_ids.filtered('consumed'), "what looks through mails rates nothing")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        self.url_open(f'/my/tickets/{ticket.id}/rate', data={'csrf_token': token, 'rate': '3', 'comment': "Slow"})
        [rating] = ticket.rating_ids.filtered('consumed')
        self.assertEqual((rating.rating, rating.feedback, rating.rated_partner_id),
                         (3, "Slow", self.agent.partner_id))
        self.assertNotIn('name="rate"', self.url_open(links[0]).text, "once")

    def test_solved_without_an_answer(self):
        """The mail that tells it asks as well; an answer on a ticket that stays open asks nothing."""
        ticket, _mails = self.request()
        answer = self.mail_to(self.sent(lambda: self.answer(ticket, self.agent)), 'carla@acme.test')
        self.assertEqual(self.links(answer), [])
        mails = self.sent(lambda: ticket.with_user(self.agent).action_solve())
        told = self.mail_to(mails, 'carla@acme.test')
        self.assertEqual(([link[-1] for link in self.links(told)], ticket.solved_mail), (['5', '3', '1'], 'sent'))
