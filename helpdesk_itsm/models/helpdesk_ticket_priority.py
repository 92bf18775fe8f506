from odoo import api, fields, models

from .helpdesk_priority_rule import IMPACTS, URGENCIES

WEIGHED = ('incident', 'problem', 'change')


class HelpdeskTicket(models.Model):
    """Impact × urgency gives the priority of incidents, problems and changes, until somebody chooses it by hand."""
    _inherit = 'helpdesk.ticket'

    impact = fields.Selection(
        IMPACTS, help="How many are hit. With the urgency it gives the priority, by the matrix of the configuration.")
    urgency = fields.Selection(
        URGENCIES, help="How badly their work is hit. With the impact it gives the priority.")
    priority_by_hand = fields.Boolean(
        string="Priority Chosen by Hand", readonly=True, copy=False,
        help="Somebody chose another priority than the matrix gives: it stays, whatever impact and urgency become. "
             "Choose what the matrix gives, and the matrix decides again.")
    priority_reason = fields.Char(string="Why This Priority", compute='_compute_priority_reason')

    @api.depends('impact', 'urgency', 'priority', 'priority_by_hand', 'type_id')
    @api.depends_context('lang')
    def _compute_priority_reason(self):
        labels = dict(self._fields['priority']._description_selection(self.env))
        for ticket in self:
            given = ticket._matrix_priority()
            if not given:
                ticket.priority_reason = False
            elif ticket.priority == given:
                ticket.priority_reason = self.env._("%s, from impact and urgency", labels[given])
            else:
                ticket.priority_reason = self.env._(
                    "%(chosen)s, chosen by hand; impact and urgency give %(given)s",
                    chosen=labels[ticket.priority], given=labels[given])

    @api.onchange('impact', 'urgency', 'type_id')
    def _onchange_impact(self):
        """Show on the form what saving will give."""
        if not self.priority_by_hand and (given := self._matrix_priority()):
            self.priority = given

    def _matrix_priority(self):
        """Return the priority that impact and urgency of this ticket give; None where they say nothing."""
        # sudo: the nature of a type is no secret
        if not (self.impact and self.urgency) or self.type_id.sudo().nature not in WEIGHED:
            return None
        return self.env['helpdesk.priority.rule']._matrix().get((self.impact, self.urgency))

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'priority_by_hand'}

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get('impact') and vals.get('urgency') and 'priority' not in vals:
                kind = self.env['helpdesk.type'].browse(self._given(vals, 'type_id') or ())
                # sudo: as above
                if kind.sudo().nature in WEIGHED and (
                        given := self.env['helpdesk.priority.rule']._matrix().get((vals['impact'], vals['urgency']))):
                    vals['priority'] = given
        tickets = super().create(vals_list)
        tickets.filtered(lambda ticket: ticket.impact and ticket.urgency)._keep_hand(
            {ticket.id for ticket, vals in zip(tickets, vals_list, strict=True) if 'priority' in vals})
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if not {'impact', 'urgency', 'priority', 'type_id'} & vals.keys():
            return result
        weighed = self.filtered(lambda ticket: ticket.impact and ticket.urgency)
        if 'priority' in vals:
            weighed._keep_hand(set(self.ids))
        else:
            weighed._follow_matrix()
        return result

    def _keep_hand(self, chosen):
        """Keep which of these tickets have a priority that people chose otherwise than the matrix; ``chosen``: the ids
        of those whose priority was just given."""
        for ticket in self:
            given = ticket._matrix_priority()
            by_hand = bool(given) and ticket.id in chosen and ticket.priority != given
            if ticket.priority_by_hand != by_hand:
                ticket.sudo()._write_facts({'priority_by_hand': by_hand})  # sudo: a fact of the system's

    def _follow_matrix(self):
        """Give these tickets the priority of the matrix, but for those whose priority was chosen by hand."""
        groups = {}
        for ticket in self:
            given = ticket._matrix_priority()
            if given and not ticket.priority_by_hand and ticket.priority != given:
                groups[given] = groups.get(given, self.browse()) | ticket
        for given, tickets in groups.items():
            super(HelpdeskTicket, tickets).write({'priority': given})
