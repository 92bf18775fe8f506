from odoo import fields, models


class HelpdeskBrand(models.Model):
    _name = 'helpdesk.brand'
    _description = "Helpdesk Brand"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, help="How customers know this brand. It stands in the mails they get.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        'res.company', string="Company", default=lambda self: self.env.company,
        help="Leave empty to let teams of every company use the brand.")
    logo = fields.Image(max_width=512, max_height=512, help="Shown above mails and on customer pages.")
    color_primary = fields.Char(
        string="Main Colour", default='#714B67', help="Buttons and links in mails and on customer pages.")
    color_secondary = fields.Char(string="Second Colour", default='#8595A2')
    sender_name = fields.Char(string="Sender Name", help="Mails leave as this name. Empty: the brand's name.")
    sender_email = fields.Char(
        string="Sender Address",
        help="Mails leave from this address. Empty: the address of the ticket's team.")
    signature = fields.Html(
        string="Mail Signature", translate=True, sanitize=True,
        help="Closes every mail to a customer, after the agent's own words.")
    website_url = fields.Char(string="Website")
    team_ids = fields.One2many('helpdesk.team', 'brand_id', string="Teams")

    _name_uniq = models.Constraint('UNIQUE (name, company_id)', "A brand of this name exists already in the company.")
