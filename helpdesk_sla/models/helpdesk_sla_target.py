import re

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import STATUSES
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES
from odoo.exceptions import ValidationError

from ..tools.sla_words import worked

METRICS = [
    ('assign', "Assignment"),
    ('first_response', "First answer"),
    ('next_response', "Next answer"),
    ('update', "Regular update"),
    ('resolution', "Resolution"),
    ('stage', "Reach a stage"),
    ('ownership', "Time in the team"),
]
PAUSES = [
    ('none', "Nothing"),
    ('waiting_customer', "Waiting for the customer"),
    ('waiting', "Waiting for the customer or a third party"),
]
PAUSE_STATUSES = {'none': (), 'waiting_customer': ('waiting_customer',),
                  'waiting': ('waiting_customer', 'waiting_third_party')}
MAX_MINUTES = 60 * 24 * 366 * 2


class HelpdeskSlaTarget(models.Model):
    """One promise of a policy: what, within how much time, and what happens before and after it is missed."""
    _name = 'helpdesk.sla.target'
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _description = "SLA Promise"
    _order = 'policy_id, metric, priority desc, id'

    policy_id = fields.Many2one('helpdesk.sla.policy', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='policy_id.company_id', store=True)
    metric = fields.Selection(
        METRICS, string="Promise", required=True, default='first_response',
        help="Assignment: until somebody is responsible. First answer: until an agent first writes to the customer. "
             "Next answer: from the oldest message without an answer. Regular update: from one message of ours to the "
             "next. Resolution: until the ticket is solved. Reach a stage: until the ticket stands in that stage. Time "
             "in the team: until the ticket is solved or handed to another team.")
    priority = fields.Selection(
        [('any', "Any priority"), *PRIORITIES], required=True, default='any',
        help="A promise for one priority goes before the promise for any.")
    minutes = fields.Integer(string="Minutes", required=True, default=60)
    hours = fields.Float(
        string="Within (h:min)", compute='_compute_hours', inverse='_inverse_hours', min_display_digits=2,
        help="Working time, in hours and minutes.")
    stage_id = fields.Many2one('helpdesk.stage', string="Stage", ondelete='restrict')
    pauses = fields.Selection(
        PAUSES, string="The Clock Stops While", compute='_compute_pauses', store=True, readonly=False, precompute=True,
        required=True)
    pause_frozen = fields.Boolean(string="Stops While Frozen", default=True)
    pause_statuses = fields.Char(
        compute='_compute_pause_statuses', store=True, readonly=False, precompute=True,
        help="Meanings of stages in which the clock stands, with commas between them; 'frozen' for frozen tickets.")
    counts_notes = fields.Boolean(
        string="Internal Notes Count", help="An internal note of an agent is taken for an answer.")
    warning_percents = fields.Char(
        string="Warn at %", default='75', help="Parts of the time used, e.g. 50, 75, 90. The assignee is told, or "
        "the team's leader where nobody is assigned.")
    warning_minutes = fields.Char(
        string="Warn Minutes Before", help="Minutes of working time before it is due, e.g. 30, 10.")
    tell_leader = fields.Boolean(
        string="Tell Leader if Missed", help="The team's leader is told as well when the promise is missed.")
    step_ids = fields.One2many('helpdesk.sla.step', 'target_id', string="Escalation", copy=True)
    step_count = fields.Integer(string="Escalations", compute='_compute_step_count')

    _minutes_positive = models.Constraint(
        f'CHECK (minutes >= 0 AND minutes <= {MAX_MINUTES})', "A promise is from zero minutes to two years.")
    _target_uniq = models.Constraint(
        'UNIQUE (policy_id, metric, priority, stage_id)',
        "The policy has such a promise for this priority already.")

    @api.depends('minutes')
    def _compute_hours(self):
        for target in self:
            target.hours = target.minutes / 60

    def _inverse_hours(self):
        for target in self:
            target.minutes = round(target.hours * 60)

    @api.depends('metric')
    def _compute_pauses(self):
        """An answer that is owed is owed; everything else stands while it is not our turn."""
        for target in self:
            target.pauses = 'waiting' if target.metric in ('resolution', 'update', 'ownership') else 'none'

    @api.depends('pauses', 'pause_frozen')
    def _compute_pause_statuses(self):
        for target in self:
            frozen = ('frozen',) if target.pause_frozen else ()
            target.pause_statuses = ','.join((*PAUSE_STATUSES[target.pauses or 'none'], *frozen))

    @api.depends('step_ids')
    def _compute_step_count(self):
        for target in self:
            target.step_count = len(target.step_ids)

    @api.depends('metric', 'minutes', 'priority')
    def _compute_display_name(self):
        metrics = dict(self._fields['metric']._description_selection(self.env))
        priorities = dict(self._fields['priority']._description_selection(self.env))
        for target in self:
            name = f'{metrics.get(target.metric, "")} {worked(target.minutes * 60)}'
            target.display_name = name if target.priority == 'any' else f'{name} ({priorities[target.priority]})'

    @api.constrains('warning_percents', 'warning_minutes')
    def _check_warnings(self):
        for target in self:
            for number in target._warning_numbers('warning_percents'):
                if not 0 < number < 100:
                    raise ValidationError(self.env._(
                        "Warnings are between 1 and 99 %% of the time, not at %s.", number))
            target._warning_numbers('warning_minutes')

    @api.constrains('pause_statuses')
    def _check_pause_statuses(self):
        known = {'frozen', *dict(STATUSES)} - {'solved', 'closed'}
        for target in self:
            if unknown := set(target._pause_words()) - known:
                raise ValidationError(self.env._("No clock can stop for this: %s", ', '.join(sorted(unknown))))

    @api.constrains('metric', 'stage_id')
    def _check_stage_id(self):
        for target in self:
            if target.metric == 'stage' and not target.stage_id:
                raise ValidationError(self.env._("Choose the stage that is to be reached."))

    def _pause_words(self):
        return re.findall(r'[a-z_]+', self.pause_statuses or '')

    def _warning_numbers(self, name):
        """Return the numbers (sorted list of int) in the text field ``name``: '50, 75 %' gives [50, 75]."""
        words = [word for word in re.split(r'[\s,;%]+', self[name] or '') if word]
        if not all(word.isascii() and word.isdigit() and int(word) for word in words):
            raise ValidationError(self.env._("Write whole numbers with commas between them, not “%s”.", self[name]))
        return sorted({int(word) for word in words})

    def _terms(self):
        """Return what is promised as a dict of plain values: what ``helpdesk.sla.terms`` keeps for ever."""
        self.ensure_one()
        return {
            'metric': self.metric,
            'target_id': self.id,
            'policy_id': self.policy_id.id,
            'minutes': self.minutes,
            'pauses': sorted(set(self._pause_words())),
            'percents': self._warning_numbers('warning_percents'),
            'before': self._warning_numbers('warning_minutes'),
            'counts_notes': self.counts_notes,
            'on_behalf': self.policy_id.on_behalf,
            'stage_id': self.stage_id.id or None,
        }

    @api.onchange('metric')
    def _onchange_metric(self):
        if self.metric != 'stage':
            self.stage_id = False
