from odoo import api, models
from odoo.exceptions import AccessError, UserError

SUBCHANNEL = 'viewers'
MAX_MESSAGE_ID = 2 ** 31 - 1
PINGS = ('looking', 'answering', 'noting', 'left')


class HelpdeskTicketViewersMixin(models.AbstractModel):
    """Collision: colleagues see who else looks at a ticket, who writes on it, and what is new since they looked.

    Told over the bus, to the people who work on the ticket and have it before their eyes, and to nobody else.
    """
    _name = 'helpdesk.ticket.viewers.mixin'
    _description = "Ticket: Viewers"

    def viewer_ping(self, state, message_id=0):
        """Say what the present user does on this ticket: the web client does, every ten seconds.

        :param str state: 'looking', 'answering', 'noting', or 'left'
        :param int message_id: the newest message that the user has before their eyes, 0: unknown
        :return: ``{'viewers': [{'id', 'name', 'state'}], 'seen_message_id': n}``: who is there, the user included;
            and up to which message the user had seen the ticket before, 0: never looked
        :raise AccessError: for who does not work on the ticket
        """
        if state not in PINGS:
            raise UserError(self.env._("Say what you do on the ticket: %s", ', '.join(PINGS)))
        ticket = self._seen_by_colleagues()
        if not ticket and state == 'left':
            return {'viewers': [], 'seen_message_id': 0}  # gone, or given to another team meanwhile
        if len(ticket) != 1:
            raise AccessError(self.env._("Only who works on a ticket can say so."))
        # sudo: rows are written through here alone
        viewers = self.env['helpdesk.ticket.viewer'].sudo()
        before = viewers._live(ticket.ids).get(ticket.id, [])
        seen = viewers.search([('ticket_id', '=', ticket.id), ('user_id', '=', self.env.uid)]).message_id
        viewers._note(ticket.id, state != 'left' and state, max(0, min(int(message_id), MAX_MESSAGE_ID)))
        now = viewers._live(ticket.ids).get(ticket.id, [])
        if now != before:
            ticket._tell_viewers('helpdesk.ticket/viewers', {'viewers': now})
        return {'viewers': now, 'seen_message_id': seen}

    @api.readonly
    def get_viewers(self):
        """Return {ticket id: [{'id', 'name', 'state'}]} of those of these tickets that somebody looks at now.

        Tickets that the present user does not work on are left out. For boards; a fixed number of queries.
        """
        # sudo: who may know was filtered
        return self.env['helpdesk.ticket.viewer'].sudo()._live(self._seen_by_colleagues().ids)

    def _seen_by_colleagues(self):
        """Return those of these tickets that the present user reads as one who works on them, not as a customer."""
        user = self.env.user
        if not user.has_group('helpdesk_core.group_helpdesk_user'):
            return self.browse()
        found = self.with_context(active_test=False).search_fetch(
            [('id', 'in', self.ids)], ['company_id', 'team_id', 'type_id'], order='id')
        return found.filtered(user._helpdesk_works_on)

    def _tell_viewers(self, kind, payload):
        """Send to who has the ticket before their eyes; ``IrWebsocket`` lets nobody else listen."""
        self.ensure_one()
        # _sendone: the channel is a record, with access checked when a client subscribes
        self.env['bus.bus']._sendone((self, SUBCHANNEL), kind, {'id': self.id, **payload})

    def _message_post_after_hook(self, message, msg_values):
        """New messages appear by themselves where somebody looks."""
        result = super()._message_post_after_hook(message, msg_values)
        # sudo: customers post as well; what is told is a number, read with the rights of who listens
        if self.env['helpdesk.ticket.viewer'].sudo()._live(self.ids):
            self._tell_viewers('helpdesk.ticket/message', {'message_id': message.id})
        return result
