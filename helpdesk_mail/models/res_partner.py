from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_from_mail = fields.Boolean(
        string="Known From Mail Only", copy=False,
        help="Made of a mail whose domain the company's people have. A shared mail provider proves little: until "
             "somebody takes this off, a ticket's number alone does not let the person into tickets of the company.")
    helpdesk_email_unproven = fields.Boolean(
        string="Address Given by Themselves", copy=False, readonly=True,
        help="The contact signed up with this mail address, or changed it in the portal: nobody has seen a mail from "
             "it. Mails from the address belong to another contact with it, where there is one.")
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

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.user.share:
            vals_list = [dict(vals, helpdesk_email_unproven=bool(vals.get('email'))) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """A new address is believed until it fails as well; one that somebody gave themselves is not proven by it."""
        if 'email' not in vals:
            return super().write(vals)
        if 'helpdesk_undeliverable_at' not in vals:
            vals = dict(vals, helpdesk_undeliverable_at=False, helpdesk_undeliverable_reason=False)
        if not self.env.user.share:
            return super().write(dict(vals, helpdesk_email_unproven=False))
        before = {partner: partner.email_normalized for partner in self}
        result = super().write(vals)
        changed = self.filtered(lambda partner: partner.email_normalized != before[partner])
        super(ResPartner, changed).write({'helpdesk_email_unproven': True})
        return result
