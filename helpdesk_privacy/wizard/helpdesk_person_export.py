import io
import json
import re
import tempfile
import zipfile

from odoo import fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_routing import TYPED_CHANNELS
from odoo.fields import Domain

UNSAFE = re.compile(r'[^\w. -]')
IN_MEMORY = 8 << 20  # bytes of an archive; larger ones are written to a temporary file


class HelpdeskPersonExport(models.AbstractModel):
    """One archive with all that is kept of a person: JSON, files, original mails (D21). Notes of the house, other
    customers' words and side conversations are not theirs and stay inside (promise 2)."""
    _name = 'helpdesk.person.export.mixin'
    _description = "Data of a Person: Export"

    def _archive(self):
        """Return the archive (ZIP) as an open file, at its beginning."""
        person, engine = self._person(), self._engine()
        own, others = self._exported_tickets(person)
        files = []
        data, more = engine._exported(person)
        files += more
        data = {
            'exported_at': fields.Datetime.to_string(fields.Datetime.now()),
            'person': {'names': person.names, 'emails': person.emails, 'phones': person.phones},
            'tickets': [self._exported_ticket(ticket, person, True, files) for ticket in own],
            'other_tickets': [self._exported_ticket(ticket, person, False, files) for ticket in others],
            **data}
        out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the caller reads and closes it)
        with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('data.json', json.dumps(data, indent=2, ensure_ascii=False))
            for path, file in files:
                with archive.open(path, 'w', force_zip64=True) as member:
                    member.write(file.with_context(bin_size=False).raw or b'')
                file.invalidate_recordset()
        out.seek(0, io.SEEK_SET)
        return out

    def _exported_tickets(self, person):
        """Return (own tickets, others' tickets with words of the person), in sudo; also what is on legal hold."""
        engine = self._engine()
        tickets = engine.env['helpdesk.ticket'].with_context(active_test=False)
        companies = Domain('company_id', 'in', self.env.companies.ids)
        own = tickets.search(engine._own_tickets(person) & companies, order='id')
        ids = list(engine._other_ticket_ids(person) - set(own.ids))
        return own, tickets.search(Domain('id', 'in', ids) & companies, order='id')

    def _exported_ticket(self, ticket, person, own, files):
        ratings = ticket.rating_ids.filtered(lambda rating: rating.consumed and rating.partner_id.id
                                             in person.partner_ids)
        data = {
            'number': ticket.number, 'messages': self._exported_messages(ticket, person, own, files),
            'ratings': [{'rating': rating.rating, 'feedback': rating.feedback or None} for rating in ratings]}
        if own:
            data.update(
                subject=ticket.name, team=ticket.team_id.name, stage=ticket.stage_id.name, channel=ticket.channel,
                # what one of us typed, such as the notes of a call, is a note
                description=None if ticket.channel in TYPED_CHANNELS else str(ticket.description or '') or None,
                created_at=fields.Datetime.to_string(ticket.create_date),
                solved_at=fields.Datetime.to_string(ticket.solved_at) or None,
                name=ticket.partner_name or None, email=ticket.partner_email or None,
                phone=ticket.partner_phone or None, properties=self._exported_properties(ticket))
        return data

    def _exported_properties(self, ticket):
        [row] = ticket.read(['ticket_properties'])
        return {one['string']: one['value'] for one in row['ticket_properties'] or () if one.get('value')}

    def _exported_messages(self, ticket, person, own, files):
        """What the person wrote, and on their own tickets what was sent to them."""
        found = []
        for message in ticket.message_ids.sorted('id'):
            mine = message.author_id.id in person.partner_ids or person.is_in(message.email_from)
            # no author: a mail of somebody we do not know, who is not the person
            sent = own and not message.is_internal and not message.subtype_id.internal and message.subtype_id and (
                message.author_id and not message.author_id.partner_share)
            if not (mine or sent):
                continue
            names = []
            for file in message.attachment_ids:
                path = f"files/{ticket.number}/{file.id}-{UNSAFE.sub('_', file.name)[-80:]}"
                files.append((path, file))
                names.append(path)
            found.append({
                'date': fields.Datetime.to_string(message.date), 'by_person': mine,
                'from': message.email_from or message.author_id.name, 'subject': message.subject or None,
                'body': str(message.body or ''), 'files': names})
        return found
