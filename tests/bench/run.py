"""Benchmarks: our tickets beside two models of core that do the same work in the same run.

    setup/bench                             the whole table at 10,000 and 200,000 records; writes docs/benchmarks.md
    setup/bench --quick                     a small size, two rounds: does everything run?
    setup/bench --only form --only list     rows whose name contains the word; "promises": many clocks at
                                            once; "crowd": assignment in a large team; "knowledge": finding
                                            articles among very many; "portal": customer pages beside Odoo's own;
                                            "reports": pivots, dashboards, snapshots, exports; "api": pages of
                                            the event log; "channels": a messenger's call beside a mail;
                                            "problems": one answer to 200 customers

Databases (bench_*) are built once and kept for the next run; a changed module builds its own anew. Needs the
environment of setup/bench: HELPDESK_ODOO_CONF, PGHOST, PGPORT, PGUSER.
"""
import argparse
import importlib
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / 'docs' / 'benchmarks.md'
SIZES, QUICK = [10_000, 200_000], [600]
# what is committed, each in copies of its own: {module: (the model it needs, keys of the subjects it compares)}.
# promises: many clocks at once; crowd: a large team; knowledge: very many articles; portal: customer pages;
# reports: pivots, dashboards, exports; api: pages of events; channels: calls of messengers; problems: one answer to all
# customers of a problem
APART = {
    'promises': ('helpdesk.sla.status', ['ours']),
    'crowd': (None, ['ours']),
    'knowledge': ('helpdesk.article', ['ours']),
    'portal': ('helpdesk.ticket.portal.scope.mixin', ['ours', 'task']),
    'reports': ('helpdesk.ticket.report', ['ours']),
    'api': ('helpdesk.api', ['ours']),
    'channels': ('helpdesk.channel', ['ours']),
    'problems': ('helpdesk.problem.update', ['ours']),
}


def arguments(words):
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog='setup/bench', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--size', type=int, action='append', metavar='N', help='number of records; may be given twice')
    parser.add_argument('--rounds', type=int, metavar='N', help='measured rounds (default 9)')
    parser.add_argument('--only', action='append', metavar='ROW', help='only rows whose name contains this')
    parser.add_argument('--keep', action='store_true', help='keep the copies in which mails were received')
    parser.add_argument('--rebuild', action='store_true', help='build the databases anew')
    parser.add_argument('--as-is', action='store_true', help='take our databases as they are (to try an index by hand)')
    parser.add_argument('--modules', metavar='A,B', help='our modules (default: all that need no foreign application)')
    parser.add_argument(
        '--cpu', action='store_true', help='processor time instead of the wall clock, for a busy machine (Linux)')
    parser.add_argument('--quick', action='store_true', help='a small size and two rounds; writes no page')
    parser.add_argument(
        '--page', type=Path, metavar='FILE', help='where to write the page (a whole run: docs/benchmarks.md)')
    options = parser.parse_args(words)
    options.sizes = sorted(set(options.size or (QUICK if options.quick else SIZES)))
    options.rounds = options.rounds or (2 if options.quick else 9)
    if not options.page and not (options.quick or options.only or options.size):
        options.page = DOCS
    return options


def odoo():
    """Set up Odoo in this process; nothing it does here sends a mail."""
    from odoo.tools import config
    config.parse_config(['-c', os.environ['HELPDESK_ODOO_CONF'], '--log-level', 'warn', '--max-cron-threads', '0'])
    from odoo.addons.base.models.ir_mail_server import IrMail_Server
    IrMail_Server._connect__ = lambda self, *args, **kwargs: None
    IrMail_Server.send_email = lambda self, message, *args, **kwargs: message['Message-Id']


def main(words):
    """Build what is missing, measure, print the table."""
    options = arguments(words)
    odoo()
    import databases
    with databases.alone():
        bench(options)


def bench(options):
    """The run itself."""
    import databases
    import measure
    import rows as all_rows
    import table
    from subjects import SUBJECTS
    rows = [row for row in all_rows.all_rows() if not options.only or any(word in row.name for word in options.only)]
    if not rows and not set(APART) & set(options.only):
        raise SystemExit('no row has such a name: ' + ', '.join(row.name for row in all_rows.all_rows()))
    base = databases.Databases(options.modules and options.modules.split(','), options.rebuild, options.as_is)
    places = [measure.Place(subject, size, base.ensure(subject.side, size))
              for size in options.sizes for subject in SUBJECTS]
    plain = [row for row in rows if not row.mail]
    options.clock = measure.cpu_time if options.cpu else time.perf_counter
    results = measure.Results()
    if plain:
        results = measure.measure(plain, places, options.rounds, options.clock, databases.say)
    mail = [row for row in rows if row.mail]
    for name in APART:
        if not options.only or name in options.only:
            measure_apart(name, places, options, results)
    if mail:
        measure_mail(mail, places, options, results)
    print('\n'.join([table.plain(rows, results, options.sizes), *results.notes]))
    if options.page:
        with databases.postgres() as cursor:
            where = table.machine(cursor)
        if options.cpu:
            where += '. Processor time of Odoo and PostgreSQL, not the wall clock'
        options.page.parent.mkdir(parents=True, exist_ok=True)
        options.page.write_text(table.page(rows, results, options.sizes, where, options.rounds))
        databases.say(f'written to {options.page}')


def measure_apart(module, places, options, results):
    """Run what is committed (a module of ``APART``) in copies of our largest database, and of the peers' where it
    compares, and keep the sentences that tell it."""
    import databases
    import measure
    needed, keys = APART[module]
    largest = [next((place for place in reversed(places) if place.subject.key == key), None) for key in keys]
    if not all(largest) or (needed and not largest[0].has_model(needed)):
        return
    names = [place.database.replace('bench_', f'bench_{module}_', 1) for place in largest]
    try:
        for place, name in zip(largest, names, strict=True):
            measure.forget(place.database)
            databases.copy(place.database, name)
        databases.say(module)
        copies = [measure.Place(place.subject, place.size, name) for place, name in zip(largest, names, strict=True)]
        results.notes += importlib.import_module(module).run(*copies, options.quick)
    finally:
        for name in names:
            measure.forget(name)
            if not options.keep:
                databases.drop(name)


def measure_mail(rows, places, options, results):
    """Measure incoming mail, each one committed, in copies of the databases."""
    import burst
    import databases
    import measure
    copies = {place.database: place.database.replace('bench_', 'bench_mail_', 1) for place in places}
    try:
        for source, name in copies.items():
            measure.forget(source)
            databases.copy(source, name)
        turned = [measure.Place(place.subject, place.size, copies[place.database]) for place in places]
        results.samples.update(measure.measure(rows, turned, options.rounds, options.clock, databases.say).samples)
        ours = next((place for place in reversed(turned) if place.subject.key == 'ours' and place.has_address), None)
        if ours:
            databases.say('a burst of mails')
            results.notes.append(burst.run(ours, burst.QUICK_MAILS if options.quick else burst.MAILS))
    finally:
        for name in copies.values() if not options.keep else ():
            measure.forget(name)
            databases.drop(name)


if __name__ == '__main__':
    sys.path.insert(0, str(HERE))
    main(sys.argv[1:])
