from odoo import api, fields, models
from odoo.tools import email_normalize

from .helpdesk_stage import OPEN_STATUSES

HISTORY_LIMIT = 5


class HelpdeskTicketCustomerMixin(models.AbstractModel):
    """Who the ticket is for: a contact, or a name and address that nobody has made a contact of yet."""
    _name = 'helpdesk.ticket.customer.mixin'
    _description = "Ticket: Customer"
    _inherit = ['mail.thread']
    _primary_email = 'partner_email'

    partner_id = fields.Many2one('res.partner', string="Customer", tracking=True, index='btree_not_null')
    partner_name = fields.Char(
        string="Customer Name", compute='_compute_partner_fields', store=True, readonly=False, precompute=True)
    partner_email = fields.Char(
        string="Customer E-mail", compute='_compute_partner_fields', store=True, readonly=False, precompute=True,
        index='btree_not_null')
    partner_phone = fields.Char(
        string="Customer Phone", compute='_compute_partner_fields', store=True, readonly=False, precompute=True)
    commercial_partner_id = fields.Many2one(
        string="Customer Company", related='partner_id.commercial_partner_id', store=True, precompute=True)
    customer_lang = fields.Char(string="Customer Language", compute='_compute_customer_lang')
    customer_ticket_count = fields.Integer(string="Other Tickets", compute='_compute_customer_ticket_count')

    def _customer_facts(self):
        """Return what the customer is told of the ticket beside the conversation, where there is a page for them:
        a list of (label, text); modules add theirs. Called in sudo, in the customer's language."""
        self.ensure_one()
        return []

    @api.depends('partner_id')
    def _compute_partner_fields(self):
        for ticket in self:
            partner = ticket.partner_id
            if partner:
                ticket.partner_name = partner.name
                ticket.partner_email = partner.email_normalized or partner.email
                ticket.partner_phone = partner.phone
            else:  # keep what is known of somebody who is no contact
                ticket.partner_name = ticket.partner_name
                ticket.partner_email = ticket.partner_email
                ticket.partner_phone = ticket.partner_phone

    @api.depends('partner_id.lang', 'company_id.partner_id.lang')
    def _compute_customer_lang(self):
        for ticket in self:
            ticket.customer_lang = ticket.partner_id.lang or ticket.company_id.partner_id.lang or self.env.lang

    @api.depends('partner_id', 'commercial_partner_id', 'partner_email')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_customer_ticket_count(self):
        """Count the list that ``_customer_domain`` gives, for all tickets in two queries at most."""
        counts = {}
        for name in ('commercial_partner_id', 'partner_email'):
            known = self if name != 'partner_email' else self.filtered(lambda ticket: not ticket.commercial_partner_id)
            values = {ticket[name] for ticket in known if ticket[name]}
            if values:
                counts.update(self._read_group(
                    [(name, 'in', [getattr(value, 'id', value) for value in values])], [name], ['__count']))
        for ticket in self:
            itself = 1 if ticket._origin.id and ticket.active else 0
            count = counts.get(ticket.commercial_partner_id or ticket.partner_email, 0)
            ticket.customer_ticket_count = max(0, count - itself)

    @api.model
    def _normalize_customer_vals(self, vals):
        """Store mail addresses normalised (RFC 5322 address only, lower case) where they are addresses."""
        if vals.get('partner_email'):
            vals['partner_email'] = email_normalize(vals['partner_email']) or vals['partner_email'].strip()

    def _get_customer_information(self):
        """Values for a contact that core creates from a mail address of the ticket."""
        information = super()._get_customer_information()
        for ticket in self.filtered('partner_email'):
            values = information.setdefault(ticket.partner_email, {})
            values.setdefault('name', ticket.partner_name or ticket.partner_email)
            values['company_id'] = ticket.company_id.id
            if ticket.partner_phone:
                values['phone'] = ticket.partner_phone
        return information

    def _customer_link(self):
        """Return the address (str) at which the customer reads this ticket, for whom they are given it; False: there is
        none. Modules with pages for customers say which."""
        self.ensure_one()
        return False

    def action_make_contact(self):
        """Make a contact of an unknown sender, or take the one that has the address already."""
        self.check_access('write')
        for ticket in self.filtered(lambda t: not t.partner_id and t.partner_email):
            # sudo: the gateway makes contacts of the same senders; here an agent of the ticket has chosen to
            partner = ticket.sudo()._partner_find_from_emails_single([ticket.partner_email])
            ticket.partner_id = partner.with_env(self.env)  # refused where the agent may not see it

    def _customer_domain(self):
        """Domain of the same customer's tickets, this one left out: the company's, else the person's."""
        self.ensure_one()
        if self.commercial_partner_id:
            who = [('commercial_partner_id', '=', self.commercial_partner_id.id)]
        elif self.partner_email:
            who = [('partner_email', '=', self.partner_email)]
        else:
            return [('id', '=', False)]
        return [*who, ('id', '!=', self._origin.id)]

    def action_view_customer_tickets(self):
        """Open all other tickets of the customer."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        name = self.commercial_partner_id.name or self.partner_name or self.partner_email
        action['name'] = action['display_name'] = self.env._("Tickets of %s", name)
        action['domain'] = self._customer_domain()
        action['context'] = {}
        return action

    @api.readonly
    def get_customer_card(self):
        """Return what stands beside a ticket about its customer.

        :return: dict of ``partner`` (id, name, company, phone, email, lang, tz; or False), ``open_count`` and
            ``tickets``: the last five others, dicts of id, number, name, status, stage, write_date.
        """
        self.ensure_one()
        self.check_access('read')
        others = self.search_fetch(
            self._customer_domain(), ['number', 'name', 'status', 'stage_id', 'create_date'],
            order='id desc', limit=HISTORY_LIMIT)
        partner = self.partner_id
        return {
            'partner': {
                'id': partner.id,
                'name': partner.name,
                'company': partner.commercial_partner_id.name if partner.commercial_partner_id != partner else False,
                'phone': partner.phone,
                'email': partner.email,
                'lang': partner.lang,
                'tz': partner.tz,
                'city': partner.city,
                'country': partner.country_id.name,
            } if partner else False,
            'name': self.partner_name,
            'email': self.partner_email,
            'open_count': self.search_count(
                [*self._customer_domain(), ('status', 'in', OPEN_STATUSES)], limit=100),
            'tickets': [{
                'id': other.id, 'number': other.number, 'name': other.name, 'status': other.status,
                'stage': other.stage_id.name, 'create_date': fields.Datetime.to_string(other.create_date),
            } for other in others],
        }
