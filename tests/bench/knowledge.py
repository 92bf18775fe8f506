"""What finding costs in a large knowledge base: a search, and suggestions for a ticket, over 100,000 articles."""
import itertools
import random
import statistics
import time

from odoo import sql_db
from odoo.sql_db import db_connect
from odoo.tools import SQL

ARTICLES, ROUNDS = 100_000, 40
QUICK_ARTICLES, QUICK_ROUNDS = 1_000, 4
SEARCH_BELOW, SUGGEST_BELOW = 30, 50    # ms
VOCABULARY, WORDS, AT_ONCE = 8_000, 80, 2_000
SYLLABLES = (
    'ba', 'cor', 'den', 'fi', 'gra', 'hol', 'ker', 'lum', 'mas', 'nor', 'pel', 'rit', 'sto', 'tur', 'vin', 'zel')


def run(place, quick):
    """Measure at ``place`` (a copy; committed); return the sentences that tell it."""
    count, rounds = (QUICK_ARTICLES, QUICK_ROUNDS) if quick else (ARTICLES, ROUNDS)
    rng = random.Random(7)
    known = vocabulary(rng)
    fill(place, count, known)
    common, rare = known[:200], known[200:]
    queries = [f'{rng.choice(common)} {rng.choice(rare)} {rng.choice(common)[:4]}' for _number in range(rounds)]
    queries[::4] = [mistyped(query) for query in queries[::4]]
    texts = [(' '.join(rng.choice(known) for _word in range(6)), ' '.join(rng.choice(known) for _word in range(120)))
             for _number in range(rounds)]
    return [
        sentence(place, f'search over {count:,} articles', SEARCH_BELOW, [
            lambda articles, query=query: articles.search_articles(query, limit=10) for query in queries]),
        sentence(place, f'suggestions for a ticket over {count:,} articles', SUGGEST_BELOW, [
            lambda articles, pair=pair: articles.suggest_for(*pair, limit=5) for pair in texts])]


def vocabulary(rng):
    """Return made-up words, the common ones first."""
    found = set()
    while len(found) < VOCABULARY:
        found.add(''.join(rng.choice(SYLLABLES) for _part in range(rng.randint(2, 4))))
    words = sorted(found)
    rng.shuffle(words)
    return words


def mistyped(query):
    """Return ``query`` with two letters of its second word swapped."""
    first, second, *rest = query.split()
    return ' '.join([first, second[:2] + second[3:4] + second[2:3] + second[4:], *rest])


def fill(place, count, known):
    """Write ``count`` published articles by SQL; common words are drawn more often than rare ones."""
    rng = random.Random(8)
    weights = list(itertools.accumulate(1 / (10 + number) for number in range(len(known))))

    def piece(length):
        return ' '.join(rng.choices(known, cum_weights=weights, k=length))
    with place.transaction(user=1) as env:
        env['helpdesk.article.word']._learn({'english': known})
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            texts = [[piece(length) for _number in numbers] for length in (5, 12, WORDS)]
            env.cr.execute(SQL(
                """INSERT INTO helpdesk_article (name, slug, kind, state, visibility, effective_visibility, lang,
                          dictionary, search_title, search_summary, search_body, body, revision_number, use_score,
                          create_date, write_date)
                   SELECT title, 'bench-' || number, 'article', 'published', 'public', 'public', 'en_US',
                          'english', title, summary, text, '<p>' || text || '</p>', 1, 0.8 + random() / 2, now(), now()
                     FROM unnest(%s, %s, %s, %s) AS made(number, title, summary, text)""", list(numbers), *texts))
        env.registry.clear_cache()
        env.cr.commit()
    with db_connect(place.database).cursor() as cursor:
        cursor._cnx.autocommit = True
        cursor.execute("VACUUM ANALYZE helpdesk_article")
        cursor.execute("VACUUM ANALYZE helpdesk_article_word")


def sentence(place, what, below, works):
    """Do each of the ``works`` in a transaction of its own, as an agent, and say what it took."""
    samples = [measured(place, work) for work in [works[0], *works]][1:]
    milliseconds = statistics.median(seconds for seconds, _queries in samples) * 1000
    worst = max(seconds for seconds, _queries in samples) * 1000
    queries = statistics.median(queries for _seconds, queries in samples)
    return (f'{what}: {milliseconds:.1f} ms and {queries:.0f} queries, at worst {worst:.0f} ms (target: < {below} ms '
            f'median): {"ok" if milliseconds < below else "MISS"}')


def measured(place, work):
    """Return (seconds, queries) of ``work``; nothing is kept."""
    with place.transaction(place.agent) as env:
        articles = env['helpdesk.article']
        articles._reader()   # the agent's groups are known in a running server
        queries, begun = sql_db.sql_counter, time.perf_counter()
        work(articles)
        return time.perf_counter() - begun, sql_db.sql_counter - queries
