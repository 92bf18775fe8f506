from odoo import api, fields, models


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    process_ids = fields.Many2many(
        'helpdesk.process', 'helpdesk_process_team_rel', 'team_id', 'process_id', string="Processes", copy=False,
        check_company=True,
        help="Tickets that come to the team from now on follow these, each its nature's. Those that are there go on as "
             "they are.")

    @api.constrains('process_ids')
    def _check_process_ids(self):
        # sudo: of what the leader switched on, and processes of other teams
        self.sudo().process_ids._check_only_one()
        self.sudo().process_ids._check_steps()  # sudo: as above

    @api.model
    def _known_fields(self):
        return super()._known_fields() | {'process_ids'}  # which process a ticket follows is kept at hand

    def _ticket_stages(self):
        """Those of its processes as well, in the order of these."""
        return super()._ticket_stages() | self.env['helpdesk.process']._of_team(self)._process_stages()
