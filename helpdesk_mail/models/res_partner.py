from odoo import fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_from_mail = fields.Boolean(
        string="Known From Mail Only", copy=False,
        help="Made of a mail whose domain the company's people have. A shared mail provider proves little: until "
             "somebody takes this off, a ticket's number alone does not let the person into tickets of the company.")
    helpdesk_undeliverable_at = fields.Datetime(
        string="Mail Undeliverable Since", copy=False, readonly=True,
        help="A mail server refused a mail to this address for good. A mail from the address takes this off again.")
    helpdesk_undeliverable_reason = fields.Char(string="Refused Because", copy=False, readonly=True)

    # finds a company by the mail domain of its people without reading all contacts
    _helpdesk_mail_domain_idx = models.Index(
        "(split_part(email_normalized, '@', 2)) WHERE email_normalized IS NOT NULL"
    )

    def _helpdesk_mark_undeliverable(self, reason):
        """Remember that mails to these contacts do not arrive; ``reason`` is the mail server's."""
        self.write({'helpdesk_undeliverable_at': fields.Datetime.now(), 'helpdesk_undeliverable_reason': reason})

    def write(self, vals):
        """A new address is believed until it fails as well."""
        if 'email' in vals and 'helpdesk_undeliverable_at' not in vals:
            vals = dict(vals, helpdesk_undeliverable_at=False, helpdesk_undeliverable_reason=False)
        return super().write(vals)
