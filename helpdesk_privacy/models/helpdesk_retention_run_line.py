from odoo import fields, models


class HelpdeskRetentionRunLine(models.Model):
    """A ticket that a retention rule dealt with: its number, and the hash of what it was in the database."""
    _name = 'helpdesk.retention.run.line'
    _inherit = ['helpdesk.export.mixin']
    _description = "Privacy Run: Ticket"
    _order = 'id'
    _rec_name = 'number'
    _log_access = False

    run_id = fields.Many2one('helpdesk.retention.run', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='run_id.company_id')
    number = fields.Char(readonly=True)
    fingerprint = fields.Char(string="SHA-256 of Its Id", readonly=True)
