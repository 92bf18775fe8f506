"""What a visitor's browser tells of the pages it showed. Anybody can send anything here. Pure Python."""

MOST_PAGES = 15
LONGEST = 300


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
