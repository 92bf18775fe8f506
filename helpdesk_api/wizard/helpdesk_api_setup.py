from odoo import api, fields, models

from ..tools.contract import MODEL

EXAMPLE = """curl {address}/create_ticket \\
  -H 'Authorization: bearer YOUR_API_KEY' \\
  -H 'Content-Type: application/json' \\
  -d '{{"subject": "The drill is silent", "text": "It does not start.", "customer_email": "jo@example.com"}}'"""


class HelpdeskApiSetup(models.TransientModel):
    """The way in for other systems: the address, the reader's own keys, an example to paste. Holds nothing itself."""
    _name = 'helpdesk.api.setup'
    _description = "Helpdesk API: How to Begin"

    address = fields.Char(compute='_compute_address', help="The name of a method comes after it.")
    openapi_url = fields.Char(string="OpenAPI", compute='_compute_address')
    example = fields.Text(compute='_compute_address')
    key_ids = fields.Many2many('res.users.apikeys', string="Your Keys", compute='_compute_key_ids')

    @api.depends_context('uid')
    def _compute_address(self):
        base = self.get_base_url()
        for setup in self:
            setup.address = f'{base}/json/2/{MODEL}'
            setup.openapi_url = f'{base}/helpdesk/api/openapi.json'
            setup.example = EXAMPLE.format(address=setup.address)

    @api.depends_context('uid')
    def _compute_key_ids(self):
        self.key_ids = self.env['res.users.apikeys'].search([('user_id', '=', self.env.uid)])

    def action_new_key(self):
        """Open Odoo's own dialog for a new key of the present user; it asks for the password first."""
        return self.env.user.api_key_wizard()
