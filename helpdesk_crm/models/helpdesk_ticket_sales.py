from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import DONE_STATUSES
from odoo.addons.helpdesk_core.models.helpdesk_ticket_facts import CUSTOMER_CHANNELS
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, clean_context, plaintext2html

TOLD = 200  # messages of a ticket that go along; who needs more opens the ticket


class HelpdeskTicketSalesMixin(models.AbstractModel):
    """A request that is one for sales goes there with what was said, and both sides hear how it goes on (S2-35, S1-34).

    What goes along is what the customer may read anyhow: their description, public messages, the files of these.
    Internal notes never do (promise 2).
    """
    _name = 'helpdesk.ticket.sales.mixin'
    _description = "Ticket: Pass to Sales"
    _inherit = ['mail.thread']

    sales_passed_at = fields.Datetime(
        string="Passed to Sales", readonly=True, copy=False, index='btree_not_null',
        help="When sales was asked to take over. What is said to and by the customer since then shows there as well.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'sales_passed_at'}

    # ------------------------------------------------------------
    # passing
    # ------------------------------------------------------------

    def pass_to_sales(self, crm_team=False, salesperson=False, note='', close=False):
        """Make a lead of each of these tickets, with the customer and all that they may read of the conversation.

        :param crm_team: sales team (record or id); default: where the helpdesk team's sales requests go to
        :param salesperson: user (record or id) who is to take it; default: nobody yet
        :param str note: for sales, plain text
        :param bool close: close the tickets as well
        :return: ids of the leads, in the order of the tickets; their reader needs rights on leads
        :raise AccessError: without the right to change the tickets
        :raise UserError: for tickets that are merged or with sales already, for who is no salesperson
        """
        crm_team, salesperson = self._sales_people(crm_team, salesperson)
        self._check_passing()
        ids = []
        # sudo: agents pass requests on without having rights on leads; they may change the tickets
        for ticket in self.sudo():
            lead = ticket._pass_on(crm_team, salesperson)
            lead._note_ticket_messages(ticket, ticket._public_messages([], limit=TOLD)[::-1])
            if (note or '').strip():
                lead._message_log(body=plaintext2html(note.strip()), author_id=self.env.user.partner_id.id)
            ids.append(lead.id)
        if close:
            self.filtered(lambda ticket: ticket.status != 'closed').action_close()
        return ids

    def _sales_people(self, crm_team, salesperson):
        """Return the records that are meant, checked, and that the present user may change these tickets."""
        self.check_access('write')
        crm_team = self.env['crm.team'].browse(getattr(crm_team, 'id', crm_team) or ())
        salesperson = self.env['res.users'].browse(getattr(salesperson, 'id', salesperson) or ())
        crm_team.check_access('read')
        # sudo: who works in sales is asked on behalf of agents; where tickets went is asked to refuse them
        if salesperson and not salesperson.sudo().has_group('sales_team.group_sale_salesman'):
            raise UserError(self.env._("%s does not work in sales. Choose somebody else.", salesperson.name))
        if merged := self.sudo().filtered('merged_into_id'):  # sudo: as above
            raise self._merged_error(merged[0])
        return crm_team, salesperson

    def _check_passing(self):
        for ticket in self.sudo():  # sudo: agents need not see opportunities
            if ticket.sales_passed_at and 'pending' in ticket.lead_ids.mapped('won_status'):
                raise UserError(self.env._(
                    "%s is with sales already, and its opportunity is open. Write what is new on the ticket: "
                    "sales sees what the customer sees.", ticket.number))

    def _pass_on(self, crm_team, salesperson):
        """Return the lead that this ticket becomes, and keep that it was passed; the caller is in sudo."""
        crm_team = crm_team or self.team_id.crm_team_id
        lead = self._make_lead({
            'name': self.name, 'team_id': crm_team.id, 'user_id': salesperson.id,
            'description': self.description if self._customer_described() else False})
        self._write_facts({'sales_passed_at': self.env.cr.now()})
        self._log_events([{'ticket_id': self.id, 'kind': 'passed', 'new': crm_team.name or '',
                           'detail': {'crm_team_id': crm_team.id, 'lead_id': lead.id}}])
        return lead

    def make_opportunity(self, name, crm_team=False, salesperson=False):
        """Make an opportunity for the customer of each of these tickets, without the conversation.

        :param str name: what it is about
        :param crm_team: sales team, record or id
        :param salesperson: user, record or id
        :return: ids of the opportunities; their reader needs rights on them
        :raise AccessError: without the right to change the tickets
        :raise UserError: for merged tickets, for who is no salesperson, for a sales team of another company
        """
        crm_team, salesperson = self._sales_people(crm_team, salesperson)
        # sudo: as in pass_to_sales
        return [ticket._make_lead({
            'name': name, 'type': 'opportunity', 'team_id': crm_team.id, 'user_id': salesperson.id}).id
            for ticket in self.sudo()]

    def _make_lead(self, values):
        """Return a new lead of this ticket's customer, linked to it; the caller is in sudo."""
        self.ensure_one()
        crm_team = self.env['crm.team'].browse(values.get('team_id') or ())
        if crm_team.company_id and crm_team.company_id != self.company_id:
            raise UserError(self.env._(
                "The sales team %(team)s belongs to another company than %(ticket)s. Choose another team.",
                team=crm_team.name, ticket=self.number))
        # defaults in the context are meant for tickets
        leads = self.env['crm.lead'].with_context(clean_context(self.env.context)).with_context(
            mail_create_nosubscribe=True)
        return leads.create({
            'company_id': self.company_id.id, **self._lead_customer(), **values,
            'helpdesk_ticket_ids': [Command.link(self.id)]})

    def _lead_customer(self):
        """Return the values that say who the customer is: the contact, else what is known of somebody without one."""
        if self.partner_id and self._fits(self.partner_id, self):
            return {'partner_id': self.partner_id.id}
        return {'contact_name': self.partner_name, 'email_from': self.partner_email, 'phone': self.partner_phone}

    def _customer_described(self):
        """Tell whether the description holds what the customer asked for, and not what an agent wrote down first."""
        return self.channel in CUSTOMER_CHANNELS

    # ------------------------------------------------------------
    # what comes later
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # sudo: customers write without rights on leads
        ticket = self.sudo()
        if ticket.sales_passed_at and ticket.lead_ids and ticket._public_messages([('id', '=', message.id)]):
            ticket._leads_that_hear()._note_ticket_messages(ticket, message.sudo())  # sudo: as above
        return result

    def _leads_that_hear(self):
        """Return the leads that are told what is said from now on: none of a company that the ticket has left, and
        none of a type that is kept to some groups since."""
        self.ensure_one()
        if self.type_id.group_ids:
            return self.lead_ids.browse()
        return self.lead_ids.filtered(lambda lead: lead.company_id in (self.company_id, lead.company_id.browse()))

    def _told_leads(self):
        """Return the leads that these tickets are linked to, or were at any time; the caller is in sudo."""
        return self.lead_ids | self._logged_leads('passed', 'opportunity')

    def _passed_leads(self):
        """Return the leads that were made by passing these tickets on, with their words; the caller is in sudo."""
        return self._logged_leads('passed')

    def _logged_leads(self, *kinds):
        events, leads = self.env['helpdesk.ticket.event'], self.env['crm.lead'].with_context(active_test=False)
        events.flush_model()
        rows = self.env.execute_query(SQL(
            "SELECT DISTINCT (detail->>'lead_id')::int FROM helpdesk_ticket_event"
            " WHERE ticket_id = ANY(%s) AND kind IN %s AND detail ? 'lead_id'", self.ids, kinds)) if self else []
        return leads.browse([lead_id for [lead_id] in rows]).exists()

    def _told_messages(self):
        """Return the messages on leads that say something of these tickets, and the notices to salespeople that name a
        lead by the customer's subject; the caller is in sudo."""
        leads = self._told_leads()
        told = Domain.OR(Domain('body', 'like', f'data-oe-model="helpdesk.ticket" data-oe-id="{ticket.id}"')
                         for ticket in self)
        told |= Domain('res_id', 'in', self._passed_leads().ids) & Domain('message_type', '=', 'user_notification')
        return self.env['mail.message'].search(
            Domain('model', '=', leads._name) & Domain('res_id', 'in', leads.ids) & told) if leads else (
                self.env['mail.message'])

    def _follow_changes(self, before, context, linked, archived):
        """Tell opportunities that a ticket of theirs was solved, or taken up again."""
        super()._follow_changes(before, context, linked, archived)
        for ticket in self:
            was_done, is_done = (status in DONE_STATUSES for status in (context[ticket.id][0], ticket.status))
            if was_done == is_done:
                continue
            link = ticket._get_html_link(title=ticket.number)
            for lead in ticket.lead_ids:
                lead._message_log(body=self.env._("The ticket %s was solved.", link) if is_done
                                  else self.env._("The ticket %s was taken up again.", link))

    def _tell_outcome(self, lead, what):
        """Log that ``lead`` was ``what`` ('won', 'lost', 'open' again), and tell who is responsible or watches.

        The caller is in sudo. The note does not say what the opportunity is called: not all agents may know.
        """
        self._log_events([ticket._lead_row(lead, what) for ticket in self])
        words = {'won': self.env._("Sales won the opportunity of this ticket."),
                 'lost': self.env._("Sales lost the opportunity of this ticket.")}
        for ticket in self if what in words else self.browse():
            people = ticket._people_to_tell(ticket.user_id)
            ticket.message_post(
                body=words[what], subtype_xmlid='mail.mt_note', message_type='notification',
                author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'),
                partner_ids=(people.partner_id - self.env.user.partner_id).ids)

    def _erase(self, reason):
        """What was told to sales of a ticket goes with it."""
        # sudo: notes and leads are not the helpdesk administrator's to write
        for ticket in self.sudo():
            ticket._passed_leads()._forget_request(ticket)
            ticket._told_leads()._forget_ticket(ticket)
        return super()._erase(reason)
