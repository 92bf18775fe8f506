"""Keep a mail from loading anything from elsewhere when it is shown (threats A18).

Whoever wrote it would learn who reads it, when and where, and could have the reader's browser call any address.
"""

import re

from lxml import html

MARK = 'o_helpdesk_remote_image'
_LOADING = ('src', 'srcset', 'background', 'poster', 'lowsrc', 'dynsrc', 'longdesc', 'data', 'xlink:href')
_LINKS = frozenset(('a', 'area'))  # whose href loads nothing by itself
_HARMLESS = re.compile(r'(?i)(cid:|mid:|data:image/)')
_SPACE = re.compile(r'[\x00-\x20\\]+')
_NO_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')  # what lxml refuses to write
_TINY = frozenset(('0', '1', '2'))


def block(source, own_url=''):
    """Return sanitised HTML whose remote images wait for the reader, and how many wait.

    An image that waits has no ``src``, the class :data:`MARK` and its address as ``title``. Images too small to be seen
    are taken out. Images attached to the mail, and images of our own server, stay.

    :param str source: sanitised HTML
    :param str own_url: address of this server, ``https://desk.example.com``
    :return: (HTML, number of images that wait)
    """
    own = tuple(own_url.rstrip('/') + path for path in ('/web/image', '/web/content')) if own_url else ()
    root, waiting = html.document_fromstring(f'<html><body>{source}</body></html>').find('body'), 0
    if root is None:  # it was not what the sanitiser gives
        return _escape(source), 0
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str):
            continue
        removed = _strip(element, own)
        if element.tag != 'img' or not removed:
            continue
        if {element.get('width', '').removesuffix('px'), element.get('height', '').removesuffix('px')} & _TINY:
            element.drop_tree()
            continue
        address = next((one for one in removed if re.match('(?i)(https?:)?//', one)), '')
        if address and 'src' not in element.attrib:
            element.set('class', MARK)
            element.set('title', address if ':' in address[:6] else 'https:' + address)
            waiting += 1
    return _inner(root), waiting


def _strip(element, own):
    """Take what would load off ``element``; return the addresses that were taken."""
    removed = []
    for name in element.attrib:
        value = element.get(name)
        if name == 'style':
            if 'url(' in value.lower():
                kept = ';'.join(one for one in value.split(';') if 'url(' not in one.lower())
                element.set('style', _NO_XML.sub('', kept))
        elif name in _LOADING or (name == 'href' and element.tag not in _LINKS):
            address = _NO_XML.sub('', _SPACE.sub(lambda found: '/' * found.group().count('\\'), value))
            if address and not _HARMLESS.match(address) and not (own and address.startswith(own)):
                removed.append(address)
                del element.attrib[name]
    return removed


def _inner(root):
    parts = [html.tostring(child, encoding='unicode') for child in root]
    return ''.join([_escape(root.text), *parts])


def _escape(text):
    return (text or '').replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
