"""A PostgreSQL cluster of one file's own, which may be torn down in the middle of the work; the shared one stays up."""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import psycopg2
from parts import config, databases, postgres
from parts.base import CONF, run

from .process import Process
from .wait import until

BIN = postgres.postgres_bin()


class Cluster:
    """The same programs and settings as the shared cluster, in a temporary folder, on a socket of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='e2e-pg-'))
        account = postgres.server_user()
        os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.data = self.folder / 'data'
        self.environment = {'PGHOST': str(self.folder), 'PGPORT': postgres.PORT, 'PGUSER': postgres.ROLE}
        self.process = Process('PostgreSQL', [BIN / 'postgres', '-D', self.data],
                               self.folder / 'server.log', account=None if os.geteuid() else account)
        try:
            run(*postgres.as_user(BIN / 'initdb', '-D', self.data, '-U', postgres.ROLE, '-A', 'trust', '-E', 'UTF8',
                                  '--locale=C.UTF-8', '--no-sync', '--no-instructions'), cwd='/')
            (self.data / 'postgresql.auto.conf').write_text(
                postgres.SETTINGS.format(socket=self.folder, port=postgres.PORT).replace('512MB', '64MB'))
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        """Start it and wait until it lets people in."""
        self.process.start()
        until('PostgreSQL to answer', lambda: self.process.check() or self._answers(), 30, 0.02, self.process.tail)

    def _answers(self):
        with contextlib.suppress(psycopg2.OperationalError):
            given = self.environment
            psycopg2.connect(
                dbname='postgres', host=given['PGHOST'], port=given['PGPORT'], user=given['PGUSER']).close()
            return True
        return False

    def restart(self):
        """What ``pg_ctl restart -m immediate`` does: every session is cut off, and recovery starts from the log."""
        run(*postgres.as_user(BIN / 'pg_ctl', 'stop', '-w', '-s', '-m', 'immediate', '-D', self.data), cwd='/')
        self.process.child.wait(20)
        self.start()

    def close(self):
        """Stop it and throw it away."""
        if self.process.running:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def bring(self, source, name):
        """Copy a database of the shared cluster, its files included (as hard links), into this one."""
        target = databases.FILESTORE / databases.checked(name)
        shutil.rmtree(target, ignore_errors=True)
        if (databases.FILESTORE / source).exists():
            shutil.copytree(databases.FILESTORE / source, target, copy_function=databases.link)
        own = {**os.environ, **self.environment}
        run(BIN / 'createdb', name, env=own)
        with subprocess.Popen(
                [BIN / 'pg_dump', '--no-owner', databases.checked(source)], stdout=subprocess.PIPE,
                env={**os.environ, **postgres.environment()}) as dump:
            subprocess.run([BIN / 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', os.devnull, '-d', name],
                           stdin=dump.stdout, env=own, check=True)
        assert not dump.returncode, f'pg_dump ended with {dump.returncode}'

    def odoo_environment(self, folder):
        """The environment for servers that use this cluster; their configuration is written to ``folder``."""
        path = pathlib.Path(folder) / 'odoo.conf'
        text = CONF.read_text()
        for name, value in (('db_host', self.environment['PGHOST']), ('db_port', self.environment['PGPORT'])):
            text, count = re.subn(rf'(?m)^{name} = .*$', f'{name} = {value}', text)
            assert count == 1, f'{name} is missing in {CONF}'
        path.write_text(text)
        return {**config.environment(path), **self.environment}
