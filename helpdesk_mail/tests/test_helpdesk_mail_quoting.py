from lxml import html
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import HelpdeskMailCommon

QUOTED = '[@data-o-mail-quote]'
HISTORY = (
    '<html><body><div class="WordSection1"><p>It still smokes.</p><div><div style="border-top:solid #E1E1E1 1.0pt"><p>'
    '<b>From:</b> Anna &lt;anna@house.test&gt;<br><b>Sent:</b> Monday, 23 November 2026<br><b>To:</b> Carla<br>'
    '<b>Subject:</b> Drill</p></div></div><p>Try the switch.</p></div></body></html>')


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestQuoting(HelpdeskMailCommon):
    """What was quoted is marked for the thread to fold; the stored message keeps every word (S3-12)."""

    def posted(self, **values):
        """Return (the words that are not marked, all the words) of the message a mail becomes."""
        with self.mock_mail_gateway():
            body = self.take(self.mail(**values)).mail_message_id.body
        root = html.fragment_fromstring(str(body), create_parent='div')
        everything = ' '.join(html2plaintext(body).split())
        for element in root.xpath(f'//*{QUOTED}'):
            if element.getparent() is not None:
                element.drop_tree()
        return ' '.join(root.text_content().split()), everything

    def test_plain_answers(self):
        shown, everything = self.posted(body=(
            'It <still> smokes.\n\nOn 23 Nov 2026, Anna wrote:\n> Try the\n> switch.\n\nAgain?\n\n-- \nCarla\nAcme\n'))
        self.assertEqual(shown, 'It <still> smokes.Again?')
        for words in ('On 23 Nov 2026, Anna wrote:', '> Try the', '> switch.', '-- Carla'):
            self.assertIn(words, everything)

    def test_outlook(self):
        shown, everything = self.posted(body='It still smokes.', html=HISTORY)
        self.assertEqual(shown, 'It still smokes.')
        self.assertIn('Monday, 23 November 2026', everything)
        self.assertTrue(everything.endswith('Try the switch.'), everything)

    def test_what_a_customer_forwards_is_shown(self):
        shown, everything = self.posted(subject='Fwd: Drill', body='Look.', html=HISTORY)
        self.assertIn('Try the switch.', shown)
        shown, everything = self.posted(subject='Fwd: Drill', body=(
            'Look.\n\n---------- Forwarded message ---------\nFrom: Anna <anna@shop.test>\nDate: Monday\n'
            'Subject: Drill\nTo: Carla\n\nTry the switch.\n'))
        self.assertIn('Try the switch.', shown)
        self.assertIn('From: Anna', everything)
