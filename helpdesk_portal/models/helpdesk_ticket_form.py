from odoo import api, fields, models
from odoo.tools import consteq, hmac

SCOPE = 'helpdesk_confirm_address'


class HelpdeskTicketForm(models.AbstractModel):
    """What a ticket keeps of the public form: the visitor's language, and the link that confirms their address."""
    _name = 'helpdesk.ticket.form.mixin'
    _description = "Ticket: From the Public Form"

    visitor_lang = fields.Char(
        readonly=True, copy=False, export_string_translation=False,
        help="The language in which the form was filled in; mails to somebody who is no contact are written in it.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'visitor_lang'}

    @api.depends('visitor_lang')
    def _compute_customer_lang(self):
        super()._compute_customer_lang()
        known = {code for code, _name in self.env['res.lang'].get_installed()}
        for ticket in self:
            if not ticket.partner_id.lang and ticket.visitor_lang in known:
                ticket.customer_lang = ticket.visitor_lang

    def _compute_confirm_url(self):
        super()._compute_confirm_url()
        for ticket in self.filtered('address_unconfirmed'):
            ticket.confirm_url = f'{ticket.get_base_url()}/helpdesk/confirm/{ticket.id}/{ticket._confirm_token()}'

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Before the address is confirmed or a person of ours has answered, mails have no link to what was typed."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if len(self) == 1 and self.address_unconfirmed and not self.first_response_at:
            for group in groups:
                if group[0] == 'helpdesk_customer':
                    group[2]['has_button_access'] = False
        return groups

    def _confirm_token(self):
        """Return the secret of the link: it holds for this ticket and this address alone."""
        # sudo: the server's own secret
        return hmac(self.env(su=True), SCOPE, (self.id, self.partner_email))

    @api.model
    def _find_by_confirm_token(self, ticket_id, token):
        """Return the ticket (in sudo) whose address the link confirms; empty for any other link."""
        # sudo: whoever has the link has the mailbox
        ticket = self.sudo().browse(ticket_id).exists()
        fits = ticket.active and token.isascii() and consteq(ticket._confirm_token(), token)
        return ticket if fits else ticket.browse()
