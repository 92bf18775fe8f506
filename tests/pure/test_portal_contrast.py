"""Colours that people can read (WCAG 2.2, 1.4.3)."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_portal.tools import contrast

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f'#{number:06X}')


@pytest.mark.parametrize(('one', 'other', 'ratio'), [
    ('#000000', '#FFFFFF', 21.0), ('#FFFFFF', '#FFFFFF', 1.0), ('#777777', '#FFFFFF', 4.48), ('#767676', '#fff', 4.54),
    ('#FF0000', '#FFFFFF', 4.0), ('#0000FF', '#FFFFFF', 8.59), ('#714B67', '#FFFFFF', 7.23),
])
def test_ratio(one, other, ratio):
    assert round(contrast.ratio(one, other), 2) == ratio
    assert contrast.ratio(one, other) == contrast.ratio(other, one)


@pytest.mark.parametrize('text', [
    '', None, 'red', '#12', '#GGGGGG', '#123456;}', 'url(#fff)', '#12345678', ' #fff', '#fff\n'])
def test_no_colour(text):
    assert not contrast.is_colour(text)
    with pytest.raises(ValueError, match='no colour'):
        contrast.channels(text)


@given(COLOUR)
def test_text_is_always_readable(colour):
    assert contrast.ratio(colour, contrast.text_on(colour)) >= contrast.ENOUGH
    assert contrast.ratio(contrast.readable(colour), contrast.WHITE) >= contrast.ENOUGH


def test_a_readable_colour_stays():
    assert contrast.readable('#1F6F78') == '#1F6F78'
    assert contrast.readable('#FFD400') == '#8C7500'
    assert contrast.ratio(contrast.readable('#FFD400', contrast.TINTED), contrast.TINTED) >= contrast.ENOUGH
    assert contrast.text_on('#FFD400') == contrast.BLACK
