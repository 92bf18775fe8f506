from email.message import EmailMessage

from odoo.addons.mail.tests.common import MailCommon, mail_new_test_user

SUPPORT = 'support@test.mycompany.com'
CARLA, BOB, EVE, ANNA = 'carla@customer.test', 'bob@customer.test', 'eve@stranger.test', 'anna@house.test'


class HelpdeskMailCommon(MailCommon):
    """A desk with one team, an agent, and a customer company of two people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number_of_mails = 0
        cls.env['helpdesk.team'].search([]).write({'notify_new': 'none'})
        cls.env['mail.alias'].search([('alias_name', '=', 'support')]).alias_name = False
        cls.team = cls.env['helpdesk.team'].create(
            {'name': 'Support', 'company_id': cls.company_admin.id, 'alias_name': 'support', 'notify_new': 'none'}
        )
        cls.agent = mail_new_test_user(
            cls.env,
            login='anna',
            name='Anna Agent',
            email=ANNA,
            groups='helpdesk_core.group_helpdesk_user',
            notification_type='email',
            company_id=cls.company_admin.id,
        )
        cls.leader = mail_new_test_user(
            cls.env,
            login='leo',
            name='Leo Leader',
            email='leo@house.test',
            groups='helpdesk_core.group_helpdesk_manager',
            notification_type='email',
            company_id=cls.company_admin.id,
        )
        cls.customer_company = cls.env['res.partner'].create({'name': 'Customer Ltd', 'is_company': True})
        cls.carla, cls.bob = cls.env['res.partner'].create(
            [
                {'name': 'Carla Customer', 'email': CARLA, 'parent_id': cls.customer_company.id},
                {'name': 'Bob', 'email': BOB, 'parent_id': cls.customer_company.id},
            ]
        )
        cls.intake = cls.env['helpdesk.mail.intake']

    @classmethod
    def mail(
        cls,
        subject='The printer burns',
        body='It burns since this morning.\n',
        sender=f'Carla Customer <{CARLA}>',
        to=SUPPORT,
        html=None,
        files=(),
        message_id=True,
        **headers,
    ):
        """Return the bytes of a mail; ``message_id`` False leaves it out; header names have _ for -."""
        cls.number_of_mails += 1
        mail = EmailMessage()
        mail['From'], mail['To'], mail['Subject'] = sender, to, subject
        if message_id:
            mail['Message-Id'] = (
                message_id if isinstance(message_id, str) else f'<mail-{cls.number_of_mails}@customer.test>'
            )
        for name, value in headers.items():
            mail[name.replace('_', '-')] = value
        mail.set_content(body)
        if html:
            mail.add_alternative(html, subtype='html')
        for name, kind, data in files:
            main, sub = kind.split('/')
            mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
        return mail.as_bytes()

    @classmethod
    def take(cls, raw, way='lmtp', envelope_from=None, envelope_to=(), **options):
        """Hand ``raw`` in as the receiver does; return its row of the ledger."""
        row_id, new = cls.intake._take_in(raw, way, envelope_from=envelope_from, envelope_to=envelope_to)
        if new:
            cls.intake._process_row(row_id, raw, options=options)
        cls.env.invalidate_all()
        return cls.intake.browse(row_id)

    def jobs(self):
        """Run what was woken: answers, then the mail queue."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_mail.ir_cron_send_answers').method_direct_trigger()
        self.env['mail.mail'].process_email_queue()

    def left(self):
        """Run the jobs and return what left since the last call: sorted (subject, recipients)."""
        self.jobs()
        found = sorted((mail['subject'], ', '.join(mail['email_to'])) for mail in self._mails)
        self.last_mails = list(self._mails)
        self._mails.clear()
        return found

    @classmethod
    def message_of(cls, ticket, **values):
        """Return the newest message of ``ticket`` with these values."""
        cls.env.invalidate_all()
        return next(
            message
            for message in ticket.message_ids.sorted('id', reverse=True)
            if all(message[name] == value for name, value in values.items())
        )

    @classmethod
    def public(cls, ticket, user=None, body='Unplug it.'):
        """Let an agent answer ``ticket``; return the message."""
        return ticket.with_user(user or cls.agent).message_post(
            body=body, message_type='comment', subtype_xmlid='mail.mt_comment'
        )
