from odoo import api, fields, models
from odoo.exceptions import AccessError

REASONS = [
    ('unhelpful', "Readers say it does not help"),
    ('reopened', "Tickets answered with it came back"),
    ('bad_rating', "Tickets answered with it were rated badly"),
    ('edited', "Agents change its text before they send it"),
    ('no_result', "Searched for, nothing found"),
    ('ticket', "Searched for, then a ticket was written"),
    ('outdated', "The original has changed since"),
    ('overdue', "Review date has passed"),
]


class HelpdeskArticleFlag(models.Model):
    """What knowledge editors have to do: an article that seems wrong, or one that is missing (N13, S0-33).

    Found from what happened, by ``_refresh``; the reasons stand in ``helpdesk.article.flag.reasons``. A row that was
    dealt with comes back when enough has happened since.
    """
    _name = 'helpdesk.article.flag'
    _inherit = ['helpdesk.export.mixin']
    _description = "To Improve"
    _order = 'count desc, last_at desc, id desc'
    _rec_name = 'subject'
    _log_access = False

    reason = fields.Selection(REASONS, string="Why", required=True, readonly=True)
    article_id = fields.Many2one('helpdesk.article', readonly=True, index='btree_not_null', ondelete='cascade')
    query = fields.Char(string="Searched For", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    count = fields.Integer(string="Times", readonly=True, help="How often, since it was last dealt with.")
    last_at = fields.Datetime(string="Last", readonly=True)
    done_at = fields.Datetime(string="Dealt With", readonly=True)
    done_by_id = fields.Many2one('res.users', string="Dealt With By", readonly=True)
    active = fields.Boolean(default=True, readonly=True)
    subject = fields.Char(string="What", compute='_compute_subject')
    detail = fields.Char(string="What to Do", compute='_compute_detail')

    _row_uniq = models.UniqueIndex("(reason, coalesce(article_id, 0), coalesce(query, ''), coalesce(company_id, 0))")

    @api.depends('article_id.name', 'query')
    def _compute_subject(self):
        for flag in self:
            flag.subject = flag.article_id.name or f'“{flag.query}”'

    @api.depends('reason')
    def _compute_detail(self):
        _ = self.env._
        todo = {
            'unhelpful': _("Read the comments of those who voted, and say what they missed."),
            'reopened': _("Look at the tickets: what did the answer leave open?"),
            'bad_rating': _("Look at the tickets: was it the article, or something else?"),
            'edited': _("Compare with what agents send, and take over what they change each time."),
            'no_result': _("Write the article, or add the words as synonyms of one that exists."),
            'ticket': _("See which article was opened, if any, and what the ticket asked beyond it."),
            'outdated': _("Compare with the original and bring the translation up to date."),
            'overdue': _("Read it again, correct it, and set the next review date."),
        }
        for flag in self:
            flag.detail = todo[flag.reason]

    # ------------------------------------------------------------
    # what editors do
    # ------------------------------------------------------------

    @api.model
    def action_open(self):
        """Look for what has happened since, and open the list."""
        self._check_editor()
        # sudo: rows are written by looking, and by nobody's hand
        self.sudo()._refresh()
        return self.env['ir.actions.act_window']._for_xml_id('helpdesk_kb.helpdesk_article_flag_action')

    def action_done(self):
        """Say that these have been dealt with. They come back when it happens again often enough."""
        self._check_editor()
        self.check_access('read')
        # sudo: as above
        self.sudo().write({'done_at': self.env.cr.now(), 'done_by_id': self.env.uid, 'active': False, 'count': 0})

    def action_view(self):
        """Open the article, or a new draft with the searched words as its title."""
        self.ensure_one()
        action = {'type': 'ir.actions.act_window', 'res_model': 'helpdesk.article', 'views': [[False, 'form']],
                  'name': self.env._("Article")}
        if self.article_id:
            return {**action, 'res_id': self.article_id.id}
        return {**action, 'context': {'default_name': (self.query or '').capitalize()}}

    def _check_editor(self):
        if not self.env.user.has_group('helpdesk_kb.group_helpdesk_editor'):
            raise AccessError(self.env._("What is to be improved is for knowledge editors."))

    # ------------------------------------------------------------
    # looking
    # ------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Look once a day, so that the list is there before anybody asks."""
        self._refresh()

    @api.model
    def _refresh(self):
        """Write a row for everything there is a reason for, and take away those that there is none for any more."""
        self.env.flush_all()
        found = self.env['helpdesk.article.flag.reasons']._found()
        rows = {(flag.reason, flag.article_id.id, flag.query or False, flag.company_id.id): flag
                for flag in self.with_context(active_test=False).search([('reason', '!=', False)])}
        new = []
        for key, (count, last_at) in found.items():
            vals = {'count': count, 'last_at': last_at, 'active': True}
            if flag := rows.pop(key, None):
                if (flag.count, flag.last_at, flag.active) != (count, last_at, True):
                    flag.write(vals)
            else:
                reason, article_id, query, company_id = key
                new.append({'reason': reason, 'article_id': article_id, 'query': query, 'company_id': company_id,
                            **vals})
        self.create(new)
        # what was dealt with keeps its date, so that the past is not counted again
        gone = self.concat(*rows.values()) if rows else self
        gone.filtered(lambda flag: not flag.done_at).unlink()
        gone.exists().filtered('active').write({'active': False, 'count': 0})
