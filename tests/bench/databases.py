"""Databases of the benchmarks: one for the two models of core to compare with, one for ours, each in every size.

They are built once and kept. What a database was made of stands in its comment, so that a changed module or
loader makes a new one and nothing else does:

    bench_peers            maintenance and project installed, no records
    bench_ours             our modules installed, no records
    bench_peers_200000     the first with 200,000 records of each model
"""
import ast
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEER_MODULES = ['maintenance', 'project', 'base_automation']
# what our modules may stand on without drawing in a foreign application
GROUND = {
    'base', 'web', 'mail', 'rating', 'resource', 'base_automation', 'portal', 'base_setup', 'bus', 'digest', 'sms',
    'maintenance'}


def say(text):
    """Tell the person at the terminal what is going on."""
    print(text, file=sys.stderr, flush=True)


def our_modules():
    """The helpdesk modules of the tree that need no foreign application, in alphabetical order."""
    manifests = {path.parent.name: ast.literal_eval(path.read_text())
                 for path in ROOT.glob('helpdesk_*/__manifest__.py')}
    return sorted(name for name, manifest in manifests.items() if set(manifest['depends']) <= GROUND | manifests.keys())


def state_of(folders):
    """A digest of the code under ``folders`` that decides what is in a database."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob('*')):
            parts = path.relative_to(folder).parts
            if path.suffix in ('.py', '.xml', '.csv', '.sql') and not {'tests', 'static', 'demo'} & set(parts):
                digest.update(f'{folder.name}/{"/".join(parts)}'.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def postgres(database='postgres'):
    """A plain connection, each statement its own transaction."""
    connection = psycopg2.connect(dbname=database)
    try:
        connection.autocommit = True
        yield connection.cursor()
    finally:
        connection.close()


@contextlib.contextmanager
def alone():
    """Wait until no other run uses the databases, and keep others waiting."""
    with postgres() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('helpdesk bench'))")
        if not cursor.fetchone()[0]:
            say('another run is under way: waiting for its end')
            cursor.execute("SELECT pg_advisory_lock(hashtext('helpdesk bench'))")
        yield


def note(name):
    """What the database was made of; empty when it is not there."""
    with postgres() as cursor:
        cursor.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '{}') FROM pg_database WHERE datname = %s", [name])
        row = cursor.fetchone()
    with contextlib.suppress(ValueError):
        return json.loads(row[0]) if row else {}
    return {}


def drop(name):
    """Delete a database of the benchmarks, with its files."""
    if not name.startswith('bench_'):
        raise ValueError(name)
    with postgres() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def copy(source, name):
    """Make ``name`` as a copy of ``source``, whatever was there before."""
    drop(name)
    with postgres() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(source)))
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(name), copy_function=os.link)


def filestore(name):
    """The folder of a database's attachments."""
    from odoo.tools import config
    return Path(config.filestore(name))


def finish(name, state):
    """Note what the database was made of: from now on it is complete."""
    with postgres() as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(name), sql.Literal(json.dumps({'state': state}))))


class Databases:
    """Finds, and where needed builds, the databases of a run.

    :param modules: our modules to install, None for all that need no foreign application
    :param rebuild: build sized databases anew even when nothing has changed
    :param as_is: take databases as they are, whatever they were made of (to try an index by hand)
    """

    def __init__(self, modules=None, rebuild=False, as_is=False):
        self.modules = {'peers': PEER_MODULES, 'ours': modules or our_modules()}
        self.rebuild, self.as_is = rebuild, as_is
        self.done = set()

    def state(self, side):
        """What a database of ``side`` is made of."""
        code = state_of([ROOT / name for name in self.modules['ours']]) if side == 'ours' else ''
        return f'{",".join(self.modules[side])} {code}'.strip()

    def ensure(self, side, size):
        """Return the name of a database of ``side`` with ``size`` records, built when it is missing or out of date."""
        name = f'bench_{side}_{size}'
        wanted = f'{self.state(side)} {state_of([HERE / "load"])} {size}'
        found = note(name).get('state')
        fresh = found == wanted or (self.as_is and found)
        if name not in self.done and (self.rebuild or not fresh):
            self.install(side)
            self.load(side, size, name)
            finish(name, wanted)
        self.done.add(name)
        return name

    def install(self, side):
        """Make the database of ``side`` with modules and no records, if it is missing or out of date."""
        name, state = f'bench_{side}', self.state(side)
        if note(name).get('state') == state:
            return
        say(f'installing {", ".join(self.modules[side])} in {name} (about a minute)')
        drop(name)
        result = subprocess.run(
            [sys.executable, '-m', 'odoo', '-c', os.environ['HELPDESK_ODOO_CONF'], '-d', name,
             '-i', ','.join(self.modules[side]), '--skip-auto-install', '--stop-after-init', '--no-http',
             '--max-cron-threads', '0', '--log-level', 'warn'],
            capture_output=True, text=True, errors='replace', cwd=ROOT / '.local', check=False)
        if result.returncode:
            raise SystemExit(f'installing failed:\n{result.stderr[-3000:]}')
        finish(name, state)

    def load(self, side, size, name):
        """Copy the empty database and fill it."""
        from load import load
        started = time.perf_counter()
        copy(f'bench_{side}', name)
        load(name, side, size)
        with postgres(name) as cursor:
            cursor.execute("VACUUM ANALYZE")
        say(f'filled {name} in {time.perf_counter() - started:.0f} s')
