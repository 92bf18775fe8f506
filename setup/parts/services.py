"""Starting, watching and stopping the servers of setup/run."""
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import config
from .base import HOME, LOGS, PYTHON, SETUP, Failure


class Services:
    """The processes that were started here, each in a group of its own; all are stopped at the end."""

    def __init__(self, conf):
        self.children = {}
        self.conf = conf

    def __enter__(self):
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.stop()

    def start(self, name, *command):
        """Start a server; its output goes to a log. It ends with us even if we are killed."""
        LOGS.mkdir(parents=True, exist_ok=True)
        log = LOGS / f'{name}.log'
        if log.exists():
            log.rename(log.with_suffix('.log.1'))
        with log.open('w') as stream:
            self.children[name] = subprocess.Popen(
                ['setpriv', '--pdeathsig', 'TERM', *[str(word) for word in command]], stdin=subprocess.DEVNULL,
                stdout=stream, stderr=stream, cwd=LOGS, env=config.environment(self.conf), start_new_session=True)

    def odoo(self, name, *words):
        """Start a server from Odoo's command line."""
        self.start(name, PYTHON, '-P', '-m', 'odoo', *words)

    def sink(self, ports):
        """Start the outgoing sink."""
        self.start('sink', PYTHON, SETUP / 'parts/sink.py', '--smtp-port', ports['sink'],
                   '--page-port', ports['sink_page'], '--folder', HOME / 'outbox')

    def check(self):
        """Fail when one of them has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                tail = '\n    '.join((LOGS / f'{name}.log').read_text(errors='replace').splitlines()[-6:])
                raise Failure(f'The server "{name}" ended with {child.returncode}:\n    {tail}',
                              f'the whole log is {LOGS / f"{name}.log"}')

    def wait_for(self, port, page=None, seconds=180):
        """Wait until a port is served, or answers with a page."""
        end = time.monotonic() + seconds
        while not (answers(f'http://127.0.0.1:{port}{page}') if page else listens(port)):
            self.check()
            if time.monotonic() > end:
                raise Failure(f'Nothing answered on port {port} within {seconds} s.', f'look into {LOGS}')
            time.sleep(0.2)

    def wait(self):
        """Wait until one of them ends, or we are told to stop."""
        while True:
            self.check()
            time.sleep(1)

    def stop(self):
        """Stop all, politely at first."""
        for number, seconds in ((signal.SIGTERM, 12), (signal.SIGKILL, 5)):
            alive = [child for child in self.children.values() if child.poll() is None]
            for child in alive:
                os.killpg(child.pid, number)
            end = time.monotonic() + seconds
            while time.monotonic() < end and any(child.poll() is None for child in alive):
                time.sleep(0.1)
        self.children.clear()


def listens(port):
    """Whether somebody takes connections on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


def answers(address):
    """Whether an HTTP server answers with a page."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        print(f'{address}: {error}', file=sys.stderr)
        return False
    except OSError:
        return False


def check_ports(ports, options):
    """Fail when a port is taken, naming the option that moves it."""
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', port))
            except OSError as error:
                raise Failure(f'Port {port} on 127.0.0.1 cannot be used: {error.strerror}.',
                              f'stop what uses it, or choose another with {options[name]} PORT') from None


def free_ports(count):
    """Ports that nobody uses at this moment."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(('127.0.0.1', 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
