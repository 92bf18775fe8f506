"""What this checkout holds: the modules, what they depend on, and whether they have changed."""
import ast

from .base import ROOT, digest

SKIPPED = {'__pycache__', 'tests'}


def modules():
    """The names of our modules, as they stand in the tree."""
    return sorted(path.parent.name for path in ROOT.glob('helpdesk_*/__manifest__.py'))


def test_modules():
    """The names of the modules that exist for the tests only."""
    return sorted(path.parent.name for path in (ROOT / 'tests/addons').glob('*/__manifest__.py'))


def addons_path():
    """The folders with modules of ours."""
    folders = [ROOT] if modules() else []
    if test_modules():
        folders.append(ROOT / 'tests/addons')
    return folders


def manifest(name):
    """A module's manifest, as a dictionary."""
    for folder in (ROOT / name, ROOT / 'tests/addons' / name):
        path = folder / '__manifest__.py'
        if path.is_file():
            return ast.literal_eval(path.read_text())
    return {}


def state(folder, tests=False):
    """A hash of all files of a folder that matter to a database (``tests``: those of the tests too)."""
    parts = []
    for path in sorted(folder.rglob('*')):
        inside = path.relative_to(folder)
        if path.is_file() and path.suffix != '.pyc' and (tests or not SKIPPED & set(inside.parts)):
            parts += [str(inside), path]
    return digest(*parts)
