import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import graph
from .common_meta import HOUR, MetaCases, MetaCommon
from .fake_graph import PEER, FakeInstagram, FakeMessenger
from .fake_meta import fault

CDN = 'https://scontent.xx.fbcdn.net'
PICTURE = base64.b64decode('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=')


class GraphCommon(MetaCommon):
    """What the tests of Messenger and Instagram share."""

    def words(self, accepted):
        return accepted['message']['text']

    def picture(self, url=f'{CDN}/a/b.gif', **more):
        return self.message(attachments=[{'type': 'image', 'payload': {'url': url}}], **more)


@tagged('post_install', '-at_install')
class TestHelpdeskChannelFacebook(MetaCases, GraphCommon):
    """Messenger through the whole desk, against a fake of the service (S0-1, S0-8, S0-10, issue 8)."""
    kind, fake = 'facebook', FakeMessenger

    def test_names_are_asked_for(self):
        """S0-1: who wrote is known by the name that the service tells."""
        ticket = self.opened()
        self.assertRecordValues(ticket, [{'channel': 'messenger', 'partner_id': False, 'partner_name': PEER}])
        self.fetch()
        self.assertEqual((ticket.partner_name, ticket.channel_person_id.name), ("Pat Page", "Pat Page"))
        self.hear(self.message("More", service_id='m_2', at=NOW - HOUR / 2))
        self.fetch()
        self.assertEqual(len(self.service.asked('GET', '/v')), 1, "asked once")

    def test_files(self):
        self.service.pictures['/a/b.gif'] = (PICTURE, 'image/gif')
        self.hear(self.picture())
        self.fetch()
        attachment = self.tickets(self.channel)._public_messages([]).attachment_ids
        self.assertEqual((attachment.raw, attachment.name, attachment.mimetype), (PICTURE, 'b.gif', 'image/gif'))

    def test_files_from_inside(self):
        """A40: an address that leads into our own network is not asked, whoever names it."""
        self.hear(*(self.picture(url, service_id=f'm_{number}') for number, url in enumerate((
            'https://10.0.0.5/x.png', 'https://169.254.169.254/latest/meta-data/a.png', 'https://intranet.example.com/x',
            'https://[::1]/x.png'))))
        self.fetch()
        files = self.files.search([('channel_id', '=', self.channel.id)])
        self.assertEqual(files.mapped('state'), ['failed'] * 4)
        self.assertTrue(all("inside the network" in file.reason for file in files), files.mapped('reason'))
        self.assertEqual(self.service.asked('GET', '/x') + self.service.asked('GET', '/latest'), [])

    def test_file_too_large(self):
        self.service.pictures['/a/b.gif'] = (PICTURE, 'image/gif')
        self.hear(self.picture())
        with patch.object(self.channel._adapter(), 'FILE_LIMIT', 10):
            self.fetch()
        self.assertIn("File not fetched: b.gif. It is larger than", self.said(self.tickets(self.channel))[0])

    def test_echoes_make_nothing(self):
        """What the page writes itself, in whichever program, is nothing that a customer says."""
        self.hear(self.message("We close at five", sender=self.service.account, is_echo=True))
        self.assertFalse(self.tickets(self.channel))

    def test_receipts(self):
        answer = self.answered(self.opened())
        [ours] = self.service.accepted
        self.hear(self.service.delivered(ours['id'], 'm_of_another_program'))
        self.assertEqual(answer.state, 'delivered')
        self.hear(self.service.read(ours['id']))
        self.assertEqual(answer.state, 'read' if self.kind == 'instagram' else 'delivered')

    def test_window(self):
        """Issue 8: 24 hours, or seven days where Meta allows people to answer."""
        ticket = self.opened()
        self.service.closed.add(PEER)
        with self.at(NOW + 24 * HOUR):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "When they write again, you can answer"):
                self.answer(ticket, self.agent)
            self.channel.with_user(self.manager).human_agent = True
            self.env.invalidate_all()
            self.assertEqual(ticket.with_user(self.agent).answer_until, NOW - HOUR + timedelta(days=7))
            self.assertEqual(self.answered(ticket).state, 'sent')
        [ours] = self.service.accepted
        self.assertEqual((ours['messaging_type'], ours['tag']), ('MESSAGE_TAG', 'HUMAN_AGENT'))

    def test_window_that_the_service_sees_closed(self):
        ticket = self.opened()
        self.service.closed.add(PEER)
        answer = self.answered(ticket)
        self.assertEqual((answer.state, answer.attempts, self.channel.state), ('failed', 1, 'connected'))
        self.assertIn("lets us answer is over", answer.reason)
        [notice] = self.notices(self.agent, "Not delivered")
        self.assertIn("lets us answer is over", notice.body)

    def test_person_gone(self):
        ticket = self.opened()
        self.service.answers.append(fault(551, "This person isn't available at the moment", subcode=1545041))
        answer = self.answered(ticket)
        self.assertEqual((answer.state, self.channel.state), ('failed', 'connected'))
        self.assertIn("The customer cannot be reached", answer.reason)

    def test_limits_are_waited_for(self):
        ticket = self.opened()
        self.service.answers.append(fault(613, "Calls to this API have exceeded the rate limit"))
        answer = self.answered(ticket)
        self.assertEqual((answer.state, answer.attempts), ('queued', 1))
        with self.at(NOW + timedelta(seconds=30)):
            self.send()
            self.assertEqual(answer.state, 'queued')
        with self.at(NOW + timedelta(seconds=90)):
            self.send()
            self.assertEqual(answer.state, 'sent')

    def test_long_answers(self):
        """A long answer is several messages there; it has arrived when the last one has."""
        answer = self.answered(self.opened(), f"<p>{'A sentence of this answer. ' * 90}</p>")
        parts = [one['id'] for one in self.service.accepted]
        self.assertEqual((len(parts), answer.part_count), (3 if self.kind == 'instagram' else 2,) * 2)
        self.hear(self.service.delivered(*parts[:-1]))
        self.assertEqual(answer.state, 'sent')
        self.hear(self.service.delivered(parts[-1]))
        self.assertEqual(answer.state, 'delivered')

    def test_connecting_has_the_page_tell_us(self):
        self.connect()
        self.assertEqual(self.service.fields, list(graph.FIELDS))

    def test_any_file(self):
        answer = self.answered(
            self.opened(), attachment_ids=self.file('a.csv', b'a;b', 'text/csv').ids)
        self.assertEqual(answer.state, 'sent')


