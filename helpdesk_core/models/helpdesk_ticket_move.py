from markupsafe import Markup
from odoo import models

from .helpdesk_stage import DONE_STATUSES


class HelpdeskTicketMoveMixin(models.AbstractModel):
    """Handing a ticket to another team, with nothing lost on the way (S2-12).

    The stage keeps its meaning (see ``_compute_stage_id``). Who does not see the new team's tickets is no longer
    responsible, and the team's own rules find somebody; a category that the team does not use goes; what stood in the
    old team's own fields is kept as an internal note. All of it is in the log.
    """
    _name = 'helpdesk.ticket.move.mixin'
    _description = "Ticket: Move"
    _inherit = ['mail.thread']

    def move_to_team(self, team, note=''):
        """Hand these tickets to ``team`` (record or id), with an internal note for its people.

        :raise AccessError: without the right to change the tickets or to see the team
        """
        self.check_access('write')
        team = self.env['helpdesk.team'].browse(team) if isinstance(team, int) else team
        team.check_access('read')
        moved = self.filtered(lambda ticket: ticket.team_id != team)
        if note:
            for ticket in moved:  # first: the old team's people may not see it any more
                ticket.message_post(body=note, subtype_xmlid='mail.mt_note', message_type='comment')
        moved.write({'team_id': team.id})
        return moved

    def write(self, vals):
        if not vals.get('team_id'):
            return super().write(vals)
        # sudo: what follows from a move, whatever the mover sees of the new team
        team = self.sudo().env['helpdesk.team'].browse(vals['team_id'])
        groups, abroad = {}, self.filtered(lambda one: one.company_id != team.company_id)
        for ticket in self.sudo().filtered(lambda one: one.team_id != team):  # sudo: as above
            more = frozenset(ticket._lost_by_move(team, vals).items())
            groups[more] = groups.get(more, self.browse()) | ticket.with_env(self.env)
        self.browse().concat(*groups.values()).sudo()._keep_properties()  # sudo: a note of the system's
        result = True
        for more, tickets in groups.items():
            result = super(HelpdeskTicketMoveMixin, tickets).write({**vals, **dict(more)})
        abroad.sudo()._check_parent_id()  # sudo: parts count, whoever sees them
        rest = self - self.browse().concat(*groups.values())
        return super(HelpdeskTicketMoveMixin, rest).write(vals) if rest else result

    def _lost_by_move(self, team, vals):
        """Return the values of this ticket that do not fit ``team``."""
        lost, moved = {}, self.new({'team_id': team.id, 'type_id': vals.get('type_id', self.type_id.id)})
        asked = self.user_id and 'user_id' not in vals and self.status not in DONE_STATUSES
        if asked and not self.user_id._helpdesk_works_on(moved):
            lost['user_id'] = False
        teams = self.category_id.team_ids
        if teams and team not in teams and 'category_id' not in vals:
            lost['category_id'] = False
        return lost

    def _keep_properties(self):
        """Keep what stands in the old team's own fields: the new team has others."""
        if not any(self.team_id.mapped('ticket_properties')):
            return
        bodies = {}
        for ticket, values in zip(self, self.read(['ticket_properties']), strict=True):
            lines = [(one['string'], _spoken(one)) for one in values['ticket_properties'] if one.get('value')]
            if lines:
                items = Markup().join(Markup("<li>%s: %s</li>") % line for line in lines)
                bodies[ticket.id] = Markup("<p>%s</p><ul>%s</ul>") % (
                    self.env._("Fields of the team %s:", ticket.team_id.name), items)
        if bodies:
            self.browse(bodies)._message_log_batch(bodies)


def _spoken(prop):
    """Return the value of a property (a dict as of ``read``) as text."""
    value = prop['value']
    if prop['type'] == 'selection':
        return dict(prop.get('selection') or ()).get(value, value)
    if prop['type'] == 'tags':
        names = {tag[0]: tag[1] for tag in prop.get('tags') or ()}
        return ', '.join(names.get(tag, tag) for tag in value)
    if prop['type'] == 'many2one':
        return value[1] if isinstance(value, (list, tuple)) else value
    if prop['type'] == 'many2many':
        return ', '.join(one[1] for one in value)
    return value
