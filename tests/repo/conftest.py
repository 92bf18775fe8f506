"""Makes ``import house`` work here, and small trees of bad examples."""
import pathlib
import sys
import textwrap

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from house import House

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope='session')
def house():
    """Return this tree."""
    return House(ROOT)


@pytest.fixture
def build(tmp_path):
    """Return a function that builds a tree from {path: text} and returns its House."""
    def build_tree(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return House(tmp_path)
    return build_tree
