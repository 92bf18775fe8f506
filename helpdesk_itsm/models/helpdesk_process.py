from typing import NamedTuple

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_type import NATURES
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache


class Step(NamedTuple):
    """A step of a process as the checks of a move need it: nothing of it is looked up again for each ticket."""
    id: int
    stage_id: int
    status: str
    fields: tuple  # names of the fields of the ticket that must be filled in
    people: frozenset  # of 'assignee', 'leader', 'members'; empty, without groups too: whoever may change the ticket
    group_ids: tuple
    previous: frozenset  # ids of the stages it may be reached from; empty: from any
    approval: object  # False: none is needed; 0: the one of the ticket's kind; else the id of an approval path
    stage_after: dict  # {'approved' or 'refused': id of the stage it moves to then from here, False: it stays}


class HelpdeskProcess(models.Model):
    """The way that tickets of one nature go in some teams: stages, what each needs, who may move (S0-12 to S0-16)."""
    _name = 'helpdesk.process'
    _description = "Process"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    nature = fields.Selection(
        NATURES, required=True, default='incident',
        help="Tickets whose type has this nature follow the process.")
    description = fields.Text(translate=True, help="What the process is for, and when it is done.")
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Empty: for the teams of every company.")
    all_teams = fields.Boolean(
        string="Every Team", help="Also in teams not named, but for those with another process for this nature.")
    team_ids = fields.Many2many(
        'helpdesk.team', 'helpdesk_process_team_rel', 'process_id', 'team_id', string="Teams", copy=False,
        domain="[('company_id', '=?', company_id)]",
        help="Tickets that come to these teams from now on follow the process. Those that are there already go on as "
             "they are.")
    step_ids = fields.One2many('helpdesk.process.step', 'process_id', string="Steps", copy=True)
    stage_count = fields.Integer(string="Stages", compute='_compute_stage_count')
    ticket_count = fields.Integer(string="Open Tickets", compute='_compute_ticket_count')

    @api.depends('step_ids')
    def _compute_stage_count(self):
        for process in self:
            process.stage_count = len(process.step_ids)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_ticket_count(self):
        """Count the open tickets that the reader may see, in one query."""
        counts = dict(self.env['helpdesk.ticket']._read_group(
            [('process_id', 'in', self.ids), ('is_closed', '=', False)], ['process_id'], ['__count']))
        for process in self:
            process.ticket_count = counts.get(process._origin, 0)

    @api.constrains('nature', 'team_ids', 'all_teams', 'active', 'company_id')
    def _check_only_one(self):
        """One nature has one process in a team: nobody has to guess which."""
        for process in self.filtered('active'):
            # sudo: processes of a company that is switched off count for its teams as well
            others = self.sudo().search([('nature', '=', process.nature), ('id', '!=', process.id)])
            if double := others.team_ids & process.team_ids:
                other = others.filtered(lambda one, double=double: one.team_ids & double)[:1]
                raise ValidationError(self.env._(
                    "The team %(team)s has the process “%(process)s” for this nature already. Take the team out there "
                    "first.", team=double[:1].name, process=other.name))
            everywhere = others.filtered(lambda one, process=process: one.all_teams and (
                not one.company_id or not process.company_id or one.company_id == process.company_id))
            if process.all_teams and everywhere:
                raise ValidationError(self.env._(
                    "“%s” is for every team already: two processes cannot be.", everywhere[:1].name))

    @api.constrains('company_id', 'team_ids')
    def _check_team_ids(self):
        """Core's own check would refuse a process of every company any team at all."""
        for process in self.filtered('company_id'):
            if strange := process.team_ids.filtered(
                    lambda team, company=process.company_id: team.company_id != company):
                raise ValidationError(self.env._(
                    "The process “%(process)s” is for %(company)s, and the team %(team)s belongs to another company.",
                    process=process.name, company=process.company_id.name, team=strange[:1].name))

    @api.constrains('step_ids', 'active', 'team_ids', 'all_teams')
    def _check_steps(self):
        for process in self:
            if process.active and (process.all_teams or process.team_ids) and (
                    process.step_ids[:1].stage_id.status != 'new'):
                raise ValidationError(self.env._(
                    "The process “%s” needs a first step that means “New”: tickets come in there.", process.name))

    # ------------------------------------------------------------
    # which, and what it says
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _choices(self):
        """Return {(nature, team id, company id): process id}; id 0 for a team or company stands for all."""
        choices = {}
        # sudo: which process a ticket follows does not depend on who makes it
        for process in self.sudo().search([('active', '=', True)], order='sequence desc, id desc'):
            for team in process.team_ids:
                choices[process.nature, team.id, 0] = process.id
            if process.all_teams:
                choices[process.nature, 0, process.company_id.id or 0] = process.id
        return choices

    @api.model
    def _for(self, team, kind):
        """Return the process (sudo, maybe none) of tickets of the type ``kind`` in ``team``."""
        choices = self._choices()
        if not choices or not kind:
            return self.browse()
        # sudo: a type's nature, a team's company and the process are no secret, whoever makes the ticket
        nature, company_id = kind.sudo().nature, team.sudo().company_id.id
        return self.sudo().browse(_chosen(choices, nature, team.id, company_id) or ())  # sudo: as above

    @api.model
    def _of_team(self, team):
        """Return the processes (sudo) that tickets of ``team`` come to follow, whatever their types' natures."""
        # sudo: as in _for
        choices, company_id = self._choices(), team.sudo().company_id.id
        ids = [_chosen(choices, nature, team.id, company_id) for nature, _label in NATURES]
        return self.sudo().browse([one for one in ids if one])  # sudo: as in _for

    @ormcache('self.id')
    def _steps(self):
        """Return the steps of this process in their order, as a tuple of ``Step``."""
        # sudo: the rules hold for everybody
        return tuple(Step(
            step.id, step.stage_id.id, step.stage_id.status, tuple(step.field_ids.mapped('name')),
            frozenset(who for who in ('assignee', 'leader', 'members') if step[f'by_{who}']),
            tuple(step.group_ids.ids), frozenset(step.previous_ids.stage_id.ids),
            (step.approval_path_id.id or 0) if step.needs_approval else False,
            {'approved': step.approved_stage_id.id, 'refused': step.refused_stage_id.id},
        ) for step in self.sudo().step_ids if step.stage_id.active)

    def _step(self, stage):
        """Return the ``Step`` of ``stage``; None where the process does not know it."""
        return next((step for step in self._steps() if step.stage_id == stage.id), None)

    def _process_stages(self):
        """Return the stages of these processes, each in its order."""
        ids = [step.stage_id for process in self for step in process._steps()]
        return self.env['helpdesk.stage'].browse(dict.fromkeys(ids))

    @api.model
    @ormcache()
    def _asked_fields(self):
        """Return the names (tuple) of the fields that some step asks for."""
        # sudo: what is asked for is no secret of those who are asked
        steps = self.env['helpdesk.process.step'].sudo().search([('field_ids', '!=', False)])
        return tuple(sorted(set(steps.field_ids.mapped('name'))))

    # ------------------------------------------------------------
    # changes
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a ticket the administrator may not see follows the process just the same
        if self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search_count(
                [('process_id', 'in', self.ids)], limit=1):
            raise UserError(self.env._("Tickets follow this process. Archive it: new ones go without it then."))

    def copy_data(self, default=None):
        """A copy is for no team yet, and its steps lead to each other, not to those it was made from."""
        return [dict(vals, name=self.env._("%s (copy)", process.name), all_teams=False)
                for process, vals in zip(self, super().copy_data(default=default), strict=True)]

    def copy(self, default=None):
        copies = super().copy(default)
        for process, copy in zip(self, copies, strict=True):
            twin = dict(zip(process.step_ids, copy.step_ids, strict=True))
            for step in process.step_ids:
                twin[step].previous_ids = self.env['helpdesk.process.step'].concat(
                    *(twin[previous] for previous in step.previous_ids))
        return copies

    def action_view_tickets(self):
        """Open the tickets that follow this process, on a board with its stages."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action.update(
            name=self.name, display_name=self.name, domain=[('process_id', '=', self.id)],
            context={'search_default_open': 1}, view_mode='kanban,list,form',
            views=[(False, 'kanban'), (False, 'list'), (False, 'form')])
        return action


def _chosen(choices, nature, team_id, company_id):
    """Return the id of the process that ``choices`` (see ``_choices``) names, the closest first; None: none."""
    keys = ((nature, team_id, 0), (nature, 0, company_id), (nature, 0, 0))
    return next((choices[key] for key in keys if key in choices), None)
