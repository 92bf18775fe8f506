from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize_all, format_datetime, is_html_empty

from ..tools import addresses, passing_on

NEWEST = 50  # messages that can be chosen


class HelpdeskTicketForward(models.TransientModel):
    """Asks what goes to which third party, then begins a side conversation (S0-29, D6)."""

    _name = 'helpdesk.ticket.forward'
    _description = "Forward Ticket"

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True)
    partner_ids = fields.Many2many('res.partner', string="To", help="Contacts with a mail address.")
    email_to = fields.Char(string="Further Addresses", help="Without a contact, separated by commas.")
    subject = fields.Char(required=True, help="The third party reads it. Their answers need no number in it.")
    words = fields.Html(string="Your Words", sanitize='email_outgoing')
    description_included = fields.Boolean(string="Quote the Description")
    customer_named = fields.Boolean(
        string="Name the Customer", help="Off: quoted messages say “the customer”, and the ticket's mail addresses are "
        "left out of them.")
    line_ids = fields.One2many('helpdesk.ticket.forward.line', 'forward_id', string="Messages")
    # by the rights of the user: ids in a dialog come from the client, and stored fields are else computed in sudo
    quote = fields.Html(
        compute='_compute_quote', store=True, readonly=False, compute_sudo=False, sanitize='email_outgoing',
        help="What is sent below your words. You can change it.")
    available_attachment_ids = fields.Many2many(
        'ir.attachment', compute='_compute_available_attachment_ids', export_string_translation=False)
    attachment_ids = fields.Many2many(
        'ir.attachment', 'helpdesk_ticket_forward_file_rel', string="Files of These Messages",
        help="Copies are sent. Files of messages that are not chosen cannot be sent.")
    upload_ids = fields.Many2many('ir.attachment', 'helpdesk_ticket_forward_upload_rel', string="More Files")
    has_waiting_stage = fields.Boolean(compute='_compute_has_waiting_stage', export_string_translation=False)
    waiting = fields.Boolean(string="Set to Waiting for Third Party", help="Promises stand still where they say so.")
    reopen = fields.Boolean(
        string="Back to Open When Answered", default=True,
        help="When the last side conversation that waits is answered.")
    warning = fields.Text(compute='_compute_warning')
    confirmed = fields.Boolean(string="I have read this, send it all the same")

    @api.depends('ticket_id')
    def _compute_has_waiting_stage(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.has_waiting_stage = not ticket.is_closed and bool(ticket._stage_for('waiting_third_party'))

    @api.depends('line_ids.included')
    def _compute_available_attachment_ids(self):
        for wizard in self:
            wizard.available_attachment_ids = wizard._chosen_messages().attachment_ids

    @api.depends('line_ids.included', 'description_included', 'customer_named')
    def _compute_quote(self):
        self.ticket_id._origin.check_access('read')  # what a sudo beside this has read is in the cache
        for wizard in self:
            parts = []
            if wizard.description_included and not is_html_empty(wizard.ticket_id.description):
                parts.append(wizard._quoted(self.env._("The request:"), wizard.ticket_id.description))
            parts += [wizard._quoted(wizard._who_wrote(message), message.body)
                      for message in wizard._chosen_messages().sorted(lambda message: (message.date, message.id))]
            wizard.quote = Markup().join(parts) or False

    def _chosen_messages(self):
        messages = self.line_ids.filtered('included').message_id
        messages._origin.check_access('read')  # core asks for rights where messages are searched, not where named
        return messages

    def _quoted(self, heading, html):
        hide = () if self.customer_named else self._ticket_addresses()
        return Markup('<p style="color: #6b6b76;">%s</p><blockquote>%s</blockquote>') % (
            heading, Markup(passing_on.clean(str(html or ''), hide)))  # sanitised when it was stored

    def _ticket_addresses(self):
        ticket = self.ticket_id
        return {ticket.partner_email, ticket.partner_id.email_normalized, *addresses.find(ticket.email_cc)} - {False}

    def _who_wrote(self, message):
        """Return the line above a quoted message; the customer is named only where the agent says so."""
        team, at = self.ticket_id.team_id.name, format_datetime(self.env, message.date, dt_format='d MMM y, HH:mm')
        author = message.author_id
        if author and author != self.ticket_id.partner_id and author._is_helpdesk_agent():
            return self.env._("%(when)s, %(who)s wrote:", when=at, who=team)
        if self.customer_named:
            name = author.name or message.email_from or self.ticket_id.partner_name or ''
            return self.env._("%(when)s, %(who)s wrote:", when=at, who=name)
        return self.env._("%s, the customer wrote:", at)

    # ------------------------------------------------------------
    # what is said before it leaves (N4)
    # ------------------------------------------------------------

    @api.depends('partner_ids', 'email_to', 'line_ids.included')
    def _compute_warning(self):
        for wizard in self:
            wizard.warning = '\n'.join(wizard._warnings()) or False

    def _warnings(self):
        """Return what an agent should know before this leaves."""
        people = {*self.partner_ids.mapped('email_normalized'), *email_normalize_all(self.email_to or '')} - {False}
        warnings = []
        if colleagues := self.ticket_id._colleagues_among(people):
            warnings.append(self.env._(
                "%s works here. Better write an internal note on the ticket and mention them with @.",
                ', '.join(colleagues.mapped('name'))))
        if known := self.ticket_id._people_among(people):
            warnings.append(self.env._(
                "%s belongs to the ticket as customer, follower or in Cc. This conversation is private; to write to "
                "the customer use “Send to customer”.", ', '.join(sorted(known))))
        if any(line.included and line.is_internal for line in self.line_ids):
            warnings.append(self.env._("You have chosen an internal note: somebody outside will read it."))
        return warnings

    def action_send(self):
        """Send it and go back to the ticket.

        :raise UserError: where there is a warning that nobody has confirmed
        """
        self.ensure_one()
        if self.warning and not self.confirmed:
            raise UserError(self.env._("Please read the warning, then tick the box below it or change the recipients.")
                            + '\n\n' + self.warning)
        body = Markup().join(part for part in (self.words, self.quote) if not is_html_empty(part))
        files = (self.attachment_ids & self.available_attachment_ids) | self.upload_ids
        self.ticket_id.forward(
            self.subject, body, self.partner_ids.ids, self.email_to, files.ids,
            waiting=self.waiting and self.has_waiting_stage, reopen=self.reopen)
        return {'type': 'ir.actions.act_window_close'}

    # ------------------------------------------------------------
    # begin
    # ------------------------------------------------------------

    @api.model
    def _begin(self, ticket, chosen):
        """Return the dialog for ``ticket``: with the message ``chosen``, or with all that was said in public."""
        messages = self.env['mail.message'].search([
            ('model', '=', ticket._name), ('res_id', '=', ticket.id),
            ('message_type', 'in', ('email', 'comment'))], order='id desc', limit=NEWEST)
        lines = []
        for message in messages | chosen:
            internal = message.is_internal or not message.subtype_id or message.subtype_id.internal
            included = message == chosen if chosen else not internal
            lines.append(Command.create({'message_id': message.id, 'included': included}))
        wizard = self.create({
            'ticket_id': ticket.id, 'subject': ticket.name, 'line_ids': lines,
            'description_included': not chosen and not is_html_empty(ticket.description),
            'attachment_ids': [Command.set(chosen.attachment_ids.ids)]})
        wizard.waiting = wizard.has_waiting_stage
        return wizard
