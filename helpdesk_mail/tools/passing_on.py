"""Prepare words of a ticket for somebody outside it: what would open the ticket, or load from it, is taken out (D6).

Works on HTML that was sanitised before (a message's body): tags are well formed.
"""

import re

from . import signature

# a tag ends at the next "<" at the latest: each place is looked at once
_IMAGE = re.compile(r'<img\b[^<>]*>', re.IGNORECASE)
_ALT = re.compile(r'\balt="([^"]*)"', re.IGNORECASE)
_LINK = re.compile(r'<a\b[^<>]*>', re.IGNORECASE)
_TARGET = re.compile(r'\bhref="([^"]*)"', re.IGNORECASE)
_OURS = re.compile(r'^\s*/|access_token=|/mail/view|/my/tickets', re.IGNORECASE)
HIDDEN = '[…]'


def clean(html, hide=()):
    """Return the sanitised ``html`` without images, links into this database and our signatures.

    Images of a message are files of the ticket, reached by a key in their address: they are not handed on with the
    words, an agent chooses the files to send.

    :param hide: mail addresses that are not to be read either; ``[…]`` stands for them
    """
    words = _IMAGE.sub(_image_words, html or '')
    words = _LINK.sub(_link, words)
    hidden = [re.escape(address) for address in hide if address]
    if hidden:
        words = re.sub('|'.join(sorted(hidden, key=len, reverse=True)), HIDDEN, words, flags=re.IGNORECASE)
    return signature.without_tokens(words)


def _link(match):
    target = _TARGET.search(match[0])
    return '<a>' if target and _OURS.search(target[1]) else match[0]


def _image_words(match):
    alt = _ALT.search(match[0])
    return f'[{alt[1]}]' if alt and alt[1].strip() else HIDDEN
