"""End-to-end tests: real servers, real mail, real kills. Started by setup/test, or by hand from the checkout:

    .local/venv/bin/python -m pytest -p no:odoo tests/e2e
"""
import fcntl
import os
import pathlib
import signal
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
for folder in (HERE, HERE.parents[1] / 'setup'):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from parts import postgres  # noqa: E402
from parts.base import HOME  # noqa: E402
from rig.cluster import Cluster  # noqa: E402
from rig.site import Site  # noqa: E402


@pytest.fixture(scope='session')
def cluster():
    """The private PostgreSQL, up for as long as the tests last; one run at a time."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who stops us wants the servers stopped as well
    with (HOME / 'e2e.lock').open('a') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit('another run of tests/e2e is at work with this state folder', returncode=1)
        with postgres.server():
            os.environ.update(postgres.environment())
            yield


@pytest.fixture(scope='module')
def site(cluster, request):
    """A desk of this file's own; nothing of it runs until a test starts it."""
    name = 'dev_e2e_' + request.module.__name__.rpartition('.')[2].removeprefix('test_')
    desk = Site(name, Cluster() if getattr(request.module, 'OWN_CLUSTER', False) else None)
    try:
        yield desk
        problems = desk.log_problems()
    finally:
        desk.close()
    assert not problems, 'warnings or errors of our modules in the logs:\n' + '\n'.join(problems[:20])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Put the ends of the servers' logs beside a failure."""
    outcome = yield
    report = outcome.get_result()
    desk = getattr(item, 'funcargs', {}).get('site')
    if report.failed and desk:
        for process in (desk.odoo, desk.receiver):
            report.sections.append((f'{process.name} log', process.tail(40)))
