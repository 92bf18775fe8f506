from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class HelpdeskTicketConfirmMixin(models.AbstractModel):
    """A request from an address that nothing proves, such as one typed into a public form: anybody can type anybody's.

    Until its owner confirms, the ticket belongs to no contact, and no automatic mail carries the words of whoever wrote
    it (A35). A mail from that address, or a click on the link in a mail to it, proves it.
    """
    _name = 'helpdesk.ticket.confirm.mixin'
    _description = "Ticket: Confirmed Address"

    address_unconfirmed = fields.Boolean(
        string="Address Not Confirmed", readonly=True, copy=False,
        help="Somebody typed this address into a public form, and its owner has not confirmed it yet.")
    confirm_url = fields.Char(
        compute='_compute_confirm_url', export_string_translation=False, groups='base.group_system')

    def _compute_confirm_url(self):
        """Modules with pages for the public say where the owner of the address confirms it."""
        self.confirm_url = False

    def _will_be_acknowledged(self):
        """Tell whether the customer gets a mail that says the request arrived; modules that send one say so."""
        return False

    def _confirm_address(self):
        """Believe the customer's address from now on, and take its contact as an incoming mail would; in sudo."""
        for ticket in self.filtered('address_unconfirmed'):
            ticket._write_facts({'address_unconfirmed': False})
            if not ticket.partner_id and (partner := ticket._contact_of_address()):
                ticket.partner_id = partner
            ticket._log_events([{'ticket_id': ticket.id, 'kind': 'confirmed', 'new': ticket.partner_email}])

    def _contact_of_address(self):
        """Return the contact (maybe empty) with the customer's address, in the ticket's company or in none."""
        self.ensure_one()
        email = email_normalize(self.partner_email)
        return self.env['res.partner'].search(
            self._owner_domain(email), order='company_id, id', limit=1) if email else self.env['res.partner']

    def _owner_domain(self, email):
        """Return which contacts are believed to own ``email``; modules that know of doubts leave some out."""
        return Domain('email_normalized', '=', email) & Domain('company_id', 'in', (False, self.company_id.id))
