"""The table of results, for the terminal and as a page of the documentation."""
import os
import platform

HEAD = ['work', 'records', 'floor', 'task', 'ours', '× task', 'target', '']


def numbers(results, row, subject, sizes):
    """'26 / 48 (9)': medians in ms at each size, and the queries at the largest."""
    medians = [results.median(row.name, subject, size) for size in sizes]
    if all(median is None for median in medians):
        return ''
    times = ' / '.join('–' if median is None else f'{median:.{0 if median >= 20 else 1}f}' for median in medians)
    queries = {f'{results.queries(row.name, subject, size):.1f}'.removesuffix('.0')
               for size in sizes if results.median(row.name, subject, size) is not None}
    return f'{times} ({", ".join(sorted(queries, key=float))})'


def lines(rows, results, sizes):
    """The table as lists of cells, without the head."""
    small, large = sizes[0], sizes[-1]
    for row in rows:
        cells = {subject: numbers(results, row, subject, sizes) for subject in ('floor', 'task', 'ours')}
        if not any(cells.values()):
            continue
        target, missed = row.verdict(results, small, large)
        ours, task = results.median(row.name, 'ours', large), results.median(row.name, 'task', large)
        ratio = f'{ours / task:.2f}' if ours and task else ''
        verdict = '' if missed is None else 'MISS ' + '; '.join(missed) if missed else 'ok'
        yield [row.name, ' / '.join(thousands(size) for size in sizes), *cells.values(), ratio, target, verdict]


def thousands(size):
    """200000 → '200k'."""
    return f'{size // 1000}k' if size >= 1000 else str(size)


def plain(rows, results, sizes):
    """The table for the terminal."""
    table = [HEAD, *lines(rows, results, sizes)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in table)
    return '\n'.join('  '.join(line).rstrip() for line in padded)


def machine(cursor):
    """The machine and the versions in one line, without a date or a name."""
    from odoo.release import version
    cursor.execute("SHOW server_version")
    postgres = cursor.fetchone()[0].split()[0]
    return (f'{os.cpu_count()} cores ({platform.machine()}), PostgreSQL {postgres}, Odoo {version}, '
            f'Python {platform.python_version()}')


def page(rows, results, sizes, where, rounds):
    """The page of the documentation."""
    table = [HEAD, ['---'] * len(HEAD), *lines(rows, results, sizes)]
    body = '\n'.join('| ' + ' | '.join(cell.replace('|', '\\|') for cell in line) + ' |' for line in table)
    notes = ''.join(f'{note}\n' for note in results.notes)
    return f"""# Benchmarks

Written by `setup/bench`; do not edit.

{where}. Medians of {rounds} interleaved rounds in ms, SQL queries in brackets, as an agent with record rules, each
round in a transaction of its own that is rolled back. Two values: at {thousands(sizes[0])} and at
{thousands(sizes[-1])} records.

"floor" is `maintenance.request`, the thinnest record on `mail.thread` in core; "task" is `project.task` with an
automation rule on its deadline; "ours" is `helpdesk.ticket`, each with three promises. All three hold records of the
same shape (4 % open, 2,000 customers, 20 agents, 5 teams, two years) and do the same work through what the web client
calls: the list is `web_search_read` with the view's own fields and the count, the board is `read_progress_bar` and
`web_read_group` with the cards of its open columns, the form is `web_read`; mails go through `message_process` and are
committed (ours writes to its ledger and leaves what it sends to the mail queue, the others send at once, to a server
that is not there).
Milliseconds differ between machines by a factor of 1.2 and more; ratios and query counts are what to trust.

{body}

{notes}"""
