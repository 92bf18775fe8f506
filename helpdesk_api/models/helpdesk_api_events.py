from odoo import api, models
from odoo.fields import Domain

from .helpdesk_api_gate import BadParameter

#: how many events one call looks at, whatever the user may see of them: what keeps a page quick
LOOKED_AT = 2000
#: how many more than fit on the page are looked at in one step, for those that the user does not see
SPARE = 50


class HelpdeskApiEventsMixin(models.AbstractModel):
    """The log as a stream: each reader gets each event that is theirs to see, once, in order."""
    _name = 'helpdesk.api.events.mixin'
    _description = "Helpdesk API: Events"

    def _events_page(self, given):
        """Return the page that ``given`` (checked parameters of ``list_events``) asks for."""
        log = self.env['helpdesk.ticket.event']
        log.browse().check_access('read')
        domain = self._events_domain(given)
        if 'cursor' not in given:
            return {'events': [], 'next_cursor': self._cursor(log._last_settled()), 'more': False}
        after = tuple(int(part) for part in given['cursor'].split('.'))
        page, last, more = self._collect_events(after, given['limit'], domain)
        return {
            'events': self._events_data(page),
            'next_cursor': self._cursor(last),
            'more': more,
        }

    def _collect_events(self, after, limit, domain):
        """Walk along the log from the position ``after`` until the page is full, the log ends, or enough was looked at.

        :return: (ids of the events of the page, the position where the next page begins, whether there is more)
        """
        page, looked_at, step = [], 0, min(limit + SPARE, LOOKED_AT)
        while step:
            positions = self.env['helpdesk.ticket.event']._next_settled(after, step)
            seen = self._seen_events([event_id for _turn, event_id in positions], domain)
            for position in positions:
                if position[1] in seen:
                    if len(page) == limit:
                        return page, after, True
                    page.append(position[1])
                after = position
            if len(positions) < step:
                return page, after, False
            looked_at += step
            step = LOOKED_AT - looked_at  # not full yet: the rest at once
        return page, after, True

    def _events_domain(self, given):
        domain = Domain.TRUE
        if 'team_ids' in given:
            domain &= Domain('ticket_id.team_id', 'in', given['team_ids'])
        if 'kinds' in given:
            known = self.env['helpdesk.ticket.event']._fields['kind'].get_values(self.env)
            if strange := sorted(set(given['kinds']) - set(known)):
                raise BadParameter(self.env._(
                    "“kinds”: there is no kind “%(kind)s”. There are %(known)s",
                    kind=strange[0], known=', '.join(known)))
            domain &= Domain('kind', 'in', given['kinds'])
        return domain

    def _seen_events(self, event_ids, domain):
        """Return those of the ids whose events the user may read and that fit ``domain``."""
        if not event_ids:
            return set()
        query = self.env['helpdesk.ticket.event']._search(Domain('id', 'in', event_ids) & domain)
        return set(query.get_result_ids())

    @api.model
    def _cursor(self, position):
        return '{}.{}'.format(*position)
