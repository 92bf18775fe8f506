from odoo.tools import mute_logger

from ..tools import signature
from .common import HelpdeskMailCommon

SAM, SUE, EXTRA = 'sam@supplier.test', 'sue@supplier.test', 'parts@warehouse.test'


class SideThreadCommon(HelpdeskMailCommon):
    """A ticket of Carla's that Anna, its assignee, forwards to Sam of the supplier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env['helpdesk.stage']
        if not cls.team._stage_for('waiting_third_party'):
            cls.team.stage_ids |= stages.create({'name': 'At the supplier', 'status': 'waiting_third_party'})
        cls.supplier = cls.env['res.partner'].create({'name': 'Supplier Ltd', 'is_company': True})
        cls.sam = cls.env['res.partner'].create(
            {'name': 'Sam Supplier', 'email': SAM, 'parent_id': cls.supplier.id, 'lang': 'en_US'})

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.ticket = self.take(self.mail(files=[('photo.pdf', 'application/pdf', b'smoke')])).ticket_id
        self.ticket.user_id = self.agent
        self.left()

    def forward(self, body='<p>Can you repair it?</p>', **values):
        """Forward the ticket as Anna; return the side thread."""
        values = {'subject': 'Repair', 'partner_ids': self.sam.ids, **values}
        return self.ticket.with_user(self.agent).forward(body=body, **values)

    def sent_to(self, address):
        """Return the mails that left for ``address`` since the last call."""
        self.left()
        return [mail for mail in self.last_mails if any(address in to for to in mail['email_to'])]

    def answer(self, sent, sender=SAM, body='We come on Monday.\n', **headers):
        """Let the answer to a mail that was sent come in, as a mail program writes it; return its ledger row."""
        with mute_logger('odoo.addons.mail.models.mail_thread'):
            return self.take(self.mail(
                f"Re: {sent['subject']}", body, sender=sender, **{
                    'to': sent['reply_to'], 'In_Reply_To': sent['message_id'],
                    'References': f"{sent['references'] or ''} {sent['message_id']}".strip(), **headers}))

    def side_token(self, thread):
        return signature.side_token(self.intake._signing_secret(), thread.id)

    def public_words(self):
        """Return all that the customer could read of the ticket: its public messages' words."""
        self.env.invalidate_all()
        return ' '.join(str(message.body) for message in self.ticket.message_ids
                        if not message.is_internal and message.subtype_id and not message.subtype_id.internal)
