from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

WHO = [
    ('people', "Chosen people"),
    ('customer', "The customer's approvers"),
    ('leader', "The team leader"),
    ('manager', "The manager of who asks"),
    ('group', "A group of users"),
]


class HelpdeskApprovalStep(models.Model):
    _name = 'helpdesk.approval.step'
    _description = "Approval Step"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'path_id, sequence, id'

    path_id = fields.Many2one('helpdesk.approval.path', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, help="Shown to those who wait: “Waiting for Head of IT”.")
    who = fields.Selection(
        WHO, string="Who Approves", required=True, default='people',
        help="The customer's approvers are the contacts of the customer's company that are marked so. The manager is "
             "the one named on the contact of whoever asks.")
    partner_ids = fields.Many2many(
        'res.partner', string="People", help="Colleagues or contacts. They need no account: the mail has a button.")
    group_id = fields.Many2one('res.groups', string="Group", help="All its users of the ticket's company are asked.")
    needed = fields.Selection(
        [('one', "One of them"), ('all', "All of them"), ('number', "Some of them")],
        string="How Many Say Yes", required=True, default='one',
        help="As soon as that many have said yes the next step begins. One no ends it.")
    needed_count = fields.Integer(string="Number", default=2, help="How many of them have to say yes.")
    remind_hours = fields.Float(
        string="Remind After", default=8.0,
        help="Working hours of the team after which whoever has not decided is asked again. Zero: never.")
    skip_requester = fields.Boolean(
        string="Skip When They Ask Themselves", default=True,
        help="When whoever asks is one of those who approve, and raised the request logged in, the step counts as "
             "approved. Otherwise the others decide. Nobody ever decides about a request of their own.")

    _counts_positive = models.Constraint(
        'CHECK (needed_count >= 1 AND remind_hours >= 0)', "Give a number of one or more, and no negative hours.")

    @api.constrains('who', 'partner_ids', 'group_id')
    def _check_who(self):
        for step in self:
            if step.who == 'people' and not step.partner_ids:
                raise ValidationError(self.env._("Choose the people who approve in the step “%s”.", step.name))
            if step.who == 'group' and not step.group_id:
                raise ValidationError(self.env._("Choose the group that approves in the step “%s”.", step.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        # sudo: approvals that the administrator does not see count as well
        if self.env['helpdesk.approval'].sudo().search_count(
                [('step_id', 'in', self.ids), ('state', '=', 'waiting')], limit=1):
            raise UserError(self.env._(
                "Somebody is being asked in this step. Wait for their decision, or cancel it on the ticket."))

    # ------------------------------------------------------------
    # who is asked
    # ------------------------------------------------------------

    def _approvers(self, ticket):
        """Return the contacts (res.partner) who approve ``ticket`` in this step, its requester among them."""
        self.ensure_one()
        return getattr(self, f'_approvers_{self.who}')(ticket).filtered(lambda partner: partner._helpdesk_is_here())

    def _approvers_people(self, ticket):
        return self.partner_ids

    def _approvers_customer(self, ticket):
        return self.env['res.partner'].search([
            ('commercial_partner_id', '=', ticket.commercial_partner_id.id), ('helpdesk_approver', '=', True),
        ]) if ticket.commercial_partner_id else self.env['res.partner']

    def _approvers_leader(self, ticket):
        return ticket.team_id.leader_id.partner_id

    def _approvers_manager(self, ticket):
        return ticket.partner_id.helpdesk_manager_id

    def _approvers_group(self, ticket):
        users = self.group_id.all_user_ids.filtered(lambda user: user.active and ticket.company_id in user.company_ids)
        return users.partner_id

    def _people_to_ask(self, ticket):
        """Return who is asked in this step: (partners without the requester, the requester where that is yes enough).

        Where nobody is left the team's leader stands in, then the helpdesk's administrators of the company.
        """
        found, requesters = self._approvers(ticket), ticket._requesters()
        own, found = found & requesters, found - requesters
        # A yes of their own is what customers raised logged in: agents and forged mails name anybody as the customer.
        # sudo: who made it
        if not (self.skip_requester and ticket.partner_id and ticket.sudo().create_uid.partner_id in requesters):
            own = own.browse()
        if found or own:
            return found, own
        managers = self.env.ref('helpdesk_core.group_helpdesk_manager').all_user_ids.filtered(
            lambda user: user.active and user.email and ticket.company_id in user.company_ids)
        stand_ins = ticket.team_id.leader_id.partner_id - requesters
        return stand_ins or managers.partner_id - requesters, own

    def _needed_of(self, count):
        """Return how many of ``count`` people have to say yes."""
        return {'one': 1, 'all': count, 'number': min(self.needed_count, count)}[self.needed]
