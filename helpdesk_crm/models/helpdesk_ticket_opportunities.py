from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_amount

SHOWN = 5  # opportunities in the customer's card
SALES = 'sales_team.group_sale_salesman'


class HelpdeskTicketOpportunitiesMixin(models.AbstractModel):
    """Which opportunities a ticket belongs to, and the other way round (S0-38, S1-34).

    Links are made by who may change both, are logged on the ticket and noted on the opportunity. A contact that one of
    them learns, the other learns as well, where it is the same person. Agents without rights on opportunities read
    none of this; the log tells them that there is one, not what it is called.
    """
    _name = 'helpdesk.ticket.opportunities.mixin'
    _description = "Ticket: Opportunities"

    lead_ids = fields.Many2many(
        'crm.lead', 'helpdesk_ticket_lead_rel', 'ticket_id', 'lead_id', string="Opportunities", copy=False,
        context={'active_test': False}, groups=SALES,
        help="Leads and opportunities that this ticket led to or is about.")
    lead_count = fields.Integer(string="Number of Opportunities", compute='_compute_lead_count', groups=SALES)

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'lead_ids'}

    @api.depends('lead_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_lead_count(self):
        """Count those that the reader may see."""
        leads = self.env['crm.lead'].with_context(active_test=False)
        counts = dict(leads._read_group(
            [('helpdesk_ticket_ids', 'in', self.ids)], ['helpdesk_ticket_ids'], ['__count']))
        for ticket in self:
            ticket.lead_count = counts.get(ticket._origin, 0)

    # ------------------------------------------------------------
    # linking
    # ------------------------------------------------------------

    def link_lead(self, lead):
        """Link these tickets to ``lead`` (record or id).

        :raise AccessError: without the right to change both
        :raise UserError: across companies, for a merged ticket, or when they are linked already
        """
        lead = self._check_lead(lead)
        # sudo: the link is guarded, and the right to make it was checked
        if known := self.sudo().filtered(lambda ticket: lead in ticket.lead_ids):
            raise UserError(self.env._("%s is linked to this opportunity already.", ', '.join(known.mapped('number'))))
        self.sudo().write({'lead_ids': [Command.link(lead.id)]})  # sudo: as above

    def unlink_lead(self, lead):
        """Take the link between these tickets and ``lead`` (record or id) away; errors as for :meth:`link_lead`."""
        lead = self._check_lead(lead)
        self.sudo().write({'lead_ids': [Command.unlink(lead.id)]})  # sudo: as in link_lead

    def _check_lead(self, lead):
        lead = self.env['crm.lead'].browse(getattr(lead, 'id', lead))  # with the rights of who asks
        lead.ensure_one()
        self.check_access('write')
        lead.check_access('write')
        # sudo: where a ticket went is asked to refuse it
        if merged := self.sudo().filtered('merged_into_id'):
            raise self._merged_error(merged[0])
        return lead

    @api.model_create_multi
    def create(self, vals_list):
        """``helpdesk_lead_id`` in the context: the opportunity for which tickets are written down."""
        tickets = super().create(vals_list)
        lead = self.env['crm.lead'].browse(self.env.context.get('helpdesk_lead_id') or ())
        if lead:
            lead.check_access('write')
        # sudo: the links are the system's to write; the right to change the opportunity was checked
        for ticket, vals in zip(tickets.sudo(), vals_list, strict=True):
            if vals.get('lead_ids'):
                ticket._follow_leads(ticket.lead_ids, lead.browse())
            if lead:
                ticket.write({'lead_ids': [Command.link(lead.id)]})
        return tickets

    def write(self, vals):
        if 'lead_ids' not in vals:
            return super().write(vals)
        # sudo: what is linked is looked at to log what changes, whoever changes it
        before = {ticket.id: ticket.lead_ids for ticket in self.sudo()}
        result = super().write(vals)
        for ticket in self.sudo():  # sudo: as above
            ticket._follow_leads(ticket.lead_ids - before[ticket.id], before[ticket.id] - ticket.lead_ids)
        return result

    def _follow_leads(self, linked, unlinked):
        """Log on this ticket, and note on the opportunities, which were ``linked`` and ``unlinked``; share the contact.

        The caller is in sudo.
        """
        self.ensure_one()
        for lead in linked:
            if lead.company_id and lead.company_id != self.company_id:
                raise UserError(self.env._(
                    "The ticket %s and the opportunity belong to different companies.", self.number))
        if linked or unlinked:
            self._log_events([
                self._lead_row(lead, what)
                for leads, what in ((linked, 'linked'), (unlinked, 'unlinked')) for lead in leads])
        link = self._get_html_link(title=self.number)
        for lead in linked:
            lead._message_log(body=self.env._("Linked to the ticket %s.", link))
        for lead in unlinked:
            lead._message_log(body=self.env._("No longer linked to the ticket %s.", link))
        self._share_contact(linked)

    def _lead_row(self, lead, what):
        """Return the log's row that ``what`` ('linked', 'unlinked', 'won', 'lost', 'open') is true of ``lead``."""
        side = 'old' if what == 'unlinked' else 'new'
        return {'ticket_id': self.id, 'kind': 'opportunity', side: f'#{lead.id}',
                'detail': {'lead_id': lead.id, 'what': what}}

    # ------------------------------------------------------------
    # one contact for both
    # ------------------------------------------------------------

    def _follow_changes(self, before, context, linked, archived):
        super()._follow_changes(before, context, linked, archived)
        for ticket in self.filtered(lambda one: one.partner_id and 'partner_id' in before[one.id]):
            ticket._share_contact(ticket.lead_ids)

    def _share_contact(self, leads):
        """Give the ticket's contact to those of ``leads`` that have none, or take theirs; the caller is in sudo.

        Only where the address is the same or missing: an answer must not go to somebody else all of a sudden. What was
        passed to sales is the same person anyhow.
        """
        self.ensure_one()
        for lead in leads:
            mine, theirs = self.partner_id, lead.partner_id
            if mine and not theirs:
                same = self.sales_passed_at or lead.email_normalized in (False, mine.email_normalized)
                if same and self._fits(mine, lead):
                    lead.partner_id = mine
            elif self._takes_contact(theirs):
                same = not self.partner_email or self.partner_email == theirs.email_normalized
                if same and self._fits(theirs, self):
                    self.partner_id = theirs

    def _takes_contact(self, partner):
        """Tell whether sales may say who the customer is: they read all of it. So nobody of the house, and nobody at
        all where the type is kept to some groups."""
        closed = self.address_unconfirmed or self.type_id.group_ids
        return partner.partner_share and not self.partner_id and not closed

    @staticmethod
    def _fits(partner, record):
        return not partner.company_id or not record.company_id or partner.company_id == record.company_id

    # ------------------------------------------------------------
    # screens
    # ------------------------------------------------------------

    def action_view_leads(self):
        """Open this ticket's opportunities, the one there is or the list."""
        self.ensure_one()
        leads = self.lead_ids
        action = self.env['ir.actions.act_window']._for_xml_id('crm.crm_lead_opportunities')
        action.update(domain=[('id', 'in', leads.ids)], context={'active_test': False, 'create': False})
        if len(leads) == 1:
            action.update(res_id=leads.id, views=[(False, 'form')], view_mode='form')
        return action

    def action_unlink_lead(self):
        """Unlink from the opportunity on whose form the button stands (``unlink_lead_id`` in the context)."""
        self.unlink_lead(int(self.env.context['unlink_lead_id']))

    @api.readonly
    def get_customer_card(self):
        """Add ``opportunities`` to the customer's card: the open ones, dicts of id, name, stage and revenue (text);
        empty for who has no rights on opportunities."""
        card = super().get_customer_card()
        leads = self._customer_leads()
        card['opportunities'] = [{
            'id': lead.id, 'name': lead.name, 'stage': lead.stage_id.name,
            'revenue': format_amount(self.env, lead.expected_revenue, lead.company_currency)
            if lead.expected_revenue else '',
        } for lead in leads]
        return card

    def _customer_leads(self):
        """Return the customer's open opportunities that the present user may see, the company's, else the person's."""
        leads = self.env['crm.lead']
        if not leads.has_access('read') or not (self.commercial_partner_id or self.partner_email):
            return leads
        if self.commercial_partner_id:
            who = Domain('partner_id.commercial_partner_id', '=', self.commercial_partner_id.id)
        else:
            who = Domain('email_normalized', '=', self.partner_email)
        return leads.search(who & Domain('won_status', '=', 'pending'), limit=SHOWN)
