from odoo import fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_from_mail = fields.Boolean(
        string="Known From Mail Only", copy=False,
        help="Made of a mail whose domain the company's people have. A shared mail provider proves little: until "
             "somebody takes this off, a ticket's number alone does not let the person into tickets of the company.")

    # finds a company by the mail domain of its people without reading all contacts
    _helpdesk_mail_domain_idx = models.Index(
        "(split_part(email_normalized, '@', 2)) WHERE email_normalized IS NOT NULL"
    )
