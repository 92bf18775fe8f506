import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, plaintext2html

CALLERS = 8
ADDRESS = re.compile(r'<?([^\s<>,;()]+@[^\s<>,;()]+)>?')
NUMBER = re.compile(r'\+?\d[\d\s()./-]{3,}\d')
PART_OF_NUMBER = re.compile(r'\+?[\d\s()./-]{3,}')
NATIONAL = re.compile(r'^(?:00|\+|0)')
# The end of a number, which is the same with and without its country.
SIGNIFICANT_DIGITS = 8


def split_caller(text):
    """Tell what somebody typed about a caller apart.

    :return: (name, phone, e-mail address), each '' where it was not given

    >>> split_caller('Bob Baker 0471 12 34 56')
    ('Bob Baker', '0471 12 34 56', '')
    """
    text = ' '.join((text or '').split())
    found = ADDRESS.search(text)
    address = (found and email_normalize(found.group(1))) or ''
    if address:
        text = text.replace(found.group(), ' ')
    number = NUMBER.search(text)
    phone = number.group() if number else ''
    if phone:
        text = text.replace(phone, ' ')
    return ' '.join(text.split()).strip(' ,;-'), phone, address


class HelpdeskTicket(models.Model):
    """Calls: who rings, found while typing, and a ticket in one step."""
    _inherit = 'helpdesk.ticket'

    @api.model
    @api.readonly
    def search_callers(self, term, limit=CALLERS):
        """Return the contacts whom ``term`` (a name, an address or any writing of a number) may mean.

        :return: dicts of id, name, company, phone, email and ``open_count``, their open tickets that the user sees
        """
        self._check_agent()
        partner, term = self.env['res.partner'], (term or '').strip()
        name, phone, address = ('', term, '') if PART_OF_NUMBER.fullmatch(term) else split_caller(term)
        if not (name or phone or address):
            return []
        domain = Domain.AND(
            Domain('complete_name', 'ilike', word) | Domain('email', 'ilike', word)
            for word in (name or address).split())
        digits = re.sub(r'\D', '', NATIONAL.sub('', phone))[-SIGNIFICANT_DIGITS:]
        query = partner._search(domain, limit=limit, order='complete_name, id')
        if digits:
            column = partner._field_to_sql(query.table, 'phone', query)
            query.add_where(SQL("regexp_replace(%s, %s, '', 'g') LIKE %s", column, r'\D', f'%{digits}%'))
        callers = partner.browse(query.get_result_ids())
        callers.fetch(['name', 'phone', 'email', 'commercial_partner_id'])
        counts = dict(self._read_group(
            [('partner_id', 'in', callers.ids), ('is_closed', '=', False)], ['partner_id'], ['__count']))
        return [{
            'id': caller.id,
            'name': caller.name or caller.email or caller.phone,
            'company': caller.commercial_partner_id.name if caller.commercial_partner_id != caller else False,
            'phone': caller.phone,
            'email': caller.email,
            'open_count': counts.get(caller, 0),
        } for caller in callers]

    @api.model
    def register_call(self, values):
        """Make a ticket of a phone call that the present user took; they become responsible for it.

        :param dict values: ``name`` (the subject) and, all optional: ``partner_id`` or ``caller`` (what is known of
            somebody who is no contact: name, number, address in one text), ``notes`` (plain text), ``team_id``,
            ``solved`` (during the call), and any other field of a ticket
        :return: the id of the ticket
        :raise UserError: when there is no subject
        """
        self._check_agent()
        values = dict(values)
        solved, notes, caller = (values.pop(name, None) for name in ('solved', 'notes', 'caller'))
        values['name'] = (values.get('name') or '').strip()
        if not values['name']:
            raise UserError(self.env._("Say in a few words what the call is about."))
        if caller and not values.get('partner_id'):
            name, phone, address = split_caller(caller)
            values = {'partner_name': name, 'partner_phone': phone, 'partner_email': address, **values}
        if notes and notes.strip():
            values['description'] = plaintext2html(notes.strip())
        ticket = self.create({'user_id': self.env.uid, **values, 'channel': 'phone'})
        if solved:
            # sudo: to speak to the customer is to answer, which is a fact and not the agent's to write
            ticket.sudo()._note_agent_message(self.env.cr.now())
            self._log_events([{'ticket_id': ticket.id, 'kind': 'agent_message', 'detail': {'channel': 'phone'}}])
            ticket.action_solve()
        return ticket.id

    @api.model
    def _check_agent(self):
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._("Only helpdesk agents register calls. Raise a request under My Requests."))
