from odoo import api, fields, models
from odoo.addons.helpdesk_portal.tools.upload import clean_name
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .helpdesk_catalogue_question import KINDS, YES_NO

# what people who work on the request correct, by the kind of the question
CORRECTED = {'text': 'text', 'textarea': 'text', 'number': 'number', 'date': 'day', 'yesno': 'yesno',
             'choice': 'choice_id', 'asset': 'equipment_id', 'file': 'attachment_ids'}


class HelpdeskCatalogueAnswer(models.Model):
    """What was answered to one question of a form. It keeps its own words: editing the form rewrites nothing.

    ``value`` is the answer as text, for lists, search and export; the column of the kind holds it for machines.
    """
    _name = 'helpdesk.catalogue.answer'
    _description = "Answer in a Request"
    _inherit = ['helpdesk.export.mixin']
    _order = 'sequence, id'

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    question_id = fields.Many2one(
        'helpdesk.catalogue.question', string="Asked By", readonly=True, index='btree_not_null', ondelete='set null')
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Question", required=True, readonly=True, help="As it was asked.")
    label = fields.Char(string="Question in My Language", compute='_compute_label', compute_sudo=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    value = fields.Text(string="Answer", readonly=True)
    text = fields.Text(string="Answer in Words")
    number = fields.Float(string="Number", digits=(16, 4))
    day = fields.Date(string="Date")
    yesno = fields.Selection(YES_NO, string="Yes or No")
    choice_id = fields.Many2one(
        'helpdesk.catalogue.choice', string="Choice", ondelete='set null', index='btree_not_null',
        domain="[('question_id', '=', question_id)]")
    equipment_id = fields.Many2one('maintenance.equipment', string="Asset", ondelete='set null', index='btree_not_null')
    attachment_ids = fields.Many2many('ir.attachment', string="Files", copy=False)

    @api.depends('name', 'question_id.name')
    @api.depends_context('lang')
    def _compute_label(self):
        """Show the question in the reader's language, as long as it still reads as it was asked."""
        langs = [code for code, _name in self.env['res.lang'].get_installed()]
        for answer in self:
            question = answer.question_id.with_context(prefetch_langs=True)
            asked = any(question.with_context(lang=lang).name == answer.name for lang in langs)
            answer.label = (asked and question.with_context(lang=self.env.lang).name) or answer.name

    @api.model
    def _keep(self, ticket, rows):
        """Keep the answers of a form on ``ticket`` (superuser).

        :param rows: [(values without ticket, files as [(name, content as bytes)])]
        """
        for values, files in rows:
            attachments = self.env['ir.attachment'].sudo().create([  # sudo: of the ticket, whoever ordered
                {'name': clean_name(name), 'raw': content, 'res_model': ticket._name, 'res_id': ticket.id}
                for name, content in files])
            # sudo: answers are made by sending the form alone
            self.sudo().create({**values, 'ticket_id': ticket.id, 'attachment_ids': [(6, 0, attachments.ids)]})
        if assets := ticket.answer_ids.equipment_id:
            ticket.equipment_ids = assets

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        for answer in answers:
            answer.value = answer._words()
        return answers

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._check_correction(vals)
        before = {answer: answer.value or '' for answer in self}
        files = {answer: answer.attachment_ids for answer in self}
        result = super().write(vals)
        self._check_pointers()
        if 'attachment_ids' in vals:
            self._take_files(files)
        # sudo: the text follows from what was corrected
        for answer in self.sudo():
            answer.value = answer._words()
        self._log_corrected(before)
        return result

    def _check_correction(self, vals):
        """Refuse what is not the answer itself: whose it is, how it was asked, and its files."""
        self.ticket_id.check_access('write')
        for answer in self:
            if refused := vals.keys() - {CORRECTED.get(answer.kind)}:
                raise AccessError(self.env._(
                    "Only the answer to “%(question)s” can be corrected, not: %(names)s",
                    question=answer.name, names=', '.join(sorted(refused))))

    def _check_pointers(self):
        """Choices are of the question, assets the customer's: nobody names what they may not see."""
        for answer in self.sudo():  # sudo: to compare alone
            if answer.choice_id and answer.choice_id.question_id != answer.question_id:
                raise UserError(self.env._("“%s” has no such choice.", answer.name))
            ticket = answer.ticket_id
            assets = answer.equipment_id and self.env['maintenance.equipment']._catalogue_assets(
                ticket.partner_id, ticket.company_id)
            if answer.equipment_id and answer.equipment_id not in assets:
                raise UserError(self.env._("The customer has no such asset."))

    def _take_files(self, before):
        """Make the files that the user has put in place of others the ticket's, as those of the form are.

        :param before: {answer: its files until now}; they stay among the ticket's
        :raise AccessError: files that the user did not bring for this answer
        :raise UserError: none is left, or one is refused as in the form
        """
        for answer in self:
            # sudo: whose files they are and what is in them
            files = answer.sudo().attachment_ids
            added = files - before[answer].sudo()  # sudo: as above
            if any(file.create_uid != self.env.user or file.res_model != self._name
                   or file.res_id not in (0, answer.id) for file in added):
                raise AccessError(self.env._("Attach the file here: others have their own place."))
            if not files:
                raise UserError(self.env._("Put another file in its place: “%s” asks for one.", answer.name))
            answer.ticket_id._portal_check_files([(file.name, file.raw) for file in added])
            added.write({'res_model': answer.ticket_id._name, 'res_id': answer.ticket_id.id})
            answer.sudo().text = ', '.join(files.mapped('name'))  # sudo: follows from the files

    def _log_corrected(self, before):
        changed = {answer: old for answer, old in before.items() if old != (answer.value or '')}
        self.env['helpdesk.ticket.event']._log([
            {'ticket_id': answer.ticket_id.id, 'kind': 'answer', 'old': old, 'new': answer.value or '',
             'detail': {'answer_id': answer.id, 'question': answer.name}} for answer, old in changed.items()])
        # sudo: a fact
        self.browse().concat(*changed).ticket_id.sudo()._changed_since_approval()

    def _words(self):
        """Return the answer (str) in the reader's language; words of a form that has changed since stay as they were.

        Numbers and dates are written so that tables sort and count them.
        """
        self.ensure_one()
        if self.kind == 'number':
            return f'{self.number:.10g}'
        if self.kind == 'date':
            return str(self.day or '')
        if self.kind == 'yesno':
            return dict(self._fields['yesno']._description_selection(self.env)).get(self.yesno, '')
        if self.kind == 'choice':
            return self.choice_id.name or ''
        if self.kind == 'asset':
            return self.equipment_id._catalogue_words() if self.equipment_id else ''
        return self.text or ''

    def _shown(self):
        """Return the answer (str) as its reader writes it."""
        self.ensure_one()
        if self.kind == 'date' and self.day:
            return format_date(self.env, self.day)
        if self.kind == 'yesno' and self.yesno:
            return self._words()
        return self.value or ''
