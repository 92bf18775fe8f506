"""What a visitor's browser tells of the pages it showed, and what visitors type. Anybody can send anything here. Pure
Python."""
import re

MOST_PAGES = 15
LONGEST = 300
# what no database, or no header of a mail, takes
UNFIT = re.compile(r'[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]')


def clean_pages(pages):
    """Return the pages (list of str, oldest first) out of what a browser sent, whatever that is.

    Kept are paths ('/shop?x=1') and http addresses, without control characters, cut to a sane length; of many the last.

    >>> clean_pages(['/shop', 'javascript:alert(1)', 7])
    ['/shop']
    """
    if not isinstance(pages, list):
        return []
    kept = []
    for page in pages[-100:]:
        if not isinstance(page, str) or not page.lower().startswith(('/', 'http://', 'https://')):
            continue
        text = ''.join(sign for sign in page[:LONGEST] if sign.isprintable())
        if text and text not in kept:
            kept.append(text)
    return kept[-MOST_PAGES:]


def clean_text(text):
    """Return ``text`` (str) as it can be kept, whatever a browser sent; '' for what is no text.

    >>> clean_text(' a\\x00b\\ud800 '), clean_text(7)
    ('ab', '')
    """
    return UNFIT.sub('', text).strip() if isinstance(text, str) else ''


def clean_line(text):
    """Return ``text`` as :func:`clean_text` does, on one line.

    >>> clean_line('Vera\\nBcc: all')
    'Vera Bcc: all'
    """
    return ' '.join(clean_text(text).split())
