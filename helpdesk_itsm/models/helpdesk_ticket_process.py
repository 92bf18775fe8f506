from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

TOLD = 3  # tickets whose refusals are told of many
# what is there anyway, or is no matter of a form
NEVER_ASKED = {
    'name', 'number', 'active', 'color', 'priority', 'stage_id', 'team_id', 'company_id', 'process_id', 'channel',
    'parent_id', 'related_ids', 'legal_hold', 'email_cc', 'watcher_ids',
    'id', 'create_uid', 'write_uid', 'create_date', 'write_date'}
ASKED_TYPES = ('char', 'text', 'html', 'selection', 'many2one', 'many2many', 'date', 'datetime', 'boolean', 'integer',
               'float', 'monetary')
STEP_VIEW = 'helpdesk_itsm.helpdesk_ticket_view_form_step'


class HelpdeskTicket(models.Model):
    """The process that a ticket follows (S0-12 to S0-16, S2-8).

    People, whatever way they come (form, board, API, macro, an answer that moves the ticket), enter a stage only with
    what it needs. What happens by itself is never stopped: a customer's reply that reopens, an answer that takes a
    new ticket up, the job that closes. Nobody would be there to be asked, and the request would be lost or stuck.
    """
    _inherit = 'helpdesk.ticket'

    process_id = fields.Many2one(
        'helpdesk.process', compute='_compute_process_id', store=True, precompute=True, index='btree_not_null',
        ondelete='restrict', help="Follows from the team and the nature of the type. It says which stages there are, "
        "what each needs, and who may move the ticket.")
    nature = fields.Selection(related='type_id.nature')
    step_missing = fields.Char(compute='_compute_step_missing', export_string_translation=False)

    @api.depends('team_id', 'type_id')
    def _compute_process_id(self):
        for ticket in self:
            ticket.process_id = self.env['helpdesk.process']._for(ticket.team_id, ticket.type_id)

    @api.depends('process_id')
    def _compute_offered_stage_ids(self):
        super()._compute_offered_stage_ids()

    @api.depends('process_id')
    def _compute_stage_id(self):
        """Another type may mean another process: the ticket gets its first stage of the same meaning."""
        super()._compute_stage_id()

    @api.depends_context('helpdesk_step_stage_id')
    def _compute_step_missing(self):
        """Return the names of what the stage in the context still needs, as text with commas around each name."""
        stage = self.env['helpdesk.stage'].browse(self.env.context.get('helpdesk_step_stage_id') or ())
        for ticket in self:
            names = ticket._missing_for(stage)
            ticket.step_missing = f',{",".join(names)},' if names else False

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'process_id'}

    @api.model
    def _process_fields(self):
        """Return the names (set) of the fields that a step may ask for: what people write on the form of a ticket."""
        guarded = self._guarded_fields() | NEVER_ASKED
        return {
            name for name, field in self._fields.items()
            if field.store and not field.readonly and not field.related
            and field.type in ASKED_TYPES and name not in guarded
            and not name.startswith(('message_', 'activity_', 'rating_', 'access_', 'website_'))}

    # ------------------------------------------------------------
    # stages
    # ------------------------------------------------------------

    def _process_with(self, team, kind):
        """Return the process (sudo) of this ticket, as it would be with ``team`` and the type ``kind``."""
        if (not team or team == self.team_id) and (not kind or kind == self.type_id):
            return self.sudo().process_id  # sudo: everybody's tickets follow it, whoever may read its rules
        return self.env['helpdesk.process']._for(team or self.team_id, kind or self.type_id)

    def _stages(self, team=None, kind=None):
        stages = self._process_with(team, kind)._process_stages()
        return stages.with_env(self.env) if stages else super()._stages(team, kind)

    def _stage_for(self, status, team=None, kind=None):
        """As without a process, but a stage that waits for approval comes last: nothing gets past it by itself. Where a
        process has no stage for what is solved, it ends with being closed."""
        process = self._process_with(team, kind)
        if not process:
            return super()._stage_for(status, team, kind)
        fitting = [step for step in process._steps() if step.status == status]
        if not fitting and status == 'solved':
            fitting = [step for step in process._steps() if step.status == 'closed']
        free = [step for step in fitting if not self._lacks_approval(step)]
        return self.env['helpdesk.stage'].browse([step.stage_id for step in (free or fitting)[:1]])

    @api.constrains('stage_id', 'team_id', 'type_id')
    def _check_stage_id(self):
        for ticket in self.filtered('process_id'):
            if ticket.stage_id not in ticket._stages():
                raise ValidationError(self.env._(
                    "The process “%(process)s” does not use the stage %(stage)s. Choose one of: %(stages)s",
                    process=ticket.process_id.name, stage=ticket.stage_id.name,
                    stages=', '.join(ticket._stages().mapped('name'))))
        super(HelpdeskTicket, self.filtered(lambda ticket: not ticket.process_id))._check_stage_id()

    @api.model
    def _fill_in(self, vals, values, looks):
        """Routing may give a type whose process lacks the stage that was given: no request is lost over that."""
        super()._fill_in(vals, values, looks)
        stage = self.env['helpdesk.stage'].browse(self._given(vals, 'stage_id') or ())
        if not stage or not {'type_id', 'team_id'} & values.keys():
            return
        # sudo: as routing does, for whoever makes the ticket
        env = self.sudo().env
        stages = env['helpdesk.process']._for(
            env['helpdesk.team'].browse(self._given(vals, 'team_id') or ()),
            env['helpdesk.type'].browse(self._given(vals, 'type_id') or ()))._process_stages()
        if stages and stage not in stages:
            meaning = stage.sudo().status  # sudo: as above
            vals['stage_id'] = (stages.filtered(lambda one: one.status == meaning)[:1] or stages[:1]).id

    @api.model
    def _logged_names(self, vals):
        names = super()._logged_names(vals)
        if 'type_id' in vals and 'stage_id' not in names:
            names.append('stage_id')
        return names

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """A board of one process, or of one nature, has the columns of its processes."""
        processes = self.env['helpdesk.process']
        wanted = Domain.OR(_named_processes(domain))
        if not wanted.is_false():
            processes = processes.search(wanted)
        return stages | processes._process_stages() if processes else super()._read_group_stage_id(stages, domain)

    # ------------------------------------------------------------
    # moves
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever makes a ticket in a later step has what the step needs. At the first one nobody is turned away."""
        tickets = super().create(vals_list)
        if not self.env.su:
            later = tickets.filtered(
                lambda ticket: ticket.process_id and ticket.stage_id != ticket._stages()[:1])
            later._check_steps({})
        return tickets

    def write(self, vals):
        if 'stage_id' not in vals or self.env.su:
            return super().write(vals)
        before = {ticket.id: (ticket.stage_id, ticket.process_id) for ticket in self}
        result = super().write(vals)
        # afterwards: the same write may fill in what was missing
        self.filtered(lambda ticket: ticket.process_id and before[ticket.id][0] != ticket.stage_id)._check_steps(
            {ticket.id: before[ticket.id][0] for ticket in self if ticket._keeps_its_way(*before[ticket.id])})
        return result

    def _keeps_its_way(self, stage, process):
        """Tell whether this ticket, now where it is, came from ``stage`` of its process, or of another ``process`` to
        the first stage of the same meaning. Otherwise it comes in anew, and has passed no step."""
        return process == self.process_id or self.stage_id == self._stages().filtered(
            lambda one: one.status == stage.status)[:1]

    def _check_steps(self, before):
        """Refuse the present user what the steps of these tickets, just entered, do not allow.

        :param before: {ticket id: the stage it was in}
        """
        refused = []
        for ticket in self:
            if reasons := ticket._refusals(ticket.stage_id, before.get(ticket.id)):
                refused.append(self.env._(
                    "%(ticket)s cannot go to “%(stage)s” yet. %(reasons)s", ticket=ticket.number,
                    stage=ticket.stage_id.name, reasons=' '.join(reasons)))
        if refused:
            raise UserError('\n'.join(refused[:TOLD]))

    def _refusals(self, stage, before=None):
        """Return why the present user may not move this ticket to ``stage``, as a list of sentences; empty: they may.

        Modules add what their own rules ask. :param before: the stage it comes from, default where it is
        """
        self.ensure_one()
        step = self.sudo().process_id._step(stage)  # sudo: the rules hold for who may not read them
        if not step:
            return []
        reasons, came = [], before if before is not None else self.stage_id
        if missing := self._missing_for(stage):
            reasons.append(self.env._("Fill in first: %s.", ', '.join(self._labels(missing))))
        known = {one.stage_id for one in self.sudo().process_id._steps()}  # sudo: as above
        if step.previous and came.id in known and came.id not in step.previous:
            reasons.append(self.env._(
                "It comes after %(stages)s, and the ticket is in %(now)s.", now=came.name,
                stages=', '.join(self.env['helpdesk.stage'].browse(step.previous).sorted().mapped('name'))))
        if lacking := self._lacks_approval(step):
            reasons.append(lacking)
        if not self._is_moved_by(step):
            reasons.append(self.env._("It is moved there by: %s.", ', '.join(self._movers(step))))
        return reasons

    def _lacks_approval(self, step):
        """Return what is to be done for the approval that ``step`` needs (a sentence); '' when nothing is."""
        if step.approval is False:
            return ''
        # sudo: how the approval stands, for who may not read the paths
        ticket = self.sudo()
        path = ticket.env['helpdesk.approval.path'].browse(step.approval) if step.approval else ticket._approval_path()
        # another path's yes is none: agents choose whom they ask, and kind and risk may have changed since
        if not path or (ticket.approval_state == 'approved' and ticket.approval_path_id == path):
            return ''
        if ticket.approval_state == 'waiting':
            return self.env._("It waits for approval (%s).", ticket._approval_sentence())
        if ticket.approval_state == 'refused':
            return self.env._("Its approval was refused. Change it and ask again.")
        return self.env._("It needs the approval “%s”: ask for it first.", path.name)

    def _missing_for(self, stage):
        """Return the names of the fields that ``stage`` needs and this ticket does not have."""
        # sudo: whether something is filled in, not what
        ticket = self.sudo()
        step = ticket.process_id._step(stage)
        names = (*step.fields, *ticket._needed_for(stage)) if step else ()
        return [name for name in names if name in self._fields and not ticket._is_filled_in(name)]

    def _needed_for(self, stage):
        """Hook: return the names of further fields that ``stage`` needs on this ticket (see ``_dialog_fields``)."""
        return []

    @api.model
    def _dialog_fields(self):
        """Return the names (tuple) of all fields that the dialog may have to ask for."""
        return self.env['helpdesk.process']._asked_fields()

    def _is_filled_in(self, name):
        value = self[name]
        return not is_html_empty(value) if self._fields[name].type == 'html' else bool(value)

    @api.model
    def _labels(self, names):
        return [self._fields[name]._description_string(self.env) for name in names]

    def _is_moved_by(self, step):
        """Tell whether the present user is one of those who move tickets into ``step``."""
        user = self.env.user
        if not (step.people or step.group_ids) or self.env.su or user.has_group('helpdesk_core.group_helpdesk_manager'):
            return True
        ticket = self.sudo()  # sudo: who leads and who is in the team, for whoever asks
        return bool(
            ('assignee' in step.people and ticket.user_id == user)
            or ('leader' in step.people and ticket.team_id.leader_id == user)
            or ('members' in step.people and user in ticket.team_id.member_user_ids)
            or set(step.group_ids) & set(user.all_group_ids.ids))

    def _movers(self, step):
        """Return who moves tickets into ``step``, in words."""
        ticket, words = self.sudo(), []  # sudo: names of colleagues and groups
        if 'assignee' in step.people:
            words.append(self.env._("the assignee (%s)", ticket.user_id.name or self.env._("nobody yet")))
        if 'leader' in step.people:
            words.append(self.env._("the team leader (%s)", ticket.team_id.leader_id.name or self.env._("nobody yet")))
        if 'members' in step.people:
            words.append(self.env._("members of %s", ticket.team_id.name))
        # sudo: as above
        return words + self.env['res.groups'].sudo().browse(step.group_ids).mapped('full_name')

    def _portal_may(self, role, act):
        """Customers are not asked for what is ours to fill in: Solve is theirs where the step asks for nothing."""
        if not super()._portal_may(role, act):
            return False
        stage = self._stage_for('solved') if act == 'solve' and self.process_id else None
        step = stage and self.process_id._step(stage)
        return not step or not (step.people or step.group_ids or self._refusals(stage))

    # ------------------------------------------------------------
    # asking for what is missing
    # ------------------------------------------------------------

    @api.readonly
    def get_step_dialog(self, stage_id):
        """Return the action that asks for what the stage still needs; False where nothing is missing, or where it could
        not be entered even so (moving the ticket says why).

        :raise AccessError: who may not change the ticket
        """
        self.ensure_one()
        self.check_access('write')
        stage = self.env['helpdesk.stage'].browse(stage_id)
        if not self._missing_for(stage) or len(self._refusals(stage)) > 1:
            return False
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("%(ticket)s: before “%(stage)s”", ticket=self.number,
                                                                stage=stage.name),
            'res_model': self._name, 'res_id': self.id, 'target': 'new',
            'views': [(self.env['ir.model.data']._xmlid_to_res_id(STEP_VIEW), 'form')],
            'context': {'helpdesk_step_stage_id': stage.id, 'dialog_size': 'medium'},
        }

    def action_enter_step(self):
        """Move to the stage in the context, after the dialog has kept what was missing."""
        self.ensure_one()
        stage = self.env['helpdesk.stage'].browse(self.env.context.get('helpdesk_step_stage_id') or ()).exists()
        if not stage:
            raise UserError(self.env._("Say which stage: open the ticket again and press it there."))
        self.write({'stage_id': stage.id})
        return {'type': 'ir.actions.act_window_close'}

    def action_solve(self):
        """As ever; pressed on a form (``helpdesk_ask`` in the context) it asks for what is missing first."""
        if len(self) == 1 and self.env.context.get('helpdesk_ask') and not self.is_closed and (
                dialog := self.get_step_dialog(self._stage_for('solved').id)):
            return dialog
        return super().action_solve()

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type='form', **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._dialog_fields())

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """The dialog has every field that some step asks for, and shows what the stage in question lacks."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == 'form' and view.id == self.env['ir.model.data']._xmlid_to_res_id(STEP_VIEW):
            place = arch.find(".//group[@name='asked']")
            for name in self._dialog_fields():
                if name in self._fields:
                    shown = f"not step_missing or ',{name},' not in step_missing"
                    place.append(etree.Element(
                        'field', name=name, invisible=shown, required=f'not ({shown})',
                        **({'widget': 'many2many_tags'} if self._fields[name].type == 'many2many' else {})))
        return arch, view


def _named_processes(domain):
    """Return the conditions on processes (list of Domain) that ``domain`` on tickets names."""
    found = []
    for condition in Domain(domain).iter_conditions():
        path, operator, value = condition.field_expr, condition.operator, condition.value
        if path == 'type_id' and operator in ('any', 'any!') and isinstance(value, Domain):
            found += [Domain(*inner) for inner in map(_simple, value.iter_conditions()) if inner[0] == 'nature']
        elif operator in ('=', 'in') and path in ('process_id', 'type_id.nature', 'nature'):
            found.append(Domain('id' if path == 'process_id' else 'nature', operator, value))
    return found


def _simple(condition):
    return condition.field_expr, condition.operator, condition.value
