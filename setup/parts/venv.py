"""Python environments: built from a folder of wheels in the cache, so that a second one needs no network."""
import shutil

from .base import CACHE, HOME, SETUP, VENV, LastLine, digest, locked, replace_folder, run, step
from .system import base_python

NETWORK = 'look at the network and at pip\'s configuration (pip config list)'
LISTS = ('odoo', 'test')
# packages that are wanted for a file in them: without what they depend on
ALONE = ('axe',)
SCHEMATHESIS = HOME / 'venv-schemathesis'


def ensure(site):
    """The environment that runs Odoo and the tests, with ``import odoo`` coming from ``site``."""
    build(VENV, LISTS, ALONE)
    packages = next(VENV.glob('lib/python3.*/site-packages'))
    link = packages / 'helpdesk_odoo.pth'
    if not link.exists() or link.read_text() != f'{site}\n':
        link.write_text(f'{site}\n')


def schemathesis():
    """The program that tries the API, in an environment of its own; return its path."""
    build(SCHEMATHESIS, ['schemathesis'])
    return SCHEMATHESIS / 'bin/schemathesis'


def build(folder, lists, alone=()):
    """A virtual environment with the packages of the requirement lists, unless it is there already; those of the lists
    ``alone`` without their dependencies."""
    python = base_python()
    files, bare = ([SETUP / 'requirements' / f'{name}.txt' for name in names] for names in (lists, alone))
    state = digest(*files, *bare, run(python, '-VV').stdout, str(folder))
    stamp = folder / 'stamp'
    if stamp.is_file() and stamp.read_text() == state:
        return
    wheels = wheelhouse(python, files, bare)
    with step(f'building the Python environment {folder.name} (about 40 seconds)'):
        if not usable(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            run(python, '-m', 'venv', folder)
        for options in pip_options(files, bare):
            run(folder / 'bin/python', '-m', 'pip', 'install', '--quiet', '--no-index', '--find-links', wheels,
                *options, log=HOME / 'log/pip.log', remedy=f'delete {wheels} and start this again')
        stamp.write_text(state)


def pip_options(files, bare):
    """What pip is told of the lists: once for those with dependencies, once for those without, where there are any."""
    return [[*first, *[word for file in some for word in ('-r', file)]]
            for first, some in (([], files), (['--no-deps'], bare)) if some]


def usable(folder):
    """Whether there is an environment that can be brought up to date in place."""
    python = folder / 'bin/python'
    return python.exists() and run(python, '-m', 'pip', '--version', check=False).returncode == 0


def wheelhouse(python, files, bare):
    """The cached folder of wheels for these lists and this Python."""
    name = 'wheels-' + digest(*files, *bare, run(python, '-VV').stdout)
    final, new = CACHE / name, CACHE / f'{name}.new'
    with locked(CACHE / f'{name}.lock'):
        if not final.is_dir():
            tool = CACHE / f'{name}.tool'
            progress = LastLine()
            with step('downloading Python packages (about 60 MB, one minute)', watch=progress):
                shutil.rmtree(new, ignore_errors=True)
                run(python, '-m', 'venv', '--clear', tool)
                run(tool / 'bin/python', '-m', 'pip', 'install', '--quiet', 'wheel', 'setuptools<81', remedy=NETWORK)
                for options in pip_options(files, bare):
                    run(tool / 'bin/python', '-m', 'pip', 'wheel', '--progress-bar', 'off', '--wheel-dir', new,
                        *options, log=HOME / 'log/pip.log', feed=progress.feed, remedy=NETWORK)
                shutil.rmtree(tool)
                replace_folder(new, final)
    return final
