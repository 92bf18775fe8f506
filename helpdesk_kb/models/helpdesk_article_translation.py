from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class HelpdeskArticleTranslationMixin(models.AbstractModel):
    """One article in several languages: each translation knows its original, and which version of it it says."""
    _name = 'helpdesk.article.translation.mixin'
    _description = "Article: Translations"

    translation_of_id = fields.Many2one(
        'helpdesk.article', index='btree_not_null', ondelete='restrict', copy=False,
        groups='helpdesk_core.group_helpdesk_user',  # whoever reads a link reads the title at its end, hidden or not
        domain="[('translation_of_id', '=', False), ('id', '!=', id)]")
    translation_ids = fields.One2many(
        'helpdesk.article', 'translation_of_id', string="Translations", groups='helpdesk_core.group_helpdesk_user')
    translated_version = fields.Integer(
        readonly=True, copy=False, help="The version of the original that this translation says.")
    translation_outdated = fields.Boolean(
        compute='_compute_translation_outdated', store=True, precompute=True,
        help="The original has been changed since it was translated.")

    @api.depends('translation_of_id.revision_number', 'translated_version')
    def _compute_translation_outdated(self):
        for article in self:
            original = article.translation_of_id.sudo()  # sudo: a comparison of two numbers
            article.translation_outdated = bool(original) and original.revision_number > article.translated_version

    @api.constrains('translation_of_id', 'lang')
    def _check_translation(self):
        for article in self.filtered('translation_of_id'):
            original = article.translation_of_id
            if original.translation_of_id or article.translation_ids:
                raise ValidationError(self.env._("Choose the original: %s is a translation itself, or has some.",
                                                 (original if original.translation_of_id else article).name))
            if article.lang in (original | (original.translation_ids - article)).mapped('lang'):
                raise ValidationError(self.env._("%s exists in this language already.", original.name))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get('translation_of_id'):
                self._note_translated(vals)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get('translation_of_id'):
            self._note_translated(vals := dict(vals))
        return super().write(vals)

    def _note_translated(self, vals):
        original = self.browse(vals['translation_of_id']).sudo()  # sudo: a number
        vals.setdefault('translated_version', original.revision_number)

    def action_translation_current(self):
        """Say that these translations say what their originals say now."""
        self.check_access('write')
        for article in self.filtered('translation_of_id'):
            article.translated_version = article.translation_of_id.revision_number

    def action_translate(self):
        """Open a new translation with the original's text to write over; the other one when there is only one left."""
        self.ensure_one()
        original = self.translation_of_id or self
        taken = set((original | original.translation_ids).mapped('lang'))
        free = [code for code, _name in self.env['res.lang'].get_installed() if code not in taken]
        if not free:
            raise UserError(self.env._(
                "%s exists in all languages that are switched on. Others are added under Settings, Languages.",
                original.name))
        return {
            'type': 'ir.actions.act_window', 'res_model': 'helpdesk.article', 'views': [[False, 'form']],
            'name': self.env._("Translation"),
            'context': {
                'default_translation_of_id': original.id, 'default_lang': free[0], 'default_name': original.name,
                'default_summary': original.summary, 'default_body': original.body, 'default_kind': original.kind,
                'default_category_id': original.category_id.id, 'default_visibility': original.visibility,
                'default_company_id': original.company_id.id, 'default_brand_id': original.brand_id.id}}
