import contextlib
import itertools
from email.message import EmailMessage
from email.policy import SMTP

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.fields import Command

COMMENT, NOTE = 'mail.mt_comment', 'mail.mt_note'
_numbers = itertools.count(1)


class JourneyCommon(HelpdeskCommon):
    """The people of HelpdeskCommon, with brands and mail addresses for their teams, and mail that comes and goes.

    ``team`` is repairs@ of brand Alfa, ``team_private`` personnel@ of brand Beta (company A, members only), ``team_b``
    is repairs@ in company B's own domain.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', 0)  # answers leave at once
        brands = cls.env['helpdesk.brand']
        cls.alfa, cls.beta = (brands.create({
            'name': name, 'company_id': cls.company_a.id, 'sender_name': f'{name} Help',
            'sender_email': f'help@{name.lower()}.test', 'signature': f'<p>Yours, the people of {name}</p>',
        }) for name in ('Alfa', 'Beta'))
        cls.team.write({'alias_name': 'repairs', 'brand_id': cls.alfa.id})
        cls.team_private.write({'alias_name': 'personnel', 'brand_id': cls.beta.id, 'employee_requests': True})
        cls.team_b.alias_name = 'repairs'
        for user in cls.agent | cls.agent_2 | cls.agent_private | cls.leader | cls.employee:
            user.notification_type = 'email'

    # ------------------------------------------------------------
    # mail comes
    # ------------------------------------------------------------

    def mail(self, sender, to, subject, body="Words.", files=(), **headers):
        """Return a mail as bytes."""
        message = EmailMessage(policy=SMTP)
        given = {'From': sender, 'To': to, 'Subject': subject, 'Message-ID': f'<journey-{next(_numbers)}@outside.test>'}
        given.update({name.replace('_', '-'): value for name, value in headers.items()})
        for name, value in given.items():
            message[name] = value
        message.set_content(body)
        for name, data in files:
            message.add_attachment(data, maintype='application', subtype='octet-stream', filename=name)
        return message.as_bytes()

    def receive(self, *args, **kwargs):
        """Let a mail come in by Odoo's gateway; return its row in the ledger."""
        self.env['mail.thread'].message_process(None, self.mail(*args, **kwargs))
        self.flush_tracking()
        return self.env['helpdesk.mail.intake'].search([], order='id desc', limit=1)

    def reply(self, sent, sender, body, **headers):
        """Let the answer to a mail that was sent come in, as a mail program writes it."""
        return self.receive(
            sender, sent['reply_to'], f"Re: {sent['subject']}", body, In_Reply_To=sent['message_id'],
            References=f"{sent['references'] or ''} {sent['message_id']}".strip(), **headers)

    # ------------------------------------------------------------
    # mail goes
    # ------------------------------------------------------------

    def sent(self, work):
        """Do ``work``, let the jobs run that it woke, and return the mails that left for it, as the mock's dicts."""
        with self.mock_mail_gateway():
            result = work()
            self.flush_tracking()
            self.run_job('helpdesk_mail.ir_cron_send_answers')
            self.run_job('helpdesk_core.ir_cron_tell_teams')
            self.env['mail.mail'].sudo().search([('state', '=', 'outgoing')]).send()
            mails = [dict(mail) for mail in self._mails]
        self.result = result
        return mails

    def run_job(self, xmlid):
        """Run a scheduled job as the scheduler does."""
        with contextlib.nullcontext() if self._registry_patched else self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()

    def assertLeft(self, mails, *expected):
        """Exactly these mails left: (subject, recipient) of each."""
        found = sorted((mail['subject'], ', '.join(mail['email_to'])) for mail in mails)
        self.assertEqual(found, sorted(expected))

    def mail_to(self, mails, address):
        """Return the only mail to an address."""
        [mail] = [mail for mail in mails if address in ', '.join(mail['email_to'])]
        return mail

    def request(self, team=None, sender='Carla Customer <carla@acme.test>', subject="Drill is silent", **kwargs):
        """A customer's mail to a team: return its ticket, and the mails that left."""
        address = (team or self.team).alias_email
        mails = self.sent(lambda: self.receive(sender, address, subject, **kwargs))
        self.assertEqual(self.result.outcome, 'new_ticket', self.result.reason)
        return self.result.ticket_id, mails

    def members(self, team, *users):
        """Replace the members of a team."""
        team.member_ids = [Command.clear(), *[Command.create({'user_id': user.id}) for user in users]]
