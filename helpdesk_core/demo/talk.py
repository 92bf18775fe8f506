"""Writes what people and the system wrote on the tickets, as rows that core would have left behind."""
from markupsafe import Markup
from odoo import Command
from odoo.tools import SQL

from ..tools.subject import with_tag
from .records import EMAILS, FIELDS, LINKS
from .schedule import TRACKED

COMMENT, NOTE, STAGE = 'mail.mt_comment', 'mail.mt_note', 'helpdesk_core.mt_ticket_stage'
REFUSED = {'notification_status': 'bounce', 'failure_type': 'mail_bounce', 'failure_reason': "550 5.2.2 Mailbox full"}


class Talk:
    """The messages of all tickets. Nothing is sent: they are written as kept ones are."""

    def __init__(self, records, planned, tickets):
        self.env, self.records, self.planned, self.tickets = records.env, records, planned, tickets
        self.subtypes = {name: self.env.ref(name).id for name in (COMMENT, NOTE, STAGE)}
        self.messages = {}  # (place of the ticket, place of its act): message

    def acts(self):
        """Return (place of the ticket, place of its act, act), all in the order of time."""
        rows = ((act.at, place, order, act) for place, ticket in enumerate(self.planned)
                for order, act in enumerate(ticket.acts))
        return [row[1:] for row in sorted(rows, key=lambda row: row[:3])]

    def write_down(self):
        """Write all messages, those about tracked changes included, so that their ids follow their dates."""
        values, keys, files = [], [], self.attach()
        for place, order, act in self.acts():
            if act.kind in ('customer', 'agent', 'note', 'automatic'):
                values.append(self.message(place, order, act))
                values[-1]['attachment_ids'] = [Command.link(file.id) for file in files.get((place, order), ())]
                keys.append((place, order, False))
            if act.changes:
                values.append(self.tracking(place, act))
                keys.append((place, order, True))
        written = dict(zip(keys, self.env['mail.message'].create(values), strict=True))
        self.messages = {key[:2]: message for key, message in written.items() if not key[2]}
        self.write_changes((key, message) for key, message in written.items() if key[2])
        self.thread()
        self.notify()

    # -- single rows -------------------------------------------------------------

    def common(self, place, act, author):
        """Return what every message has."""
        team = self.records.ref('team', self.planned[place].team)
        return {
            'model': 'helpdesk.ticket', 'res_id': self.tickets[place].id, 'date': act.at, 'message_type': 'comment',
            'author_id': author.id, 'email_from': author.email_formatted, 'email_add_signature': False,
            'record_company_id': team.company_id.id, 'reply_to': f'"{team.name}" <{EMAILS[self.planned[place].team]}>',
        }

    def message(self, place, order, act):
        """Return the values of a message that somebody, or the system, wrote."""
        planned, ticket = self.planned[place], self.tickets[place]
        author = self.env['res.partner'] if act.kind == 'customer' else self.records.user(act.by).partner_id
        values = {
            **self.common(place, act, author), 'subtype_id': self.subtypes[NOTE if act.kind == 'note' else COMMENT],
            'body': Markup(act.body.replace('{number}', ticket.number)),
            'subject': with_tag(planned.subject, ticket.number),
        }
        if act.kind == 'customer':
            return values | self.from_customer(place, order)
        if act.kind == 'note':
            return values | {'is_internal': True, 'subject': False}
        if act.kind == 'automatic':
            values.update(message_type='auto_comment', email_from=values['reply_to'],
                          subject=with_tag(f'{act.about}: {planned.subject}', ticket.number))
        if planned.person.key:
            return values | {'partner_ids': [Command.link(int(planned.person.key))]}
        return values | {'outgoing_email_to': planned.person.email}

    def from_customer(self, place, order):
        """Return what is particular to a customer's message, by mail or on the portal."""
        planned, ticket, person = self.planned[place], self.tickets[place], self.planned[place].person
        values = {
            'author_id': int(person.key) if person.key else False,
            'email_from': f'"{person.name}" <{person.email}>' if person.name else person.email,
        }
        if planned.channel == 'portal' and person.login:
            return values
        return values | {
            'message_type': 'email', 'incoming_email_to': EMAILS[planned.team],
            'message_id': f'<{ticket.number.lower()}.{order}@{person.email.partition("@")[2]}>',
            'subject': f'Re: {with_tag(planned.subject, ticket.number)}' if order else planned.subject,
        }

    def tracking(self, place, act):
        """Return the values of the message that core leaves when tracked fields change."""
        told = 'stage' in act.values  # a stage moved by a message is told by that message
        return {
            **self.common(place, act, self.records.user(act.by).partner_id), 'message_type': 'notification', 'body': '',
            'subtype_id': self.subtypes[STAGE if told else NOTE], 'is_internal': 'stage' not in act.changes,
        }

    def write_changes(self, written):
        """Write what changed, for messages of :meth:`tracking`."""
        tracking, values = self.env['mail.tracking.value'], []
        info = self.env['helpdesk.ticket'].fields_get([FIELDS[name] for name in TRACKED])
        for (place, order, _changes), message in written:
            for name, change in self.planned[place].acts[order].changes.items():
                old, new = (self.records.ref(name, value) if value and name in LINKS else value for value in change)
                values.append({'mail_message_id': message.id, **tracking._create_tracking_values(
                    old, new, FIELDS[name], info[FIELDS[name]], self.tickets[place])})
        tracking.create(values)

    # -- around them ---------------------------------------------------------------

    def attach(self):
        """Make the files of messages and descriptions; return those of messages: {(ticket, act): attachments}."""
        rows, keys, made = [], [], {}
        for place, ticket in enumerate(self.planned):
            for order, files in [(None, ticket.files), *((order, act.files) for order, act in enumerate(ticket.acts))]:
                for name, content, mimetype in files:
                    rows.append({'name': name, 'raw': content, 'mimetype': mimetype, 'res_model': 'helpdesk.ticket',
                                 'res_id': self.tickets[place].id})
                    keys.append((place, order))
        for key, attachment in zip(keys, self.env['ir.attachment'].create(rows), strict=True):
            made.setdefault(key, []).append(attachment)
        return made

    def thread(self):
        """Let each message answer the first one of its ticket, as core does."""
        self.env.flush_all()
        self.env.cr.execute(SQL("""
            UPDATE mail_message m SET parent_id = first.id
              FROM (SELECT res_id, min(id) AS id FROM mail_message
                     WHERE model = 'helpdesk.ticket' AND res_id IN %s GROUP BY res_id) first
             WHERE m.model = 'helpdesk.ticket' AND m.res_id = first.res_id AND m.id != first.id
            """, tuple(ticket.id for ticket in self.tickets)))
        self.env['mail.message'].invalidate_model(['parent_id'])

    def notify(self):
        """Note that answers and confirmations were sent, as core does; a few were refused."""
        rows = []
        for (place, order), message in self.messages.items():
            person, act = self.planned[place].person, self.planned[place].acts[order]
            if act.kind in ('agent', 'automatic') and person.email:
                rows.append({
                    'mail_message_id': message.id, 'author_id': message.author_id.id, 'notification_type': 'email',
                    'notification_status': 'sent', 'is_read': True, 'read_date': act.at,
                    'res_partner_id': int(person.key) if person.key else False,
                    'mail_email_address': False if person.key else person.email,
                })
        for row in [row for row in rows if row['res_partner_id']][-40::25]:
            row.update(REFUSED)
        self.env['mail.notification'].create(rows)
