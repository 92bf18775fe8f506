from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES
from odoo.exceptions import ValidationError

from ..tools.sla_clock import Notice

MOMENTS = [
    ('percent', "When so many % are used"),
    ('before', "Minutes before it is due"),
    ('breach', "When it is missed"),
    ('after', "Minutes after it was missed"),
]
ACTIONS = [
    ('notify', "Tell people"),
    ('activity', "Plan an activity"),
    ('assign', "Hand the ticket over"),
    ('priority', "Set the priority"),
    ('team', "Move to another team"),
    ('tag', "Add tags"),
    ('macro', "Run a macro"),
    ('server', "Run a server action"),
]
NEEDED = {'activity': 'activity_type_id', 'assign': 'assign_to', 'priority': 'priority', 'team': 'team_id',
          'tag': 'tag_ids', 'macro': 'macro_id', 'server': 'server_action_id'}
MAX_REPEATS = 20


class HelpdeskSlaStep(models.Model):
    """What happens at a moment of a clock: before it is due, when it is missed, and after (D10, S0-5, C13)."""
    _name = 'helpdesk.sla.step'
    _description = "SLA Escalation Step"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'target_id, sequence, id'

    target_id = fields.Many2one('helpdesk.sla.target', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='target_id.company_id', store=True)
    sequence = fields.Integer(default=10)
    moment = fields.Selection(MOMENTS, string="When", required=True, default='breach')
    amount = fields.Integer(string="% / Minutes", help="Percent of the promised time, or minutes of working time.")
    repeat_times = fields.Integer(
        string="Repeat", help="How often to do it again, as long as the promise is still not kept.")
    repeat_minutes = fields.Integer(string="Every (min)", default=60, help="Minutes of working time between two.")
    any_time = fields.Boolean(
        string="Also at Night", help="Do it at once. Otherwise what falls outside working hours waits for the morning.")
    action = fields.Selection(ACTIONS, string="Do", required=True, default='notify')
    to_assignee = fields.Boolean(string="Assignee", default=True)
    to_leader = fields.Boolean(string="Team Leader")
    to_followers = fields.Boolean(string="Colleagues Who Follow")
    user_ids = fields.Many2many('res.users', string="Also", domain=[('share', '=', False)])
    activity_type_id = fields.Many2one('mail.activity.type', string="Activity", ondelete='restrict')
    assign_to = fields.Selection(
        [('leader', "The team's leader"), ('user', "Somebody")], string="Hand Over To")
    assign_user_id = fields.Many2one('res.users', string="New Assignee", domain=[('share', '=', False)])
    priority = fields.Selection(PRIORITIES, string="New Priority")
    team_id = fields.Many2one('helpdesk.team', string="New Team", ondelete='restrict')
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags")
    macro_id = fields.Many2one(
        'helpdesk.macro', string="Macro", ondelete='restrict', domain=[('scope', '!=', 'me')],
        help="Run by the system: a reply goes out in the assignee's name, and answers no promise.")
    server_action_id = fields.Many2one(
        'ir.actions.server', string="Server Action", ondelete='restrict', groups='base.group_system',
        domain=[('model_id.model', '=', 'helpdesk.ticket')], help="May call a webhook.")

    _amounts = models.Constraint(
        f'CHECK (amount >= 0 AND repeat_times >= 0 AND repeat_times <= {MAX_REPEATS})',
        f"Amounts cannot be negative, and nothing is repeated more than {MAX_REPEATS} times.")

    @api.depends('action', 'moment', 'amount')
    def _compute_display_name(self):
        actions = dict(self._fields['action']._description_selection(self.env))
        for step in self:
            step.display_name = f'{step._when()}: {actions.get(step.action, "")}'

    def _when(self):
        """Return the moment of the step in words."""
        _ = self.env._
        return {
            'percent': _("At %s %%", self.amount), 'before': _("%s min before", self.amount),
            'breach': _("When missed"), 'after': _("%s min after", self.amount),
        }.get(self.moment, '')

    @api.constrains('action', 'activity_type_id', 'assign_to', 'assign_user_id', 'priority', 'team_id', 'tag_ids',
                    'macro_id', 'server_action_id')
    def _check_action(self):
        for step in self.sudo():  # sudo: the server action is read by system administrators only
            if (name := NEEDED.get(step.action)) and not step[name]:
                raise ValidationError(self.env._(
                    "Fill in “%(field)s” for the step “%(step)s”.",
                    field=self._fields[name]._description_string(self.env), step=step.display_name))
            if step.action == 'assign' and step.assign_to == 'user' and not step.assign_user_id:
                raise ValidationError(self.env._("Say to whom the ticket is handed over."))
            if step.team_id and step.company_id and step.team_id.company_id != step.company_id:
                raise ValidationError(self.env._("The team %s belongs to another company.", step.team_id.name))

    @api.constrains('moment', 'amount', 'repeat_times', 'repeat_minutes')
    def _check_moment(self):
        for step in self:
            if step.moment == 'percent' and not 0 < step.amount < 100:
                raise ValidationError(self.env._("Give between 1 and 99 % of the promised time."))
            if step.moment in ('before', 'after') and not step.amount:
                raise ValidationError(self.env._("Give a number of minutes."))
            if step.repeat_times and step.repeat_minutes < 1:
                raise ValidationError(self.env._("Say after how many minutes it is done again."))

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._moments_changed()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self._moments_changed()
        return result

    def unlink(self):
        self._moments_changed()
        return super().unlink()

    def _moments_changed(self):
        """Have the open clocks of these steps' promises looked at again: steps are taken as they stand."""
        self.env.registry.clear_cache()
        self.env['helpdesk.sla.status']._look_again([('target_id', 'in', self.target_id.ids)])

    def _notices(self):
        """Return {key: Notice}: every moment of these steps with its repetitions, keys unique within a clock."""
        notices = {}
        for step in self:
            first = {'percent': Notice(percent=step.amount), 'before': Notice(minutes=step.amount),
                     'breach': Notice(minutes=0), 'after': Notice(minutes=-step.amount)}[step.moment]
            notices[f's{step.id}'] = first
            begin = step.amount if step.moment == 'after' else 0
            for number in range(1, step.repeat_times + 1):
                notices[f's{step.id}.{number}'] = Notice(minutes=-(begin + number * step.repeat_minutes))
        return notices

    # ------------------------------------------------------------
    # what is done
    # ------------------------------------------------------------

    def _listeners(self, ticket):
        """Return the users that this step tells about ``ticket``: only such as work on it."""
        self.ensure_one()
        users = self.user_ids
        if self.to_assignee:
            users |= ticket._people_to_tell(ticket.user_id or ticket.team_id.leader_id)
        if self.to_leader:
            users |= ticket.team_id.leader_id
        if self.to_followers:
            users |= ticket.message_follower_ids.partner_id.user_ids
        return users.filtered(lambda user: user.active and user._helpdesk_works_on(ticket))

    def _take(self, ticket, reason):
        """Do to ``ticket`` what this step says, except telling people; ``reason`` (str) is noted."""
        self.ensure_one()
        getattr(self, f'_take_{self.action}', lambda *args: None)(ticket, reason)

    def _take_activity(self, ticket, reason):
        users = self._listeners(ticket) or ticket.user_id or ticket.team_id.leader_id
        for user in users[:1] or self.env.user:
            ticket.activity_schedule(
                activity_type_id=self.activity_type_id.id, summary=reason, user_id=user.id)

    def _take_assign(self, ticket, reason):
        user = ticket.team_id.leader_id if self.assign_to == 'leader' else self.assign_user_id
        if user and user.active and user != ticket.user_id and user._helpdesk_works_on(ticket):
            ticket.write({'user_id': user.id})

    def _take_priority(self, ticket, reason):
        ticket.write({'priority': self.priority})

    def _take_team(self, ticket, reason):
        if ticket.company_id == self.team_id.company_id:
            ticket.write({'team_id': self.team_id.id})

    def _take_tag(self, ticket, reason):
        ticket.write({'tag_ids': [(4, tag.id) for tag in self.tag_ids]})

    def _take_macro(self, ticket, reason):
        """Run the macro where it is in use and for such tickets; what it leaves out stands in the ticket's log."""
        if self.macro_id.active and self.macro_id._fits(ticket):
            ticket.apply_macro(self.macro_id)

    def _take_server(self, ticket, reason):
        self.server_action_id.with_context(
            active_model=ticket._name, active_id=ticket.id, active_ids=ticket.ids).run()
