"""What a customer may attach: how many files, how large, of which kind. Standard library only."""

# programs, and what runs when somebody opens it
REFUSED = frozenset((
    'ade', 'adp', 'apk', 'app', 'appx', 'bat', 'chm', 'cmd', 'com', 'cpl', 'dll', 'dmg', 'exe', 'hta', 'ins',
    'isp', 'jar', 'js', 'jse', 'lib', 'lnk', 'mde', 'msc', 'msi', 'msix', 'msp', 'mst', 'pif', 'ps1', 'scf',
    'scr', 'sct', 'shb', 'sys', 'url', 'vb', 'vbe', 'vbs', 'vxd', 'wsc', 'wsf', 'wsh', 'xll',
))
MAX_FILES = 10


def clean_name(name):
    """Return the bare file name (str) without path and control characters; 'file' when nothing is left."""
    bare = (name or '').replace('\\', '/').rsplit('/', 1)[-1]
    bare = ''.join(letter for letter in bare if letter.isprintable()).strip(' .')
    return bare[-200:] or 'file'


def faults(files, max_bytes):
    """Say what is wrong with files that are to be attached.

    :param files: [(name, size in bytes)]
    :param int max_bytes: the largest size of one file
    :return: [(what, name)]; ``what`` is 'many' (name empty), 'empty', 'large' or 'kind'; [] when all may be taken
    """
    found = [('many', '')] if len(files) > MAX_FILES else []
    for name, size in files:
        bare = clean_name(name)
        if bare.rsplit('.', 1)[-1].lower() in REFUSED and '.' in bare:
            found.append(('kind', bare))
        elif not size:
            found.append(('empty', bare))
        elif size > max_bytes:
            found.append(('large', bare))
    return found
