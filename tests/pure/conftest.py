"""Lets ``from helpdesk_x.tools import y`` work without Odoo: our modules' ``__init__`` is not run."""
import pathlib
import sys
import types

ROOT = pathlib.Path(__file__).parents[2]

for manifest in ROOT.glob('helpdesk_*/__manifest__.py'):
    package = types.ModuleType(manifest.parent.name)
    package.__path__ = [str(manifest.parent)]
    sys.modules.setdefault(package.__name__, package)

sys.path.insert(0, str(pathlib.Path(__file__).parent))  # for what tests share
