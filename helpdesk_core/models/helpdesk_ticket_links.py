from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools.likeness import ALIKE, likeness
from .helpdesk_stage import DONE_STATUSES, OPEN_STATUSES

LOOKED_AT = 30  # open tickets of the customer that are compared
OFFERED = 3


class HelpdeskTicketLinksMixin(models.AbstractModel):
    """How tickets belong together: sub-tickets, and others of the customer about the same matter."""
    _name = 'helpdesk.ticket.links.mixin'
    _description = "Ticket: Links"

    parent_id = fields.Many2one(
        'helpdesk.ticket', string="Part Of", copy=False, index='btree_not_null', ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user', domain="[('company_id', '=', company_id), ('id', '!=', id)]",
        help="The ticket that this one does a part of.")
    child_ids = fields.One2many(
        'helpdesk.ticket', 'parent_id', string="Sub-tickets", copy=False, groups='helpdesk_core.group_helpdesk_user')
    child_count = fields.Integer(
        string="Number of Sub-tickets", compute='_compute_child_count', groups='helpdesk_core.group_helpdesk_user')
    child_done_count = fields.Integer(
        string="Sub-tickets Done", compute='_compute_child_count', groups='helpdesk_core.group_helpdesk_user')

    @api.depends('child_ids.status')
    def _compute_child_count(self):
        """Count for all tickets in one query, what the reader may see."""
        counts = {}
        for parent, status, count in self._read_group(
                [('parent_id', 'in', self.ids)], ['parent_id', 'status'], ['__count']):
            total, done = counts.get(parent.id, (0, 0))
            counts[parent.id] = total + count, done + (count if status in DONE_STATUSES else 0)
        for ticket in self:
            ticket.child_count, ticket.child_done_count = counts.get(ticket._origin.id, (0, 0))

    @api.constrains('parent_id')
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A ticket cannot be a part of itself, or of one of its own parts."))
        for ticket in self:
            others = ticket.parent_id | ticket.child_ids
            if any(other.company_id != ticket.company_id for other in others):
                raise ValidationError(self.env._(
                    "%s and its parts must belong to the same company.", ticket.number or ticket.name))

    def _ancestors(self):
        """Return the tickets that this one is a part of, at any distance."""
        found, ticket = self.browse(), self.sudo().parent_id  # sudo: what is above counts, whoever may see it
        while ticket and ticket not in found:
            found |= ticket
            ticket = ticket.parent_id
        return found.with_env(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            default = self.env.context.get('default_parent_id')
            if parent_ids := {vals.get('parent_id', default) for vals in vals_list} - {None, False}:
                self.browse(parent_ids).check_access('write')  # its log and its progress change
        return super().create(vals_list)

    def write(self, vals):
        if vals.get('parent_id') and not self.env.su:
            self.browse(vals['parent_id']).check_access('write')
        return super().write(vals)

    def _log_created(self, routed):
        super()._log_created(routed)
        self._log_parts({ticket.id: ticket.browse() for ticket in self})

    def _log_changes(self, before, context):
        super()._log_changes(before, context)
        self._log_parts({ticket.id: ticket.browse(before[ticket.id]['parent_id'][0] or ())
                         for ticket in self if 'parent_id' in before[ticket.id]})

    def _log_parts(self, old_parents):
        """Log on parents which parts came and went; ``old_parents``: {ticket id: parent before}."""
        rows = []
        for ticket in self.filtered(lambda one: one.id in old_parents and one.parent_id != old_parents[one.id]):
            for parent, side in ((old_parents[ticket.id], 'old'), (ticket.parent_id, 'new')):
                if parent:
                    rows.append({'ticket_id': parent.id, 'kind': 'part', side: ticket.number,
                                 'detail': {'child_id': ticket.id}})
        if rows:
            self._log_events(rows)

    def action_create_child(self):
        """Open a new ticket that is to do a part of this one."""
        self.ensure_one()
        self.check_access('write')
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("New Sub-ticket of %s", self.number),
            'res_model': 'helpdesk.ticket', 'view_mode': 'form', 'views': [(False, 'form')], 'target': 'current',
            'context': {'default_parent_id': self.id, 'default_team_id': self.team_id.id, 'default_name': self.name,
                        'default_partner_id': self.partner_id.id, 'default_type_id': self.type_id.id,
                        'default_priority': self.priority}}

    def _warn_open_parts(self):
        """Return a notice about parts of these solved tickets that are still open, or False; they stay open."""
        parts = self.child_ids.filtered(lambda part: part.status not in DONE_STATUSES)
        return parts and {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'warning', 'title': self.env._("Sub-tickets are still open"),
                'message': ', '.join(parts.mapped('number')), 'next': {'type': 'ir.actions.act_window_close'}}}

    # ------------------------------------------------------------
    # the same matter
    # ------------------------------------------------------------

    def _similar_tickets(self):
        """Return the customer's other open tickets whose subjects look like this one's, the most alike first."""
        self.ensure_one()
        if not self.id or (self.status in DONE_STATUSES) or not self.active:
            return self.browse()
        others = self.search_fetch(
            [*self._customer_domain(), ('status', 'in', OPEN_STATUSES), ('company_id', '=', self.company_id.id)],
            ['number', 'name'], order='id desc', limit=LOOKED_AT)
        others -= self.related_ids | self.child_ids | self.parent_id
        scores = {other: likeness(self.name, other.name) for other in others}
        alike = sorted((other for other in others if scores[other] >= ALIKE), key=lambda one: (-scores[one], one.id))
        return self.browse().concat(*alike[:OFFERED])

    @api.readonly
    def get_customer_card(self):
        """Add ``similar`` to the customer's card: open tickets that look alike, dicts of id, number and name."""
        card = super().get_customer_card()
        card['similar'] = [{'id': other.id, 'number': other.number, 'name': other.name}
                           for other in self._similar_tickets()] if self._works_here() else []
        return card

    def _works_here(self):
        return self.env.su or self.env.user.has_group('helpdesk_core.group_helpdesk_user')

    def action_link_similar(self, other_id):
        """Link this ticket and another about the same matter, on both sides.

        :param int other_id: id of the other ticket
        :raise AccessError: without the right to change this one and to read the other
        """
        self.ensure_one()
        other = self.browse(other_id)
        other.check_access('read')
        if other == self or not other:
            raise UserError(self.env._("Choose another ticket."))
        self.write({'related_ids': [Command.link(other.id)]})
