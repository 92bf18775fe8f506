from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import frozendict, ormcache

from ..tools.fold import dictionary_of
from ..tools.synonyms import table


class HelpdeskArticleSynonym(models.Model):
    _name = 'helpdesk.article.synonym'
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin', 'helpdesk.export.mixin']
    _description = "Synonyms"
    _order = 'lang, words, id'
    _rec_name = 'words'

    words = fields.Char(
        required=True, help="Words or short expressions that mean the same, with commas in between: invoice, bill. "
        "Whoever searches for one finds articles with the others.")
    lang = fields.Selection(
        lambda self: self.env['helpdesk.article']._selection_lang(), string="Language", required=True,
        default=lambda self: self.env['helpdesk.article']._default_lang())

    @api.constrains('words')
    def _check_words(self):
        for synonym in self:
            if len(synonym._expressions()) < 2:
                raise ValidationError(self.env._(
                    "Give at least two expressions, with a comma in between: invoice, bill"))

    def _expressions(self):
        return [part.strip() for part in (self.words or '').split(',') if part.strip()]

    @api.model
    @ormcache('dictionary')
    def _synonyms(self, dictionary):
        """Return {expression: synonyms} for a dictionary (see ``tools.synonyms``); kept until one changes."""
        # sudo: synonyms serve every reader
        rows = self.sudo().search_fetch([('words', '!=', False)], ['words', 'lang'])
        return frozendict(table(
            row._expressions() for row in rows if dictionary_of(row.lang) == dictionary))
