from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

# what is asked, of whom (name, address), and their answer after so many hours (None: they have not answered)
SIDE_TALKS = (
    ("Spare motor for a site vacuum", ("Motorenwerk Lindner", 'service@lindner-motoren.example.net'),
     "<p>Hello, do you still have this motor, and by when could it be here?</p>",
     "<p>Good morning, two are on the shelf. They can leave today and are with you on Thursday.</p>", 20),
    ("Parcel that does not arrive", ("Parcel desk", 'claims@parcels.example.net'),
     "<p>Hello, please look where this parcel is. The customer waits for it since Monday.</p>", None, None),
)


class HelpdeskDemo(models.AbstractModel):
    """Side conversations with suppliers, on demo tickets that wait for a third party."""

    _inherit = 'helpdesk.demo'

    @api.model
    def _load_side_threads(self):
        """Write them, once; called by the demo file. Nothing is sent."""
        tickets = self._demo_tickets().filtered(
            lambda ticket: ticket.status == 'waiting_third_party' and ticket.user_id and ticket.active)
        if not tickets or tickets.side_thread_ids:
            return
        for ticket, talk in zip(tickets.sorted('id', reverse=True), SIDE_TALKS, strict=False):
            self._write_side_thread(ticket, *talk)

    def _write_side_thread(self, ticket, subject, person, question, answer, hours):
        asked_at = ticket.stage_changed_at or ticket.create_date
        partner = self.env['res.partner'].create({'name': person[0], 'email': person[1], 'is_company': True})
        thread = self.env['helpdesk.side.thread'].with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True).create({
                'ticket_id': ticket.id, 'name': subject, 'partner_ids': [Command.set(partner.ids)],
                'user_id': ticket.user_id.id, 'last_sent_at': asked_at})
        author = ticket.user_id.partner_id
        self._write_side_message(thread, author, ticket._get_sender(author), question, asked_at, 'mail.mt_comment')
        rows = [{'kind': 'forwarded', 'at': asked_at, 'user_id': ticket.user_id.id, 'author_id': author.id}]
        if answer:
            at = asked_at + timedelta(hours=hours)
            message = self._write_side_message(thread, partner, partner.email_formatted, answer, at, 'mail.mt_note')
            thread.write({'state': 'answered', 'last_answer_at': at, 'last_words': message.preview})
            rows.append({'kind': 'side_reply', 'at': at, 'user_id': False, 'author_id': partner.id})
        ticket._log_events([{
            **row, 'ticket_id': ticket.id, 'new': partner.name, 'detail': {'side_thread_id': thread.id}}
            for row in rows])

    def _write_side_message(self, thread, author, email_from, body, at, subtype_xmlid):
        internal = subtype_xmlid == 'mail.mt_note'
        return self.env['mail.message'].create({
            'model': thread._name, 'res_id': thread.id, 'author_id': author.id, 'email_from': email_from, 'body': body,
            'date': at, 'subject': thread.name, 'subtype_id': self.env.ref(subtype_xmlid).id, 'is_internal': internal,
            'message_type': 'email' if internal else 'comment'})
