"""Template databases for the tests: made once for each state of the tree, copied for each use.

``test-<module>`` holds that module and only what it depends on; ``test-all`` holds every module and what
installs itself beside them; ``test-demo`` the same with demo data. A template notes its state in its comment.
"""
import functools
import threading

from . import databases, logs, prepare, source, tree
from .base import LOGS, ROOT, SETUP, Failure, digest

PLAIN = 'test-plain'
guard = threading.Lock()
locks = {}


def locked(function):
    """Let one thread at a time build a template of a name."""
    @functools.wraps(function)
    def wrapper(name, *arguments):
        with guard:
            lock = locks.setdefault(name, threading.Lock())
        with lock:
            return function(name, *arguments)
    return wrapper


def own_dependencies(module):
    """Our modules that a module depends on, all levels, in an order to install them in."""
    found = []
    for name in tree.manifest(module).get('depends', ['base']):
        if tree.manifest(name):
            found += [*own_dependencies(name), name]
    return list(dict.fromkeys(found))


def state(modules):
    """What a template made of these modules depends on."""
    folders = [ROOT / name if (ROOT / name).is_dir() else ROOT / 'tests/addons' / name for name in modules]
    release = [path for path in (source.ODOO / 'stamp', prepare.CHOICE) if path.exists()]
    return digest(*[tree.state(folder) for folder in folders], SETUP / 'requirements/odoo.txt', *release)


def of_module(module):
    """The template with one module; it starts from the one of our module that it builds on."""
    parents = own_dependencies(module)
    parent = of_module(parents[-1]) if parents else plain(foreign(module))
    return build(f'test-{module}', state([*parents, module]), parent, [module], ['--skip-auto-install'])


def foreign(module):
    """The modules of others that a module depends on itself."""
    return sorted(name for name in tree.manifest(module).get('depends', []) if not tree.manifest(name))


def plain(modules):
    """The template with nothing of ours, so that a change of ours costs no new installation of theirs."""
    return build(PLAIN, state([]) + digest(*modules), None, modules or ['base'], ['--skip-auto-install'])


def of_all(demo=False):
    """The template with everything."""
    modules = [*tree.modules(), *([] if demo else tree.test_modules())]
    options = ['--with-demo'] if demo else []
    return build('test-demo' if demo else 'test-all', state(modules), None, modules, options)


@locked
def build(name, wanted, parent, modules, options):
    """Make a template unless it is there in the wanted state; our modules must install without a warning."""
    if databases.exists(name) and databases.note(name).get('state') == wanted:
        return name
    new = f'{name}--new'
    databases.drop(name)
    if parent:
        databases.copy(parent, new)
    else:
        databases.drop(new)
    log = LOGS / f'install-{name}.log'
    lines = databases.install(new, modules, *options, log=log)
    found = logs.problems(lines)
    if found:
        raise Failure(f'Installing {", ".join(modules)} logged:\n    ' + '\n    '.join(found[:20]),
                      f'the whole log is {log}')
    databases.write_note(new, {'state': wanted})
    databases.rename(new, name)
    return name
