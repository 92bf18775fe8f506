"""An article's HTML made fit for a page."""
import doctest
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_portal.tools import help_page
from helpdesk_portal.tools.help_page import make_page, shown_files, text_of


def test_examples():
    result = doctest.testmod(help_page)
    assert result.attempted
    assert not result.failed


def test_text_without_headings_stays_as_it_is():
    for html in ('', '<p>a &amp; b&nbsp;&#8211; <b class="x">c</b><br/></p>', '<!-- x --><p>y</p>'):
        page = make_page(html)
        assert page.html == html.replace('<!-- x -->', '')
        assert (page.contents, page.questions, page.steps) == ([], [], [])


def test_same_headings_have_anchors_of_their_own():
    page = make_page('<h2>Again</h2><p>1</p><h2>Again</h2><p>2</p><h2></h2>')
    assert [anchor for anchor, _text, _depth in page.contents] == ['s-again', 's-again-2']
    assert page.questions == [('Again', '<p>1</p>'), ('Again', '<p>2</p><h2 id="s-part"></h2>')]


def test_steps_are_those_of_the_first_numbered_list():
    page = make_page('<ul><li>no</li></ul><ol><li><p>One</p><ul><li>in</li></ul></li><li>Two</li></ol>'
                     '<ol><li>3</li></ol>')
    assert page.steps == ['<p>One</p><ul><li>in</li></ul>', 'Two']


def test_files_are_fetched_from_the_page_where_they_may_be():
    html = '<img src="/web/image/7-ab/x.png?access_token=t" title="&quot;&gt;"/><a href="/web/content/8">f</a>'
    page = make_page(html, {7: '/f/7'}.get)
    assert page.html == '<img src="/f/7" title="&quot;&gt;" alt=""><a href="/web/content/8">f</a>'
    assert shown_files(html) == {7, 8}


def test_tables_can_be_moved_by_keyboard():
    page = make_page('<table><tr><td><table></table></td></tr></table>', table_label='"Ta<ble')
    assert page.html.count('tabindex="0"') == 1
    assert 'aria-label="&quot;Ta&lt;ble"' in page.html


@given(st.text(alphabet='<>/h12olipa \'"&=', max_size=200))
def test_anything_is_read(html):
    page = make_page(html)
    for anchor, text, depth in page.contents:
        assert not set(anchor) & set(' <>"\'&')
        assert text == text_of(text) or '<' in text
        assert depth in (2, 3)


@given(st.text(alphabet='abc<>&"\'', min_size=1, max_size=40))
def test_words_never_become_markup(words):
    from html import escape
    page = make_page(f'<h2>{escape(words)}</h2><p>{escape(words)}</p><img src="/web/image/1" title="{escape(words)}">',
                     {1: '/f'}.get)
    tags = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append((tag, [name for name, _value in attrs]))
    Reader().feed(page.html)
    assert tags == [('h2', ['id']), ('p', []), ('img', ['src', 'title', 'alt'])]
