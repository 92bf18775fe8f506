from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from ..tools.contract import PRIORITIES
from .helpdesk_api_gate import BadParameter, one_line


class HelpdeskApi(models.AbstractModel):
    """What other systems may rely on (S0-41, C20): ``POST /json/2/helpdesk.api/<method>`` with an API key.

    What each method takes and gives stands in ``tools/contract.py``, and for people in docs/api.md. Everything is done
    with the rights of the user of the key: who works on a ticket in Odoo may work on it here, and nobody else.
    Errors: 422 for parameters and for what is not possible, 403 for what is not allowed, 404 for what the user does not
    see, whether it exists or not.
    """
    _name = 'helpdesk.api'
    _description = "Helpdesk API"
    _inherit = [
        'helpdesk.api.gate.mixin', 'helpdesk.api.data.mixin', 'helpdesk.api.reading.mixin',
        'helpdesk.api.events.mixin']

    # ------------------------------------------------------------
    # writing
    # ------------------------------------------------------------

    @api.model
    def create_ticket(self, **values):
        """Make a ticket. Return {'created', 'ticket'}."""
        self, given = self._enter('create_ticket', values)  # noqa: PLW0642
        references, external_id = self.env['helpdesk.api.reference'], given.get('external_id')
        known = references._find('ticket', external_id)
        if known:
            return {'created': False, 'ticket': self._tickets_data(self._ticket(known.ticket_id.id))[0]}
        files = self._files(given)
        ticket = self.env['helpdesk.ticket'].create(self._ticket_values(given))
        self.env['ir.attachment'].create([
            {'name': name, 'raw': content, 'res_model': ticket._name, 'res_id': ticket.id} for name, content in files])
        references._keep('ticket', external_id, ticket)
        return {'created': True, 'ticket': self._tickets_data(ticket)[0]}

    @api.model
    def reply(self, **values):
        """Answer the customer. Return {'created', 'message'}."""
        return self._speak('reply', values, 'mail.mt_comment')

    @api.model
    def note(self, **values):
        """Write an internal note. Return {'created', 'message'}."""
        return self._speak('note', values, 'mail.mt_note')

    @api.model
    def set_status(self, **values):
        """Move a ticket to the stage, or to its team's first stage with the meaning. Return the ticket."""
        self, given = self._enter('set_status', values)  # noqa: PLW0642
        way = self._one_of(given, 'status', 'stage_id')
        ticket = self._ticket(given['ticket_id'], 'write')
        if way == 'status':
            ticket._set_status(given['status'])
        else:
            ticket.write({'stage_id': self._named('stage_id', 'helpdesk.stage', given['stage_id']).id})
        return self._tickets_data(ticket)[0]

    @api.model
    def assign(self, **values):
        """Make somebody who works on the ticket responsible, or nobody. Return the ticket."""
        self, given = self._enter('assign', values)  # noqa: PLW0642
        way = self._one_of(given, 'user_id', 'login')
        ticket = self._ticket(given['ticket_id'], 'write')
        user = self.env['res.users']
        if given[way]:
            user = user.search([('id' if way == 'user_id' else 'login', '=', given[way])], limit=1)
            if not user or not user._helpdesk_works_on(ticket):
                raise BadParameter(self.env._(
                    "“%(name)s”: nobody who works on the tickets of the team %(team)s is meant by %(value)s.",
                    name=way, team=ticket.team_id.name, value=given[way]))
        ticket.write({'user_id': user.id})
        return self._tickets_data(ticket)[0]

    # ------------------------------------------------------------
    # reading
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_ticket(self, **values):
        """Return one ticket, by id, number or external id."""
        self, given = self._enter('get_ticket', values)  # noqa: PLW0642
        return self._whole_ticket(self._find_ticket(given))

    @api.model
    @api.readonly
    def get_choices(self, **values):
        """Return what can be chosen: {'teams', 'types', 'categories', 'tags'}."""
        self, _given = self._enter('get_choices', values)  # noqa: PLW0642
        return self._choices()

    @api.model
    @api.readonly
    def search_tickets(self, **values):
        """Return a page of tickets, newest first: {'tickets', 'next_cursor'}."""
        self, given = self._enter('search_tickets', values)  # noqa: PLW0642
        return self._tickets_page(given)

    @api.model
    @api.readonly
    def get_messages(self, **values):
        """Return a page of a ticket's conversation, oldest first: {'messages', 'next_cursor'}."""
        self, given = self._enter('get_messages', values)  # noqa: PLW0642
        return self._messages_page(self._ticket(given['ticket_id']), given)

    @api.model
    @api.readonly
    def get_attachment(self, **values):
        """Return a file of a ticket with its bytes."""
        self, given = self._enter('get_attachment', values)  # noqa: PLW0642
        file = self._readable_file(given['attachment_id'])
        return {**self._files_data(file)[0], 'content': self._file_content(file)}

    @api.model
    @api.readonly
    def list_events(self, **values):
        """Return the events after a cursor: {'events', 'next_cursor', 'more'}."""
        self, given = self._enter('list_events', values)  # noqa: PLW0642
        return self._events_page(given)

    # ------------------------------------------------------------
    # how it is done
    # ------------------------------------------------------------

    def _ticket_values(self, given):
        """Return what a ticket is made of."""
        vals = {'name': one_line(given['subject']), 'channel': 'api', 'priority': PRIORITIES[given['priority']],
                **self._customer_values(given)}
        if 'text' in given:
            vals['description'] = self._body(given)
        for name, model in (('team_id', 'helpdesk.team'), ('type_id', 'helpdesk.type'),
                            ('category_id', 'helpdesk.category')):
            if name in given:
                vals[name] = self._named(name, model, given[name]).id
        if not vals.get('team_id') and not self.env['helpdesk.ticket']._default_team_id():
            raise UserError(self.env._("“team_id” is needed: the user of the key is in no team."))
        if given.get('tags'):
            vals['tag_ids'] = [Command.set(self._tags(given['tags']).ids)]
        return vals

    def _customer_values(self, given):
        """Return the customer: a contact where one is named or has the address, else what is known of them."""
        if 'customer_id' in given:
            self._one_of(given, 'customer_id', 'customer_email')
            return {'partner_id': self._named('customer_id', 'res.partner', given['customer_id']).id}
        known = {'partner_name': given.get('customer_name'), 'partner_phone': given.get('customer_phone')}
        if 'customer_email' in given:
            known['partner_email'] = address = self._known_email(given['customer_email'])
            partner = self.env['res.partner'].search(
                Domain('email_normalized', '=', address), order='id', limit=1)
            if partner:
                return {'partner_id': partner.id}
        return {name: one_line(value) for name, value in known.items() if value}

    def _body(self, given):
        """Return the text of a call as HTML; the fields that keep it clean it."""
        return Markup(given['text']) if given['format'] == 'html' else plaintext2html(given['text'])

    def _speak(self, method, values, subtype):
        """Post a message on a ticket, once for each external id."""
        self, given = self._enter(method, values)  # noqa: PLW0642
        ticket = self._ticket(given['ticket_id'], 'write')
        references, external_id = self.env['helpdesk.api.reference'], given.get('external_id')
        known = references._find(method, external_id)
        if known:
            if known.ticket_id != ticket or not known.message_id:
                raise BadParameter(self.env._(
                    "“external_id”: %s was used for something else, or its message is gone.", external_id))
            return {'created': False, 'message': self._messages_data(known.message_id.with_env(self.env))[0]}
        message = ticket.message_post(
            body=self._body(given), subtype_xmlid=subtype, message_type='comment', attachments=self._files(given))
        references._keep(method, external_id, ticket, message)
        return {'created': True, 'message': self._messages_data(message)[0]}
