from datetime import UTC

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import plaintext2html

TEXT_LIMIT = 100_000


class HelpdeskChannelReference(models.Model):
    """By what name a service knows a message: what comes twice is known by it, what answers a message finds it, and
    what became of ours is told by it."""
    _name = 'helpdesk.channel.reference'
    _description = "Message Known to a Messenger Service"
    _order = 'id desc'
    _rec_name = 'service_id'

    channel_id = fields.Many2one('helpdesk.channel', required=True, readonly=True, ondelete='cascade')
    service_id = fields.Char(string="Known There As", required=True, readonly=True)
    person_id = fields.Many2one('helpdesk.channel.person', readonly=True, index='btree_not_null', ondelete='cascade')
    message_id = fields.Many2one('mail.message', readonly=True, index='btree_not_null', ondelete='set null')
    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True, index='btree_not_null', ondelete='set null')
    outgoing_id = fields.Many2one(
        'helpdesk.channel.message', readonly=True, index='btree_not_null', ondelete='cascade')
    part = fields.Integer(readonly=True)
    at = fields.Datetime(string="Written", readonly=True)
    text = fields.Text(readonly=True)
    former_text = fields.Text(readonly=True)
    file_ids = fields.One2many('helpdesk.channel.file', 'reference_id', readonly=True)

    _service_uniq = models.UniqueIndex("(channel_id, service_id)", "A message is known once on a channel.")

    @api.model
    def _find(self, channel, service_id):
        return self.search([('channel_id', '=', channel.id), ('service_id', '=', service_id)], limit=1)

    # ------------------------------------------------------------
    # a customer's message
    # ------------------------------------------------------------

    @api.model
    def _post(self, ticket, person, incoming):
        """Write a customer's message into ``ticket``, note its files to be fetched, and return its reference."""
        channel = person.channel_id
        at = channel._moment(incoming)
        reference = self.create({
            'channel_id': channel.id, 'service_id': incoming.service_id, 'person_id': person.id,
            'ticket_id': ticket.id, 'at': at, 'text': incoming.text[:TEXT_LIMIT]})
        self.env['helpdesk.channel.file']._note(reference, incoming.files)
        thread = ticket.with_context(
            helpdesk_message_at=at, mail_create_nosubscribe=True, mail_notify_force_send=False,
            mail_post_autofollow_author_skip=True)
        reference.message_id = thread.message_post(
            body=reference._body(), message_type='email', subtype_xmlid='mail.mt_comment', date=at,
            author_id=ticket.partner_id.id if ticket.partner_id == person.partner_id else False,
            email_from=person._sender_line(ticket))
        if not ticket.channel_person_id and ticket.partner_id in (person.partner_id, ticket.env['res.partner']):
            # what theirs was merged into: its customer is to be answered there
            ticket._write_facts({'channel_person_id': person.id})
        return reference

    def _body(self):
        """Return the message as it is shown: its words, what it said before, and what became of its files."""
        body = plaintext2html(self.text) if (self.text or '').strip() else Markup('')
        for file in self.file_ids.sorted('id'):
            if line := file._line():
                body += Markup('<p><em>%s</em></p>') % line
        if self.former_text:
            body += Markup('<blockquote><p><em>%s</em></p>%s</blockquote>') % (
                self.env._("Changed by the customer. Before:"), plaintext2html(self.former_text))
        return body or Markup('<p><em>%s</em></p>') % self.env._("(without words)")

    def _show(self):
        """Bring the message in line with its words and files."""
        message = self.message_id
        if message:
            message.body = self._body()

    def _reword(self, incoming):
        """The customer changed a message: it says so, and what it said before. What was answered already waits for an
        answer again."""
        at = self.channel_id._moment(incoming)
        text = incoming.text[:TEXT_LIMIT]
        if text == self.text or (self.at and incoming.at and at < self.at):  # older than what we have
            return
        self.write({'former_text': self.text, 'text': text, 'at': at})
        self._show()
        ticket = self.ticket_id
        if ticket and ticket.last_agent_message_at and at > ticket.last_agent_message_at:
            ticket.with_context(helpdesk_message_at=at)._note_message(self.message_id, 'customer')

    # ------------------------------------------------------------
    # a message of ours
    # ------------------------------------------------------------

    def _note_receipt(self, receipt):
        """Keep what became of (a part of) a message of ours: a message got there when its last part did."""
        outgoing = self.outgoing_id
        if receipt.state == 'failed':
            outgoing._note_failed_later(receipt.reason, self.part)
        elif self.part >= outgoing.part_count - 1:
            at = receipt.at and receipt.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
            outgoing._advance(receipt.state, at)
