from email import message_from_bytes
from email.message import EmailMessage

from odoo.tests import tagged

from .common import ANNA, BOB, CARLA, SUPPORT, HelpdeskMailCommon

ORIGINAL = f"""---------- Forwarded message ---------
From: Carla Customer <{CARLA}>
Date: Mon, 23 Nov 2026 at 09:12
Subject: Drill smokes
To: <{ANNA}>

Hello, the drill smokes.
"""
AGENT = f'Anna <{ANNA}>'


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestForwarded(HelpdeskMailCommon):
    """What a colleague forwards is the ticket of who wrote it first; the colleague's words stay inside (N5)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)

    def forwarded(self, subject='Fwd: Drill smokes', body='SECRET: he always moans.\n\n' + ORIGINAL, **kwargs):
        return self.take(self.mail(subject, body, sender=AGENT, **kwargs))

    def messages(self, ticket):
        return ticket.message_ids.filtered(lambda message: message.message_type == 'email').sorted('id')

    def test_inline(self):
        row = self.forwarded(files=[('photo.png', 'image/png', b'\x89PNG')])
        ticket = row.ticket_id
        self.assertEqual((row.outcome, ticket.name, ticket.partner_id), ('new_ticket', 'Drill smokes', self.carla))
        self.assertIn(f'Forwarded by {ANNA}', row.reason)
        original, note = self.messages(ticket)
        self.assertEqual((original.author_id, original.subtype_id.internal, original.is_internal),
                         (self.carla, False, False))
        self.assertIn('Hello, the drill smokes.', original.body)
        self.assertNotIn('SECRET', original.body)
        self.assertEqual(original.attachment_ids.mapped('name'), ['photo.png'])
        self.assertEqual((note.author_id, note.subtype_id.internal, note.is_internal),
                         (self.agent.partner_id, True, True))
        self.assertIn('SECRET', note.body)
        self.assertIn('Forwarded by Anna', note.body)
        self.assertEqual(row.mail_message_id, original)
        self.assertFalse(ticket.acknowledgement)
        self.assertEqual([to for _subject, to in self.left() if CARLA in to], [], "she did not write to us")

    def test_the_colleague_answers_the_forwarded_mail_once_more(self):
        """An answer to the forwarding mail finds the ticket, as a note."""
        row = self.forwarded(message_id='<forward-1@house.test>')
        again = self.take(self.mail('Re: Fwd: Drill smokes', 'Forgot to say', sender=AGENT,
                                    In_Reply_To='<forward-1@house.test>'))
        self.assertEqual((again.outcome, again.ticket_id), ('follow_up', row.ticket_id))
        self.assertTrue(again.mail_message_id.is_internal)

    def attached(self, inner, subject='FW: see attached', **headers):
        mail = EmailMessage()
        mail['From'], mail['To'], mail['Subject'] = AGENT, SUPPORT, subject
        mail['Message-Id'] = f'<attached-{len(inner)}@house.test>'
        mail.set_content('SECRET words')
        mail.add_attachment(message_from_bytes(inner))
        mail.add_attachment(b'x', maintype='application', subtype='pdf', filename='ours.pdf')
        return self.take(mail.as_bytes())

    def test_as_attachment(self):
        inner = self.mail(
            'Drill smokes', 'plain', html='<p>Hello, <b>it smokes</b>.</p>', message_id='<first@c.test>', to=ANNA,
            files=[('photo.png', 'image/png', b'\x89PNG')], Date='Mon, 23 Nov 2026 09:12:00 +0100')
        row = self.attached(inner)
        self.assertEqual((row.ticket_id.name, row.ticket_id.partner_id), ('Drill smokes', self.carla))
        original, note = self.messages(row.ticket_id)
        self.assertEqual(original.body.strip(), '<p>Hello, <b>it smokes</b>.</p>')
        self.assertEqual((str(original.date), original.message_id), ('2026-11-23 08:12:00', '<first@c.test>'))
        self.assertEqual(original.attachment_ids.mapped('name'), ['photo.png'])
        self.assertIn('SECRET', note.body)
        self.assertEqual(note.attachment_ids.mapped('name'), ['ours.pdf'])
        answer = self.take(self.mail('Re: Drill smokes', 'More', In_Reply_To='<first@c.test>'))
        self.assertEqual((answer.outcome, answer.ticket_id), ('follow_up', row.ticket_id), "in the thread she began")

    def test_somebody_unknown(self):
        row = self.forwarded(body=ORIGINAL.replace(CARLA, 'new@else.test').replace('Carla Customer', 'Ned New'))
        self.assertEqual((row.ticket_id.partner_id, row.ticket_id.partner_email, row.ticket_id.partner_name),
                         (self.env['res.partner'], 'new@else.test', 'Ned New'))
        self.assertFalse(self.messages(row.ticket_id)[0].author_id)

    # ------------------------------------------------------------
    # refusals
    # ------------------------------------------------------------

    def test_a06_nobody_speaks_for_others_without_proof(self):
        """An agent's From line that nothing proves, and a customer: the ticket is of whoever sent the mail."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', False)
        row = self.forwarded()
        self.assertEqual(row.ticket_id.partner_id, self.agent.partner_id)
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)
        row = self.take(self.mail('Fwd: Drill smokes', ORIGINAL, sender=f'Bob <{BOB}>'))
        self.assertEqual(row.ticket_id.partner_id, self.bob)

    def test_what_is_no_forward_is_the_colleagues_own(self):
        for subject, body in (
                ('Drill smokes', 'mine'), ('Re: Drill smokes', ORIGINAL), ('Fwd: Drill', 'no header lines'),
                ('Fwd: own', ORIGINAL.replace(CARLA, ANNA)), ('Fwd: us', ORIGINAL.replace(CARLA, SUPPORT))):
            with self.subTest(subject=subject):
                row = self.take(self.mail(subject, body, sender=AGENT))
                self.assertEqual((row.outcome, row.ticket_id.partner_id), ('new_ticket', self.agent.partner_id))

    def test_the_ticket_it_names_outranks(self):
        """What names a ticket goes there as a note, forwarded or not."""
        ticket = self.take(self.mail('First')).ticket_id
        row = self.forwarded(subject=f'Fwd: [#{ticket.number}] Drill')
        self.assertEqual((row.ticket_id, row.mail_message_id.is_internal), (ticket, True))
