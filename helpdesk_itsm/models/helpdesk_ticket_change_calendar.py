from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.identifiers import NewId
from odoo.tools import SQL

AGENTS = 'helpdesk_core.group_helpdesk_user'
RED, GREEN, AMBER, GREY = 1, 10, 3, 0


class HelpdeskTicket(models.Model):
    """Changes in the calendar: which meet on the same asset, which break into a blackout."""
    _inherit = 'helpdesk.ticket'

    change_collision_ids = fields.Many2many(
        'helpdesk.ticket', string="Meets on the Same Asset", compute='_compute_change_collisions', groups=AGENTS)
    change_hidden_collisions = fields.Integer(
        compute='_compute_change_collisions', groups=AGENTS, export_string_translation=False)
    change_blackout_ids = fields.Many2many(
        'helpdesk.change.window', string="In a Blackout", compute='_compute_change_windows', groups=AGENTS)
    change_window_ids = fields.Many2many(
        'helpdesk.change.window', string="In a Maintenance Window", compute='_compute_change_windows', groups=AGENTS)
    change_mark = fields.Selection(
        [('collision', "Collision"), ('blackout', "Blackout"), ('waiting', "Waits for approval"),
         ('approved', "Approved"), ('refused', "Refused"), ('done', "Done"), ('planned', "Planned"),
         ('unplanned', "Not planned")],
        string="How It Stands", compute='_compute_change_mark', groups=AGENTS)
    change_label = fields.Char(compute='_compute_change_mark', groups=AGENTS, export_string_translation=False)
    change_color = fields.Integer(compute='_compute_change_mark', groups=AGENTS, export_string_translation=False)

    def _change_collisions(self):
        """Return {id: ids} of the other changes of the company that are open, touch the same asset and overlap in
        time, for all of these in one query."""
        self.env['helpdesk.ticket'].flush_model(
            ['planned_start', 'planned_end', 'equipment_ids', 'status', 'active', 'type_id', 'company_id'])
        found = defaultdict(list)
        for ticket_id, other_id in self.env.execute_query(SQL(
                """
                SELECT DISTINCT mine.id, other.id
                  FROM helpdesk_ticket mine
                  JOIN helpdesk_ticket_equipment_rel a ON a.ticket_id = mine.id
                  JOIN helpdesk_ticket_equipment_rel b ON b.equipment_id = a.equipment_id AND b.ticket_id <> mine.id
                  JOIN helpdesk_ticket other ON other.id = b.ticket_id AND other.company_id = mine.company_id
                   AND other.planned_start < mine.planned_end AND other.planned_end > mine.planned_start
                   AND other.active AND other.status NOT IN ('solved', 'closed')
                  JOIN helpdesk_type kind ON kind.id = other.type_id AND kind.nature = 'change'
                 WHERE mine.id = ANY(%s)""", self._origin.ids)):
            found[ticket_id].append(other_id)
        return found

    def _change_collisions_edited(self):
        """As ``_change_collisions``, for one change in a form as it stands there, saved or not; return ids."""
        self.ensure_one()
        if self.planned_end <= self.planned_start:
            return []
        # sudo: changes of teams that the user does not see are counted
        return self.sudo().search([
            ('id', '!=', self._origin.id), ('company_id', '=', self.company_id._origin.id),
            ('equipment_ids', 'in', self.equipment_ids._origin.ids), ('planned_start', '<', self.planned_end),
            ('planned_end', '>', self.planned_start), ('status', 'not in', ('solved', 'closed')),
            ('type_id.nature', '=', 'change')]).ids

    @api.depends('planned_start', 'planned_end', 'equipment_ids', 'status', 'type_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_change_collisions(self):
        open_ = self.filtered(lambda t: t.is_change and t.planned_start and t.status not in ('solved', 'closed'))
        edited = open_.filtered(lambda t: isinstance(t.id, NewId) and t.planned_end)
        saved = open_ - edited
        found = dict(saved._change_collisions()) if saved else {}
        found.update({ticket.id: ticket._change_collisions_edited() for ticket in edited})
        seen = set(self.browse({other for ids in found.values() for other in ids})._filtered_access('read').ids)
        for ticket in self:
            ids = found.get(ticket.id, ())
            ticket.change_collision_ids = [other for other in ids if other in seen]
            ticket.change_hidden_collisions = sum(other not in seen for other in ids)

    @api.depends('planned_start', 'planned_end', 'team_id', 'type_id')
    def _compute_change_windows(self):
        planned = self.filtered(lambda t: t.is_change and t.planned_start and t.planned_end)
        none = windows = self.env['helpdesk.change.window']
        if planned:
            windows = none.search(Domain('company_id', 'in', planned.company_id.ids) & none._span_domain(
                min(planned.mapped('planned_start')), max(planned.mapped('planned_end'))))
        for ticket in self:
            touching = (ticket in planned and windows.filtered(lambda w, t=ticket: w._touches(t))) or none
            ticket.change_blackout_ids = touching.filtered(lambda window: window.kind == 'blackout')
            ticket.change_window_ids = touching - ticket.change_blackout_ids

    @api.depends('change_collision_ids', 'change_blackout_ids', 'approval_state', 'status', 'name', 'number')
    @api.depends_context('uid', 'lang')
    def _compute_change_mark(self):
        words = dict(self._fields['change_mark']._description_selection(self.env))
        for ticket in self:
            mark, sign, ticket.change_color = ticket._change_stand()
            ticket.change_mark = mark
            # cells of a month are narrow: the sign and the colour say it, the word follows where there is room
            ticket.change_label = f'{sign} {ticket.name or ""} · {words[mark]}'

    def _change_stand(self):
        """Return (mark, sign, colour): what matters most about the change now."""
        if self.status in ('solved', 'closed'):
            return 'done', '✓', GREY
        if self.change_collision_ids or self.change_hidden_collisions:
            return 'collision', '⚠', RED
        if self.change_blackout_ids:
            return 'blackout', '⊘', RED
        return {'waiting': ('waiting', '…', AMBER), 'approved': ('approved', '✓', GREEN),
                'refused': ('refused', '✕', RED)}.get(
                    self.approval_state, ('planned' if self.planned_start else 'unplanned', '○', GREY))

    def action_view_collisions(self):
        """Open the changes that meet this one on the same asset, in the calendar."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_itsm.helpdesk_ticket_action_change_calendar')
        action['domain'] = [('id', 'in', (self | self.change_collision_ids).ids)]
        action['context'] = {'initial_date': str(self.planned_start.date())}
        return action
