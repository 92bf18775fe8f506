from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskProblemUpdateText(models.Model):
    """The words of an update in one language."""
    _name = 'helpdesk.problem.update.text'
    _description = "Update to All Customers: Text"
    _order = 'update_id, id'
    _rec_name = 'lang'

    update_id = fields.Many2one('helpdesk.problem.update', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='update_id.company_id', store=True)
    lang = fields.Selection(
        lambda self: self.env['res.lang'].get_installed(), string="Language", required=True)
    lang_name = fields.Char(compute='_compute_lang_name', string="In")
    body = fields.Html(
        string="Text", sanitize='email_outgoing',
        help="Type / to insert the customer's name, the ticket's number and more. Left empty: these customers get the "
             "first text.")
    reader_count = fields.Integer(string="Tickets", compute='_compute_reader_count')

    _lang_uniq = models.Constraint('UNIQUE (update_id, lang)', "There is a text in this language already.")

    @api.depends('lang')
    def _compute_lang_name(self):
        names = dict(self.env['res.lang'].get_installed())
        for text in self:
            text.lang_name = names.get(text.lang, text.lang)

    @api.depends_context('uid')
    @api.depends('lang', 'update_id.state')
    def _compute_reader_count(self):
        for update, texts in self.grouped('update_id').items():
            counts = update._counts_by_lang()
            for text in texts:
                text.reader_count = counts.get(text.lang, 0)

    @api.constrains('body')
    def _check_body(self):
        """Refuse what would not be filled in, when it is written and not in front of a customer."""
        for text in self:
            self.env['helpdesk.macro']._check_words(text.body)

    @api.model_create_multi
    def create(self, vals_list):
        texts = super().create(vals_list)
        texts._check_draft()
        return texts

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        if 'update_id' in vals:
            self.check_access('write')  # nor is it put into what somebody else sends
            self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_draft()

    def _check_draft(self):
        if any(text.update_id.state != 'draft' for text in self):
            raise UserError(self.env._("What was sent off is not changed any more. Recall it and write a new one."))
