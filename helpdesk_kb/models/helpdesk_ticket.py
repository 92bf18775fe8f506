from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.mail import email_split_tuples

from ..tools.anonymize import anonymize, anonymize_html
from ..tools.fold import words
from ..tools.likeness import overlap
from ..tools.plain import letter_text, plain_text

SUGGESTED, SIMILAR, COMPARED = 5, 3, 80
HOW = ('text', 'link', 'opened')
DONE = ('solved', 'closed')


class HelpdeskTicket(models.Model):
    """The knowledge base beside the ticket (S2-26, S2-27, S4-17)."""
    _inherit = 'helpdesk.ticket'

    article_use_ids = fields.One2many(
        'helpdesk.article.use', 'ticket_id', string="Articles Used", readonly=True,
        groups='helpdesk_core.group_helpdesk_user')

    # ------------------------------------------------------------
    # beside the ticket
    # ------------------------------------------------------------

    def get_knowledge(self):
        """Return what helps to answer this ticket.

        :return: dict of ``articles``: results as of ``search_articles`` with ``link_refused`` (why no link to it can be
            sent, False if it can), and ``similar``: dicts of id, number, name, status of solved tickets
        :raise AccessError: for who does not work on the ticket
        """
        self._check_works_on()
        articles = self.env['helpdesk.article']
        found = articles.suggest_for(self.name, self._last_words(), limit=SUGGESTED)
        return {'articles': self._with_link(found), 'similar': self._similar_solved()}

    def search_knowledge(self, query, sent=False):
        """Search on behalf of an agent who answers this ticket.

        :param sent: whether the search was sent off, and so is logged; False: it is still being typed
        :return: dict of ``articles`` as of ``get_knowledge`` and ``key`` of the logged search (False when it was not)
        """
        self._check_works_on()
        if sent:
            found = self.env['helpdesk.article.search'].search_logged(query, limit=8)
        else:
            found = {'results': self.env['helpdesk.article'].search_articles(query, limit=8), 'key': False}
        return {'articles': self._with_link(found['results']), 'key': found['key']}

    def _check_works_on(self):
        self.ensure_one()
        self.check_access('read')
        if not self.env.user._helpdesk_works_on(self):
            raise AccessError(self.env._("Only agents who work on this ticket see what helps to answer it."))

    def _last_words(self):
        """Return what the customer said last, plain text: what suggestions are made from."""
        if self.description and not self.last_customer_message_at:
            return plain_text(self.description)[:3000]
        customer = self.partner_id
        last = self.env['mail.message'].search([
            ('model', '=', self._name), ('res_id', '=', self.id), ('message_type', 'in', ('email', 'comment')),
            ('subtype_id.internal', '=', False), ('author_id', '=', customer.id)], limit=1, order='id desc')
        return plain_text(last.body or self.description)[:3000]

    def _similar_solved(self):
        """Return the tickets that were solved and whose subjects are most like this one's."""
        found = sorted({word for word in words(self.name) if len(word) > 3}, key=len, reverse=True)[:3]
        if not found:
            return []
        # in the words of the subject as stored: accents count there
        stored = [word for word in self.name.lower().split() if len(word) > 3]
        stored = sorted({word.strip('.,:;!?()"') for word in stored}, key=len, reverse=True)[:3]
        others = self.search_fetch(
            Domain.OR(Domain('search_text', 'like', word) for word in stored) & Domain('status', 'in', DONE)
            & Domain('id', '!=', self.id), ['number', 'name', 'status'], order='id desc', limit=COMPARED)
        scored = sorted(((overlap(self.name, other.name), other.id, other) for other in others), reverse=True)
        return [{'id': other.id, 'number': other.number, 'name': other.name, 'status': other.status}
                for score, _id, other in scored[:SIMILAR] if score >= 0.3]

    def _customer_audience(self):
        """Return what kind of reader the customer is: 'portal' with a login, else 'public'."""
        # sudo: whether somebody has a login is not for agents to read
        users = self.partner_id.sudo().user_ids
        return 'portal' if users.filtered('active') else 'public'

    def _with_link(self, results):
        """Add to ``results`` whether the customer could open each of the articles."""
        audience = self._customer_audience()
        articles = self.env['helpdesk.article'].browse([result['id'] for result in results])
        refused = {article.id: article._link_refused(audience) for article in articles}
        return [{**result, 'link_refused': refused[result['id']]} for result in results]

    # ------------------------------------------------------------
    # using an article
    # ------------------------------------------------------------

    def use_article(self, article_id, how):
        """Return what goes into the answer, and record that the article was used.

        :param int article_id: one that the present user may read
        :param str how: 'text' (its text), 'link' (title with its address) or 'opened' (nothing to insert)
        :return: dict of ``html``: sanitized HTML to insert ('' for 'opened'), and ``text``: the same for fields
            that know no formatting
        :raise AccessError: who does not work on the ticket, or may not read the article
        :raise UserError: a link that the customer could not open; a text that is not published
        """
        self._check_works_on()
        if how not in HOW:
            raise UserError(self.env._("An article is inserted as text or as link, or opened."))
        article = self.env['helpdesk.article'].browse(int(article_id)).exists()
        article.check_access('read')
        if not article:
            raise UserError(self.env._("This article exists no more. Search again."))
        html = article._insertable(how, self._customer_audience())
        # sudo: uses are recorded by using, never by hand
        self.env['helpdesk.article.use'].sudo().create({
            'ticket_id': self.id, 'article_id': article.id, 'how': how, 'user_id': self.env.uid,
            'reopen_count': self.reopen_count, 'revision_number': article.revision_number})
        if how != 'opened':
            self._log_events([{'ticket_id': self.id, 'kind': 'article', 'new': article.name,
                               'detail': {'article_id': article.id, 'how': how}}])
        text = f'{article.name}: {article._address()}' if how == 'link' else letter_text(html)
        return {'html': html, 'text': text}

    def _note_message(self, message, side):
        super()._note_message(message, side)
        if side == 'agent':
            self.env['helpdesk.article.use']._note_sent(self, message)

    # ------------------------------------------------------------
    # an article from a ticket
    # ------------------------------------------------------------

    def action_make_article(self):
        """Open a new draft made of this ticket: its subject, and the last public answer of an agent, without what would
        say who the customer is.

        :raise UserError: for a ticket of a type that is kept to some groups: drafts are read by all agents
        """
        self._check_works_on()
        if self.type_id.sudo().group_ids:  # sudo: which groups are no secret of those who work on it
            raise UserError(self.env._(
                "Tickets of the type %s are kept to some people, and every agent reads drafts. Write the article by "
                "hand, without anything that belongs to this ticket.", self.type_id.name))
        secrets = self._customer_secrets()
        answer = self._last_answer()
        article = self.env['helpdesk.article'].create({
            'name': anonymize(self.name, secrets) or self.env._("New article"),
            'body': anonymize_html(answer.body, secrets) if answer else False,
            'lang': self.partner_id.lang or self.env['helpdesk.article']._default_lang(),
            'company_id': self.company_id.id,
        })
        # sudo: a fact, written by the system
        article.sudo().source_ticket_id = self.id
        return {'type': 'ir.actions.act_window', 'res_model': 'helpdesk.article', 'res_id': article.id,
                'views': [[False, 'form']], 'name': self.env._("Article")}

    def _last_answer(self):
        """Return the last public message that an agent wrote on this ticket (empty when there is none)."""
        event = self.env['helpdesk.ticket.event'].search(
            [('ticket_id', '=', self.id), ('kind', '=', 'agent_message')], order='at desc, id desc', limit=1)
        return event.message_id

    def _customer_secrets(self):
        """Return what is known of the customer, as ``tools.anonymize`` takes it. Agents are people too."""
        # sudo: left out, not shown
        partner = self.sudo().partner_id
        people = partner | partner.commercial_partner_id
        messages = self.sudo().message_ids  # sudo: as above
        others = messages.author_id | messages.partner_ids | self.sudo().message_partner_ids  # sudo: as above
        copies = [name for name, _address in email_split_tuples(self.email_cc or '')]
        pairs = [('name', name) for name in (
            *people.mapped('name'), *others.mapped('name'), *copies, self.partner_name) if name]
        for person in people:
            pairs += [('address', value) for value in (
                person.street, person.street2, person.zip, person.city, person.vat, person.ref) if value]
            pairs += [('phone', person.phone)] if person.phone else []
        return pairs
