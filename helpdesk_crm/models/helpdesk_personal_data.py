from odoo import api, models

#: what a lead takes over from the ticket that was passed on, in the customer's words
COPIED = ('name', 'description')


class HelpdeskPersonalData(models.AbstractModel):
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _add_own(self, rows):
        """What opportunities were told of the tickets goes the way of the conversation it is a copy of."""
        super()._add_own(rows)
        told = self._tickets_of(rows)._told_messages()
        rows['mail.message'].update(told.ids)
        rows['ir.attachment'].update(told.attachment_ids.filtered(lambda file: file.res_model == 'crm.lead').ids)

    def _tickets_of(self, rows):
        # sudo: the caller has checked the right
        return self.env['helpdesk.ticket'].sudo().browse(rows.get('helpdesk.ticket', ()))

    def _walk(self, rows, find, write=False):
        """Look at the subject and the request as well that leads took over; the rest of a lead is what sales knows."""
        yield from super()._walk(rows, find, write)
        leads = self._tickets_of(rows)._passed_leads()
        if 'crm.lead' not in rows:
            kinds = self._text_fields(leads)
            yield from self._walk_fields(leads, leads.ids, {name: kinds[name] for name in COPIED}, find, write)

    @api.model
    def _anonymise(self, tickets, reason, log=True):
        for ticket in tickets.sudo():  # sudo: as above
            ticket._passed_leads()._forget_request(ticket)
        return super()._anonymise(tickets, reason, log)

    @api.model
    def _forget_person(self, ticket, person, own, reason):
        if own:
            ticket._passed_leads()._forget_request(ticket)
        return super()._forget_person(ticket, person, own, reason)
