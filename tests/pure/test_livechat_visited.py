"""What a visitor's browser says about the pages it showed: anything may be sent."""
import pytest

from helpdesk_livechat.tools.visited import LONGEST, MOST_PAGES, clean_line, clean_pages, clean_text


@pytest.mark.parametrize(('sent', 'kept'), [
    (None, []),
    ('/shop', []),
    ({'0': '/shop'}, []),
    ([], []),
    (['/shop', '/shop', '/cart?x=1'], ['/shop', '/cart?x=1']),
    (['https://shop.test/a', 'HTTP://shop.test/b'], ['https://shop.test/a', 'HTTP://shop.test/b']),
    (['javascript:alert(1)', 'data:text/html,x', 'shop', 7, None, ['/x'], ''], []),
    (['/a\x00b\u202ec\n'], ['/abc']),
])
def test_clean_pages(sent, kept):
    assert clean_pages(sent) == kept


def test_little_is_kept():
    assert clean_pages(['/' + 'x' * 5000]) == ['/' + 'x' * (LONGEST - 1)]
    assert clean_pages([f'/{number}' for number in range(1000)]) == [
        f'/{number}' for number in range(1000 - MOST_PAGES, 1000)]


@pytest.mark.parametrize(('typed', 'text', 'line'), [
    (None, '', ''),
    (['x'], '', ''),
    (" a\x00\ud800b\r\n\tc ", "ab\n\tc", "ab c"),
    ("👨‍👩‍👧 né", "👨‍👩‍👧 né", "👨‍👩‍👧 né"),
])
def test_what_is_typed(typed, text, line):
    assert (clean_text(typed), clean_line(typed)) == (text, line)
