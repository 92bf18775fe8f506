"""Databases: one template with helpdesk_mail and a small desk in it, and quick copies for the tests."""
import json
import pathlib
import shutil
import time

import psycopg2
from parts import config, databases, postgres, templates
from parts.base import HOME, digest

TEMPLATE = 'dev_e2e_template'
READY = 'test-helpdesk_mail'  # setup/test has it where that lane ran before
MODULES = ['helpdesk_core', 'helpdesk_mail']
SEED = pathlib.Path(__file__).with_name('seed.py')
#: API keys that the seed gives to its users: nothing but tests ever sees such a database
KEYS = {'admin': 'a' * 8 + 'd' * 32, 'agent': 'b' * 8 + 'e' * 32, 'leader': 'c' * 8 + 'f' * 32}


def template():
    """Make the template unless it is there and of this state of the tree; return its name."""
    state = templates.state(MODULES)
    wanted = {'state': state, 'seed': digest(SEED, json.dumps(KEYS))}
    if databases.exists(TEMPLATE) and databases.note(TEMPLATE) == wanted:
        return TEMPLATE
    new = f'{TEMPLATE}--new'
    databases.drop(TEMPLATE)
    if databases.exists(READY) and databases.note(READY).get('state') == state:
        databases.copy(READY, new)
    else:
        databases.drop(new)
        databases.install(new, MODULES, '--skip-auto-install')
    text = f'KEYS = {KEYS!r}\n{SEED.read_text()}\n'
    lines = databases.odoo(['shell', '-d', new, '--no-http', '--log-level', 'warn'], HOME / 'log' / 'e2e-seed.log',
                           text=f'exec({text!r}, globals())\n')
    assert any('seed: done' in line for line in lines), 'the seed failed:\n' + ''.join(lines[-40:])
    databases.write_note(new, wanted)
    databases.rename(new, TEMPLATE)
    return TEMPLATE


class Database:
    """A copy of the template, and plain SQL on it for what is asked often."""

    def __init__(self, name, cluster=None):
        """``cluster``: where it is to be, if not in the shared one."""
        self.name, self.cluster = name, cluster
        if cluster:
            cluster.bring(template(), name)
        else:
            databases.copy(template(), name)

    def drop(self):
        """Delete it; a cluster of its own goes as a whole."""
        if self.cluster:
            self.cluster.close()
            shutil.rmtree(databases.FILESTORE / self.name, ignore_errors=True)
            return
        self.allow_connections(True)
        databases.drop(self.name)

    def connect(self, name=None):
        """A connection to this database, or to another of the cluster."""
        given = self.cluster.environment if self.cluster else postgres.environment()
        connection = psycopg2.connect(
            dbname=name or self.name, host=given['PGHOST'], port=given['PGPORT'], user=given['PGUSER'],
            connect_timeout=10)
        connection.autocommit = True
        return connection

    def sql(self, query, *values, name=None):
        """The rows of a query."""
        connection = self.connect(name)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def value(self, query, *values):
        """The only value of a query."""
        return self.sql(query, *values)[0][0]

    def outcomes(self):
        """{outcome: number of ledger rows}."""
        return dict(self.sql('SELECT outcome, count(*) FROM helpdesk_mail_intake GROUP BY outcome'))

    def rows(self):
        """How many rows the ledger has."""
        return self.value('SELECT count(*) FROM helpdesk_mail_intake')

    def unfinished(self):
        """How many of them have no outcome yet."""
        return self.value("SELECT count(*) FROM helpdesk_mail_intake WHERE outcome = 'received'")

    def tickets(self):
        """How many tickets there are."""
        return self.value('SELECT count(*) FROM helpdesk_ticket')

    def stored(self, attachment_id):
        """The bytes of an attachment, read from where Odoo keeps them."""
        [[name, inside]] = self.sql('SELECT store_fname, db_datas FROM ir_attachment WHERE id = %s', attachment_id)
        return (databases.FILESTORE / self.name / name).read_bytes() if name else bytes(inside or b'')

    def allow_connections(self, allowed):
        """Let nobody in any more (and throw out who is in), or let them in again. The cluster stays up."""
        word = 'true' if allowed else 'false'
        self.sql(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS {word}', name='postgres')
        if not allowed:
            self.throw_out()

    def throw_out(self):
        """End all sessions in this database."""
        self.sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s', self.name,
                 name='postgres')

    def wake_cron(self, xmlid):
        """Have a scheduled job run now, in the server's own cron thread; one that runs already is left alone."""
        module, name = xmlid.split('.')
        self.sql("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE id IN (SELECT id FROM ir_cron "
                 "WHERE id = (SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND module = %s AND name = %s) "
                 "FOR UPDATE SKIP LOCKED)", module, name)
        self.sql("SELECT pg_notify('cron_trigger', %s)", self.name, name='postgres')

    def waking(self, xmlid, look, pause=1.0):
        """A function that looks, and wakes a job every second until there is something to see.

        Odoo's scheduler comes back to a job that stopped after its ten seconds when it is woken, or a minute later.
        """
        last = [0.0]

        def looked():
            found = look()
            if not found and time.monotonic() > last[0] + pause:
                last[0] = time.monotonic()
                self.wake_cron(xmlid)
            return found
        return looked


def environment():
    """The environment for the servers."""
    return config.environment()
