from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools.redaction import BLOCK
from odoo.exceptions import AccessError
from odoo.fields import Command

TICKETS = 'helpdesk_ticket_ids'


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    helpdesk_ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_lead_rel', 'lead_id', 'ticket_id', string="Tickets", copy=False,
        help="What the customer asked the helpdesk in this matter. You see those that you may read.")
    helpdesk_ticket_count = fields.Integer(string="Number of Tickets", compute='_compute_helpdesk_ticket_count')

    @api.depends('helpdesk_ticket_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_helpdesk_ticket_count(self):
        """Count those that the reader may see."""
        counts = dict(self.env['helpdesk.ticket']._read_group(
            [('lead_ids', 'in', self.ids)], ['lead_ids'], ['__count']))
        for lead in self:
            lead.helpdesk_ticket_count = counts.get(lead._origin, 0)

    # ------------------------------------------------------------
    # create, write, delete
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_ticket_links(*vals_list)
            if f'default_{TICKETS}' in self.env.context:
                self = self.with_context(**{f'default_{TICKETS}': False})  # noqa: PLW0642
        leads = super().create(vals_list)
        # sudo: links are logged whoever makes them
        for lead in leads.sudo() if any(vals.get(TICKETS) for vals in vals_list) else leads.browse():
            for ticket in lead.helpdesk_ticket_ids:
                ticket._follow_leads(lead, leads.browse())
        return leads

    def write(self, vals):
        if not self.env.su:
            self._check_ticket_links(vals)
        # sudo: links are logged, and contacts shared, whoever makes the change
        leads, changed = self.sudo(), TICKETS in vals
        before = {lead.id: lead.helpdesk_ticket_ids for lead in leads} if changed else {}
        result = super().write(vals)
        for lead in leads if changed else leads.browse():
            for ticket in lead.helpdesk_ticket_ids - before[lead.id]:
                ticket._follow_leads(lead, lead.browse())
            for ticket in before[lead.id] - lead.helpdesk_ticket_ids:
                ticket._follow_leads(lead.browse(), lead)
        if vals.get('partner_id'):
            for lead in leads:
                for ticket in lead.helpdesk_ticket_ids:
                    ticket._share_contact(lead)
        return result

    @api.model
    def _check_ticket_links(self, *vals_list):
        """Links are made with the right to change the ticket, see ``helpdesk.ticket.link_lead``."""
        if any(TICKETS in vals for vals in vals_list):
            raise AccessError(self.env._("Link tickets with the button “Link Ticket”, which needs helpdesk rights."))

    def unlink(self):
        # sudo: the log of tickets says which opportunity is gone
        for lead in self.sudo():
            if tickets := lead.helpdesk_ticket_ids:
                tickets._log_events([ticket._lead_row(lead, 'unlinked') for ticket in tickets])
        return super().unlink()

    def _merge_dependences(self, opportunities):
        """The opportunity that goes on keeps the tickets of those that are merged into it."""
        super()._merge_dependences(opportunities)
        # sudo: whoever merges opportunities need not see their tickets
        lead = self.sudo()
        added = opportunities.sudo().helpdesk_ticket_ids - lead.helpdesk_ticket_ids  # sudo: as above
        if added:
            lead.write({TICKETS: [Command.link(ticket.id) for ticket in added]})

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Tickets hear what became of their opportunity."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        # sudo: sales need not see the tickets, nor ever writes on them
        for lead in self.sudo().filtered(TICKETS):
            old, new = ((statuses.get(lead.id) or {}) for statuses in (old_status_by_lead, new_status_by_lead))
            outcomes = [next((what for what in ('won', 'lost') if status.get(f'is_{what}')), 'open')
                        for status in (old, new)]
            if outcomes[0] != outcomes[1]:
                lead.helpdesk_ticket_ids._tell_outcome(lead, outcomes[1])
        return result

    # ------------------------------------------------------------
    # what is said on tickets
    # ------------------------------------------------------------

    def _note_ticket_messages(self, ticket, messages):
        """Note on these leads what was said in public on ``ticket``: ``messages`` with author, time and files.

        The caller is in sudo, and has made sure that ``messages`` are public.
        """
        head = Markup('<p class="text-muted">%s</p>') % self.env._(
            "On the ticket %s:", ticket._get_html_link(title=ticket.number))
        note_id = self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note')
        self.env['mail.message'].create([{
            'model': lead._name, 'res_id': lead.id, 'record_name': lead.name, 'message_type': 'notification',
            'subtype_id': note_id, 'is_internal': True, 'date': message.date, 'author_id': message.author_id.id,
            'email_from': message.email_from, 'body': head + (message.body or ''),
            'attachment_ids': [Command.link(file.id) for file in message.attachment_ids.copy(
                {'res_model': lead._name, 'res_id': lead.id})],
        } for lead in self for message in messages])

    def _forget_ticket(self, ticket):
        """Delete what was noted on these leads of ``ticket``, which is erased; the caller is in sudo."""
        told = ticket._told_messages()
        told.attachment_ids.unlink()
        told.unlink()

    def _forget_request(self, ticket):
        """Take what the customer asked on ``ticket`` out of these leads, which were made of it: the request, whatever
        was changed in either of them since, and the subject where it is still one that the ticket had. In sudo."""
        logged = self.env['helpdesk.ticket.event'].search(
            [('ticket_id', '=', ticket.id), ('kind', '=', 'subject')])
        subjects = {ticket.name, *logged.mapped('old'), *logged.mapped('new')}
        for lead in self.with_context(tracking_disable=True, mail_notrack=True):
            lead.write({'description': False, **({'name': BLOCK} if lead.name in subjects else {})})

    # ------------------------------------------------------------
    # screens
    # ------------------------------------------------------------

    def action_view_helpdesk_tickets(self):
        """Open the tickets of this opportunity."""
        self.ensure_one()
        sales_only = self.env.user._helpdesk_sales_only()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'helpdesk_crm.helpdesk_ticket_action_sales' if sales_only else 'helpdesk_core.helpdesk_ticket_action')
        name = self.env._("Tickets of %s", self.name)
        action.update(name=name, display_name=name, domain=[('lead_ids', 'in', self.ids)], context={})
        return action

    def action_new_helpdesk_ticket(self):
        """Open a new ticket of this opportunity's customer, which is linked as soon as it is saved."""
        self.ensure_one()
        self.check_access('write')
        self.env['helpdesk.ticket'].check_access('write')
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("New Ticket"), 'res_model': 'helpdesk.ticket',
            'view_mode': 'form', 'views': [(False, 'form')], 'target': 'current',
            'context': {'helpdesk_lead_id': self.id, 'default_name': self.name,
                        'default_partner_id': self.partner_id.id, 'default_partner_name': self.contact_name,
                        'default_partner_email': self.email_from, 'default_partner_phone': self.phone}}

    def action_unlink_helpdesk_ticket(self):
        """Unlink from the ticket on whose form the button stands (``unlink_ticket_id`` in the context)."""
        self.env['helpdesk.ticket'].browse(int(self.env.context['unlink_ticket_id'])).unlink_lead(self)
