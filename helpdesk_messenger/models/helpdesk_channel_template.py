from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..tools import template as tools

STATES = [('approved', "Approved"), ('pending', "In Review"), ('rejected', "Rejected"), ('paused', "Paused"),
          ('disabled', "Switched Off"), ('other', "Not to Be Used")]
CATEGORIES = [('utility', "Utility"), ('marketing', "Marketing"), ('authentication', "Authentication"),
              ('other', "Other")]
UNUSABLE = [('media', "Its header is a picture, a video, a file or a place."),
            ('button', "A button of it wants a value of its own."),
            ('kind', "It is no plain message of words.")]


class HelpdeskChannelTemplate(models.Model):
    """A message whose wording the service has approved: agents send it when the time for free answers is over."""
    _name = 'helpdesk.channel.template'
    _description = "Messenger Template"
    _order = 'channel_id, name, language, id'

    channel_id = fields.Many2one('helpdesk.channel', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='channel_id.company_id', store=True, precompute=True)
    service_id = fields.Char(string="Known There As", readonly=True)
    name = fields.Char(required=True, readonly=True)
    language = fields.Char(required=True, readonly=True, help="As the service writes it, e.g. nl or pt_BR.")
    state = fields.Selection(STATES, required=True, readonly=True, default='other')
    category = fields.Selection(CATEGORIES, required=True, readonly=True, default='other')
    header = fields.Char(readonly=True)
    body = fields.Text(readonly=True)
    footer = fields.Char(readonly=True)
    buttons = fields.Text(readonly=True, help="Their labels, one a line.")
    named = fields.Boolean(readonly=True)
    unusable = fields.Selection(
        UNUSABLE, string="Why It Cannot Be Sent", readonly=True,
        help="Helpdesk sends templates of words, with plain buttons.")
    placeholder_ids = fields.One2many('helpdesk.channel.template.placeholder', 'template_id', string="Placeholders")
    preview = fields.Html(compute='_compute_preview', sanitize=False, export_string_translation=False)

    _known_uniq = models.UniqueIndex(
        "(channel_id, name, language)", "A template is known once on a channel in each language.")

    @api.depends('name', 'language')
    def _compute_display_name(self):
        for template in self:
            name = (template.name or '').replace('_', ' ').capitalize()
            template.display_name = f'{name} ({template._language_label()})'

    @api.depends('header', 'body', 'footer', 'buttons')
    def _compute_preview(self):
        for template in self:
            template.preview = template._as_html({})

    def _language_label(self):
        """Return the language in words, where this database knows it."""
        code = self.language or ''
        known = {lang_code: data.name for lang_code, data in self.env['res.lang']._get_active_by('code').items()}
        return known.get(code) or code

    def _is_usable(self):
        return self.state == 'approved' and not self.unusable

    # ------------------------------------------------------------
    # fetched
    # ------------------------------------------------------------

    @api.model
    def _bring_in_line(self, channel, found):
        """Make the templates of ``channel`` those that were ``found`` (list of :class:`Template`). What administrators
        said about placeholders stays."""
        known = {(one.name, one.language): one for one in channel.template_ids}
        for told in found:
            vals = {name: getattr(told, name) or False for name in (
                'service_id', 'state', 'category', 'header', 'body', 'footer', 'buttons', 'named', 'unusable')}
            template = known.pop((told.name, told.language), None)
            if template:
                template.write(vals)
            else:
                template = self.create({
                    'channel_id': channel.id, 'name': told.name, 'language': told.language, **vals})
            template._note_placeholders(told.examples)
        self.browse([one.id for one in known.values()]).unlink()

    def _note_placeholders(self, examples):
        examples = {(part, name): text for part, name, text in examples}
        known = {(one.part, one.name): one for one in self.placeholder_ids}
        wanted = [(part, name) for part in tools.PARTS for name in tools.placeholders(self[part])]
        for number, (part, name) in enumerate(wanted):
            vals = {'sequence': number, 'example': examples.get((part, name)) or False}
            if (part, name) in known:
                known[part, name].write(vals)
            else:
                self.env['helpdesk.channel.template.placeholder'].create({
                    'template_id': self.id, 'part': part, 'name': name, **vals,
                    'source': self.env['helpdesk.channel.template.placeholder']._guess(part, name)})
        self.placeholder_ids.filtered(lambda one: (one.part, one.name) not in wanted).unlink()

    # ------------------------------------------------------------
    # filled in
    # ------------------------------------------------------------

    def _told(self, values):
        """Return what the adapter sends (dict); ``values``: {part: {name: text}}."""
        names = {part: self.placeholder_ids.filtered(lambda one, part=part: one.part == part).mapped('name')
                 for part in tools.PARTS}
        return tools.told(self.name, self.language, self.named, {
            part: {name: values.get(part, {}).get(name) for name in names[part]} for part in tools.PARTS})

    def _as_html(self, values):
        """Return the message as the customer sees it (Markup), ``values`` filled in; see :meth:`_told`."""
        tidy = {part: {name: tools.tidy(value) for name, value in of_part.items()} for part, of_part in values.items()}
        parts = [
            self.header and Markup('<p><strong>%s</strong></p>') % tools.filled(self.header, tidy.get('header', {})),
            plaintext2html(tools.filled(self.body, tidy.get('body', {}))),
            self.footer and Markup('<p><small class="text-muted">%s</small></p>') % self.footer,
        ] + [Markup('<p>[%s]</p>') % label for label in (self.buttons or '').splitlines()]
        return Markup('').join(filter(None, parts))
