"""Mark, in the HTML of a mail, what the thread folds and the sanitiser of core does not know (S3-12).

Core marks block quotes, the wrappers of Gmail, Yahoo and Outlook on the web, and signatures. This adds the header
lines of Outlook and others with all that follows, and the sentence above a block quote. Attributes only: not a word
of the mail is lost.
"""

from itertools import islice

from lxml import html
from markupsafe import escape

from ..tools import quoting

QUOTE = 'data-o-mail-quote'
MAX_ELEMENTS = 20_000  # looked at
MAX_BLOCK = 4_000  # characters of an element that may be header lines
MAX_INSIDE = 200  # elements in it that are read
_BLOCKS = frozenset(('p', 'div', 'td', 'li', 'span', 'font', 'blockquote', 'section'))
_BREAKING = frozenset(('br', 'p', 'div', 'tr', 'li'))


def mark(source, forward=False):
    """Return sanitised HTML with the quoted parts marked for the thread.

    :param str source: sanitised HTML
    :param bool forward: it was sent to show what stands below
    """
    root = html.document_fromstring(f'<html><body>{source}</body></html>').find('body')
    if root is None:
        return source
    elements = [one for one in root.iterdescendants() if isinstance(one.tag, str)][:MAX_ELEMENTS]
    changed = [_mark_introduction(one) for one in elements if one.tag == 'blockquote']
    if not forward:
        changed.append(_mark_history(root, elements))
    return _inner(root) if any(changed) else source


def _mark_introduction(quote):
    """Mark "On … wrote:" above a block quote, be it an element or mere text."""
    before = quote.getprevious()
    while before is not None and before.tag == 'br' and not (before.tail or '').strip():
        before = before.getprevious()
    tail = before.tail if before is not None else (quote.getparent().text if quote.getprevious() is None else '')
    if (tail or '').strip():
        if not quoting.introduces(tail):
            return False
        span = quote.makeelement('span', {QUOTE: '1'})
        span.text = tail
        if before is not None:
            before.tail = None
            before.addnext(span)
        else:
            quote.getparent().text = None
            quote.getparent().insert(0, span)
        return True
    if before is None or before.get(QUOTE) or not quoting.introduces(_text(before)):
        return False
    before.set(QUOTE, '1')
    return True


def _mark_history(root, elements):
    """Mark the header lines of an earlier mail and all that follows them."""
    for element in elements:
        if element.tag not in _BLOCKS or element.get(QUOTE) or _inside_quote(element, root):
            continue
        start = _history_in(element)
        if start is None:
            continue
        above = _text_before(start, root)
        if not above.strip() or quoting.answers_below(above):
            return False
        while start.getparent() is not root and not _own_text_before(start):
            start = start.getparent()
        _mark_rest(start, root)
        return True
    return False


def _history_in(element):
    """Return ``element`` when the header lines of a mail stand at its beginning, and in no element inside."""
    text = _text(element)
    if len(text) <= 20:
        return None
    lines = text[:MAX_BLOCK].strip().split('\n')
    first = next((line for line in lines if line.strip()), '')
    if ':' not in first and '：' not in first and '--' not in first and '__' not in first:
        return None
    inner = [child for child in element if isinstance(child.tag, str) and child.tag in _BLOCKS]
    inside = [_text(child).strip().split('\n') for child in inner[:3]]
    if any(quoting.starts_history(one, 0) for one in inside):
        return None  # the element inside is the one
    return element if quoting.starts_history(lines, 0) else None


def _mark_rest(start, root):
    """Mark ``start`` and what comes after it, up to the end of the mail."""
    start.set(QUOTE, '1')
    element = start
    while element is not root:
        _wrap_tail(element)
        for sibling in list(element.itersiblings()):
            if isinstance(sibling.tag, str):
                sibling.set(QUOTE, '1')
            _wrap_tail(sibling)
        element = element.getparent()


def _wrap_tail(element):
    if (element.tail or '').strip():
        span = element.makeelement('span', {QUOTE: '1'})
        span.text, element.tail = element.tail, None
        element.addnext(span)


def _inside_quote(element, root):
    return any(one.get(QUOTE) for one in element.iterancestors() if one is not root)


def _own_text_before(element):
    """Tell whether anything is shown in the parent above ``element``."""
    before = list(element.itersiblings(preceding=True))
    texts = [element.getparent().text, *(one.tail for one in before)]
    texts += [one.text_content() for one in before if isinstance(one.tag, str)]
    return any((text or '').strip() for text in texts)


def _text_before(element, root):
    """Return the words above ``element`` that are not marked as quoted."""
    found = []
    while element is not root:
        for one in element.itersiblings(preceding=True):
            found.append(one.tail or '')
            if isinstance(one.tag, str) and not one.get(QUOTE):
                found.append(one.text_content())
        element = element.getparent()
        found.append(element.text or '')
    return '\n'.join(reversed(found))


def _text(element):
    """Return the text of ``element``, at most :data:`MAX_BLOCK` characters, a line break where one is shown."""
    pieces, length = [element.text or ''], 0
    for one in islice(element.iterdescendants(), MAX_INSIDE):
        if not isinstance(one.tag, str):
            pieces.append(one.tail or '')
            continue
        if one.tag in _BREAKING:
            pieces.append('\n')
        pieces += [' '.join((one.text or '').split('\n')), (one.tail or '').replace('\n', ' ')]
        length += len(pieces[-1]) + len(pieces[-2])
        if length > MAX_BLOCK:
            break
    return ''.join(pieces)


def _inner(root):
    return ''.join([str(escape(root.text or '')), *(html.tostring(child, encoding='unicode') for child in root)])
