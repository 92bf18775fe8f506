"""A process of ours: in a group of its own, with its own log, ended with us however we end."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time

from parts import logs


def port_open(port):
    """Whether something listens on the loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', port), timeout=1):
        return True
    return False


class Process:
    """Start, stop, kill and start again."""

    def __init__(self, name, command, log, env=None, account=None):
        """``account`` (of ``pwd``) is whom it runs as, where we are root."""
        self.name = name
        # the signal is forgotten when the account changes, so one call does both
        who = [f'--reuid={account.pw_uid}', f'--regid={account.pw_gid}', '--clear-groups'] if account else []
        self.command = ['setpriv', *who, '--pdeathsig', 'KILL', *[str(word) for word in command]]
        self.log = pathlib.Path(log)
        self.env = env
        self.child = None

    @property
    def running(self):
        """Whether it lives."""
        return self.child is not None and self.child.poll() is None

    def start(self):
        """Start it; its words are added to the log."""
        assert not self.running, f'{self.name} runs already'
        with self.log.open('a') as stream:
            self.child = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, env=self.env,
                cwd=self.log.parent, start_new_session=True)
        return self

    def check(self):
        """Fail when it has ended by itself."""
        if self.child is None or self.child.poll() is not None:
            code = self.child and self.child.returncode
            raise AssertionError(f'{self.name} is not running (exit code {code}):\n{self.tail()}')

    def kill(self):
        """End it and its children without a chance to clean up."""
        self._signal(signal.SIGKILL)
        self.child.wait(10)

    def stop(self, seconds=20):
        """Ask it to end; return (exit code, seconds it took). One that does not listen is killed: code -9."""
        if not self.running:
            return (self.child.returncode if self.child else None), 0
        begin = time.monotonic()
        self._signal(signal.SIGTERM)
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        return self.child.returncode, time.monotonic() - begin

    def _signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, number)

    def lines(self):
        """The lines of its log."""
        return self.log.read_text(errors='replace').splitlines() if self.log.exists() else []

    def tail(self, count=25):
        """The end of its log."""
        return '\n'.join('    ' + line[:400] for line in self.lines()[-count:])

    def problems(self):
        """Warnings and errors of our modules in the log."""
        return logs.problems(self.lines())
