from odoo import api, fields, models

from .helpdesk_ticket_event import KINDS  # noqa: F401 (the kinds used below)

# field of the ticket -> kind of the event
LOGGED_FIELDS = {
    'name': 'subject',
    'team_id': 'team',
    'stage_id': 'stage',
    'user_id': 'assignee',
    'partner_id': 'customer',
    'priority': 'priority',
    'type_id': 'type',
    'category_id': 'category',
    'brand_id': 'brand',
    'tag_ids': 'tags',
    'deadline': 'deadline',
    'parent_id': 'parent',
}


def _seconds(begin, end):
    """Return how long it took: never less than nothing, also where the clock was set back in between (F11)."""
    return max(0, int((end - begin).total_seconds()))


class HelpdeskTicketEventsMixin(models.AbstractModel):
    """Writes the append-only log: one row a change, one statement a batch."""
    _name = 'helpdesk.ticket.events.mixin'
    _description = "Ticket: Log"

    event_ids = fields.One2many(
        'helpdesk.ticket.event', 'ticket_id', string="History", readonly=True,
        groups='helpdesk_core.group_helpdesk_user')

    def _log_events(self, rows):
        """Append ``rows`` to the log; each needs ``ticket_id`` and ``kind``."""
        return self.env['helpdesk.ticket.event']._log(rows)

    def _log_created(self, routed):
        """Log that these tickets were made; ``routed``: what :meth:`_route` returned for them."""
        now = self.env.cr.now()
        self._log_events([{
            'ticket_id': ticket.id, 'kind': 'created', 'at': now, 'new': ticket.stage_id.name,
            'detail': {
                'new_status': ticket.status, 'stage_id': ticket.stage_id.id, 'team_id': ticket.team_id.id,
                'user_id': ticket.user_id.id, 'priority': ticket.priority, 'channel': ticket.channel,
                'type_id': ticket.type_id.id, **ticket._creation_origin(),
            },
        } for ticket in self] + self._routing_rows(routed))

    def _creation_origin(self):
        """Return since when the customer waits, where it was the customer who began, and whether it is an import."""
        origin = {}
        if self.unanswered_since:
            origin['customer_at'] = fields.Datetime.to_string(self.unanswered_since)
        if self.env.context.get('import_file'):
            origin['imported'] = True
        return origin

    def _logged_values(self, names):
        """Return {ticket id: {field: (raw value, text)}} of the fields ``names``."""
        return {ticket.id: {name: ticket._logged_value(name) for name in names} for ticket in self}

    def _logged_value(self, name):
        value, field = self[name], self._fields[name]
        if field.type == 'many2one':
            return value.id, value.sudo().display_name or ''  # sudo: the log names what its reader may not open
        if field.type == 'many2many':
            return sorted(value.ids), ', '.join(value.mapped('display_name'))
        if field.type == 'selection':
            return value, dict(field._description_selection(self.env)).get(value, '')
        if field.type == 'datetime':
            return fields.Datetime.to_string(value), fields.Datetime.to_string(value) or ''
        return value, value or ''

    def _log_changes(self, before, context):
        """Log what differs from ``before`` (see ``_logged_values``).

        :param context: {ticket id: (status, stage_changed_at, assigned_at)} as they stood before
        """
        now, rows = self.env.cr.now(), []
        for ticket in self:
            old_status, stage_at, assigned_at = context[ticket.id]
            for name, (old, old_text) in before[ticket.id].items():
                new, new_text = ticket._logged_value(name)
                if old == new:
                    continue
                detail = {} if name == 'name' else {'old_id': old, 'new_id': new}
                if name == 'stage_id':
                    detail.update(old_status=old_status, new_status=ticket.status)
                    if stage_at:
                        detail['seconds'] = _seconds(stage_at, now)
                elif name == 'user_id' and old and assigned_at:
                    detail['seconds'] = _seconds(assigned_at, now)
                if name == 'user_id' and ticket.assignment_reason:
                    detail['why'] = ticket.assignment_reason
                rows.append({'ticket_id': ticket.id, 'kind': LOGGED_FIELDS[name], 'at': now,
                             'old': old_text, 'new': new_text, 'detail': detail})
        if rows:
            self._log_events(rows)

    def _log_links(self, linked, unlinked):
        """Log on both sides that this ticket was linked to ``linked`` and is no longer to ``unlinked``."""
        def row(ticket, new, old):
            return {'ticket_id': ticket.id, 'kind': 'linked', 'old': ', '.join(old.mapped('number')),
                    'new': ', '.join(new.mapped('number')), 'detail': {'linked': new.ids, 'unlinked': old.ids}}
        if linked or unlinked:
            none = self.browse()
            self._log_events([row(self, linked, unlinked), *(row(other, self, none) for other in linked),
                              *(row(other, none, self) for other in unlinked)])

    @api.model
    def _logged_names(self, vals):
        names = [name for name in LOGGED_FIELDS if name in vals]
        if 'team_id' in vals:  # what a team decides may follow it
            names += [name for name in ('stage_id', 'brand_id', 'user_id', 'category_id') if name not in names]
        return names
