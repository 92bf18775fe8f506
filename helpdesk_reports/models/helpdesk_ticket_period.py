from odoo import fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES


class HelpdeskTicketPeriod(models.Model):
    """A stretch of a ticket's life in which neither team, stage, assignee, type nor priority changed: how long tickets
    stood in each stage and in whose hands. Read from the log (``tools.periods``) and never written by hand."""
    _name = 'helpdesk.ticket.period'
    _description = "Time in Stages"
    _inherit = ['helpdesk.export.mixin']
    _order = 'started_at desc, id desc'
    _rec_name = 'ticket_id'
    _log_access = False

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='ticket_id.company_id')
    team_id = fields.Many2one('helpdesk.team', readonly=True, help="The team that held the ticket then.")
    stage_id = fields.Many2one('helpdesk.stage', readonly=True)
    status = fields.Selection(
        selection=lambda self: self.env['helpdesk.stage']._fields['status'].selection, readonly=True)
    user_id = fields.Many2one('res.users', string="Assignee", readonly=True, help="Who held the ticket then.")
    type_id = fields.Many2one('helpdesk.type', readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    is_frozen = fields.Boolean(string="Frozen", readonly=True)
    started_at = fields.Datetime(string="From", required=True, readonly=True)
    ended_at = fields.Datetime(string="To", readonly=True, help="Empty while it goes on.")
    minutes = fields.Float(
        string="Time (min)", readonly=True, help="Nights and weekends included. Of ended times only.")
    work_minutes = fields.Float(
        string="Working Time (min)", readonly=True,
        help="In the hours of the team that held the ticket. Of ended times only.")
    arrived = fields.Integer(string="Came In", readonly=True)
    solved = fields.Integer(string="Were Solved", readonly=True)
    reopened = fields.Integer(string="Were Reopened", readonly=True)

    _open_idx = models.Index("(ended_at, started_at)")
    _began_idx = models.Index("(started_at)")

    def action_open_ticket(self):
        """Open the ticket that went through this."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
