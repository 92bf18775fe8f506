"""Paths, messages, commands and locks: what every other part needs."""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETUP = ROOT / 'setup'
HOME = pathlib.Path(os.environ.get('HELPDESK_HOME') or ROOT / '.local').absolute()
CACHE = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'helpdesk-odoo'
VENV = HOME / 'venv'
PYTHON = VENV / 'bin' / 'python'
LOGS = HOME / 'log'
CONF = HOME / 'odoo.conf'
#: the commands that are at work at this moment
running = set()


class Failure(Exception):
    """Something went wrong that a person can mend: the cause, and the remedy."""

    def __init__(self, cause, remedy=''):
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy


def say(text, end='\n'):
    """Tell the person at the terminal something, at once."""
    print(text, end=end, flush=True)


def main(function):
    """Run a command's ``function`` and turn what goes wrong into a message and an exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    try:
        sys.exit(function())
    except Failure as failure:
        print(f'\nsetup: {failure.cause}', file=sys.stderr)
        if failure.remedy:
            print(f'  what helps: {failure.remedy}', file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print('\nsetup: stopped; the next run goes on from here', file=sys.stderr)
        sys.exit(130)


def interrupt(_number, _frame):
    """Stop at the first signal; further ones must not disturb the tidying up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextlib.contextmanager
def step(text, watch=None):
    """Say what is being done and how long it took; ``watch()`` gives a word on the progress."""
    start = time.monotonic()
    say(f'- {text} ...')
    done = threading.Event()
    reporter = threading.Thread(target=_report, args=(done, start, watch), daemon=True)
    reporter.start()
    try:
        yield
    finally:
        done.set()
        reporter.join()
    say(f'  done in {time.monotonic() - start:.0f} s')


def _report(done, start, watch):
    """Every ten seconds say that the work goes on."""
    while not done.wait(10):
        detail = f', {watch()}' if watch else ''
        say(f'  {time.monotonic() - start:.0f} s{detail}')


def run(*command, check=True, log=None, remedy='', feed=None, text=None, **options):
    """Run a command quietly; its output is shown only when it fails (all of it is in ``log``).

    ``feed`` is called with each line as it comes; ``text`` is what the command reads.
    """
    words = [str(word) for word in command]
    lines = []
    written = log_writer(log, shlex.join(words))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace',
                          stdin=subprocess.PIPE if text else subprocess.DEVNULL, **options) as child:
        running.add(child)
        if text:
            child.stdin.write(text)
            child.stdin.close()
        for line in child.stdout:
            lines.append(line)
            written(line)
            if feed:
                feed(line)
    running.discard(child)
    if check and child.returncode:
        told = [line.rstrip() for line in lines if line.strip() and not line.startswith('WARNING')]
        tail = '\n    '.join(told[-12:])
        raise Failure(f'{shlex.join(words)} failed ({child.returncode}):\n    {tail}', remedy)
    return subprocess.CompletedProcess(words, child.returncode, ''.join(lines))


def log_writer(log, title):
    """What adds lines to a log as they come."""
    if not log:
        return lambda line: None
    log.parent.mkdir(parents=True, exist_ok=True)
    stream = log.open('a', buffering=1)
    stream.write(f'$ {title}\n')
    return stream.write


class LastLine:
    """Remembers the last line of a running command, to tell how far it is."""

    def __init__(self):
        self.word = 'starting'

    def feed(self, line):
        """Take a line."""
        if not line.startswith('WARNING'):
            self.word = ' '.join(line.split())[:70] or self.word

    def __call__(self):
        return self.word


def digest(*parts):
    """A short hash of texts and of files' contents, to tell whether something has changed."""
    found = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode()
        found.update(b'%d:' % len(data) + data)
    return found.hexdigest()[:16]


def write(path, text, mode=0o644):
    """Write a file in one move, and only when its text changes; return whether it did."""
    if path.is_file() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'{path.name}.{os.getpid()}.new')
    temporary.write_text(text)
    temporary.chmod(mode)
    temporary.rename(path)
    return True


def replace_folder(new, final):
    """Put the folder ``new`` in the place of ``final``."""
    old = final.with_name(f'{final.name}.old')
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def link_folder(path, target):
    """Make ``path`` a symbolic link to a folder, whatever it was."""
    new = path.with_name(f'{path.name}.new')
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    if path.is_dir() and not path.is_symlink():
        replace_folder(new, path)
    else:
        new.replace(path)


@contextlib.contextmanager
def locked(path, shared=False):
    """Hold a lock on ``path``; others wait. The lock goes with the process, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('a') as stream:
        fcntl.flock(stream, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield stream


def size_of(folder):
    """How many megabytes of files a folder holds."""
    return sum(item.stat().st_size for item in folder.rglob('*') if item.is_file()) / 1e6
