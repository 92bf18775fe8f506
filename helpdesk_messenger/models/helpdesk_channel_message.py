from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.adapter import Sent

STATES = [
    ('queued', "Waiting"), ('sent', "Sent"), ('delivered', "Delivered"), ('read', "Read"), ('failed', "Not Delivered"),
    ('unclear', "Unclear")]
# what comes later than what
RANKS = {'queued': 0, 'failed': 0, 'unclear': 0, 'sent': 1, 'delivered': 2, 'read': 3}


class HelpdeskChannelMessage(models.Model):
    """An answer on its way to a customer by a messenger; afterwards, how it went."""
    _name = 'helpdesk.channel.message'
    _inherit = ['helpdesk.channel.message.sending.mixin', 'helpdesk.export.mixin']
    _description = "Answer by Messenger"
    _order = 'id desc'
    _rec_name = 'ticket_id'

    channel_id = fields.Many2one('helpdesk.channel', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='channel_id.company_id', store=True, precompute=True)
    person_id = fields.Many2one(
        'helpdesk.channel.person', string="To", required=True, readonly=True, index=True, ondelete='cascade')
    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True, index='btree_not_null', ondelete='cascade')
    mail_message_id = fields.Many2one(
        'mail.message', string="Answer", required=True, readonly=True, index=True, ondelete='cascade')
    author_id = fields.Many2one(related='mail_message_id.author_id', string="By")
    state = fields.Selection(STATES, required=True, readonly=True, default='queued')
    reason = fields.Char(string="Why Not", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_at = fields.Datetime(string="Next Attempt", readonly=True)
    sent_at = fields.Datetime(string="Sent", readonly=True)
    delivered_at = fields.Datetime(string="Delivered", readonly=True)
    read_at = fields.Datetime(string="Read", readonly=True)
    parts_sent = fields.Integer(readonly=True)
    part_count = fields.Integer(readonly=True, default=1)
    template_id = fields.Many2one(
        'helpdesk.channel.template', readonly=True, index='btree_not_null', ondelete='set null')
    template_told = fields.Json(readonly=True)
    asks_rating = fields.Boolean(readonly=True)
    sms_uuid = fields.Char(readonly=True, index='btree_not_null')

    _due_idx = models.Index("(next_at, id) WHERE state = 'queued'")
    _order_idx = models.Index("(person_id, id) WHERE state = 'queued'")
    _state_idx = models.Index("(channel_id, state) WHERE state IN ('queued', 'failed', 'unclear')")

    @api.model
    def _queue(self, ticket, message):
        """Have ``message``, an agent's answer on ``ticket``, sent to the customer by their messenger."""
        person, template = ticket.channel_person_id, ticket._template_answer()
        queued = self.create({
            'channel_id': person.channel_id.id, 'person_id': person.id, 'ticket_id': ticket.id,
            'mail_message_id': message.id, 'next_at': self._now(),
            'asks_rating': ticket._is_being_solved() and not template and person.channel_id.kind != 'sms',
            'template_id': template and template.template_id, 'template_told': template and template.told})
        self._wake()
        return queued

    def _advance(self, state, at=None):
        """Go on to ``state``, never back: what services tell comes in any order."""
        if RANKS[state] <= RANKS[self.state]:
            return
        at = at or self._now()
        names = ('sent_at', 'delivered_at', 'read_at')[:RANKS[state]]
        self.write({'state': state, 'reason': False, 'next_at': False,
                    **{name: at for name in names if not self[name]}})
        self._show()

    def _note_failed_later(self, reason, part):
        """The service took the message and could not deliver it after all."""
        if self.state in ('delivered', 'read'):
            return
        self.write({'parts_sent': min(self.parts_sent, part)})
        self._fail(reason or self.env._("The service could not deliver it."))

    def _fail(self, reason):
        """Nobody tries any more: the author is told, and what they can do."""
        self.write({'state': 'failed', 'reason': reason, 'next_at': False})
        self._show()
        ticket, author = self.ticket_id, self._author_to_tell()
        if author:
            by_mail = self.env._("You can send it again, or have answers sent by mail instead.") if (
                ticket.partner_email) else self.env._("You can send it again, or reach the customer another way.")
            ticket.message_notify(
                partner_ids=author.ids, subject=self.env._("Not delivered: your answer on %s", ticket.display_name),
                body=self.env._(
                    "%(channel)s did not bring your answer to %(name)s. %(reason)s %(next)s",
                    channel=self.channel_id.name, name=self.person_id.display_name, reason=reason, next=by_mail))

    def _author_to_tell(self):
        """Return the agent (contact) who is told what became of it; nobody where it was a machine."""
        author = self.mail_message_id.author_id
        return author if self.ticket_id and author and author._is_helpdesk_agent() else author.browse()

    # ------------------------------------------------------------
    # nobody knows whether it was taken
    # ------------------------------------------------------------

    def _leave_unclear(self, reason):
        """The connection broke when the message had left: sending it again by itself might bring it twice."""
        reason = self.env._(
            "%s Perhaps the customer has it all the same. Look before you send it again.", reason)
        self.write({'state': 'unclear', 'reason': reason, 'next_at': False})
        self._show()
        if author := self._author_to_tell():
            self.ticket_id.message_notify(
                partner_ids=author.ids,
                subject=self.env._("Did it arrive? Your answer on %s", self.ticket_id.display_name),
                body=self.env._(
                    "%(channel)s did not say whether it took your answer to %(name)s. %(reason)s Under Reporting → "
                    "Answers by Messenger, say that it arrived, or send it again.",
                    channel=self.channel_id.name, name=self.person_id.display_name, reason=reason))

    def _settle(self, service_id=''):
        """The part that was in doubt arrived: go on with the next ones."""
        self._note_part(Sent(True, service_id), self.person_id.id)
        if self.parts_sent >= self.part_count:
            self._advance('sent')
            return
        self.write({'state': 'queued', 'attempts': 0, 'next_at': self._now(), 'reason': False})
        self._show()
        self._wake()

    @api.model
    def _in_doubt(self, channel, key):
        """Return the message of ``channel`` that was sent with ``key`` (text of the service's), if it is in doubt."""
        database, _slash, number = (key or '').rpartition('/')
        if database != self._database() or not (number.isascii() and number.isdigit()) or len(number) > 9:
            return self.browse()
        return self.search(
            [('id', '=', int(number)), ('channel_id', '=', channel.id), ('state', '=', 'unclear')], limit=1)

    def action_arrived(self):
        """Say that these, of which nobody knew, reached the customer; what is left of them follows.

        :raise AccessError: for who does not work on their tickets
        """
        self._check_decides()
        # sudo: what became of it is the system's to write; that the user works on the ticket was checked
        for message in self.filtered(lambda one: one.state == 'unclear').sudo():
            message._settle()

    def _check_decides(self):
        self.check_access('read')
        if not all(self.env.user._helpdesk_works_on(ticket) for ticket in self.ticket_id):
            raise AccessError(self.env._("Only people who work on the ticket send its answers again."))

    def action_send_again(self):
        """Send these once more, as soon as possible: those that were not delivered; the others stay as they are.

        :raise AccessError: for who does not work on their tickets
        """
        self._check_decides()
        # sudo: sending is the system's; that the user works on the ticket was checked
        failed = self.filtered(lambda message: message.state in ('failed', 'unclear')).sudo()
        for message in failed:
            if problem := message._problem():
                return message._told('warning', problem)
        failed.write({'state': 'queued', 'attempts': 0, 'next_at': self._now(), 'reason': False})
        failed._show()
        self._wake()
        if not failed:
            return self._told(
                'warning', self.env._("Nothing to send again: only answers that were not delivered are."))
        return self._told('success', self.env._("%s on their way again.", len(failed)))

    def _problem(self):
        """Return why it would not get through now, '' when it may."""
        ticket = self.ticket_id
        return ticket._channel_fault() if self.template_id else ticket._channel_problem()

    def _told(self, kind, message):
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': kind, 'message': message, 'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}

    # ------------------------------------------------------------
    # on screen
    # ------------------------------------------------------------

    def _show(self):
        """Bring the state to the screens where the conversation is open."""
        for message in self.mail_message_id:
            message._helpdesk_show_delivery()

    def _delivery(self):
        """Return what stands under the message (dict): ``id``, ``name`` of the person, ``channel``, ``kind``,
        ``state``, ``label`` and ``reason``."""
        labels = dict(self._fields['state']._description_selection(self.env))
        return {
            'id': self.id, 'name': self.person_id.display_name, 'channel': self.channel_id.name,
            'kind': self.channel_id.kind, 'state': self.state, 'label': labels[self.state],
            'reason': self.reason or ''}
