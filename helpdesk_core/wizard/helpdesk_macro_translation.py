from odoo import api, fields, models


class HelpdeskMacroTranslation(models.TransientModel):
    """Writes a macro's reply in another language, the original beside it (S0-22)."""
    _name = 'helpdesk.macro.translation'
    _description = "Macro Reply in Another Language"

    macro_id = fields.Many2one('helpdesk.macro', required=True, readonly=True, ondelete='cascade')
    lang = fields.Selection(
        lambda self: self.env['res.lang'].get_installed(), string="Language", required=True,
        default=lambda self: self._default_lang())
    original = fields.Html(compute='_compute_original', sanitize='email_outgoing')
    # by the rights of the user: the macro is named by the client, and stored fields are else computed in sudo
    reply = fields.Html(
        compute='_compute_reply', store=True, readonly=False, compute_sudo=False, sanitize='email_outgoing')

    @api.model
    def _default_lang(self):
        """Return the first language that is not the user's."""
        codes = [code for code, _name in self.env['res.lang'].get_installed()]
        return next((code for code in codes if code != self.env.lang), codes[0])

    @api.depends('macro_id')
    def _compute_original(self):
        for translation in self:
            translation.original = translation.macro_id.reply

    @api.depends('macro_id', 'lang')
    def _compute_reply(self):
        for translation in self:
            translation.reply = translation.macro_id.with_context(lang=translation.lang or self.env.lang).reply

    def action_save(self):
        """Keep the words, and stay: there may be a next language."""
        self.ensure_one()
        self.macro_id.with_context(lang=self.lang).reply = self.reply
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("The Reply in Other Languages"),
            'res_model': self._name, 'res_id': self.id, 'views': [(False, 'form')], 'target': 'new',
        }
