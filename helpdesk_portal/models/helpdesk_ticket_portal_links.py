from odoo import api, models
from odoo.exceptions import AccessError


class HelpdeskTicketPortalLinks(models.AbstractModel):
    """Links in mails: they open the one ticket without login, and nothing else; they can be withdrawn."""
    _name = 'helpdesk.ticket.portal.links.mixin'
    _description = "Ticket: Links for Customers"
    _inherit = ['portal.mixin', 'mail.thread']

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f'/my/tickets/{ticket.id}'

    def _portal_ensure_token(self):
        """Return the key of the ticket's link, made when first asked for; for the system alone."""
        ticket = self.sudo()  # sudo: agents send links, they do not read keys
        if not ticket.access_token:
            super(HelpdeskTicketPortalLinks, ticket)._portal_ensure_token()
        return ticket.access_token

    def _sign_token(self, pid):
        return super(HelpdeskTicketPortalLinks, self.sudo())._sign_token(pid)  # sudo: as above

    def _portal_link(self):
        """Return the address (str) that opens this ticket for its customer without login."""
        self.ensure_one()
        return f'{self.get_base_url()}/my/tickets/{self.id}?access_token={self._portal_ensure_token()}'

    def _customer_link(self):
        self.ensure_one()
        return self._portal_link()

    def _portal_rating_links(self):
        """Return [(address, picture, word)] by which the customer says in their mail how it was. The page that opens
        has the answer chosen and asks for one more click: programs that look through mails follow every link."""
        _, link = self.env._, self._portal_link()
        return [(f'{link}&rate={rate}', picture, word)
                for rate, picture, word in (('5', "🙂", _("Good")), ('3', "😐", _("So-so")), ('1', "🙁", _("Bad")))]

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """The plain address: whoever is to open it without login gets a mail with a link of its own."""
        self.ensure_one()
        return self.access_url

    def get_portal_url(self, suffix=None, report_type=None, download=None, query_string=None, anchor=None):
        """The plain address: core's holds the key, and everybody with a login may call this for any id."""
        self.ensure_one()
        return f'{self.access_url}{suffix or ""}'

    def _get_access_action(self, access_uid=None, force_website=False):
        user = self.env['res.users'].sudo().browse(access_uid) if access_uid else self.env.user  # sudo: is it ours?
        if user.share or force_website:
            return {'type': 'ir.actions.act_url', 'url': self.access_url, 'target': 'self', 'res_id': self.id}
        return super()._get_access_action(access_uid=access_uid, force_website=force_website)

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):
        """A link opens the page of the portal. It is no key to core's chatter, where who writes chooses the type of
        the message and its recipients."""
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _portal_forget_links(self):
        known = self.filtered('access_token')
        known._write_facts({'access_token': False})
        return known

    def action_portal_withdraw_links(self):
        """Make every link that was sent for these tickets useless; the next mails carry new ones.

        :raise AccessError: the tickets are not the user's to work on
        """
        self.check_access('write')
        if not all(self.env.user._helpdesk_works_on(ticket) for ticket in self):
            raise AccessError(self.env._("Only people who work on the ticket withdraw its links."))
        tickets = self.sudo()._portal_forget_links()  # sudo: the right was checked, keys are read by nobody
        tickets._log_events([{'ticket_id': ticket.id, 'kind': 'links_withdrawn'} for ticket in tickets])
        message = self.env._("Links that were sent by mail no longer open the ticket. The next mail brings a new one.")
        return {'type': 'ir.actions.client', 'tag': 'display_notification',
                'params': {'type': 'success', 'message': message}}

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give the customer the link that opens the ticket without login; other portal users the plain address."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if len(self) != 1:
            return groups
        title = self.env._("Open Ticket %s", self.number)
        plain = {'url': f'{self.get_base_url()}{self.access_url}', 'title': title}
        groups = [group for group in groups if group[0] != 'portal_customer']
        for group in groups:
            if group[0] == 'portal':
                group[2].update(active=True, has_button_access=True, button_access=plain)
        if not (self.partner_id or self.partner_email):
            return groups
        link = {'active': True, 'has_button_access': True,
                'button_access': {'url': self._portal_link(), 'title': title}}
        if self._is_being_solved():
            link['rating_links'] = self._portal_rating_links()
        return [['helpdesk_customer', self._is_customers_copy, link], *groups]
