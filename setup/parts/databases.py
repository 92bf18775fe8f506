"""Databases with our modules: created under another name and renamed when complete, so that a kill leaves
nothing half made; what they were made of is kept in the database's comment."""
import contextlib
import json
import os
import shutil

from . import config, logs, postgres, tree
from .base import HOME, LOGS, PYTHON, ROOT, SETUP, Failure, run, say, step

FILESTORE = HOME / 'data' / 'filestore'


def exists(name):
    """Whether the database is there."""
    return bool(postgres.query(f"SELECT 1 FROM pg_database WHERE datname = '{checked(name)}'"))


def checked(name):
    """The name, which must be plain enough to stand in a command."""
    if not name.replace('_', '').replace('-', '').isalnum():
        raise Failure(f'"{name}" cannot be the name of a database.', 'use letters, digits, - and _')
    return name


def note(name):
    """What the database was made of, as it was noted in its comment."""
    rows = postgres.query("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                          f"WHERE datname = '{checked(name)}'")
    with contextlib.suppress(ValueError, IndexError):
        return json.loads(rows[0][0])
    return {}


def write_note(name, values):
    """Note in the database's comment what it was made of."""
    text = json.dumps(values, sort_keys=True).replace("'", '')
    postgres.query(f'COMMENT ON DATABASE "{checked(name)}" IS \'{text}\'')


def drop(name):
    """Delete the database and its files."""
    postgres.client('dropdb', '--if-exists', '--force', checked(name))
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def rename(old, new):
    """Give the database another name; its files move first, so the name tells that all is done."""
    shutil.rmtree(FILESTORE / new, ignore_errors=True)
    if (FILESTORE / old).exists():
        (FILESTORE / old).rename(FILESTORE / new)
    postgres.query(f'ALTER DATABASE "{checked(old)}" RENAME TO "{checked(new)}"')


def copy(source, name):
    """Make a database as a copy of another, its files included (as hard links: they never change)."""
    drop(name)
    if (FILESTORE / source).exists():
        shutil.copytree(FILESTORE / source, FILESTORE / name, copy_function=link)
    postgres.client('createdb', '-T', checked(source), checked(name))
    return name


def link(source, target):
    """A hard link: files of the filestore are named after their content and never rewritten."""
    os.link(source, target)
    return target


def install(name, modules, *options, progress=None, log=None, update=()):
    """Install and update modules in a database with Odoo's command line; return the lines of its log."""
    words = ['-d', checked(name), '--stop-after-init', '--no-http', '--max-cron-threads', '0', *options]
    words += ['-i', ','.join(modules)] if modules else []
    words += ['-u', ','.join(update)] if update else []
    return odoo(words, log or LOGS / f'install-{name}.log', progress)


def odoo(words, log, progress=None, text=None):
    """Run Odoo's command line, its log going to a file; return the lines, or fail with the cause."""
    log.unlink(missing_ok=True)
    result = run('setpriv', '--pdeathsig', 'TERM', PYTHON, '-P', '-m', 'odoo', *words, check=False, log=log, text=text,
                 feed=progress and progress.feed, env=config.environment(), cwd=LOGS)
    lines = result.stdout.splitlines(keepends=True)
    if result.returncode:
        cause = '\n    '.join(logs.errors(lines)[:8] or [line.rstrip() for line in lines[-8:]])
        raise Failure(f'Odoo ended with {result.returncode}:\n    {cause}', f'the whole log is {log}')
    return lines


def ensure(name, demo):
    """The demo database: created when missing, its modules updated where their code has changed."""
    wanted = {module: tree.state(ROOT / module) for module in tree.modules()}
    if not exists(name):
        create(name, wanted, demo)
        return
    known = note(name).get('modules', {})
    new = [module for module in wanted if module not in known]
    changed = [module for module in wanted if module in known and known[module] != wanted[module]]
    if not new and not changed:
        say(f'- database {name} is up to date')
        return
    progress = logs.Progress()
    with step(f'updating database {name}: {", ".join(new + changed)} (about a minute)', watch=progress):
        install(name, new, update=changed, progress=progress)
        write_note(name, {**note(name), 'modules': wanted})


def create(name, wanted, demo):
    """Create the demo database with all modules."""
    what = 'with demo data' if demo else 'without demo data'
    if not wanted:
        say('- no helpdesk_* module in this checkout yet: the database will hold plain Odoo')
    progress, new = logs.Progress(), f'{name}--new'
    with step(f'creating database {name} {what} (about three minutes)', watch=progress):
        drop(new)
        install(new, sorted(wanted) or ['base', 'web'], *(['--with-demo'] if demo else []), progress=progress)
        progress.word = 'preparing the pages of the web client'
        finish(new)
        write_note(new, {'modules': wanted, 'demo': demo})
        rename(new, name)


def finish(name):
    """Make a new demo database ready for its first visitor."""
    script = (SETUP / 'templates/finish_database.py').read_text()
    log = LOGS / f'finish-{name}.log'
    lines = odoo(['shell', '-d', checked(name), '--no-http'], log, text=f'exec({script!r})\n')
    if not any('setup: database complete' in line for line in lines):
        raise Failure(f'The database {name} could not be completed.', f'the whole log is {log}')
