from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [('draft', "Draft"), ('review', "In Review"), ('published', "Published"), ('archived', "Archived")]
# from where to where; those in MAKER are open to whoever may write the article, the rest to who may publish it
MOVES = {('draft', 'review'), ('review', 'draft'), ('draft', 'published'), ('review', 'published'),
         ('published', 'archived'), ('published', 'draft'), ('draft', 'archived'), ('review', 'archived'),
         ('archived', 'draft'), ('archived', 'published')}
MAKER = {('draft', 'review'), ('review', 'draft')}
# what decides who may publish, or what outsiders see: not for those whose work is reviewed
EDITORS_FIELDS = {'reviewer_id', 'author_id'}
FACTS = {'published_at', 'revision_number', 'use_score', 'views_counted', 'review_reminded_for', 'source_ticket_id'}
CRON = 'helpdesk_kb.ir_cron_article_review'
BATCH = 100


class HelpdeskArticleFlowMixin(models.AbstractModel):
    """Draft, review, published, archived (S0-31, S1-15). Agents write and hand in; the article's reviewer and
    knowledge editors publish. What is published is changed by them only."""
    _name = 'helpdesk.article.flow.mixin'
    _description = "Article: Review"

    state = fields.Selection(STATES, required=True, default='draft', tracking=True, copy=False, index=True)
    reviewer_id = fields.Many2one(
        'res.users', compute='_compute_reviewer_id', store=True, readonly=False, precompute=True, tracking=True,
        copy=False,  # a copy is reviewed as its category says
        index='btree_not_null', groups='helpdesk_core.group_helpdesk_user',
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_user').id)],
        help="Reviews and publishes the article, and is reminded on the review date. Knowledge editors choose whom.")
    review_date = fields.Date(
        copy=False, index='btree_not_null', groups='helpdesk_core.group_helpdesk_user',
        help="When somebody must read it again. The reviewer finds it among their activities on that day.")
    review_reminded_for = fields.Date(readonly=True, copy=False, groups='helpdesk_core.group_helpdesk_user')
    published_at = fields.Datetime(string="First Published", readonly=True, copy=False)
    may_publish = fields.Boolean(compute='_compute_may_publish')

    @api.depends('category_id')
    def _compute_reviewer_id(self):
        for article in self:
            # sudo: agents need not see whom a category names
            article.reviewer_id = article.reviewer_id or article.category_id.sudo().reviewer_id

    @api.depends_context('uid')
    @api.depends('reviewer_id')
    def _compute_may_publish(self):
        for article in self:
            article.may_publish = article._may_publish()

    def _is_editor(self):
        return self.env.su or self.env.user.has_group('helpdesk_kb.group_helpdesk_editor')

    def _may_publish(self):
        """Tell whether the present user publishes, changes and withdraws this article."""
        if self._is_editor():
            return True
        agent = self.env.user.has_group('helpdesk_core.group_helpdesk_user')
        return agent and self._origin.sudo().reviewer_id == self.env.user  # sudo: the question is about the user

    # ------------------------------------------------------------
    # moves
    # ------------------------------------------------------------

    def action_send_to_review(self):
        """Hand drafts in. The reviewer finds them among their activities."""
        self.write({'state': 'review'})
        for article in self:
            reviewer = article.reviewer_id
            if reviewer and reviewer != self.env.user:
                article.activity_schedule(
                    'mail.mail_activity_data_todo', summary=self.env._("Review and publish"), user_id=reviewer.id)

    def action_back_to_draft(self):
        """Take articles back to work on them. Nobody but agents sees them until they are published again."""
        self.write({'state': 'draft'})

    def action_publish(self):
        """Show articles to those they are meant for."""
        self.write({'state': 'published'})
        self.activity_feedback(['mail.mail_activity_data_todo'])

    def action_withdraw(self):
        """Archive articles: customers no longer find them, agents still do."""
        self.write({'state': 'archived'})

    def _check_move(self, state):
        """Refuse a change of state that is not the user's to make, or makes no sense."""
        names = dict(self._fields['state']._description_selection(self.env))
        for article in self.filtered(lambda article: article.state != state):
            move = (article.state, state)
            if move not in MOVES:
                raise UserError(self.env._(
                    "%(article)s cannot go from %(old)s to %(new)s.", article=article.name, old=names[article.state],
                    new=names[state]))
            if move not in MAKER and not article._may_publish():
                raise AccessError(self.env._(
                    "%s is published, changed and withdrawn by its reviewer or a knowledge editor. Send it to review.",
                    article.name))
            if state == 'published' and not (article.body or '').strip():
                raise UserError(self.env._("%s has no text yet: write it before you publish it.", article.name))

    def _check_own_fields(self, vals_list):
        if self.env.su:
            return
        refused = {name for vals in vals_list for name in vals} & FACTS
        if not self._is_editor():
            refused |= {name for vals in vals_list for name in vals if name in EDITORS_FIELDS
                        and not (name == 'author_id' and vals[name] == self.env.uid)}
        if refused:
            raise AccessError(self.env._("You cannot set this on an article: %s", ', '.join(sorted(refused))))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_own_fields(vals_list)
        if not self._is_editor() and any(vals.get('state', 'draft') not in ('draft', 'review') for vals in vals_list):
            raise AccessError(self.env._("A new article starts as a draft. Send it to review to have it published."))
        for vals in vals_list:
            if vals.get('state') == 'published':
                vals.setdefault('published_at', self.env.cr.now())
        # the default state of the context is no way around
        articles = super(HelpdeskArticleFlowMixin, self._without_refused_defaults()).create(vals_list)
        articles._wake_for_review()
        return articles

    def _without_refused_defaults(self):
        if self._is_editor():
            return self
        refused = {f'default_{name}' for name in (*FACTS, *EDITORS_FIELDS, 'state')}
        return self.with_context({name: value for name, value in self.env.context.items() if name not in refused})

    def write(self, vals):
        self._check_own_fields([vals])
        if 'state' in vals:
            self.check_access('write')
            self._check_move(vals['state'])
        if 'review_date' in vals:
            vals = {**vals, 'review_reminded_for': False}
        result = super().write(vals)
        if vals.get('state') == 'published':
            # sudo: a fact, written by the system
            self.sudo().filtered(lambda article: not article.published_at).write({'published_at': self.env.cr.now()})
        if 'review_date' in vals:
            self._wake_for_review()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if known := self.filtered('published_at'):
            raise UserError(self.env._(
                "Published articles are archived, not deleted: links lead to them. %s",
                ', '.join(known.mapped('name'))))

    # ------------------------------------------------------------
    # review dates
    # ------------------------------------------------------------

    def _wake_for_review(self):
        days = {article.review_date for article in self if article.review_date}
        cron_id = days and self.env['ir.model.data']._xmlid_to_res_id(CRON)
        if cron_id:
            # sudo: waking a job is no right of agents, and its time has come
            self.env['ir.cron'].sudo().browse(cron_id)._trigger([datetime.combine(day, time(4)) for day in days])

    @api.model
    def _cron_review(self):
        """Remind reviewers of published articles whose review date has come, once for each date."""
        today = fields.Date.to_date(self.env.cr.now())
        due = self.search([
            ('review_date', '<=', today), ('state', '=', 'published'), ('review_reminded_for', '=', False),
        ], limit=BATCH, order='review_date, id')
        self.env['ir.cron']._commit_progress(remaining=len(due))
        for article in due:
            user = article.reviewer_id or article.author_id
            if user:
                article.activity_schedule(
                    'mail.mail_activity_data_todo', date_deadline=article.review_date, user_id=user.id,
                    summary=self.env._("Read the article again: is it still right?"))
            article.review_reminded_for = article.review_date
            self.env['ir.cron']._commit_progress(1)
