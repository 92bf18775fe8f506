import re

from odoo.addons.helpdesk_portal.tests.common_form import HelpdeskFormCommon
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyForm(JourneyCommon, HelpdeskFormCommon):
    """From the public form over the mail to the contact (S4-4, A35)."""

    def test_form_mail_confirm(self):
        mails = self.sent(lambda: self.send(email='carla@acme.test', subject="Cheap pills", text="evil.test"))
        ticket = self.made()
        self.assertIn("You get a mail with a link.", self.result.text)
        self.assertLeft(mails, (f'[#{ticket.number}] We received a request with your address', 'carla@acme.test'))
        body = mails[0]['body']
        for word in ("Cheap pills", "evil.test", "Vera", 'access_token'):
            self.assertNotIn(word, body)
        link = re.search(r'href="([^"]+/helpdesk/confirm/[^"]+)"', body).group(1)
        link = link.replace(ticket.get_base_url(), '')
        page = self.url_open(link)
        self.url_open(link, data={'csrf_token': self.hidden(page, 'csrf_token')})
        self.assertRecordValues(ticket, [{'address_unconfirmed': False, 'partner_id': self.customer.id}])

    def test_language_of_the_visitor(self):
        """Somebody who is no contact gets the mail in the language of the form they filled in."""
        self.env['res.lang']._activate_lang('cs_CZ')
        self.env['ir.module.module'].search(
            [('name', 'in', ('helpdesk_mail', 'helpdesk_portal'))])._update_translations(['cs_CZ'])
        [mail] = self.sent(lambda: self.send(f'{self.url}?lang=cs_CZ'))
        self.assertIn("Dobrý den,", mail['body'])
        self.assertEqual(self.made().customer_lang, 'cs_CZ')

    def test_teams_that_send_nothing_promise_nothing(self):
        self.team.acknowledge = False
        self.assertFalse(self.sent(self.send))
        self.assertNotIn("You get a mail with a link.", self.result.text)
        self.assertIn(self.made().number, self.result.text)

    def test_promise_in_words(self):
        """The thank-you page says by when, as the promise stands on the ticket."""
        self.env['helpdesk.sla.policy'].create({
            'name': "Answer soon", 'team_ids': [(6, 0, self.team.ids)], 'company_id': self.company_a.id,
            'target_ids': [(0, 0, {'metric': 'first_response', 'minutes': 60})]})
        page = self.send()
        self.assertIn("We promise you an answer by", page.text)
