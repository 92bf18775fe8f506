from markupsafe import Markup
from odoo import models
from odoo.tools import SQL

from .helpdesk_ticket_facts import QUIET_STAGE

# from so many tickets moved in one go, followers get one list instead of a mail for each
BULK = 10
LISTED = 50


class HelpdeskTicketBulkMixin(models.AbstractModel):
    """Many tickets moved in one go are one event: each follower is told once (S1-33; never two mails for one event)."""
    _name = 'helpdesk.ticket.bulk.mixin'
    _description = "Ticket: Bulk Changes"
    _inherit = ['mail.thread']

    def _tell_bulk_move(self):
        """Tell those who follow these tickets, moved together a moment ago, with one list each.

        Fewer than BULK tickets are left to the message that each of them gets anyway.
        """
        if len(self) < BULK:
            return
        self.env.cr.precommit.data.setdefault(QUIET_STAGE, set()).update(self.ids)
        for user, tickets in self._bulk_listeners().items():
            self.env['mail.thread'].message_notify(
                partner_ids=user.partner_id.ids, body=tickets._bulk_list(),
                subject=tickets.env._(
                    "%(count)s tickets moved to %(stages)s", count=len(tickets),
                    stages=', '.join(tickets.stage_id.mapped('name'))))

    def _bulk_listeners(self):
        """Return {user: tickets} of the colleagues who follow stages, work on the tickets, and did not move them."""
        subtype_id = self.env['ir.model.data']._xmlid_to_res_id('helpdesk_core.mt_ticket_stage')
        self.env['mail.followers'].flush_model(['res_model', 'res_id', 'partner_id', 'subtype_ids'])
        rows = self.env.execute_query(SQL("""
            SELECT u.id, array_agg(f.res_id ORDER BY f.res_id)
              FROM mail_followers f
              JOIN mail_followers_mail_message_subtype_rel s
                ON s.mail_followers_id = f.id AND s.mail_message_subtype_id = %s
              JOIN res_users u ON u.partner_id = f.partner_id AND u.active AND NOT u.share
             WHERE f.res_model = %s AND f.res_id = ANY(%s) AND u.id != %s
          GROUP BY u.id""", subtype_id, self._name, self.ids, self.env.uid))
        listeners = {}
        for user_id, ticket_ids in rows:
            user = self.env['res.users'].browse(user_id)
            tickets = self.browse(ticket_ids).filtered(user._helpdesk_works_on)
            if tickets:
                listeners[user] = tickets.with_context(lang=user.lang)
        return listeners

    def _bulk_list(self):
        """Return the tickets as a list of links, the first LISTED of them."""
        items = Markup().join(
            Markup('<li><a href="%s">%s %s</a></li>') % (
                ticket._notify_get_action_link('view'), ticket.number, ticket.name)
            for ticket in self[:LISTED])
        more = len(self) - LISTED
        rest = Markup('<p>%s</p>') % self.env._("and %s more", more) if more > 0 else ''
        return Markup('<ul>%s</ul>%s') % (items, rest)
