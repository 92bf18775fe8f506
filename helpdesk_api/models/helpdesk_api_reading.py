from datetime import UTC

from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.mail import html2plaintext

from ..tools.contract import MOST_BYTES, PRIORITIES
from ..tools.schema import Invalid, moment
from .helpdesk_api_data import named
from .helpdesk_api_gate import BadParameter


class HelpdeskApiReadingMixin(models.AbstractModel):
    """What the reading methods look for."""
    _name = 'helpdesk.api.reading.mixin'
    _description = "Helpdesk API: Reading"

    def _find_ticket(self, given):
        """Return the ticket that one of id, number and external id names."""
        way = self._one_of(given, 'ticket_id', 'number', 'external_id')
        if way == 'ticket_id':
            return self._ticket(given[way])
        if way == 'number':
            ticket = self.env['helpdesk.ticket'].with_context(active_test=False).search(
                [('number', '=', given[way].strip().upper())], limit=1)
        else:
            ticket = self.env['helpdesk.api.reference']._find('ticket', given[way]).ticket_id
        if not ticket:
            raise self._no_ticket(given[way])
        return self._ticket(ticket.id)

    def _whole_ticket(self, ticket):
        """Return the ticket with what the customer asks for and its files."""
        [data] = self._tickets_data(ticket)
        files = self.env['ir.attachment'].search(
            [('res_model', '=', ticket._name), ('res_id', '=', ticket.id), ('res_field', '=', False)], order='id')
        return {**data, 'html': str(ticket.description or ''),
                'text': html2plaintext(ticket.description or '').strip(), 'attachments': self._files_data(files)}

    def _choices(self):
        """Return what the user may choose from."""
        user = self.env.user
        teams = self.env['helpdesk.team'].search([('id', 'in', user._helpdesk_team_ids())])
        if user.has_group('helpdesk_core.group_helpdesk_manager'):
            teams = self.env['helpdesk.team'].search([('company_id', 'in', self.env.companies.ids)])
        types = self.env['helpdesk.type'].search([('id', 'not in', user._helpdesk_hidden_type_ids())])
        categories = self.env['helpdesk.category'].search(
            ['|', ('team_ids', '=', False), ('team_ids', 'in', teams.ids)])
        return {
            'teams': [{
                **named(team), 'company': named(team.company_id),
                'stages': [{**named(stage), 'status': stage.status} for stage in team._ticket_stages()],
            } for team in teams],
            'types': [named(kind) for kind in types],
            'categories': [named(category) for category in categories],
            'tags': self.env['helpdesk.tag'].search([('active', '=', True)]).mapped('name'),
        }

    def _tickets_domain(self, given):
        """Return what ``search_tickets`` looks for."""
        equal = {'customer_email': 'partner_email', 'assignee_id': 'user_id'}
        among = {'team_ids': 'team_id', 'statuses': 'status', 'type_ids': 'type_id'}
        parts = [Domain(field, '=', given[name] or False) for name, field in equal.items() if name in given]
        parts += [Domain(field, 'in', given[name]) for name, field in among.items() if name in given]
        if 'priorities' in given:
            parts.append(Domain('priority', 'in', [PRIORITIES[name] for name in given['priorities']]))
        if 'customer_id' in given:
            parts.append(Domain('partner_id', '=', given['customer_id'])
                         | Domain('commercial_partner_id', '=', given['customer_id']))
        if 'text' in given:
            parts.append(Domain('search_query', 'ilike', given['text']))
        parts += [Domain('tag_ids', '=', tag.id) for tag in self._tags(given.get('tags', ()))]
        for name, operator in (('created_from', '>='), ('created_before', '<')):
            if name in given:
                parts.append(Domain('create_date', operator, self._stored_time(name, given[name])))
        if 'cursor' in given:
            parts.append(Domain('id', '<', given['cursor']))
        return Domain.AND(parts)

    def _stored_time(self, name, text):
        """Return the time (naive UTC) that the text names."""
        try:
            return moment(text).astimezone(UTC).replace(tzinfo=None)
        except (Invalid, OverflowError):
            raise BadParameter(self.env._("“%s” is no time.", name)) from None

    def _tickets_page(self, given):
        limit = given['limit']
        found = self.env['helpdesk.ticket'].search(self._tickets_domain(given), order='id desc', limit=limit + 1)
        page = found[:limit]
        return {'tickets': self._tickets_data(page), 'next_cursor': page[-1].id if len(found) > limit else None}

    def _messages_page(self, ticket, given):
        public = Domain('is_internal', '=', False) & Domain('subtype_id', '!=', False) & Domain(
            'subtype_id.internal', '=', False)
        domain = Domain([('model', '=', ticket._name), ('res_id', '=', ticket.id), ('id', '>', given.get('cursor', 0)),
                         ('message_type', 'not in', ('user_notification', 'notification'))])
        if given['visibility'] != 'all':
            domain &= public if given['visibility'] == 'public' else ~public
        limit = given['limit']
        found = self.env['mail.message'].search(domain, order='id', limit=limit + 1)
        page = found[:limit]
        return {'messages': self._messages_data(page), 'next_cursor': page[-1].id if len(found) > limit else None}

    def _readable_file(self, attachment_id):
        """Return the file of a ticket, or of a message on one, that the user may read.

        :raise MissingError: there is none
        :raise BadParameter: it is too large to be sent as JSON
        """
        file = self.env['ir.attachment'].browse(attachment_id)
        if not file.exists() or not file.has_access('read') or not self._belongs_to_ticket(file):
            raise self._no_file(attachment_id)
        if file.file_size > MOST_BYTES:
            raise BadParameter(self.env._(
                "“attachment_id”: the file is larger than %s MiB. Open it in Odoo.", MOST_BYTES // 1024 ** 2))
        return file

    def _belongs_to_ticket(self, file):
        if file.res_field:
            return False
        if file.res_model == 'mail.message':
            return self.env['mail.message'].browse(file.res_id).model == 'helpdesk.ticket'
        return file.res_model == 'helpdesk.ticket'

    def _no_file(self, attachment_id):
        return self._missing(self.env._("There is no file %s of a ticket that you may see.", attachment_id))

    def _known_email(self, text):
        """Return a mail address as it is stored.

        :raise BadParameter: it is none
        """
        address = email_normalize(text)
        if not address:
            raise BadParameter(self.env._("“customer_email”: %s is no mail address.", text))
        return address
