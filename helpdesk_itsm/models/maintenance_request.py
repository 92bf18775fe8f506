from odoo import api, fields, models


class MaintenanceRequest(models.Model):
    _inherit = 'maintenance.request'

    helpdesk_ticket_id = fields.Many2one(
        'helpdesk.ticket', string="Ticket", index='btree_not_null', copy=False, ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user', check_company=True,
        help="The customer's ticket that this work is for. Who works on it hears when the work is done.")
    helpdesk_ticket_status = fields.Selection(
        related='helpdesk_ticket_id.status', string="Ticket Status", groups='helpdesk_core.group_helpdesk_user')

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ticket_seen(vals_list)
        requests = super().create(vals_list)
        for request in requests.sudo().filtered('helpdesk_ticket_id'):  # sudo: the log of a ticket the user may not see
            request._log_on_ticket('asked')
        return requests

    def _check_ticket_seen(self, vals_list):
        """The ticket's log and its assignee hear of the work: only who may change the ticket ties a request to it."""
        if not self.env.su:
            default = self.env.context.get('default_helpdesk_ticket_id')
            named = {vals.get('helpdesk_ticket_id', default) for vals in vals_list} - {None, False}
            self.env['helpdesk.ticket'].browse(named).check_access('write')

    def write(self, vals):
        if vals.get('helpdesk_ticket_id'):
            self._check_ticket_seen([vals])
        # sudo: technicians move requests of tickets that they do not see
        before = {request: request.stage_id.done for request in self.sudo() if request.helpdesk_ticket_id
                  } if 'stage_id' in vals else {}
        result = super().write(vals)
        for request, done in before.items():
            if request.stage_id.done != done:
                request._log_on_ticket('done' if request.stage_id.done else 'open')
        return result

    def _log_on_ticket(self, state):
        """Log on the ticket (in sudo) what happens to its maintenance, and tell who works on it when it is done."""
        ticket, _ = self.helpdesk_ticket_id, self.env._
        ticket._log_events([{'ticket_id': ticket.id, 'kind': 'maintenance', 'new': self.name,
                             'detail': {'state': state, 'request_id': self.id}}])
        if state == 'done' and (users := ticket._people_to_tell()):
            ticket.message_notify(
                partner_ids=users.partner_id.ids, subject=_("Maintenance done: %s", ticket.display_name),
                body=_("The maintenance “%s” of this ticket is done.", self.name))
