from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty
from odoo.tools.mail import email_split_and_format_normalize


class HelpdeskTicketMacroMixin(models.AbstractModel):
    """Macros on tickets, and what their words may say about one (S0-21, S0-22, S1-25)."""
    _name = 'helpdesk.ticket.macro.mixin'
    _description = "Ticket: Macros"
    _inherit = ['mail.thread']

    reply_author = fields.Char(string="Who Answers", compute='_compute_reply_author')
    reply_created_on = fields.Char(string="Day of the Request", compute='_compute_reply_dates')
    reply_deadline = fields.Char(string="Day of the Deadline", compute='_compute_reply_dates')

    @api.depends_context('uid')
    def _compute_reply_author(self):
        self.reply_author = self.env.user.name

    @api.depends('create_date', 'deadline')
    @api.depends_context('lang', 'tz')
    def _compute_reply_dates(self):
        """Days as the customer writes them: the renderer prints values as they are."""
        for ticket in self:
            ticket.reply_created_on = ticket.create_date and format_date(self.env, ticket.create_date)
            ticket.reply_deadline = ticket.deadline and format_date(self.env, ticket.deadline)

    @api.model
    def _reply_placeholders(self):
        """Return what templates may say about a ticket: list of (expression, name, words where there is none).

        Plain texts only, and nothing that is internal: customers read it. Modules add theirs.
        """
        _ = self.env._
        return [
            ('object.partner_name', _("Customer's name"), _("customer")),
            ('object.commercial_partner_id.name', _("Customer's company"), _("your company")),
            ('object.number', _("Ticket number"), ''),
            ('object.name', _("Subject"), ''),
            ('object.reply_created_on', _("Day of the request"), ''),
            ('object.reply_deadline', _("Day of the deadline"), _("the agreed day")),
            ('object.type_id.name', _("Type"), _("request")),
            ('object.team_id.name', _("Team"), ''),
            ('object.user_id.name', _("Assignee"), _("our team")),
            ('object.reply_author', _("Your own name"), ''),
            ('object.company_id.name', _("Our company"), ''),
            ('object.brand_id.name', _("Brand"), _("we")),
        ]

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Return the placeholders that everybody may use in templates of tickets: those that make sense in them."""
        return tuple(name for name, _label, _words in self._reply_placeholders())

    @api.model
    @api.readonly
    def get_reply_placeholders(self):
        """Return what may be inserted into a reply: list of dicts expression, label, words."""
        self.env['helpdesk.macro'].check_access('read')
        return [{'expression': name, 'label': label, 'words': words or label}
                for name, label, words in self._reply_placeholders()]

    def _answer_readers(self):
        """Return whom an answer reaches outside the house, by name and address, as a list of texts."""
        self.ensure_one()
        partner_ids, addresses = self._answer_recipients([], False)
        # sudo: contacts of the ticket and those who follow it, whatever company they belong to
        ticket = self.sudo()
        people = ticket.env['res.partner'].browse(partner_ids) | ticket.message_partner_ids.filtered('partner_share')
        found = [partner.email_formatted for partner in people if partner.email]
        return found + email_split_and_format_normalize(addresses or '')

    def apply_macro(self, macro, reply=None):
        """Run a macro on these tickets: everything it says on all of them, or nothing at all.

        :param macro: record of ``helpdesk.macro`` or its id
        :param reply: HTML sent instead of the macro's reply, for a single ticket only; empty: none is sent
        :return: dict of ``done`` (number of tickets), ``sent`` (number of replies) and ``remarks`` (list of sentences
            on what was left out)
        :raise AccessError: for who may not change the tickets, or not use the macro
        :raise UserError: when the macro is not for these tickets, or a step fails; names the tickets
        """
        macro = self.env['helpdesk.macro'].browse(getattr(macro, 'id', macro))
        if not self or not macro:
            raise UserError(self.env._("Choose tickets and a macro first."))
        self.check_access('write')
        macro._check_usable(self)
        if reply is not None and len(self) > 1:
            raise UserError(self.env._("Words of one's own are for a single ticket. Run the macro on each by itself."))
        with self.env.cr.savepoint():
            plans = macro._plan(self, reply if reply is None else Markup(reply))
            macro._run(plans)
        return {
            'done': len(plans), 'sent': sum(bool(plan.reply) for plan in plans),
            'remarks': macro._preview_remarks(plans),
        }

    @api.readonly
    def get_solved_macro(self):
        """Return the macro that the team offers for this ticket now that it is solved.

        :return: dict of id and name; False where there is none, or none that the user may run on it
        """
        self.ensure_one()
        self.check_access('read')
        macro = self.team_id.solved_macro_id
        if self.status != 'solved' or not self.has_access('write') or not macro.has_access('read'):
            return False
        return {'id': macro.id, 'name': macro.name} if macro and macro.active and macro._fits(self) else False

    def get_reply_texts(self):
        """Return what the present user may insert into an answer to this ticket: list of dicts id, kind, name, about.

        ``kind`` is 'macro' (its reply) or 'template' (core's mail templates for tickets).
        """
        self.ensure_one()
        self.check_access('write')
        macros = self.env['helpdesk.macro'].get_choices(self.ids, replies=True)
        templates = self.env['mail.template'].search([
            ('model', '=', self._name), ('template_category', '!=', 'hidden_template'),
            ('user_id', 'in', [False, self.env.uid])], limit=100)
        return [{'id': macro['id'], 'kind': 'macro', 'name': macro['name'], 'about': macro['description']}
                for macro in macros] + [
            {'id': template.id, 'kind': 'template', 'name': template.name, 'about': template.description or ''}
            for template in templates if not is_html_empty(template.body_html)]

    def get_reply_text(self, kind, record_id):
        """Return the words (HTML) of a macro or mail template for this ticket, in the customer's language.

        :param str kind: 'macro' or 'template'
        :raise AccessError: for who may not use it or not answer the ticket
        """
        self.ensure_one()
        self.check_access('write')
        if kind == 'macro':
            macro = self.env['helpdesk.macro'].browse(record_id)
            macro._check_usable(self)
            return macro._render_reply(self)
        template = self.env['mail.template'].browse(record_id)
        template.check_access('read')
        if template.model != self._name:
            raise UserError(self.env._("The template “%s” is not for tickets.", template.name))
        lang = self.env['helpdesk.macro']._usable_lang(self.customer_lang)
        return template._render_field('body_html', self.ids, set_lang=lang)[self.id]
