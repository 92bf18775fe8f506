"""What somebody typed into a form. Standard library only."""


def typed(value):
    """Return ``value`` of a form (str), without what no database takes; '' for what is no text, such as a file.

    >>> typed('a\\x00b'), typed(None), typed(b'file')
    ('ab', '', '')
    """
    return value.replace('\x00', '') if isinstance(value, str) else ''
