from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ..tools.excerpt import excerpt, marked
from ..tools.fold import CZECH_FILLERS, DICTIONARIES, FILLERS, czech_stem, dictionary_of, words
from ..tools.plain import plain_text
from ..tools.search_query import Term, parse, suggestion_query
from ..tools.synonyms import expand

BODY = 120_000          # characters of an article that are indexed
IN_TITLE, IN_TEXT = 150, 350    # articles that are compared with each other, at most
MOST = 50               # results, at most
NEAR = 0.4              # of the best one's score, for what is merely suggested
SHARED = 2              # words that what is suggested shares with what was written, where that says three or more; one
                        # in the title counts twice
CONFIGURATIONS = sorted({name for name in DICTIONARIES.values() if name != 'czech'})


class HelpdeskArticleFindingMixin(models.AbstractModel):
    """Finding articles: PostgreSQL full text in the article's language, words as they are typed, mistyped ones,
    synonyms; only what the reader may see, by what fits best and has helped most (S2-26, S1-3).

    The vectors are columns that PostgreSQL keeps itself (``init``). What they are made of is folded first, so that
    accents make no difference and no extension is needed for it.
    """
    _name = 'helpdesk.article.finding.mixin'
    _description = "Article: Finding"

    dictionary = fields.Char(
        compute='_compute_dictionary', store=True, precompute=True, export_string_translation=False)
    search_title = fields.Text(
        compute='_compute_search_words', store=True, precompute=True, export_string_translation=False,
        groups='helpdesk_core.group_helpdesk_user')
    search_summary = fields.Text(
        compute='_compute_search_words', store=True, precompute=True, export_string_translation=False,
        groups='helpdesk_core.group_helpdesk_user')
    search_body = fields.Text(
        compute='_compute_search_words', store=True, precompute=True, export_string_translation=False,
        groups='helpdesk_core.group_helpdesk_user')
    search_text = fields.Char(
        string="Words", compute='_compute_search_text', search='_search_search_text', export_string_translation=False)

    def init(self):
        if self._name != 'helpdesk.article':
            return

        def vector(column, weight):
            cases = SQL(' ').join(SQL("WHEN %s THEN %s::regconfig", name, name) for name in CONFIGURATIONS)
            return SQL(
                "setweight(to_tsvector(CASE dictionary %s ELSE 'simple'::regconfig END, coalesce(%s, '')), %s)",
                cases, SQL.identifier(column), weight)
        whole = SQL(' || ').join([
            vector('search_title', 'A'), vector('search_summary', 'B'), vector('search_body', 'C')])
        for column, value in (('title_vector', vector('search_title', 'A')), ('text_vector', whole)):
            self.env.cr.execute(SQL(
                "ALTER TABLE helpdesk_article ADD COLUMN IF NOT EXISTS %s tsvector GENERATED ALWAYS AS (%s) STORED",
                SQL.identifier(column), value))
            self.env.cr.execute(SQL(
                "CREATE INDEX IF NOT EXISTS %s ON helpdesk_article USING gin (%s) WITH (fastupdate = off)",
                SQL.identifier(f'helpdesk_article_{column}_idx'), SQL.identifier(column)))

    @api.depends('lang')
    def _compute_dictionary(self):
        for article in self:
            article.dictionary = dictionary_of(article.lang)

    @api.depends('name', 'summary', 'body', 'lang', 'tag_ids.name')
    def _compute_search_words(self):
        known = {}
        for article in self:
            dictionary = dictionary_of(article.lang)
            tags = ' '.join(article.sudo().tag_ids.mapped('name'))  # sudo: readers find by them without reading them
            parts = [words(text, dictionary) for text in (
                article.name, f'{article.summary or ""} {tags}', plain_text(article.body)[:BODY])]
            article.search_title, article.search_summary, article.search_body = map(' '.join, parts)
            known.setdefault(dictionary, set()).update(*parts)
        self.env['helpdesk.article.word'].sudo()._learn(known)  # sudo: the system's own list of words
        if known.keys() - set(self.env['helpdesk.article']._used_dictionaries()):
            self.env.registry.clear_cache()

    @api.model
    @ormcache()
    def _used_dictionaries(self):
        """Return the dictionaries (tuple) of the articles there are; kept until another one is needed."""
        rows = self.env.execute_query(SQL("SELECT DISTINCT dictionary FROM helpdesk_article_word"))
        return tuple(sorted(row[0] for row in rows))

    # ------------------------------------------------------------
    # search
    # ------------------------------------------------------------

    @api.model
    def search_articles(self, query, limit=10, lang=None, audience=None, category_id=None, drafts=False):
        """Find articles that the present user may read, best first. Nothing is logged: see ``search_logged``.

        :param str query: words, "phrases", -not; the last word may be unfinished. Anything may be typed.
        :param int limit: how many at most (50 is the most)
        :param lang: language code: only articles in this language. None: in any, those in the reader's own first
        :param audience: 'public', 'portal' or 'internal': only what such a reader would see as well
        :param category_id: only in this category and its parts
        :param drafts: True: agents find unpublished ones as well
        :return: list of dicts: ``id``, ``name``, ``slug``, ``lang``, ``kind``, ``state``, ``visibility`` (the one in
            force), ``category_id``, ``category``, ``score``; ``title`` and ``excerpt`` are HTML whose only markup is
            <mark>, everything else in them is escaped
        """
        asked = parse(query)
        found, shown = self._find(asked, self._search_scope(lang, audience, category_id, drafts), limit, lang)
        return [article._result(score, shown) for article, score in found]

    @api.model
    def _search_scope(self, lang=None, audience=None, category_id=None, drafts=False):
        domain = self._company_domain() & self._readable_domain(audience=audience, drafts=drafts)
        if lang:
            domain &= Domain('lang', '=', lang)
        if category_id:
            # sudo: which categories are parts of which; what lies in them is for the domain to say
            parts = self.env['helpdesk.article.category'].sudo().search([('id', 'child_of', int(category_id))])
            domain &= Domain('category_id', 'in', parts.ids)
        return domain

    def _result(self, score, shown):
        """Return one result as ``search_articles`` promises it; ``shown`` are the words to mark."""
        text = plain_text(self.body)
        return {
            'id': self.id, 'name': self.name, 'slug': self.slug, 'lang': self.lang, 'kind': self.kind,
            'state': self.state, 'visibility': self.effective_visibility, 'category_id': self.category_id.id,
            'category': self.category_id.complete_name or '', 'score': round(score, 4),
            'title': marked(self.name, shown),
            'excerpt': excerpt(f'{self.summary} {text}' if self.summary else text, shown),
        }

    @api.model
    def _find(self, asked, domain, limit, lang=None, any_word=False):
        """Return ([(article as superuser, score)], words to mark).

        First articles with all the words; where those are too few, articles with some of them follow.

        :param any_word: only suggest: articles that share enough words
        """
        limit = max(0, min(int(limit or 0), MOST))
        dictionaries = [dictionary_of(lang)] if lang else self.env['helpdesk.article']._used_dictionaries()
        if not asked or not dictionaries or not limit:
            return [], []
        terms, shown = self._understand(asked, dictionaries, mistyped=not any_word)
        rows = [] if any_word else self._ranked(terms, asked.unwanted, domain, limit, dictionaries, ' && ')
        if any_word or (len(rows) < min(limit, 5) and len(terms) > 1):
            known = {row[0] for row in rows}
            lowest = min((row[1] for row in rows), default=1.0)
            more = self._ranked(terms, asked.unwanted, domain, limit, dictionaries, ' || ')
            least = (SHARED if len(terms) > 2 else 1) / 2 / len(terms) if any_word else 0
            rows += [(number, min(score / 10, lowest), share) for number, score, share in more
                     if number not in known and share >= least - 0.001]
        # sudo: found among what the reader may see
        articles = {article.id: article for article in self.sudo().browse([row[0] for row in rows[:limit]])}
        return [(articles[number], score) for number, score, _share in rows[:limit]], shown

    @api.model
    def _understand(self, asked, dictionaries, mistyped=True):
        """Return ([(term, other expressions for it)], words to mark): synonyms, and what mistyped words mean.

        :param mistyped: False: no word is taken for a mistyped one. Of what nobody typed to find something, most words
            are in no article, and something like them is.
        """
        plain = [term for term in asked.wanted if not term.is_phrase]
        meant = self.env['helpdesk.article.word'].sudo()._meant(  # sudo: the system's own list of words
            {czech_stem(word) if dictionary == 'czech' else word: term.prefix
             for term in plain for word in term.words for dictionary in dictionaries if mistyped}, dictionaries)
        table = {}
        for dictionary in dictionaries:
            for key, others in self.env['helpdesk.article.synonym']._synonyms(dictionary).items():
                table.setdefault(key, []).extend(others)
        terms, shown = [(term, []) for term in asked.wanted if term.is_phrase], set()
        last = asked.wanted[-1]
        for size, joined, others in expand([term.words for term in plain], table):
            corrected = [] if size > 1 else [
                word for dictionary in dictionaries
                for word in meant.get(czech_stem(joined[0]) if dictionary == 'czech' else joined[0], ())]
            prefix = last.prefix and joined[-1:] == last.words
            terms.append((Term(joined, prefix=prefix), list(dict.fromkeys([*others, *corrected]))))
        for term, others in terms:
            shown.update(term.words, *(words(other) for other in others))
        telling = {word for word in shown if len(word) > 1 and word not in FILLERS}
        return terms, sorted(telling or shown)

    @api.model
    def _ranked(self, terms, unwanted, domain, limit, dictionaries, operator):
        """Return [(id, score, share of the terms, see ``_coverage``)], best first: of those that fit, the ones with
        words in the title are looked at before the rest, since no more than some hundred are compared."""
        asked = {name: self._tsquery(terms, unwanted, name, operator) for name in dictionaries}

        def candidates(column, most):
            def fits(model, alias, query):
                return SQL(' OR ').join(
                    SQL("(%s = %s AND %s @@ %s)", SQL.identifier(alias, 'dictionary'), name,
                        SQL.identifier(alias, column), value) for name, value in asked.items())
            # sudo: the domain says what the reader may see, in the query itself
            found = self.env['helpdesk.article'].sudo()._search(
                domain & Domain.custom(to_sql=lambda *args: SQL("(%s)", fits(*args))), order='id desc', limit=most)
            found.order = None
            return found.select()
        self.env['helpdesk.article'].flush_model()
        by_language = [SQL("WHEN %s THEN %s", name, value) for name, value in asked.items()]
        covered = [SQL("WHEN %s THEN %s", name, self._coverage(terms, name)) for name in asked]
        return self.env.execute_query(SQL(
            """SELECT article.id, (
                      ts_rank('{0.05, 0.15, 0.45, 1.0}', text_vector, CASE dictionary %(asked)s END, 1) + share)
                      * coalesce(use_score, 1) * CASE WHEN lang = %(lang)s THEN 1.3 ELSE 1 END AS score, share
                 FROM helpdesk_article article
                 JOIN ((%(title)s) UNION (%(text)s)) fitting(id) ON fitting.id = article.id,
                      LATERAL (SELECT %(coverage)s AS share OFFSET 0) counted
                ORDER BY score DESC, article.id DESC LIMIT %(limit)s""",
            asked=SQL(' ').join(by_language), coverage=SQL("CASE dictionary %s END", SQL(' ').join(covered)),
            lang=self._default_lang(), title=candidates('title_vector', IN_TITLE),
            text=candidates('text_vector', IN_TEXT), limit=limit))

    @api.model
    def _coverage(self, terms, dictionary):
        """Return SQL for how many of the terms an article holds, those in the title twice; as a share of all."""
        parts = [SQL("(text_vector @@ %(term)s)::int + (title_vector @@ %(term)s)::int",
                     term=self._term_sql(term, others, dictionary)) for term, others in terms]
        return SQL("(%s) / %s::float", SQL(' + ').join(parts), 2 * len(parts))

    @api.model
    def _tsquery(self, terms, unwanted, dictionary, operator):
        """Return SQL of a tsquery: the terms joined by ``operator``, without the unwanted ones."""
        fitting = [(term, others) for term, others in terms
                   if dictionary != 'czech' or len(terms) == 1 or not set(term.words) <= CZECH_FILLERS] or terms
        joined = SQL(operator).join(self._term_sql(term, others, dictionary) for term, others in fitting)
        for term in unwanted:
            joined = SQL("(%s) && !!%s", joined, self._term_sql(term, [], dictionary))
        return SQL("(%s)", joined)

    @api.model
    def _term_sql(self, term, others, dictionary):
        """Return SQL of a tsquery for one term or any of the other expressions for it. Words are letters and digits
        only (see ``tools.fold``), so that they cannot be operators."""
        config = dictionary if dictionary in CONFIGURATIONS else 'simple'

        def text(expression):
            return ' '.join(words(expression, dictionary))
        whole = text(' '.join(term.words))
        make = SQL("phraseto_tsquery") if term.is_phrase else SQL("plainto_tsquery")
        parts = [SQL("%s(%s::regconfig, %s)", make, config, whole)]
        if term.prefix:
            parts.append(SQL("to_tsquery(%s::regconfig, %s)", config, f"'{term.words[-1]}':*"))
        parts += [SQL("phraseto_tsquery(%s::regconfig, %s)", config, text(other)) for other in others]
        return SQL("(%s)", SQL(' || ').join(parts))

    @api.model
    def suggest_for(self, title, text='', limit=5, lang=None, audience=None):
        """Return results (as ``search_articles``) for what somebody is writing: the title counts, the text helps.

        :param str title: subject of a ticket, finished or not
        :param str text: what was said, plain text
        """
        asked = suggestion_query(title, text)
        scope = self._search_scope(lang, audience)
        found, shown = self._find(asked, scope, limit, lang, any_word=True)
        # better none than five that only share a word
        enough = NEAR * max((score for _article, score in found), default=0)
        return [article._result(score, shown) for article, score in found if score >= enough]

    # ------------------------------------------------------------
    # the search field of lists
    # ------------------------------------------------------------

    def _compute_search_text(self):
        self.search_text = False  # exists to be searched by

    @api.model
    def _search_search_text(self, operator, value):
        """Find what ``search_articles`` finds; lists order it their own way."""
        if operator not in ('ilike', 'like') or not isinstance(value, str):
            return NotImplemented
        scope = self._search_scope(drafts=True)
        found, _shown = self._find(parse(value), scope, MOST)
        return Domain('id', 'in', [article.id for article, _score in found])

    @api.model
    def _search_display_name(self, operator, value):
        """Many2one fields find articles as the search box does."""
        if operator in ('ilike', 'like') and isinstance(value, str) and value.strip():
            return self._search_search_text(operator, value)
        return super()._search_display_name(operator, value)
