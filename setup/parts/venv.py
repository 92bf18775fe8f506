"""Python environments: built from a folder of wheels in the cache, so that a second one needs no network."""
import shutil

from .base import CACHE, HOME, SETUP, VENV, LastLine, digest, locked, replace_folder, run, step
from .system import base_python

NETWORK = 'look at the network and at pip\'s configuration (pip config list)'
LISTS = ('odoo', 'test')


def ensure(site):
    """The environment that runs Odoo and the tests, with ``import odoo`` coming from ``site``."""
    build(VENV, LISTS)
    packages = next(VENV.glob('lib/python3.*/site-packages'))
    link = packages / 'helpdesk_odoo.pth'
    if not link.exists() or link.read_text() != f'{site}\n':
        link.write_text(f'{site}\n')


def build(folder, lists):
    """A virtual environment with the packages of the requirement lists, unless it is there already."""
    python = base_python()
    files = [SETUP / 'requirements' / f'{name}.txt' for name in lists]
    state = digest(*files, run(python, '-VV').stdout, str(folder))
    stamp = folder / 'stamp'
    if stamp.is_file() and stamp.read_text() == state:
        return
    wheels = wheelhouse(python, files)
    with step(f'building the Python environment {folder.name} (about 40 seconds)'):
        if not usable(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            run(python, '-m', 'venv', folder)
        run(folder / 'bin/python', '-m', 'pip', 'install', '--quiet', '--no-index', '--find-links', wheels,
            *[word for file in files for word in ('-r', file)], log=HOME / 'log/pip.log',
            remedy=f'delete {wheels} and start this again')
        stamp.write_text(state)


def usable(folder):
    """Whether there is an environment that can be brought up to date in place."""
    python = folder / 'bin/python'
    return python.exists() and run(python, '-m', 'pip', '--version', check=False).returncode == 0


def wheelhouse(python, files):
    """The cached folder of wheels for these lists and this Python."""
    name = 'wheels-' + digest(*files, run(python, '-VV').stdout)
    final, new = CACHE / name, CACHE / f'{name}.new'
    with locked(CACHE / f'{name}.lock'):
        if not final.is_dir():
            tool = CACHE / f'{name}.tool'
            progress = LastLine()
            with step('downloading Python packages (about 60 MB, one minute)', watch=progress):
                shutil.rmtree(new, ignore_errors=True)
                run(python, '-m', 'venv', '--clear', tool)
                run(tool / 'bin/python', '-m', 'pip', 'install', '--quiet', 'wheel', 'setuptools<81', remedy=NETWORK)
                run(tool / 'bin/python', '-m', 'pip', 'wheel', '--progress-bar', 'off', '--wheel-dir', new,
                    *[word for file in files for word in ('-r', file)], log=HOME / 'log/pip.log',
                    feed=progress.feed, remedy=NETWORK)
                shutil.rmtree(tool)
                replace_folder(new, final)
    return final
