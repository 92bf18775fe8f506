from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.search_words import search_words


class HelpdeskTicketSearchMixin(models.AbstractModel):
    """Finding a ticket by what one knows of it: number, subject, customer, mail address, phone (S4-11)."""
    _name = 'helpdesk.ticket.search.mixin'
    _description = "Ticket: Search"

    search_text = fields.Char(
        compute='_compute_search_text', store=True, precompute=True, index='trigram', export_string_translation=False)
    search_query = fields.Char(
        string="Ticket", compute='_compute_search_query', search='_search_search_query',
        export_string_translation=False)

    @api.depends('number', 'name', 'partner_id', 'partner_name', 'partner_email', 'partner_phone')
    def _compute_search_text(self):
        for ticket in self:
            company = ticket.commercial_partner_id
            parts = (ticket.number, ticket.name, ticket.partner_name, ticket.partner_email, ticket.partner_phone,
                     company.name if company != ticket.partner_id else None)
            ticket.search_text = ' '.join(part for part in parts if part).lower()

    def _compute_search_query(self):
        self.search_query = False  # exists to be searched by

    @api.model
    def _search_search_query(self, operator, value):
        """Find tickets that hold every word of ``value``. Both sides are lower case: LIKE costs half of ILIKE."""
        if operator not in ('ilike', 'like') or not isinstance(value, str):
            return NotImplemented
        return Domain.AND(Domain('search_text', 'like', word) for word in search_words(value))

    @api.model
    @api.readonly
    def find_by_number(self, text, limit=5):
        """Return the tickets with the number ``text``, as far as the user may read them.

        :param str text: "HD00012", "#hd12", or what counts alone: "12"
        :return: list of {'id', 'number', 'name'}, empty when nothing has it
        """
        text = str(text or '').strip().lstrip('#').strip().upper()
        if not 0 < len(text) <= 20:
            return []
        # sudo: how numbers look is no secret
        sequence = self.env.ref('helpdesk_core.helpdesk_ticket_sequence').sudo()
        digits = text.removeprefix((sequence.prefix or '').upper())
        numbers = {text}
        if digits.isascii() and digits.isdigit():
            numbers.add(f"{sequence.prefix or ''}{int(digits):0{sequence.padding}}{sequence.suffix or ''}")
        found = self.with_context(active_test=False).search_fetch(
            [('number', 'in', sorted(numbers))], ['number', 'name'], limit=limit, order='id')
        return [{'id': ticket.id, 'number': ticket.number, 'name': ticket.name} for ticket in found]

    @api.model
    def _search_display_name(self, operator, value):
        """Many2one fields find tickets as the search box does."""
        if operator in ('ilike', 'like') and isinstance(value, str) and value:
            return self._search_search_query(operator, value)
        return super()._search_display_name(operator, value)
