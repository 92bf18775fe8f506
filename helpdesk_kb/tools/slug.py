"""The readable end of an article's address. Pure Python."""
import re

from .fold import fold

LONGEST = 80
_CYRILLIC = dict(zip('абвгдезийклмнопрстуфхъыьэ', [
    'a', 'b', 'v', 'g', 'd', 'e', 'z', 'i', 'y', 'k', 'l', 'm', 'n', 'o', 'p', 'r', 's', 't', 'u', 'f', 'kh', '', 'y',
    '', 'e'], strict=True)) | {'ж': 'zh', 'ц': 'ts', 'ч': 'ch', 'ш': 'sh', 'щ': 'shch', 'ю': 'yu', 'я': 'ya'}


def slugify(name):
    """Return ``name`` as small Latin letters, digits and single hyphens, cut at a word; 'article' if nothing is left.

    >>> slugify('Jak změnit heslo?'), slugify('Сброс пароля'), slugify('返品')
    ('jak-zmenit-heslo', 'sbros-parolya', 'article')
    """
    latin = ''.join(_CYRILLIC.get(char, char) for char in fold(name))
    slug = re.sub(r'[^a-z0-9]+', '-', latin).strip('-')
    if len(slug) > LONGEST:
        slug = slug[:LONGEST + 1].rpartition('-')[0] or slug[:LONGEST]
    return slug or 'article'


def free_slug(slug, taken):
    """Return ``slug``, numbered if it is among the ``taken`` ones.

    >>> free_slug('reset', {'reset', 'reset-2'})
    'reset-3'
    """
    if slug not in taken:
        return slug
    number = 2
    while f'{slug}-{number}' in taken:
        number += 1
    return f'{slug}-{number}'