@tagged('post_install', '-at_install')
class TestHelpdeskChannelInstagram(GraphCommon):
    """Instagram through the whole desk, against a fake of the service (S0-1, S0-8, S0-10, issue 8)."""
    kind, fake = 'instagram', FakeInstagram
    allow_inherited_tests_method = False

    test_names_are_asked_for = TestHelpdeskChannelFacebook.test_names_are_asked_for
    test_receipts = TestHelpdeskChannelFacebook.test_receipts
    test_window = TestHelpdeskChannelFacebook.test_window
    test_long_answers = TestHelpdeskChannelFacebook.test_long_answers
    test_answers_arrive = MetaCases.test_answers_arrive

    def test_comments_make_nothing(self):
        _headers, body = self.service.signed({'object': 'instagram', 'entry': [{
            'id': self.service.account, 'changes': [{'field': 'comments', 'value': {'text': "Nice"}}]}]})
        self.bring(self.channel, body)
        self.assertFalse(self.tickets(self.channel))
        self.assertEqual(len(self.calls_of('done')), 1)

    def test_files_that_it_does_not_take(self):
        answer = self.answered(
            self.opened(), attachment_ids=self.file('a.csv', b'a;b', 'text/csv').ids)
        self.assertEqual(answer.state, 'failed')
        self.assertIn("Instagram does not take files like a.csv", answer.reason)
