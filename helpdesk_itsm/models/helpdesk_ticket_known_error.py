from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

AGENTS = 'helpdesk_core.group_helpdesk_user'


class HelpdeskTicket(models.Model):
    """A problem whose workaround is known: as an article, and in answers to its incidents (S0-14)."""
    _inherit = 'helpdesk.ticket'

    workaround = fields.Html(
        groups=AGENTS, help="What helps until the problem is solved. Internal until an article about it is published, "
        "or you say that customers may read it.")
    workaround_public = fields.Boolean(
        string="Customers May Read It", groups=AGENTS, copy=False,
        help="Agents may insert the workaround into answers. So they may once the article is published.")
    known_error_id = fields.Many2one(
        'helpdesk.article', string="Article", copy=False, index='btree_not_null', ondelete='set null', groups=AGENTS,
        readonly=True, help="What the knowledge base says about this problem.")
    may_offer_workaround = fields.Boolean(
        compute='_compute_may_offer_workaround', groups=AGENTS, export_string_translation=False)

    @api.depends('problem_id.workaround', 'problem_id.workaround_public', 'problem_id.known_error_id.state')
    def _compute_may_offer_workaround(self):
        for ticket in self:
            ticket.may_offer_workaround = not is_html_empty(ticket._workaround_for_customer())

    def _workaround_for_customer(self):
        """Return the workaround (Markup) of this incident's problem, as far as customers may read it."""
        # sudo: what customers may read, an agent of another team may as well
        problem = self.sudo().problem_id
        article = problem.known_error_id
        public = article.state == 'published' and article.effective_visibility != 'internal'
        return problem.workaround if problem.workaround_public or public else Markup()

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'known_error_id'}

    def _check_is_problem(self):
        self.ensure_one()
        self.check_access('write')
        if self.nature != 'problem':
            raise UserError(self.env._("%s is no problem: its type says so.", self.number))

    def action_known_error(self):
        """Write the workaround into the problem's article, a new draft where there is none, and open it.

        :raise UserError: no problem, no workaround, or a type that is kept to some groups
        :raise AccessError: the article is published, and the user is neither its reviewer nor a knowledge editor
        """
        self._check_is_problem()
        if is_html_empty(self.workaround):
            raise UserError(self.env._("Write down the workaround first: it is what the article says."))
        if self.type_id.sudo().group_ids:  # sudo: which groups are no secret of those who work on it
            raise UserError(self.env._(
                "Tickets of the type %s are kept to some people, and every agent reads drafts. Write the article by "
                "hand.", self.type_id.name))
        article, body = self.known_error_id, self._known_error_body()
        if article:
            article.write({'body': body})
        else:
            article = self.env['helpdesk.article'].create({
                'name': self.name, 'body': body, 'company_id': self.company_id.id,
                'lang': self.env.lang or 'en_US'})
            # sudo: a link that the system keeps
            self.sudo()._write_facts({'known_error_id': article.id})
            self._log_events([{
                'ticket_id': self.id, 'kind': 'known_error', 'detail': {'article_id': article.id}}])
        return article._get_records_action(name=self.env._("Known Error"))

    def _known_error_body(self):
        """Return the text of the article: what happens, and what helps meanwhile. The root cause stays inside."""
        _ = self.env._
        return Markup('<h2>%s</h2><p>%s</p><h2>%s</h2>%s') % (
            _("What happens"), self.name, _("What helps until it is solved"), self.workaround)

    def action_answer_workaround(self):
        """Open an answer to the customer with the workaround of the problem in it.

        :raise UserError: there is none that customers may read
        """
        self.ensure_one()
        self.check_access('write')
        words = self._workaround_for_customer()
        if is_html_empty(words):
            raise UserError(self.env._("The problem has no workaround that customers may read yet."))
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Send to customer"), 'target': 'new',
            'res_model': 'mail.compose.message', 'views': [(False, 'form')],
            'context': {
                'default_model': self._name, 'default_res_ids': self.ids, 'default_composition_mode': 'comment',
                'default_subtype_xmlid': 'mail.mt_comment', 'default_body': words},
        }
