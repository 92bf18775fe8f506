from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.spelling import closest

SHORTEST, LONGEST = 4, 30
CANDIDATES = 25


class HelpdeskArticleWord(models.Model):
    """Every word that stands in an article, once for each dictionary: what a mistyped word is compared with.

    It is only ever compared with, never shown: a word of an internal article must not reach a customer as a hint.
    """
    _name = 'helpdesk.article.word'
    _description = "Article: Known Word"
    _log_access = False

    dictionary = fields.Char(required=True, readonly=True)
    word = fields.Char(required=True, readonly=True)

    _word_uniq = models.UniqueIndex("(dictionary, word)")
    _beginning_idx = models.Index("(word text_pattern_ops)")

    def init(self):
        """Index the words by their letters, where the database has pg_trgm or lets us add it. Without it mistyped
        words are still found among those that begin alike."""
        if self._has_trigrams():
            self.env.cr.execute(SQL(
                "CREATE INDEX IF NOT EXISTS helpdesk_article_word_letters_idx"
                " ON helpdesk_article_word USING gin (word gin_trgm_ops)"))

    @api.model
    def _has_trigrams(self):
        return bool(self.env.execute_query(SQL("SELECT 1 FROM pg_opclass WHERE opcname = 'gin_trgm_ops'")))

    @api.model
    def _learn(self, words):
        """Add ``words``: {dictionary: words}; in order, so that two at once never wait for each other in a circle."""
        rows = sorted({(dictionary, word) for dictionary, found in words.items() for word in found
                       if SHORTEST <= len(word) <= LONGEST and not word.isdigit()})
        if rows:
            self.env.cr.execute(SQL(
                "INSERT INTO helpdesk_article_word (dictionary, word) SELECT * FROM unnest(%s, %s)"
                " ON CONFLICT DO NOTHING", [row[0] for row in rows], [row[1] for row in rows]))

    @api.model
    def _meant(self, typed, dictionaries):
        """Say what unknown words were probably meant to be.

        :param typed: {folded word: whether it may be the beginning of one}
        :param dictionaries: names (iterable) to look in
        :return: {word: [known words, best first]}; words that are known, or begin a known one, are not in it
        """
        asked = [word for word in typed if SHORTEST <= len(word) <= LONGEST and not word.isdigit()]
        if not asked:
            return {}
        # two letters swapped leave fewer trigrams alike than pg_trgm asks for
        self.env.cr.execute(SQL("SELECT set_config('pg_trgm.similarity_threshold', '0.2', true)"))
        near = SQL("known.word %% typed.word ORDER BY similarity(known.word, typed.word) DESC")
        if not self.env.registry.has_trigram:
            near = SQL("known.word LIKE left(typed.word, 2) || '%%'"
                       " ORDER BY abs(length(known.word) - length(typed.word))")
        rows = self.env.execute_query(SQL(
            """SELECT typed.word, found.word
                 FROM unnest(%(words)s, %(beginnings)s) AS typed(word, beginning)
                 JOIN LATERAL (SELECT known.word FROM helpdesk_article_word known
                                WHERE known.dictionary IN %(dictionaries)s AND %(near)s LIMIT %(most)s) found ON TRUE
                WHERE NOT EXISTS (
                    SELECT FROM helpdesk_article_word same
                     WHERE same.dictionary IN %(dictionaries)s AND (same.word = typed.word OR (
                           typed.beginning AND same.word ~>=~ typed.word
                           AND same.word ~<~ (typed.word || %(last)s))))""",
            words=asked, beginnings=[typed[word] for word in asked], dictionaries=tuple(dictionaries), near=near,
            most=CANDIDATES, last='\U0010ffff'))
        known = {}
        for word, candidate in rows:
            known.setdefault(word, []).append(candidate)
        meant = {word: closest(word, candidates) for word, candidates in known.items()}
        return {word: found for word, found in meant.items() if found}
