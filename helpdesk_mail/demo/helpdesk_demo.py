from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from odoo import api, models
from odoo.tools import SQL, html2plaintext
from pytz import utc

from ..tools import mail_kind

# subject, sender, header that says what wrote it: mails of machines, which make no tickets
MACHINES = (
    ("Weekly report: 14 parcels delivered", 'reports@parcels.example.net', ('Auto-Submitted', 'auto-generated')),
    ("Out of office: trade fair until Friday", 'office@alpenwerk.example.com', ('Auto-Submitted', 'auto-replied')),
    ("Your invoice portal: new document", 'noreply@portal.example.org', ('Precedence', 'bulk')),
    ("Newsletter: fasteners and fittings", 'news@fittings.example.net', ('Precedence', 'list')),
    ("[Monitoring] all checks green", 'monitor@example.org', ('Auto-Submitted', 'auto-generated')),
)
STRANGERS = (("Looking for a job as a welder", 'h.lorne@example.net'), ("Lost parcel 3-4471", 'post@example.org'))
ANSWERS_US = "It answers one of our mails, and the sender belongs to the ticket."
NOT_FOR_US = "No address of ours is among the recipients, and it answers none of our mails."


class HelpdeskDemo(models.AbstractModel):
    """The ledger of the mails that the demo tickets came by, and the automatic mails that left."""

    _inherit = 'helpdesk.demo'

    @api.model
    def _load_mail(self):
        """Write the ledger, once; called by the demo file."""
        tickets = self._demo_tickets()
        if not tickets or self.env['helpdesk.mail.intake'].search_count([('ticket_id', 'in', tickets.ids)], limit=1):
            return
        messages = self.env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', 'in', tickets.ids)], order='id')
        self._write_ledger(messages)
        self._write_answers(tickets, messages.filtered(lambda message: message.message_type == 'auto_comment'))

    def _demo_tickets(self):
        rows = self.env['ir.model.data'].search(
            [('module', '=', 'helpdesk_core'), ('name', '=like', 'helpdesk_demo_ticket_%')])
        return self.env['helpdesk.ticket'].with_context(active_test=False).browse(rows.mapped('res_id')).exists()

    # ------------------------------------------------------------
    # received
    # ------------------------------------------------------------

    def _write_ledger(self, messages):
        """Write a row for every mail among ``messages``, and for some that made no ticket."""
        rows, seen = [], set()
        mails = messages.filtered(lambda message: message.message_type == 'email')
        for message in mails:
            ticket = self.env['helpdesk.ticket'].browse(message.res_id)
            first = ticket.id not in seen and ticket.channel == 'email'
            seen.add(ticket.id)
            rows.append(self._row(self._original(message, first), message.date, {
                'outcome': 'new_ticket' if first else 'follow_up', 'kind': mail_kind.GENUINE, 'ticket_id': ticket.id,
                'mail_message_id': message.id, 'team_id': ticket.team_id.id, 'company_id': ticket.company_id.id,
                'reason': False if first else ANSWERS_US,
            }))
        rows += self._rows_without_ticket(mails[-1:].date)
        rows.sort(key=lambda row: row['received_at'])
        raws = [row.pop('raw') for row in rows]
        file = {'name': 'mail.eml', 'mimetype': 'message/rfc822', 'res_model': 'helpdesk.mail.intake'}
        files = self.env['ir.attachment'].create([{**file, 'raw': raw} for raw in raws])
        ledger = self.env['helpdesk.mail.intake'].create(
            [{**row, 'raw_id': file.id} for row, file in zip(rows, files, strict=True)])
        for row, file in zip(ledger, files, strict=True):
            file.res_id = row.id
        self._date(ledger, 'received_at')
        self._date(files, None, SQL(
            "SELECT raw_id AS id, received_at AS at FROM helpdesk_mail_intake WHERE id IN %s", tuple(ledger.ids)))

    def _rows_without_ticket(self, last):
        """Return rows of machines' mails and of mails to nobody of ours, over the weeks before ``last``."""
        rows = []
        for index in range(3 * len(MACHINES)):
            subject, sender, (name, value) = MACHINES[index % len(MACHINES)]
            at = last - timedelta(days=5 * index + 1, hours=3 * index % 11, minutes=17 * index % 60)
            mail = self._mail(subject, sender, at, f'<{index}.machine@{sender.split("@")[1]}>', {name: value})
            rows.append(self._row(mail, at, {
                'outcome': 'auto_reply', 'kind': mail_kind.AUTO_GENERATED, 'kind_reason': f'{name}: {value}',
                'reason': f"Written by a machine ({name}: {value}); it answers no ticket.",
            }))
        for index, (subject, sender) in enumerate(STRANGERS):
            at = last - timedelta(days=9 + 20 * index)
            message_id = f'<{index}.stranger@{sender.split("@")[1]}>'
            mail = self._mail(subject, sender, at, message_id, {}, to='info@example.com')
            rows.append(self._row(mail, at, {'outcome': 'refused', 'kind': mail_kind.GENUINE, 'reason': NOT_FOR_US}))
        return rows

    def _row(self, mail, at, values):
        """Return the values of a row of the ledger for ``mail``, received at ``at``."""
        raw, received = mail.as_bytes(), at + timedelta(seconds=2)
        described = self.env['helpdesk.mail.intake']._describe(raw, None, ())
        return {
            **{name: value for name, value in described.items() if not name.startswith(('create_', 'write_'))},
            'received_at': received, 'processed_at': received + timedelta(seconds=1), 'way': 'smtp', 'raw': raw,
            **values,
        }

    def _original(self, message, first):
        """Return the mail that ``message`` was made of."""
        mail = self._mail(
            message.subject, message.email_from, message.date, message.message_id, {}, to=message.incoming_email_to,
            text=html2plaintext(message.body))
        if not first and message.parent_id.message_id:
            mail['In-Reply-To'] = message.parent_id.message_id
        for file in message.attachment_ids:
            maintype, _sep, subtype = file.mimetype.partition('/')
            mail.add_attachment(file.raw, maintype=maintype, subtype=subtype, filename=file.name)
        return mail

    def _mail(self, subject, sender, at, message_id, headers, to='support@example.com', text="See the document."):
        mail = EmailMessage()
        for name, value in {'Subject': subject, 'From': sender, 'To': to, 'Date': format_datetime(utc.localize(at)),
                            'Message-Id': message_id, **headers}.items():
            mail[name] = value
        mail.set_content(text)
        return mail

    # ------------------------------------------------------------
    # sent
    # ------------------------------------------------------------

    def _write_answers(self, tickets, messages):
        """Count the automatic mails as sent, so that nothing waits to be sent again."""
        rows, state = [], {}
        for message in messages:
            ticket = self.env['helpdesk.ticket'].browse(message.res_id)
            kind = 'solved' if message.subject.startswith(f'[#{ticket.number}] Solved') else 'acknowledgement'
            state.setdefault(ticket.id, {})['solved_mail' if kind == 'solved' else kind] = 'sent'
            rows.append({'ticket_id': ticket.id, 'kind': kind, 'email': ticket.partner_email, 'sent_at': message.date,
                         'mail_message_id': message.id})
        self.env['helpdesk.mail.answer'].create(rows)
        dates = {ticket.id: ticket.write_date for ticket in tickets}
        for ticket in tickets:
            sent = {'acknowledgement': False, 'solved_mail': False, **state.get(ticket.id, {})}
            if ticket.status not in ('solved', 'closed'):
                sent['solved_mail'] = False
            ticket._write_facts(sent)
        self._date(tickets, None, SQL("SELECT * FROM (VALUES %s) AS v(id, at)", SQL(", ").join(
            SQL("(%s, %s::timestamp)", *row) for row in dates.items())), create=False)

    def _date(self, records, name, source=None, create=True):
        """Set the ORM's dates of ``records`` from their field ``name``, or from a query of (id, at)."""
        self.env.flush_all()
        table = SQL.identifier(records._table)
        source = source or SQL("SELECT id, %s AS at FROM %s", SQL.identifier(name), table)
        self.env.cr.execute(SQL(
            "UPDATE %s r SET %s write_date = s.at FROM (%s) s WHERE r.id = s.id AND r.id IN %s",
            table, SQL("create_date = s.at,") if create else SQL(), source, tuple(records.ids)))
        records.invalidate_recordset()
