from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime, is_html_empty

CHANGE_KINDS = [
    ('standard', "Standard"),
    ('normal', "Normal"),
    ('emergency', "Emergency"),
]
RISKS = [('low', "Low"), ('medium', "Medium"), ('high', "High")]
REVIEWS = [
    ('done', "Done as planned"),
    ('problems', "Done, with problems"),
    ('backed_out', "Backed out"),
    ('failed', "Failed"),
]
AGENTS = 'helpdesk_core.group_helpdesk_user'


class HelpdeskTicket(models.Model):
    """A change: what is done to which assets, when, how risky, the way back, and the review afterwards (S0-15)."""
    _inherit = 'helpdesk.ticket'

    is_change = fields.Boolean(compute='_compute_is_change', export_string_translation=False)
    change_kind = fields.Selection(
        CHANGE_KINDS, string="Kind of Change", groups=AGENTS,
        help="Standard: often done, approved once and for all. Normal, also when empty: "
             "approved each time. Emergency: cannot wait, may break into a blackout.")
    change_risk = fields.Selection(RISKS, string="Risk", groups=AGENTS)
    change_risk_text = fields.Text(string="What Can Go Wrong", groups=AGENTS)
    change_plan = fields.Html(string="Plan", groups=AGENTS, help="What is done, step by step. Approvers read it.")
    backout_plan = fields.Html(string="Back-Out Plan", groups=AGENTS, help="The way back, if it goes wrong.")
    planned_start = fields.Datetime(index='btree_not_null', copy=False, groups=AGENTS)
    planned_end = fields.Datetime(copy=False, groups=AGENTS)
    emergency_reason = fields.Char(
        string="Why It Cannot Wait", copy=False, groups=AGENTS,
        help="An emergency change may be planned in a blackout when this is given.")
    review_result = fields.Selection(REVIEWS, string="Review", copy=False, groups=AGENTS)
    review_notes = fields.Text(copy=False, groups=AGENTS, help="What we learn from it.")
    change_path_id = fields.Many2one(
        'helpdesk.approval.path', string="Needs Approval", compute='_compute_change_path_id', groups=AGENTS)
    changed_after_approval = fields.Boolean(readonly=True, copy=False, groups=AGENTS)
    caused_by_change_id = fields.Many2one(
        'helpdesk.ticket', string="Caused by Change", index='btree_not_null', copy=False, groups=AGENTS,
        domain="[('type_id.nature', '=', 'change'), ('company_id', '=', company_id), ('id', '!=', id)]",
        help="The change that made this happen. Its review shows what it caused.")
    caused_ticket_ids = fields.One2many(
        'helpdesk.ticket', 'caused_by_change_id', string="Incidents It Caused", groups=AGENTS)

    @api.depends('type_id.nature')
    def _compute_is_change(self):
        for ticket in self:
            ticket.is_change = ticket.type_id.nature == 'change'

    @api.depends('change_kind', 'change_risk', 'team_id', 'type_id')
    def _compute_change_path_id(self):
        for ticket in self:
            ticket.change_path_id = ticket._approval_path()

    def _approval_path(self):
        if self.is_change:
            return self.env['helpdesk.change.rule']._path_for(self)
        return super()._approval_path()

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'changed_after_approval'}

    # ------------------------------------------------------------
    # checks
    # ------------------------------------------------------------

    @api.constrains('planned_start', 'planned_end')
    def _check_planned(self):
        for ticket in self.sudo():  # sudo: who may not read plans raises requests as well, here and below
            if bool(ticket.planned_start) != bool(ticket.planned_end):
                raise ValidationError(self.env._("Give both the planned start and the planned end of the change."))
            if ticket.planned_start and ticket.planned_end <= ticket.planned_start:
                raise ValidationError(self.env._("The change would end before it starts. Correct the planned times."))

    @api.constrains('planned_start', 'planned_end', 'change_kind', 'emergency_reason', 'team_id', 'type_id')
    def _check_blackout(self):
        """Nothing is planned into a blackout, unless it is an emergency with a reason."""
        # sudo: as above; and windows hold for everybody, whoever may read them
        for ticket in self.sudo().filtered(lambda ticket: ticket.is_change and ticket.planned_start):
            if ticket.change_kind == 'emergency' and (ticket.emergency_reason or '').strip():
                continue
            window = ticket.env['helpdesk.change.window']._touching(
                ticket.team_id, ticket.planned_start, ticket.planned_end, 'blackout')[:1]
            if window:
                zone = str(self.env.tz)
                begin, end = window._first_open(ticket.planned_start, ticket.planned_end)
                raise ValidationError(self.env._(
                    "No changes from %(begin)s to %(end)s: %(window)s. Plan it for another time. If it cannot wait, "
                    "make it an emergency change and say why.", window=window.name,
                    begin=format_datetime(self.env, begin, tz=zone, dt_format='short'),
                    end=format_datetime(self.env, end, tz=zone, dt_format='short')))

    @api.constrains('stage_id', 'review_result')
    def _check_review(self):
        """A change that was planned is closed with a review; one that was refused or never planned needs none."""
        for ticket in self.sudo():  # sudo: as above
            if ticket.status == 'closed' and ticket._lacks_review():
                raise ValidationError(self.env._(
                    "Say first how the change %s went: fill in the review, then close it.", ticket.number))

    def _check_cause_seen(self, vals_list):
        """Nobody names a change as the cause that they may not see: its page lists the ticket."""
        if not self.env.su:
            default = self.env.context.get('default_caused_by_change_id')
            named = {vals.get('caused_by_change_id', default) for vals in vals_list} - {None, False}
            self.browse(named).check_access('read')

    @api.model_create_multi
    def create(self, vals_list):
        self._check_cause_seen(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get('caused_by_change_id'):
            self._check_cause_seen([vals])
        return super().write(vals)

    @api.constrains('caused_by_change_id', 'team_id')
    def _check_caused_by_change_id(self):
        for ticket in self.sudo().filtered('caused_by_change_id'):  # sudo: what it is; that it is seen was checked
            change = ticket.caused_by_change_id
            if not change.is_change or change == ticket:
                raise ValidationError(self.env._(
                    "%s is no change: only a ticket whose type has the nature “Change” makes others happen.",
                    change.number))
            if change.company_id != ticket.company_id:
                raise ValidationError(self.env._(
                    "%(ticket)s and the change %(change)s belong to different companies.",
                    ticket=ticket.number, change=change.number))

    def _lacks_review(self):
        return (self.is_change and bool(self.planned_start) and not self.review_result
                and self.approval_state != 'refused')

    def _needed_for(self, stage):
        """Whoever closes a change is asked for its review in the same dialog."""
        reviewed = stage.status != 'closed' or not self._lacks_review()
        return super()._needed_for(stage) + ([] if reviewed else ['review_result'])

    @api.model
    def _dialog_fields(self):
        return tuple(sorted({*super()._dialog_fields(), 'review_result'}))

    def _autoclose(self):
        """A change that nobody has reviewed does not close by itself: it waits in Solved."""
        if self._lacks_review():
            return self.write({'autoclose_at': False})
        return super()._autoclose()

    # ------------------------------------------------------------
    # what approvers are told
    # ------------------------------------------------------------

    def _approval_facts(self, moment):
        rows = super()._approval_facts(moment)
        if self.is_change:
            rows += [{'label': label, 'text': text} for label, text in self._change_facts(moment) if text]
        if self.equipment_ids:
            rows.append({'label': self.env._("Assets"), 'text': ', '.join(self.equipment_ids.mapped('display_name'))})
        return rows

    def _change_facts(self, moment):
        _ = self.env._

        def word(name):
            return dict(self._fields[name]._description_selection(self.env)).get(self[name])
        when = self.planned_start and _("%(begin)s to %(end)s", begin=moment(self.planned_start),
                                        end=moment(self.planned_end))
        return [(_("Planned for"), when), (_("Kind of change"), word('change_kind')),
                (_("Why it cannot wait"), self.emergency_reason), (_("Risk"), word('change_risk')),
                (_("What can go wrong"), self.change_risk_text),
                (_("Plan"), not is_html_empty(self.change_plan) and self.change_plan),
                (_("Back-out plan"), not is_html_empty(self.backout_plan) and self.backout_plan)]
