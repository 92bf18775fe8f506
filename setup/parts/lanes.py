"""The lanes of setup/test: what they run, in which database, two at a time.

pure    tests/pure and tests/repo, plain pytest
module  each module's own tests with Odoo's runner, in a database with only what that module depends on
        (with pytest instead when pytest arguments are given)
full    tests/addons/test_helpdesk with pytest, in a database with everything; browser tours included
demo    everything installs with demo data and without a warning
e2e     tests/e2e with pytest: real servers
"""
import concurrent.futures
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import traceback

from . import config, databases, outcome, templates, tree
from .base import HOME, LOGS, PYTHON, ROOT, Failure, running, say
from .services import free_ports

FULL = 'tests/addons/test_helpdesk'
#: seconds that one lane may take
LIMIT = 2400


class Job:
    """One run of tests: a name, a function, and its result."""

    def __init__(self, name, function, *arguments):
        self.name = name
        self.function = function
        self.arguments = arguments
        self.start = None
        self.done = False

    def __call__(self):
        """Run it; whatever happens becomes a result."""
        result = outcome.Outcome(self.name)
        self.start = time.monotonic()
        try:
            self.function(result, *self.arguments)
        except Failure as failure:
            result.fail(f'{failure.cause}\n{failure.remedy}')
        except Exception:
            result.fail(traceback.format_exc())
        self.done = True
        result.seconds = time.monotonic() - self.start
        say(f'  {self.name}: {result.passed} passed, {result.failed} failed ({result.seconds:.0f} s)')
        return result


def split(arguments):
    """Paths among the arguments of setup/test, as paths inside the tree, and the other arguments."""
    paths, options = [], []
    for word in arguments:
        name = word.partition('::')[0]
        path = pathlib.Path(name).absolute() if not word.startswith('-') else None
        if path and path.exists() and ROOT in [path, *path.parents]:
            paths.append(str(path.relative_to(ROOT)) + word[len(name):])
        else:
            options.append(word)
    return paths, options


def jobs(arguments):
    """The jobs for these arguments; a path selects the lane that it belongs to."""
    paths, options = split(arguments)
    found = []
    for name, folders, function in lanes():
        targets = [path for path in paths for folder in folders if (path + '/').startswith(folder + '/')
                   or path.startswith(folder + '::')]
        if paths and not targets:
            continue
        whole = not set(targets) - set(folders)
        if function is module_job:
            found.append(Job(name, function, folders[0], targets, options, whole and not options))
        elif function is demo_job:
            found += [] if options else [Job(name, function)]
        else:
            found.append(Job(name, function, targets or folders, options))
    return found


def lanes():
    """The lanes that exist in this tree: name, folders, function."""
    found = []  # the long ones first: none is left over alone at the end
    if (ROOT / FULL / '__manifest__.py').exists():
        found.append(('full', [FULL], full_job))
    if any((ROOT / 'tests/e2e').glob('test_*.py')):
        found.append(('e2e', ['tests/e2e'], e2e_job))
    if tree.modules():
        found.append(('demo', ['demo'], demo_job))
    for name in tree.modules():
        if (ROOT / name / 'tests').is_dir():
            found.append((f'module {name}', [name], module_job))
    pure = [folder for folder in ('tests/pure', 'tests/repo') if any((ROOT / folder).glob('**/test_*.py'))]
    if pure:
        found.append(('pure', pure, pure_job))
    return found


def pure_job(result, targets, options):
    """Plain pytest."""
    pytest(result, ['-p', 'no:odoo', *targets, *options], bool(options))


def e2e_job(result, targets, options):
    """Real servers, started by the tests themselves."""
    pytest(result, ['-p', 'no:odoo', *targets, *options], bool(options))


