import pathlib
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestTornFiles(HelpdeskMailCommon):
    """Somebody was killed, or found the disk full, while they wrote a file (F1, F6)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.files = self.env['ir.attachment']

    def left(self, data, content):
        """Leave ``content`` under the name of ``data`` in the file store; return its path."""
        checksum = self.files._compute_checksum(data)
        path = pathlib.Path(self.files._full_path(f'{checksum[:2]}/{checksum}'))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o640)
        self.addCleanup(path.unlink, missing_ok=True)
        return path

    def test_f01_the_original_of_a_mail(self):
        """The sender brings the mail again, and it is taken."""
        raw = self.mail('Torn', 'x' * 2000)
        path = self.left(raw, raw[:1000])
        row = self.take(raw)
        self.assertEqual((row.outcome, row.raw_id.raw, path.read_bytes()), ('new_ticket', raw, raw))

    def test_f01_a_file_in_a_mail(self):
        """The mail is no failure, and its ticket has the file to the byte."""
        data = bytes(range(256)) * 200
        path = self.left(data, data[:4096])
        row = self.take(self.mail('Torn', files=[('a.bin', 'application/octet-stream', data)]))
        self.assertEqual((row.outcome, row.traceback), ('new_ticket', False))
        self.assertEqual(row.mail_message_id.attachment_ids.raw, data)
        self.assertEqual((path.read_bytes(), path.stat().st_mode & 0o777), (data, 0o640))

    def test_f06_a_file_that_an_agent_brings(self):
        """Nothing at all was written: the disk was full. Later it has room."""
        ticket, data = self.take(self.mail()).ticket_id, b'a photo' * 5000
        path = self.left(data, b'')
        with patch.object(self.env.registry['ir.attachment'], '_mark_for_gc', autospec=True) as marked:
            file = self.files.with_user(self.agent).create(
                {'name': 'photo', 'raw': data, 'res_model': ticket._name, 'res_id': ticket.id})
        self.assertEqual((file.raw, path.read_bytes()), (data, data))
        self.assertIn(file.store_fname, [call.args[1] for call in marked.call_args_list], "kept if all is rolled back")

    def test_f06_the_disk_is_full_again(self):
        """Nothing is left behind of the file that was to replace it."""
        data = b'a photo' * 6000
        path = self.left(data, data[:10])
        before = set(path.parent.iterdir())
        with patch.object(pathlib.Path, 'replace', side_effect=OSError(28, "No space left on device")), \
                self.assertRaises(OSError):
            self.files.create({'name': 'photo', 'raw': data})
        self.assertEqual((set(path.parent.iterdir()), path.read_bytes()), (before, data[:10]))

    def test_another_file_of_the_same_checksum_stays(self):
        """What is whole is never replaced: it is somebody else's."""
        data = b'mine' * 1000
        path = self.left(data, b'other')
        checksum = self.files._compute_checksum(data)
        for bring in (lambda: self.files.create({'name': 'mine', 'raw': data}),
                      lambda: self.intake._take_in(self.mail('Collision'), 'lmtp'),):
            with patch.object(self.env.registry['ir.attachment'], '_compute_checksum', lambda *_args: checksum), \
                    self.assertRaisesRegex(UserError, "collides"):
                bring()
        self.assertEqual(path.read_bytes(), b'other')

    def test_a_name_that_is_no_checksum_is_not_ours_to_judge(self):
        data = b'mine' * 1000
        path = self.left(data, b'other')
        with self.assertRaisesRegex(UserError, "collides"):
            self.files._get_path(b'quite another', path.name)
        self.assertEqual(path.read_bytes(), b'other')
