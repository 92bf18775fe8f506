import pytest

from helpdesk_core.tools.likeness import ALIKE, likeness


@pytest.mark.parametrize(('one', 'other'), [
    ("Printer on floor 3 prints blank pages", "RE: AW: printer floor 3 prints blank pages!"),
    ("Drill is silent", "Re: drill is SILENT"),
    ("Bohrer läuft nicht", "Bohrer lauft nicht mehr"),
    ("打印机坏了", "打印机坏了"),
])
def test_alike(one, other):
    assert likeness(one, other) >= ALIKE
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(('one', 'other'), [
    ("Drill is silent", "Invoice 2026/17 is wrong"),
    ("", ""),
    (None, "Drill"),
    ("?!", "?!"),
    ("Re: ", "Re: "),
])
def test_not_alike(one, other):
    assert likeness(one, other) < ALIKE


def test_the_same_is_one():
    assert likeness("Drill is silent", "drill  is silent.") == 1.0
