from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

MODEL = 'helpdesk.ticket'
TEXTS = ('reply', 'note')


class HelpdeskMacroReplyMixin(models.AbstractModel):
    """The words of a macro: placeholders that are filled in from the ticket, in the customer's language (S0-22, S2-14).

    Only the placeholders of ``helpdesk.ticket._reply_placeholders`` are filled in, by core's renderer without
    evaluation: whoever writes a macro, no code of theirs is ever run, nor is a field read that is not on the list.
    """
    _name = 'helpdesk.macro.reply.mixin'
    _description = "Macro: Words"

    reply = fields.Html(
        string="Reply to the Customer", translate=True, sanitize='email_outgoing',
        help="Sent to the customer, in their language where it is translated. Type / to insert the customer's name, "
             "the ticket's number and more.")
    note = fields.Html(
        string="Internal Note", sanitize='email_outgoing',
        help="Only colleagues read it. Type / to insert placeholders.")
    attachment_ids = fields.Many2many(
        'ir.attachment', 'helpdesk_macro_attachment_rel', 'macro_id', 'attachment_id', string="Files Sent Along",
        bypass_search_access=True)

    @api.constrains(*TEXTS)
    def _check_placeholders(self):
        """Refuse what would not be filled in, when it is written and not in front of a customer."""
        for macro in self:
            for name in TEXTS:
                macro._check_words(macro[name])

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=''):
        """Look at translations as well: they are other words."""
        spoken = [self.with_context(lang=lang) for lang in translations] if field_name in TEXTS else []
        before = {macro.env.lang: macro[field_name] for macro in spoken}
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        for macro in spoken:
            macro._check_placeholders()
            if field_name == 'reply':
                macro._keep_version(before[macro.env.lang])
        return result

    @api.model
    def _check_words(self, words):
        if words and self.env['mail.render.mixin']._has_unsafe_expression_template_qweb(words, MODEL):
            raise ValidationError(self.env._(
                "The text holds a placeholder that cannot be filled in. Remove it; type / to choose one of these: %s",
                ', '.join(label for _name, label, _word in self.env[MODEL]._reply_placeholders())))

    @api.model_create_multi
    def create(self, vals_list):
        macros = super().create(vals_list)
        macros._own_files()
        return macros

    def write(self, vals):
        before = {macro: macro.reply for macro in self} if 'reply' in vals else {}
        result = super().write(vals)
        if 'attachment_ids' in vals:
            self._own_files()
        for macro, words in before.items():
            macro._keep_version(words)
        return result

    def _keep_version(self, words):
        """Keep in the macro's own history what was sent to customers until now, and who changed it (S1-26)."""
        lang = self.env.lang or 'en_US'
        first = lang != 'en_US' and words == self.with_context(lang='en_US').reply  # nothing was written in it yet
        if not is_html_empty(words) and words != self.reply and not first:
            self._message_log(body=Markup('<p>%s</p><blockquote>%s</blockquote>') % (
                self.env._("The reply was changed. It said (%s):", lang), words))

    def _own_files(self):
        """Files uploaded for a macro belong to it: who may use it may send them.

        :raise AccessError: for files that whoever writes the macro may not read themselves
        """
        self.attachment_ids.check_access('read')
        for macro in self:
            loose = macro.attachment_ids.filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
            loose.write({'res_model': macro._name, 'res_id': macro.id})

    @api.model
    def _render_words(self, words, ticket):
        """Return ``words`` (Markup) with the placeholders filled in from ``ticket``, in the language of its context."""
        if is_html_empty(words):
            return Markup()
        renderer = self.env['mail.render.mixin'].with_env(ticket.env)
        try:
            rendered = renderer._render_template_qweb_regex(words, MODEL, ticket.ids)
        except SyntaxError as error:  # it was allowed once: written with a module that is gone
            raise UserError(self.env._(
                "A placeholder in the text cannot be filled in any more (%s). Correct the macro.", error)) from error
        return renderer._render_template_postprocess(MODEL, rendered)[ticket.id]

    def _render_reply(self, ticket, lang=None):
        """Return the reply to ``ticket``'s customer (Markup) in ``lang``, default theirs; empty without one."""
        self.ensure_one()
        lang = self._usable_lang(lang or ticket.customer_lang)
        return self._render_words(self.with_context(lang=lang).reply, ticket.with_context(lang=lang))

    def _render_note(self, ticket):
        """Return the note on ``ticket`` (Markup), in the language of whoever runs the macro."""
        self.ensure_one()
        return self._render_words(self.note, ticket)

    def action_translate(self):
        """Open the reply in another language, beside the original."""
        self.ensure_one()
        self.check_access('write')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("The Reply in Other Languages"),
            'res_model': 'helpdesk.macro.translation',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_macro_id': self.id},
        }

    @api.model
    def _usable_lang(self, lang):
        """Return ``lang`` where it is switched on, else the reader's."""
        codes = {code for code, _name in self.env['res.lang'].get_installed()}
        return lang if lang in codes else self.env.lang