def module_job(result, module, targets, options, native):
    """One module in a database of its own."""
    name = databases.copy(templates.of_module(module), f'testing-{module}')
    if native:
        http, gevent = free_ports(2)
        lines, _ = run(result, [PYTHON, '-P', '-m', 'parts.bundles', '-d', name, '-u', module,
                                '--test-tags', f'/{module}', '--stop-after-init',
                                '--http-port', http, '--gevent-port', gevent,
                                '--screenshots', HOME / 'screenshots', '--max-cron-threads', '0'])
        outcome.from_odoo(result, lines)
    else:
        pytest_odoo(result, name, targets or [f'{module}/tests'], options)
    if not result.failed:
        databases.drop(name)


def full_job(result, targets, options):
    """The journeys over all modules."""
    name = databases.copy(templates.of_all(), 'testing-all')
    pytest_odoo(result, name, targets, options)
    if not result.failed:
        databases.drop(name)


def demo_job(result):
    """Everything with demo data: the template itself is the test."""
    templates.of_all(demo=True)
    result.passed = 1


def pytest_odoo(result, database, targets, options):
    """pytest inside Odoo, with its web server."""
    pytest(result, ['-p', 'parts.log_guard', '-p', 'parts.bundles', f'--odoo-config={HOME / "odoo.conf"}',
                    f'--odoo-database={database}', '--odoo-log-level=warn', '--odoo-http', *targets, *options],
           bool(options))


def pytest(result, words, selected):
    """Run pytest and read its report; to have selected nothing is no failure when something was to be selected."""
    report = LOGS / f'{file_name(result.name)}.xml'
    report.unlink(missing_ok=True)
    lines, code = run(result, [PYTHON, '-m', 'pytest', f'--junitxml={report}', '-o',
                               f'cache_dir={HOME / "pytest" / file_name(result.name)}', *words])
    if report.exists():
        outcome.from_junit(result, report)
    if code and not result.failed and not (selected and code == 5):
        result.fail(f'pytest ended with {code}')
    if result.failed:
        result.details += ''.join(lines[-150:])


def run(result, words):
    """Run a command in a process group of its own, its output going to a log; return its lines and its exit code."""
    log = LOGS / f'{file_name(result.name)}.log'
    environment = {**config.environment(), 'PYTHONPATH': str(ROOT / 'setup')}
    with log.open('w') as stream, subprocess.Popen(
            ['setpriv', '--pdeathsig', 'TERM', *map(str, words)], stdout=stream, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, cwd=ROOT, env=environment, start_new_session=True) as child:
        running.add(child)
        try:
            code = child.wait(LIMIT)
        except subprocess.TimeoutExpired:
            result.fail(f'Stopped after {LIMIT} s.')
            code = 1
        finally:
            running.discard(child)
            kill(child)
    with log.open(errors='replace') as stream:
        return stream.readlines(), code


def kill(child):
    """End what is left of a command's process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def file_name(name):
    """The name of a job as part of a file's name."""
    return 'test-' + name.replace(' ', '-')


def run_all(found):
    """Run the jobs, two at a time; tell the failures as they come, and the summary."""
    results = []
    with told_what_runs(found), pool_of(2) as pool:
        for future in concurrent.futures.as_completed([pool.submit(job) for job in found]):
            result = future.result()
            results.append(result)
            if result.failed:
                print(f'\n===== {result.name} =====\n{result.details}', file=sys.stderr, flush=True)
    order = [job.name for job in found]
    results.sort(key=lambda result: order.index(result.name))
    if not any(result.passed + result.failed + result.skipped for result in results):
        say('No test matches.')
        return 1
    say(outcome.closing(results))
    return 1 if any(result.failed for result in results) else 0


@contextlib.contextmanager
def told_what_runs(found):
    """Say each minute which jobs are at work, and how long."""
    done = threading.Event()

    def tell():
        while not done.wait(60):
            say('  running: ' + ', '.join(f'{job.name} ({time.monotonic() - job.start:.0f} s)'
                                          for job in found if job.start and not job.done))

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        done.set()


@contextlib.contextmanager
def pool_of(count):
    """Threads for the jobs; when we are stopped, so are the commands that they run."""
    pool = concurrent.futures.ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in list(running):
            child.terminate()
        raise
    pool.shutdown()
