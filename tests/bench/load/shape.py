"""The shape that all models share, as a table of numbers, and the tools to fill a table from it."""
import json
from contextlib import contextmanager

from odoo.tools import SQL

TEAMS, AGENTS_PER_TEAM, COMPANIES, PEOPLE, TAGS = 5, 4, 400, 1600, 10
AGENTS = TEAMS * AGENTS_PER_TEAM
COMMON_WORD, RARE_WORD = 'gateway', 'xylograph'     # in one of 100 subjects; in one of 10,000
FIRST = ['printer', 'invoice', 'password', 'delivery', 'licence', 'screen', 'account', 'contract', 'payment', 'router']
SECOND = ['does not start', 'is missing', 'asks for a code', 'shows an error', 'came twice', 'is far too slow',
          'was cancelled', 'cannot be opened', 'needs an upgrade', 'is wrong']
OPEN_STATUSES = ['new', 'open', 'waiting_customer', 'waiting_third_party']

# About 4.4 % are open: most of the latest ones, and some of any age. Customers are uneven: the busiest sixteen of two
# thousand have a tenth of all.
_SHAPE = """
CREATE TEMP TABLE bench_shape AS
WITH dice AS (
    SELECT n, at, at > now()::timestamp - interval '22 days' AS recent,
           %(h1)s AS h1, %(h2)s AS h2, %(h3)s AS h3, %(h4)s AS h4, %(h5)s AS h5, %(h6)s AS h6,
           1 + floor(%(h2)s * %(teams)s)::int AS team_no
      FROM (SELECT n, now()::timestamp - interval '730 days' * (1 - (n - 0.5) / %(size)s) AS at
              FROM generate_series(1, %(size)s) n) numbers),
     drawn AS (SELECT *, h1 < CASE WHEN recent THEN 0.8 ELSE 0.021 END AS is_open FROM dice)
SELECT n, at, is_open,
       CASE WHEN is_open THEN (%(open)s::text[])[1 + n %% 4]
            WHEN at > now()::timestamp - interval '9 days' THEN 'solved' ELSE 'closed' END AS status,
       team_no,
       CASE WHEN is_open AND h5 < 0.15 THEN NULL
            ELSE 1 + (team_no - 1) * %(team_size)s + n %% %(team_size)s END AS agent_no,
       %(companies)s + 1 + floor(%(people)s * h4 * h4)::int AS customer_no,
       CASE WHEN h3 < 0.15 THEN '0' WHEN h3 < 0.75 THEN '1' WHEN h3 < 0.93 THEN '2' ELSE '3' END AS priority,
       concat_ws(' ', CASE WHEN n %% 100 = 37 THEN %(common)s WHEN n %% 10000 = 17 THEN %(rare)s END,
                 (%(first)s::text[])[1 + n %% 10], (%(second)s::text[])[1 + (n / 10) %% 10], n) AS subject,
       at + interval '1 hour' AS answered_at,
       least(at + interval '1 day' * (0.1 + 7 * h4), now()::timestamp - interval '1 minute') AS stage_at,
       CASE WHEN is_open AND h5 > 0.7 THEN now()::timestamp + interval '30 days' * (1 + h4) END AS deadline,
       CASE WHEN h6 < 0.5 THEN 1 + floor(h6 * 2 * %(tags)s)::int END AS tag_no
  FROM drawn
"""


def create(env, size):
    """Make ``bench_shape`` with a row for each number from 1 to ``size``."""
    dice = {f'h{k}': f"((hashint4(n * 8 + {k}) & 2147483647) / 2147483648.0)" for k in range(1, 7)}
    text = _SHAPE
    for name, expression in dice.items():
        text = text.replace(f'%({name})s', expression.replace('%', '%%'))
    env.cr.execute(text, {
        'size': size, 'open': OPEN_STATUSES, 'teams': TEAMS, 'team_size': AGENTS_PER_TEAM, 'companies': COMPANIES,
        'people': PEOPLE, 'common': COMMON_WORD, 'rare': RARE_WORD, 'first': FIRST, 'second': SECOND, 'tags': TAGS})
    env.cr.execute("ALTER TABLE bench_shape ADD PRIMARY KEY (n)")
    env.cr.execute("ANALYZE bench_shape")


def mapping(env, name, ids):
    """Make a temporary table ``name`` (no, id) of ``ids``, numbered from 1."""
    env.cr.execute(SQL("CREATE TEMP TABLE %s AS SELECT row_number() OVER () AS no, id FROM unnest(%s) id",
                       SQL.identifier(name), list(ids)))


def status_mapping(env, name, stages):
    """Make a temporary table ``name`` (status, id) of {status: record}."""
    env.cr.execute(SQL("CREATE TEMP TABLE %s AS SELECT * FROM unnest(%s, %s) AS t (status, id)", SQL.identifier(name),
                       list(stages), [stage.id for stage in stages.values()]))


def pattern(model, vals):
    """Return the row (a dict) that the ORM makes of ``vals``; nothing of it stays."""
    env = model.env
    with env.cr.savepoint() as savepoint:
        record = model.create(vals)
        env.flush_all()
        env.cr.execute(SQL("SELECT to_jsonb(t) FROM %s t WHERE id = %s", SQL.identifier(model._table), record.id))
        [row] = env.cr.fetchone()
        env.cr.precommit.clear()
        env.cr.postcommit.clear()
        env.invalidate_all(flush=False)
        savepoint.rollback()
    env.registry.clear_cache()
    return row


@contextmanager
def without_indexes(env, tables):
    """Take the indexes of ``tables`` away while they are filled: building them at the end is several times faster."""
    env.cr.execute("""
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
          FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
         WHERE i.indrelid = ANY (%s::regclass[]) AND c.oid IS NULL""", [list(tables)])
    indexes = env.cr.fetchall()
    for name, _definition in indexes:
        env.cr.execute(f'DROP INDEX {name}')
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, definition in indexes:
        env.cr.execute(definition)


def next_id(env, table):
    """The first id that ``table`` has not used."""
    env.cr.execute(SQL("SELECT coalesce(max(id), 0) + 1 FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def fill(env, table, values, source, row=None):
    """INSERT INTO ``table`` what ``values`` ({column: SQL expression}) makes of each row of ``source`` (SQL text).

    :param dict row: the pattern for all other columns; ``source`` must not end in WHERE then
    """
    columns = {**{name: f'pattern.{name}' for name in row or {} if row[name] is not None}, **values}
    if row:
        literal = json.dumps(row).replace("'", "''")
        source = f"{source} CROSS JOIN jsonb_populate_record(NULL::{table}, '{literal}') AS pattern"
    env.cr.execute("SET LOCAL session_replication_role = replica")     # no foreign key looked up row by row
    order = ' ORDER BY s.n' if 'bench_shape s' in source else ''        # rows lie on disk as time brought them
    names, expressions = ', '.join(columns), ', '.join(columns.values())
    env.cr.execute(f"INSERT INTO {table} ({names}) SELECT {expressions} FROM {source}{order}")
    env.cr.execute("SET LOCAL session_replication_role = DEFAULT")
    if 'id' in columns:
        env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
