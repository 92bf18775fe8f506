from lxml import etree, html
from odoo import models
from odoo.tools import html2plaintext

from ..tools.thanks import is_bare_thanks
from .helpdesk_stage import DONE_STATUSES

# what the customer's mail program repeated: core marks it so
QUOTED = '//*[@data-o-mail-quote] | //blockquote'


class HelpdeskTicketThanksMixin(models.AbstractModel):
    """A customer who only says thanks has nothing open (D22): the message is kept, the ticket stays solved."""
    _name = 'helpdesk.ticket.thanks.mixin'
    _description = "Ticket: Bare Thanks"
    _inherit = ['mail.thread']

    def _note_message(self, message, side):
        """Keep a bare thank-you as such: it moves no stage, and nobody waits for an answer to it."""
        if side != 'customer' or not self._is_bare_thanks(message):
            return super()._note_message(message, side)
        now = self.env.cr.now()
        at = min(self.env.context.get('helpdesk_message_at') or now, now)
        self._write_facts({'last_customer_message_at': max(at, self.last_customer_message_at or at)})
        self._log_events([{'ticket_id': self.id, 'kind': 'thanks', 'at': at, 'message_id': message.id,
                           'author_id': message.author_id.id}])

    def _is_bare_thanks(self, message):
        return self._is_thanked_by(message.body, bool(message.attachment_ids), message.author_id.name)

    def _is_thanked_by(self, body, has_files=False, author_name=''):
        """Tell whether ``body`` (Html) of a customer is a bare thank-you for this ticket, which is done."""
        if self.status not in DONE_STATUSES or not self.team_id.thanks_stay_solved:
            return False
        names = [
            author_name, self.partner_name, self.user_id.name, self.team_id.name, self.brand_id.name,
            *self.team_id.member_user_ids.mapped('name')]
        return is_bare_thanks(self._own_text(body), has_files, names)

    def _own_text(self, body):
        """Return the plain text of ``body`` (Html) without what it quotes."""
        if not body:
            return ''
        tree = html.fromstring(f'<div>{body}</div>')
        for node in tree.xpath(QUOTED):
            if node.getparent() is not None:
                node.drop_tree()
        for image in tree.xpath('//img'):  # a picture is something to look at
            image.tail = f' [image] {image.tail or ""}'
        return html2plaintext(etree.tostring(tree, encoding='unicode'))
