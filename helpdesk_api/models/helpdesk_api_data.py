import base64
from email.utils import parseaddr

from odoo import models
from odoo.tools import SQL, email_normalize
from odoo.tools.mail import html2plaintext

from ..tools.contract import PRIORITIES

PRIORITY_NAMES = {stored: name for name, stored in PRIORITIES.items()}
MACHINES = ('auto_comment', 'out_of_office')
TIMES = ('assigned_at', 'first_response_at', 'last_customer_message_at', 'last_agent_message_at', 'unanswered_since',
         'solved_at', 'closed_at', 'deadline', 'frozen_until')


def utc(moment):
    """Return a naive UTC time as the contract writes it; None for none."""
    return moment.isoformat(timespec='seconds') + 'Z' if moment else None


def named(record):
    """Return {'id', 'name'} of one record; None for none.

    What a ticket names is shown with it, as in a form, also where the reader may not open it.
    """
    return {'id': record.id, 'name': record.sudo().display_name or ''} if record else None  # sudo: as just said


class HelpdeskApiDataMixin(models.AbstractModel):
    """How tickets, messages and files look from outside: what the schemas of the contract say."""
    _name = 'helpdesk.api.data.mixin'
    _description = "Helpdesk API: Data"

    def _tickets_data(self, tickets):
        """Return the data of ``tickets``, which the user may read, in their order."""
        external = self.env['helpdesk.api.reference']._of_tickets(tickets)
        return [{**self._ticket_data(ticket), 'external_id': external.get(ticket.id)} for ticket in tickets]

    def _ticket_data(self, ticket):
        """Return one ticket as a dictionary; modules add what they know of it."""
        return {
            'id': ticket.id,
            'number': ticket.number or '',
            'subject': ticket.name,
            'status': ticket.status,
            'stage': named(ticket.stage_id),
            'team': named(ticket.team_id),
            'company': named(ticket.company_id),
            'type': named(ticket.type_id),
            'category': named(ticket.category_id),
            'priority': PRIORITY_NAMES[ticket.priority],
            'tags': ticket.tag_ids.mapped('name'),
            'channel': ticket.channel,
            'customer': self._customer_data(ticket),
            'assignee': named(ticket.user_id),
            'sla': self._sla_data(ticket),
            'created_at': utc(ticket.create_date),
            **{name: utc(ticket[name]) for name in TIMES},
            'reopen_count': ticket.reopen_count,
            'merged_into': self._ticket_link(ticket.merged_into_id),
            'archived': not ticket.active,
        }

    def _customer_data(self, ticket):
        company = ticket.commercial_partner_id
        return {
            'id': ticket.partner_id.id or None,
            'name': ticket.partner_name or None,
            'email': ticket.partner_email or None,
            'phone': ticket.partner_phone or None,
            'company': named(company) if company != ticket.partner_id else None,
        }

    def _sla_data(self, ticket):
        """What was promised, where a module keeps promises: state and time, nothing of how they are kept (C20)."""
        if 'sla_state' not in ticket._fields:
            return None
        return {'state': ticket.sla_state or 'none', 'due_at': utc(ticket.sla_due_at)}

    def _ticket_link(self, ticket):
        return {'id': ticket.id, 'number': ticket.sudo().number or ''} if ticket else None  # sudo: no secret

    def _messages_data(self, messages):
        """Return the data of ``messages`` of one ticket, which the user may read."""
        ours = self._our_addresses(messages)
        return [{
            'id': message.id,
            'at': utc(message.date),
            'public': self._is_public(message),
            'automatic': message.message_type in MACHINES,
            'author': self._author_data(message, ours),
            'html': str(message.body or ''),
            'text': html2plaintext(message.body or '').strip(),
            'attachments': self._files_data(message.attachment_ids),
        } for message in messages]

    def _author_data(self, message, ours):
        author, address = message.author_id, email_normalize(message.email_from) or message.email_from or None
        if author:
            return {'id': author.id, 'name': named(author)['name'], 'email': address}
        name = parseaddr(message.email_from or '')[0]
        # who writes by a messenger has no address: ours stands for it, for the sake of notices to colleagues
        return {'id': None, 'name': name or None, 'email': None if address in ours else address}

    def _our_addresses(self, messages):
        """Return those of the addresses of authors who are no contact that are the house's own."""
        nameless = messages.filtered(lambda message: not message.author_id and message.model == 'helpdesk.ticket')
        addresses = list(filter(None, map(email_normalize, nameless.mapped('email_from'))))
        # sudo: which addresses are our own
        return addresses and self.env['helpdesk.ticket'].browse(nameless[0].res_id).sudo()._our_keys(addresses)

    def _is_public(self, message):
        return bool(message.subtype_id) and not message.subtype_id.internal and not message.is_internal

    def _files_data(self, files):
        # sudo: name and size of what hangs on a message or ticket that the user reads
        return [{'id': file.id, 'name': file.name, 'mimetype': file.mimetype or 'application/octet-stream',
                 'size': file.file_size} for file in files.sudo()]

    def _file_content(self, file):
        return base64.b64encode(file.raw or b'').decode()

    def _events_data(self, event_ids):
        """Return the data of events that the user may read (found out before), in their order.

        As plain rows of one query: a page has hundreds of them.
        """
        rows = {row['id']: row for row in self.env.execute_query_dict(SQL(
            "SELECT event.id, event.at, event.kind, event.ticket_id, ticket.number, event.user_id, event.message_id,"
            " event.old, event.new, event.detail FROM helpdesk_ticket_event event"
            " LEFT JOIN helpdesk_ticket ticket ON ticket.id = event.ticket_id WHERE event.id = ANY(%s)", event_ids))}
        user_ids = {row['user_id'] for row in rows.values()} - {None}
        users = {user.id: named(user) for user in self.env['res.users'].browse(user_ids)}
        return [self._event_data(rows[event_id], users) for event_id in event_ids]

    def _event_data(self, row, users):
        return {
            'id': row['id'],
            'at': utc(row['at']),
            'kind': row['kind'],
            'ticket': {'id': row['ticket_id'], 'number': row['number'] or ''} if row['ticket_id'] else None,
            'user': users.get(row['user_id']),
            'message_id': row['message_id'],
            'old': row['old'] or None,
            'new': row['new'] or None,
            'detail': row['detail'] or None,
        }
