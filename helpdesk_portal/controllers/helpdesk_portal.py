from itertools import groupby
from urllib.parse import urlencode

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.fields import Domain
from odoo.http import request

from ..tools.typed import typed

PAGE = 20
MOST = 100  # counted no further
OPEN = ('new', 'open', 'waiting_customer', 'waiting_third_party')
FILTERS = {
    'open': Domain('status', 'in', OPEN),
    'waiting': Domain('status', '=', 'waiting_customer'),
    'solved': Domain('status', 'in', ('solved', 'closed')),
    'all': Domain.TRUE,
}
GROUPS = {'none': None, 'status': '_portal_status', 'team': 'team_id', 'person': 'partner_id'}
SORTS = {'newest': 'id desc', 'oldest': 'id'}
FIELDS = ['number', 'name', 'status', 'partner_id', 'partner_name', 'team_id', 'create_date', 'last_agent_message_at',
          'last_customer_message_at', 'solved_at', 'commercial_partner_id']


class HelpdeskPortal(CustomerPortal):
    """The customer's list of tickets."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'ticket_count' in counters:
            ticket = request.env['helpdesk.ticket']
            # sudo: portal users have no right on tickets; the domain says which are theirs
            count = ticket.sudo().search_count(ticket._helpdesk_portal_domain(company=True), limit=MOST)
            values['ticket_count'] = count if count < MOST else f'{MOST - 1}+'
        return values

    @http.route('/my/tickets', type='http', auth='user', website=True, methods=['GET'], readonly=True)
    def helpdesk_tickets(self, show='open', sort='newest', group='none', whose='', search='', after='', **kw):
        """List the user's tickets, and their company's where they may see these; pages go on after an id."""
        ticket = request.env['helpdesk.ticket']
        right = request.env.user.partner_id._helpdesk_portal_right()
        chosen = {
            'show': show if show in FILTERS else 'open', 'sort': sort if sort in SORTS else 'newest',
            'group': group if group in GROUPS else 'none', 'search': typed(search).strip()[:100],
            'whose': 'mine' if right == 'own' or whose == 'mine' else 'company',
        }
        scope = ticket._helpdesk_portal_domain(company=chosen['whose'] == 'company')
        domain = scope & FILTERS[chosen['show']] & self._search_domain(chosen['search'])
        if after.isdecimal():
            domain &= Domain('id', '<' if chosen['sort'] == 'newest' else '>', int(after))
        # sudo: portal users have no right on tickets; the domain says which are theirs
        found = ticket.sudo().search_fetch(domain, FIELDS, order=SORTS[chosen['sort']], limit=PAGE + 1)
        rows = found[:PAGE]
        _ = request.env._
        values = {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_tickets', **chosen,
            'groups': self._grouped(rows, chosen['group']), 'right': right,
            'older': rows[-1].id if len(found) > PAGE else 0, 'after': after,
            'counts': {name: ticket.sudo().search_count(scope & FILTERS[name], limit=MOST)  # sudo: as above
                       for name in ('open', 'waiting')},
            'words': [('open', _("Open")), ('waiting', _("Waiting for me")), ('solved', _("Solved")),
                      ('all', _("All"))],
            'most': MOST, 'link': lambda **more: self._link(chosen, more),
        }
        response = request.render('helpdesk_portal.portal_my_tickets', values)
        response.headers['Cache-Control'] = 'no-store'  # nobody gets it by the back button after logging out
        return response

    def _search_domain(self, text):
        if not text:
            return Domain.TRUE
        return Domain('name', 'ilike', text) | Domain('number', '=ilike', text)

    def _grouped(self, rows, group):
        """Return [(title, tickets)]; a page is grouped as it stands, its groups in the order of the alphabet."""
        how = GROUPS[group]
        if not how:
            return [('', rows)]

        def title(ticket):
            if group == 'status':
                return ticket._portal_status()
            return ticket[how].name or ticket.partner_name or ''
        return [(name, list(tickets)) for name, tickets in groupby(sorted(rows, key=title), key=title)]

    def _link(self, chosen, more):
        """Return the list's address with some choices changed."""
        args = {**chosen, **more}
        usual = {'show': 'open', 'sort': 'newest', 'group': 'none', 'whose': 'company', 'search': '', 'after': ''}
        args = {name: value for name, value in args.items() if str(value) != usual.get(name)}
        return '/my/tickets' + (f'?{urlencode(args)}' if args else '')
