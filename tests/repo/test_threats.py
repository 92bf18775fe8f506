"""Each defect of core's gateway, attack on the intake of mail and fault has a test that is named after it."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LINES = [*(f'g{number:02}' for number in range(1, 21)), *(f'a{number:02}' for number in range(1, 25)),
         *(f'f{number:02}' for number in range(1, 15))]


def names():
    """Return {line: [test that names it]}, from the names of test functions in the tree and from the corpus."""
    found = {}
    for path in [*ROOT.glob('tests/**/test_*.py'), *ROOT.glob('helpdesk_*/tests/test_*.py')]:
        for name in re.findall(r'(?m)^\s*def (test_\w+)', path.read_text(encoding='utf-8')):
            for line in re.findall(r'(?<![a-z0-9])[gaf]\d\d(?![0-9])', name):
                found.setdefault(line, []).append(f'{path.stem}.{name}')
    return found


@pytest.mark.parametrize('line', LINES)
def test_named(line):
    assert names().get(line), f'no test is named after {line.upper()} of the list of threats'
