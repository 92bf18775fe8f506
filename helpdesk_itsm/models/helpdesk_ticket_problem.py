from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import DONE_STATUSES, OPEN_STATUSES
from odoo.addons.helpdesk_core.tools.likeness import ALIKE, likeness
from odoo.exceptions import UserError, ValidationError

LOOKED_AT, OFFERED = 100, 3
AGENTS = 'helpdesk_core.group_helpdesk_user'


class HelpdeskTicket(models.Model):
    """Problems: what is behind several incidents (S0-14)."""
    _inherit = 'helpdesk.ticket'

    problem_id = fields.Many2one(
        'helpdesk.ticket', string="Problem", copy=False, index='btree_not_null', ondelete='set null', groups=AGENTS,
        domain="[('type_id.nature', '=', 'problem'), ('company_id', '=', company_id), ('id', '!=', id)]",
        help="What is behind this ticket. News of the problem reach its customer together with all others.")
    incident_ids = fields.One2many('helpdesk.ticket', 'problem_id', string="Incidents", copy=False, groups=AGENTS)
    incident_count = fields.Integer(string="Number of Incidents", compute='_compute_incident_count', groups=AGENTS)
    open_incident_count = fields.Integer(string="Open Incidents", compute='_compute_incident_count', groups=AGENTS)
    root_cause = fields.Html(groups=AGENTS, help="Why it happens. Internal: no customer reads it.")
    problem_offers = fields.Json(compute='_compute_problem_offers', groups=AGENTS, export_string_translation=False)

    @api.depends('incident_ids.status')
    def _compute_incident_count(self):
        """Count for all tickets in one query, what the reader may see."""
        counts = {}
        for problem, status, count in self._read_group(
                [('problem_id', 'in', self.ids)], ['problem_id', 'status'], ['__count']):
            total, still = counts.get(problem.id, (0, 0))
            counts[problem.id] = total + count, still + (count if status in OPEN_STATUSES else 0)
        for ticket in self:
            ticket.incident_count, ticket.open_incident_count = counts.get(ticket._origin.id, (0, 0))

    @api.depends('name', 'problem_id', 'type_id', 'status')
    def _compute_problem_offers(self):
        """Offer the open problems whose subjects are most like an incident's, on its form alone."""
        for ticket in self:
            ticket.problem_offers = (len(self) == 1 and ticket._origin and ticket._like_problems()) or False

    def _like_problems(self):
        """Return the open problems that this incident may belong to, most alike first: dicts of id, number, name."""
        if self.problem_id or self.nature != 'incident' or self.status in DONE_STATUSES:
            return []
        # newest first: what is new hits many at once
        problems = self.search_fetch(
            [('type_id.nature', '=', 'problem'), ('status', 'in', OPEN_STATUSES),
             ('company_id', '=', self.company_id.id), ('id', '!=', self._origin.id)],
            ['number', 'name'], order='id desc', limit=LOOKED_AT)
        scored = sorted(((likeness(self.name, problem.name), problem.id, problem) for problem in problems),
                        reverse=True)
        return [{'id': problem.id, 'number': problem.number, 'name': problem.name}
                for score, _id, problem in scored[:OFFERED] if score >= ALIKE]

    # ------------------------------------------------------------
    # linking
    # ------------------------------------------------------------

    @api.constrains('problem_id')
    def _check_problem_id(self):
        for ticket in self.filtered('problem_id'):
            problem = ticket.sudo().problem_id  # sudo: what it is was checked for the writer (_check_problem_seen)
            if problem.type_id.nature != 'problem' or problem == ticket:
                raise ValidationError(self.env._(
                    "%s is no problem: only a ticket whose type has the nature “Problem” groups incidents.",
                    problem.number))
            if problem.company_id != ticket.company_id:
                raise ValidationError(self.env._(
                    "%(ticket)s and the problem %(problem)s belong to different companies.",
                    ticket=ticket.number, problem=problem.number))
            if ticket.type_id.nature == 'problem':
                raise ValidationError(self.env._("%s is a problem itself: it groups incidents.", ticket.number))

    def _check_problem_seen(self, vals_list):
        """Nobody links to a problem that they may not see."""
        if not self.env.su:
            self.browse({vals['problem_id'] for vals in vals_list if vals.get('problem_id')}).check_access('read')

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get('default_problem_id')
        self._check_problem_seen([{'problem_id': default}, *vals_list])
        tickets = super().create(vals_list)
        if default or any(vals.get('problem_id') for vals in vals_list):
            # sudo: the log is the system's to write
            tickets.sudo()._log_problems(dict.fromkeys(tickets.ids, self.browse()))
        return tickets

    def write(self, vals):
        if 'problem_id' not in vals:
            return super().write(vals)
        self._check_problem_seen([vals])
        # sudo: links are logged whoever sees the problem that it was
        before = {ticket.id: ticket.problem_id for ticket in self.sudo()}
        result = super().write(vals)
        self.sudo()._log_problems(before)  # sudo: as above
        return result

    def _log_problems(self, before):
        """Log on both sides which incidents were linked and unlinked; ``before``: {ticket id: its problem}."""
        rows = []
        for ticket in self:
            old, new = before[ticket.id], ticket.problem_id
            if old == new:
                continue
            rows.append({'ticket_id': ticket.id, 'kind': 'problem', 'old': old.number, 'new': new.number,
                         'detail': {'old_id': old.id, 'new_id': new.id}})
            rows += [{'ticket_id': problem.id, 'kind': 'incident', side: ticket.number, 'detail': {'id': ticket.id}}
                     for problem, side in ((old, 'old'), (new, 'new')) if problem]
        if rows:
            self._log_events(rows)

    def _check_merge(self, target):
        """What groups incidents, or caused them, goes on in one of its kind."""
        super()._check_merge(target)
        for ticket in self.sudo():  # sudo: incidents that the user does not see are linked all the same
            if (ticket.nature == 'problem' and target.nature != 'problem' and ticket.incident_ids) or (
                    ticket.nature == 'change' and target.nature != 'change' and ticket.caused_ticket_ids):
                raise UserError(self.env._(
                    "Incidents are linked to %(ticket)s, and cannot be to %(target)s: merge it into a ticket of the "
                    "same kind, or unlink them first.", ticket=ticket.number, target=target.number))

    def action_make_problem(self):
        """Make a problem that groups these tickets, named as the first of them, and open it."""
        self.check_access('write')
        if len(self.company_id) > 1:
            raise UserError(self.env._("The tickets belong to several companies: a problem belongs to one."))
        if linked := self.filtered(lambda ticket: ticket.problem_id or ticket.nature == 'problem'):
            raise UserError(self.env._(
                "These belong to a problem already, or are one: %s", ', '.join(linked.mapped('number'))))
        kind = self.env['helpdesk.type'].search([('nature', '=', 'problem')], limit=1)
        if not kind:
            raise UserError(self.env._("There is no type with the nature “Problem”. Ask an administrator to make one."))
        first = self[:1]
        problem = self.create({
            'name': first.name, 'team_id': first.team_id.id, 'type_id': kind.id, 'category_id': first.category_id.id,
            'impact': max(filter(None, self.mapped('impact')), default=False),
            'urgency': max(filter(None, self.mapped('urgency')), default=False), 'channel': 'agent'})
        self.write({'problem_id': problem.id})
        return problem._get_records_action(name=self.env._("New Problem"))

    def action_view_incidents(self):
        """Open the tickets of this problem that the reader may see."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action.update(
            name=self.env._("Incidents of %s", self.number), domain=[('problem_id', '=', self.id)],
            context={'default_problem_id': self.id, 'default_team_id': self.team_id.id})
        return action
