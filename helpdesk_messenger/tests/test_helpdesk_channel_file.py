import base64
from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PEER, MessengerCommon, message
from .fake_telegram import update
from .fakes import Reply

PNG = base64.b64decode(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')


@tagged('post_install', '-at_install')
class TestHelpdeskChannelFile(MessengerCommon):
    """Files are fetched within limits; the message says what became of them."""

    def files(self, channel):
        return self.env['helpdesk.channel.file'].search([('channel_id', '=', channel.id)], order='id')

    def words(self, channel):
        return self.said(self.tickets(channel))[-1]

    def test_a_photo(self):
        self.bot.files['big'] = PNG
        self.bring(self.telegram, update(1, 70, caption="Look", at=1772611200, photo=[
            {'file_id': 'small', 'file_size': 100}, {'file_id': 'big', 'file_size': 900}]))
        self.assertIn("File on its way: photo.jpg", self.words(self.telegram))
        self.fetch()
        self.assertEqual(self.words(self.telegram), "<p>Look</p>")
        [file] = self.tickets(self.telegram)._public_messages([]).attachment_ids
        self.assertEqual((file.name, file.raw, file.mimetype), ('photo.jpg', PNG, 'image/png'))
        self.assertEqual(file.res_id, self.tickets(self.telegram).id)

    def test_a_file_alone(self):
        self.bring(self.telegram, update(1, 70, document={'file_id': 'x', 'file_name': '../../etc/pass\nwd'}))
        self.assertEqual(self.tickets(self.telegram).name, "Telegram message from Person 70")
        self.assertEqual(self.files(self.telegram).name, 'passwd')

    def test_a_file_that_is_not_there_yet(self):
        """It is tried again, and given up at last; the message says so."""
        self.bring(self.generic, {'messages': [message(1, files=[
            {'url': f'http://{PEER}/f.png', 'name': 'f.png'}])]})
        self.peer.answers.append(Reply(503))
        self.fetch()
        [file] = self.files(self.generic)
        self.assertEqual((file.state, file.attempts), ('waiting', 1))
        self.fetch()
        self.assertEqual(file.attempts, 1)
        self.peer.files['/f.png'] = PNG
        with self.at(NOW + timedelta(minutes=2)):
            self.fetch()
        self.assertEqual((file.state, file.attachment_id.raw), ('done', PNG))

    def test_a_file_that_is_gone(self):
        self.bring(self.generic, {'messages': [message(1, files=[{'url': f'http://{PEER}/f.png', 'name': 'f.png'}])]})
        self.fetch()
        self.assertEqual(self.files(self.generic).state, 'failed')
        self.assertIn("File not fetched: f.png. The service answered with the status 404.", self.words(self.generic))
        self.peer.files['/f.png'] = PNG
        self.files(self.generic).with_user(self.manager).action_fetch_again()
        self.fetch()
        self.assertEqual(self.words(self.generic), "<p>Hello</p>")

    def test_pages_are_no_pages(self):
        """A page that a customer sends is text to whoever opens it, whatever is said of it."""
        self.peer.files['/p'] = b'<html><script>alert(1)</script></html>'
        self.bring(self.generic, {'messages': [message(1, files=[
            {'url': f'http://{PEER}/p', 'name': 'p.html', 'mimetype': 'text/html'}])]})
        self.fetch()
        self.assertEqual(self.files(self.generic).attachment_id.mimetype, 'text/plain')

    def test_limits(self):
        """Size by what is said and by what comes, and how many."""
        self.patch(self.generic._adapter(), 'FILE_LIMIT', 1_000_000)
        self.peer.files['/b'] = b'x' * 1_000_001
        files = [{'url': f'http://{PEER}/a', 'name': 'a', 'size': 1_000_001}, {'url': f'http://{PEER}/b', 'name': 'b'}]
        files += [{'url': f'http://{PEER}/c{number}', 'name': 'c'} for number in range(20)]
        self.bring(self.generic, {'messages': [message(1, files=files)]})
        self.fetch()
        found = self.files(self.generic)
        self.assertEqual(found[:2].mapped('reason'), ["It is larger than 1 MB."] * 2)
        self.assertEqual(found[20:].mapped('reason'), ["A message may have 20 files."] * 2)
        self.assertEqual(len(self.peer.calls), 19)

    def test_nothing_is_fetched_inside(self):
        """Threats, SSRF: a customer who names an address inside gets nothing of it."""
        self.bring(self.generic, {'messages': [message(1, files=[
            {'url': 'http://169.254.169.254/latest/meta-data', 'name': 'a'},
            {'url': 'http://localhost:8069/web/database/manager', 'name': 'b'},
            {'url': 'file:///etc/passwd', 'name': 'c'}])]})
        self.fetch()
        self.assertEqual(self.files(self.generic).mapped('state'), ['failed'] * 3)
        self.assertFalse(self.tickets(self.generic)._public_messages([]).attachment_ids)
        self.assertFalse(self.peer.calls + self.bot.calls)

    @mute_logger('odoo.addons.helpdesk_messenger.models.helpdesk_channel_file')
    def test_a_file_that_cannot_be_kept_stops_no_other(self):
        """Whatever is against it: those behind it come, and it is given up at last."""
        original = type(self.env['helpdesk.channel.file'])._keep

        def refuse(file, fetched):
            original(file, fetched)
            if file.name == 'bad.png':
                raise UserError("No room")
        self.patch(type(self.env['helpdesk.channel.file']), '_keep', refuse)
        self.peer.files['/f.png'] = PNG
        self.bring(self.generic, {'messages': [message(1, files=[
            {'url': f'http://{PEER}/f.png', 'name': name} for name in ('bad.png', 'good.png')])]})
        for days in range(5):
            with self.at(NOW + timedelta(days=days)):
                self.fetch()
        bad, good = self.files(self.generic)
        self.assertEqual((bad.state, bad.attempts, good.state), ('failed', 4, 'done'))
        self.assertIn("It could not be kept", bad.reason)
        self.assertEqual(self.tickets(self.generic)._public_messages([]).attachment_ids, good.attachment_id)
