"""A private PostgreSQL cluster under the state folder, on a Unix socket only, run as an ordinary user.

Whoever uses it holds a shared lock; the last one to go stops it, unless ``start`` was asked for by hand
(``python3 -m parts.postgres start`` from setup/, ``stop`` undoes it).
"""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import pwd
import shutil
import sys
import time

from .base import HOME, Failure, locked, main, replace_folder, run, say, step
from .system import postgres_bin

LINK = HOME / 'pg'
LOCK = HOME / 'pg.lock'
KEEP = HOME / 'pg.keep'
PORT = '5432'
ROLE = 'odoo'
#: Processes are killed in our tests, the machine is not: no need to wait for the disk.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
fsync = off
full_page_writes = off
log_min_messages = warning
log_line_prefix = '%m [%p] %d '
timezone = 'UTC'
"""


def server_user():
    """The account that PostgreSQL runs under: our own, or ``postgres`` when we are root."""
    return pwd.getpwnam('postgres') if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def as_user(*command):
    """The command as the account of the server."""
    if os.geteuid():
        return command
    user = server_user()
    return ('setpriv', f'--reuid={user.pw_uid}', f'--regid={user.pw_gid}', '--init-groups', 'env', '-u', 'HOME',
            *command)


def folder():
    """The folder of the cluster: under .local, or in /var/lib where the server's user cannot reach .local."""
    if LINK.exists():
        return LINK.resolve()
    reachable = run(*as_user('test', '-x', HOME), check=False, cwd='/').returncode == 0
    return LINK if reachable else pathlib.Path('/var/lib/helpdesk-setup') / short_name()


def short_name():
    """A short name for this state folder."""
    return hashlib.sha256(str(HOME).encode()).hexdigest()[:12]


def socket_folder():
    """The folder of the socket: in the cluster's own, or in /tmp where that path is too long for a socket."""
    inside = folder() / 'socket'
    if len(str(inside)) < 80:
        return inside
    return pathlib.Path(f'/tmp/helpdesk-pg-{server_user().pw_uid}-{short_name()}')


def private_folder(path):
    """Create a folder that only the server's user can use, and make sure that it is one."""
    user = server_user()
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        os.chown(path, user.pw_uid, user.pw_gid)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != user.pw_uid or found.st_mode & 0o077:
        raise Failure(f'{path} is not private to the user {user.pw_name}.', f'delete {path} and start this again')


def create():
    """Create the cluster unless it exists."""
    final = folder()
    if (final / 'PG_VERSION').exists():
        if final == LINK or LINK.exists():
            return
        stop()  # what a deleted .local has left behind: its databases have lost their files
    with step('creating a private PostgreSQL cluster (about 5 seconds)'):
        user = server_user()
        HOME.mkdir(parents=True, exist_ok=True)
        final.parent.mkdir(parents=True, exist_ok=True)
        new = final.with_name(final.name + '.new')
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        os.chown(new, user.pw_uid, user.pw_gid)
        run(*as_user(postgres_bin() / 'initdb', '-D', new, '-U', ROLE, '-A', 'trust', '-E', 'UTF8',
                     '--locale=C.UTF-8', '--no-sync', '--no-instructions'), cwd='/')
        replace_folder(new, final)
        if final != LINK:
            LINK.symlink_to(final)


def running():
    """Whether the server is up."""
    if not (folder() / 'PG_VERSION').exists():
        return False
    return run(*as_user(postgres_bin() / 'pg_ctl', 'status', '-D', folder()), check=False, cwd='/').returncode == 0


def start():
    """Start the server unless it runs, with the settings of this file."""
    create()
    if running():
        return
    socket = socket_folder()
    private_folder(socket)
    config = folder() / 'postgresql.auto.conf'
    config.write_text('# written by setup\n' + SETTINGS.format(socket=socket, port=PORT))
    run(*as_user(postgres_bin() / 'pg_ctl', 'start', '-w', '-s', '-D', folder(), '-l', folder() / 'server.log'),
        cwd='/', remedy=f'read {folder() / "server.log"}')


def stop():
    """Stop the server, ending open sessions."""
    if running():
        run(*as_user(postgres_bin() / 'pg_ctl', 'stop', '-w', '-s', '-m', 'fast', '-D', folder()), cwd='/')


@contextlib.contextmanager
def server():
    """A running server for as long as the block lasts."""
    HOME.mkdir(parents=True, exist_ok=True)
    with locked(HOME / 'pg.start.lock'):
        stream = LOCK.open('a')
        fcntl.flock(stream, fcntl.LOCK_SH)
        start()
    try:
        yield environment()
    finally:
        with locked(HOME / 'pg.start.lock'):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not KEEP.exists():
                    stop()
            stream.close()


def environment():
    """What a PostgreSQL client must know, as environment variables."""
    return {'PGHOST': str(socket_folder()), 'PGPORT': PORT, 'PGUSER': ROLE}


def client(program, *arguments, check=True):
    """Run a PostgreSQL client program against the cluster."""
    return run(postgres_bin() / program, *arguments, check=check, env={**os.environ, **environment()})


def query(text, database='postgres'):
    """The rows of a query, as lists of strings."""
    output = client('psql', '-XAtq', '-F', '\x1f', '-d', database, '-c', text).stdout
    return [line.split('\x1f') for line in output.splitlines()]


def command():
    """``start`` keeps the server up until ``stop``; ``status`` tells; ``env`` prints variables for a shell."""
    word = sys.argv[1] if len(sys.argv) > 1 else 'status'
    if word == 'start':
        start()
        KEEP.touch()
    elif word == 'stop':
        KEEP.unlink(missing_ok=True)
        stop()
    elif word == 'env':
        for name, value in environment().items():
            say(f'export {name}={value}')
        return 0
    say(f'PostgreSQL is {"up" if running() else "down"}, folder {folder()}, {time.strftime("%H:%M:%S")}')
    return 0


if __name__ == '__main__':
    main(command)
