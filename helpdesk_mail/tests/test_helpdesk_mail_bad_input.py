import base64
import os
import time

from odoo.tests import tagged

from .common import ANNA, SUPPORT, HelpdeskMailCommon

HEAD = f'From: Carla <carla@customer.test>\r\nTo: {SUPPORT}\r\nSubject: Odd\r\nMessage-Id: <%s@odd.test>\r\n'
HOSTILE = '''<html><head><style>p {position: fixed}</style><script>alert(1)</script></head><body onload="alert(2)">
<p style="position:fixed;top:0" onclick="alert(3)">Good words</p><img src="x" onerror="alert(4)">
<iframe src="http://a.test"></iframe>
<a href="javascript:alert(5)">click</a><a href="java&#9;script:alert(6)">tab</a>
<form action="http://a.test"><input name="p"></form>
<svg onload="alert(7)"></svg><b>More words</b></body></html>'''
UNSAFE = (
    '<script',
    'onload',
    'onclick',
    'onerror',
    'javascript:',
    'java\tscript',
    '<iframe',
    '<form',
    'alert(',
    '<style',
    'position',
)


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestBadInput(HelpdeskMailCommon):
    """Each mail ends in an outcome with a reason, its original kept, and where it should in a ticket that can be read
    (promise 7; G2, G14 to G18, A1, A12 to A15, A17, A18, A20, A21, A24)."""

    def head(self, *lines, id_=True):
        type(self).number_of_mails += 1
        head = HEAD % self.number_of_mails if id_ else HEAD.partition('Message-Id')[0]
        return head.encode() + b''.join(line + b'\r\n' for line in lines)

    def ticket(self, raw, subject='Odd', words='Good words'):
        """Take ``raw``; it must become a ticket within seconds; return its message."""
        begin = time.monotonic()
        row = self.take(raw)
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual((row.outcome, row.traceback), ('new_ticket', False))
        self.assertTrue(row.reason)
        self.assertEqual(row.raw_id.raw, raw)
        self.assertEqual(row.ticket_id.name, subject)
        self.assertIn(words, row.mail_message_id.body)
        return row.mail_message_id

    def test_missing_headers(self):
        row = self.take(b'Subject: Nobody\r\n\r\nGood words\r\n', envelope_to=[SUPPORT])
        self.assertEqual(
            (row.outcome, row.ticket_id.partner_email, row.ticket_id.acknowledgement), ('new_ticket', False, False)
        )
        self.assertTrue(row.ticket_id.partner_name is False or not row.ticket_id.partner_name)
        message = self.ticket(self.head(id_=False) + b'\r\nGood words\r\n')
        self.assertTrue(message.message_id and message.date)

    def test_empty(self):
        for raw in (b'', b'\r\n', b'\x00'):
            row = self.take(raw, envelope_to=[SUPPORT], envelope_from='carla@customer.test')
            self.assertIn(row.outcome, ('new_ticket', 'duplicate'))
            self.assertTrue(row.ticket_id.name)
            self.assertTrue(row.reason)

    def test_no_subject(self):
        row = self.take(self.head().replace(b'Subject: Odd\r\n', b'') + b'\r\nGood words')
        self.assertEqual(row.ticket_id.name, "(no subject)")

    def test_impossible_dates(self):
        for date in (b'Mon, 01 Jan 0001 00:00:00 +0000', b'Fri, 01 Jan 2999 00:00:00 +0000', b'yesterday', b'\x00'):
            message = self.ticket(self.head(b'Date: ' + date) + b'\r\nGood words')
            self.assertLess(abs((message.date - message.create_date).total_seconds()), 60)

    def test_thirty_megabytes(self):
        data = os.urandom(22 << 20)
        raw = self.mail('Big', files=[('big.bin', 'application/octet-stream', data)])
        self.assertGreater(len(raw), 30e6)
        begin = time.monotonic()
        row = self.take(raw)
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual((row.outcome, row.size), ('new_ticket', len(raw)))
        self.assertEqual(row.mail_message_id.attachment_ids.raw, data)

    def test_broken_mime(self):
        for lines, body in (
            ([b'Content-Type: multipart/mixed'], b'--x\r\n\r\nGood words\r\n--x--'),
            ([b'Content-Type: multipart/mixed; boundary=zz'], b'Good words without parts'),
            (
                [b'Content-Type: multipart/mixed; boundary=b'],
                b'--b\r\n\r\nGood words\r\n--b\r\nContent-Type: image/png\r\n',
            ),
            ([b'Content-Type: ; ; =text'], b'Good words'),
            ([b'Content-Type: text/plain', b'Content-Transfer-Encoding: base64'], b'R29vZCB3b3Jkcw=$$%\r\nR29v!'),
            ([b'Content-Type: text/plain', b'Content-Transfer-Encoding: x-martian'], b'Good words'),
            ([b'Content-Transfer-Encoding: quoted-printable'], b'Good=20words =ZZ=\r\n='),
            ([b'Content-Type: signature/plain'], b'Good words'),
            (
                [b'Content-Type: multipart/report; report-type=x; boundary=b'],
                b'--b\r\n\r\nGood words\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n',
            ),
            ([b'Content-Type: text/plain; charset*=bogus\'\'%ff'], b'Good words'),
        ):
            with self.subTest(lines=lines):
                row = self.take(self.head(*lines) + b'\r\n' + body + b'\r\n')
                self.assertEqual(row.outcome, 'new_ticket')
                shown = row.mail_message_id.body + ''.join(
                    attachment.raw.decode('latin-1') for attachment in row.mail_message_id.attachment_ids
                )
                self.assertIn('Good words', shown)

    def test_g15_charsets(self):
        for charset, data in (
            ('x-unknown', 'Grüße'.encode()),
            ('', 'Grüße'.encode('cp1252')),
            ('us-ascii', 'Grüße'.encode()),
            ('utf-8', 'Grüße'.encode('cp1252')),
            ('utf-16', 'Grüße'.encode('utf-16')),
        ):
            raw = self.head(
                f'Content-Type: text/plain; charset="{charset}"'.encode(), b'Content-Transfer-Encoding: base64'
            )
            self.ticket(raw + b'\r\n' + base64.b64encode(data), words='Grüße')

    def test_g18_a15_a24_subjects(self):
        for subject, expected in (
            (b'=?x-unknown?Q?Hello_there?=', 'Hello there'),
            (b'=?utf-8?Q?Line=0D=0ABcc:_eve@x.y?=', 'Line Bcc: eve@x.y'),
            (b'=?utf-8?B?' + base64.b64encode(b'nul\x00inside') + b'?=', 'nulinside'),
            ('Grüße'.encode(), 'Grüße'),
            ('Grüße'.encode('cp1252'), 'Grüße'),
            (b'nul \x00 here', 'nul here'),
            (b'<script>alert(1)</script>{{ object.env }}', '<script>alert(1)</script>{{ object.env }}'),
            (b'x' * 5000, 'x' * 250),
        ):
            self.ticket(
                self.head().replace(b'Subject: Odd', b'Subject: ' + subject) + b'\r\nGood words', subject=expected
            )

    def test_nul_bytes(self):
        message = self.ticket(self.head(b'X-Odd: \x00\x01') + b'\r\nGood words\x00 and more')
        self.assertNotIn('\x00', message.body)

    def test_a14_senders(self):
        for sender in (
            b'undisclosed-recipients:;',
            b'Group: a@customer.test, b@customer.test;',
            b'<@relay.test:carla@customer.test>',
            b'(' * 3000 + b' carla@customer.test',
            b'=?utf-8?Q?Carla=0D=0A=00?= <carla@customer.test>',
            b'<>',
            b'nobody',
        ):
            row = self.take(self.head().replace(b'Carla <carla@customer.test>', sender) + b'\r\nGood words')
            self.assertEqual(row.outcome, 'new_ticket', sender)
            self.assertFalse(any(ord(char) < 32 for char in row.ticket_id.partner_name or ''))

    def test_many(self):
        parts = b''.join(b'--b\r\n\r\nGood words %d\r\n' % number for number in range(2000))
        message = self.ticket(self.head(b'Content-Type: multipart/mixed; boundary=b') + b'\r\n' + parts + b'--b--')
        self.assertIn('could not be shown in full', message.body)
        self.assertIn('original.eml', message.attachment_ids.mapped('name'))
        people = ', '.join(f'p{number}@many.test' for number in range(5000)).encode()
        self.ticket(self.head(b'Cc: ' + people) + b'\r\nGood words')

    def test_g16_wild_html(self):
        for html, words in (
            (b'<' * 200_000, ''),
            (b'<div>' * 20_000 + b'Good words', 'Good words'),
            (b'<blockquote>' * 300 + b'<p>Good words</p>' * 20_000, 'Good words'),
        ):
            self.ticket(self.head(b'Content-Type: text/html') + b'\r\n' + html, words=words)

    def test_g19_a17_hostile_html(self):
        message = self.ticket(self.head(b'Content-Type: text/html') + b'\r\n' + HOSTILE.encode())
        self.assertIn('More words', message.body)
        body = message.body.lower()
        self.assertEqual([word for word in UNSAFE if word in body], [])

    def test_a20_a21_attachment_names(self):
        for name, expected in (
            (b'filename="../../etc/passwd"', 'passwd'),
            (rb'filename="C:\\Win\\evil.exe"', 'evil.exe'),
            (b"filename*=utf-8''..%2Fname.txt", 'name.txt'),
            (b'filename="<img src=x>.txt"', '_img src=x_.txt'),
            (b'filename=""', 'attachment'),
        ):
            message = self.ticket(
                self.head(b'Content-Type: multipart/mixed; boundary=b') + b'\r\n--b\r\n\r\nGood words\r\n--b\r\n'
                b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; '
                + name
                + b'\r\n\r\ndata\r\n--b--'
            )
            self.assertEqual(message.attachment_ids.mapped('name'), [expected])

    def test_files_to_the_byte(self):
        files = {
            'latin.csv': ('text/csv', 'Größe;1\r\n'.encode('latin-1')),
            'page.html': ('text/html', b'<script>1</script>'),
            'broken.jpg': ('image/jpeg', b'\xff\xd8\xff\xe0 cut off'),
            'a.xml': ('text/xml', b'<?xml version="1.0"?><a/>'),
            'note.txt': ('text/plain', b'one\ntwo\r\nthree\x00'),
        }
        parts = b''.join(
            b'--b\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=%s\r\n'
            b'Content-Transfer-Encoding: base64\r\n\r\n%s\r\n'
            % (kind.encode(), name.encode(), base64.encodebytes(data))
            for name, (kind, data) in files.items()
        )
        message = self.ticket(
            self.head(b'Content-Type: multipart/mixed; boundary=b')
            + b'\r\n--b\r\n\r\nGood words\r\n'
            + parts
            + b'--b--'
        )
        self.assertEqual(
            {a.name: a.raw for a in message.attachment_ids}, {name: data for name, (_kind, data) in files.items()}
        )
        page = message.attachment_ids.filtered(lambda a: a.name == 'page.html')
        self.assertEqual(page.mimetype, 'text/plain', "a page from outside is never served as one")

    def test_inline_picture(self):
        png = base64.b64decode(
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
        )
        message = self.ticket(
            self.head(b'Content-Type: multipart/related; boundary=b') + b'\r\n--b\r\nContent-Type: text/html\r\n\r\n'
            b'<p>Good words<img src="cid:pic@1"></p>\r\n--b\r\nContent-Type: image/png\r\nContent-Id: <pic@1>\r\n'
            b'Content-Transfer-Encoding: base64\r\n\r\n' + base64.encodebytes(png) + b'\r\n--b--'
        )
        self.assertEqual(message.attachment_ids.raw, png)
        self.assertIn(f'/web/image/{message.attachment_ids.id}?access_token=', message.body)

    def test_g14_forward_as_attachment(self):
        message = self.ticket(
            self.head(b'Content-Type: multipart/mixed; boundary=b') + b'\r\n--b\r\n\r\nGood words\r\n--b\r\n'
            b'Content-Type: message/rfc822\r\n\r\nSubject: Inside\r\nContent-Type: text/html\r\n\r\n'
            b'<p>Inner words</p>\r\n--b--'
        )
        self.assertNotIn('Inner words', message.body)
        self.assertEqual(message.attachment_ids.mapped('name'), ['Inside.eml'])

    def test_g17_large_files_come_to_the_byte_and_belong_to_the_ticket(self):
        """Large files take another way into the database than small ones; nobody sees a difference."""
        data = bytes(range(256)) * 8192
        row = self.take(self.mail(files=[
            ('large.bin', 'application/octet-stream', data), ('small.txt', 'text/csv', b'x')]))
        message = self.message_of(row.ticket_id, message_type='email')
        self.assertEqual(
            sorted((file.name, file.raw, file.res_model, file.res_id) for file in message.attachment_ids),
            [(name, content, 'helpdesk.ticket', row.ticket_id.id)
             for name, content in (('large.bin', data), ('small.txt', b'x'))])

    def test_large_files_of_a_note_stay_inside(self):
        ticket = self.take(self.mail()).ticket_id
        data = b'y' * (2 << 20)
        note = ticket.with_user(self.agent).message_post(body='Look', subtype_xmlid='mail.mt_note')
        self.take(self.mail(
            'Re: it', sender=ANNA, In_Reply_To=note.message_id,
            files=[('secret.bin', 'application/octet-stream', data)]))
        message = self.message_of(ticket, message_type='email')
        self.assertTrue(message.subtype_id.internal)
        self.assertEqual(message.attachment_ids.mapped('res_model'), ['mail.message'])

    def test_a19_large_page_is_never_served_as_one(self):
        page = b'<html><script>alert(1)</script>' + b'<p>words</p>' * 200_000
        row = self.take(self.mail(files=[
            ('page.html', 'text/html', page), ('pic.svg', 'image/svg+xml', b'<svg>' + page)]))
        files = self.message_of(row.ticket_id, message_type='email').attachment_ids
        self.assertEqual({file.mimetype for file in files}, {'text/plain'})

    def test_a18_remote_images_wait_for_the_agent(self):
        html = b'<p>Good words <img src="http://a.test/l.png" alt="Logo"><img src="http://a.test/p" width="1"></p>'
        body = self.ticket(self.head(b'Content-Type: text/html') + b'\r\n' + html).body
        self.assertEqual(
            str(body), '<p>Good words <img alt="Logo" class="o_helpdesk_remote_image" title="http://a.test/l.png"></p>')

    def test_an_invitation_is_told_in_words(self):
        event = (b'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Visit <b>\r\nLOCATION:Prague\r\n'
                 b'DTSTART;TZID=Europe/Prague:20261130T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n')
        message = self.ticket(
            self.head(b'Content-Type: text/calendar; charset=utf-8') + b'\r\n' + event, words='Invitation: Visit')
        self.assertEqual(
            str(message.body), '<p><strong>Invitation: Visit &lt;b&gt;</strong><br>When: 2026-11-30 09:00 Europe/Prague'
            '<br>Where: Prague</p>')
        self.assertEqual([(file.name, file.raw) for file in message.attachment_ids], [('attachment.ics', event)])
