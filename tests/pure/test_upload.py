"""What customers may attach."""
import pytest

from helpdesk_portal.tools.upload import MAX_FILES, clean_name, faults


@pytest.mark.parametrize(('name', 'bare'), [
    ('../../etc/passwd', 'passwd'), ('C:\\tmp\\a.txt', 'a.txt'), ('', 'file'), (None, 'file'), ('a\r\nb.txt', 'ab.txt'),
    ('...', 'file'), ('x' * 300, 'x' * 200),
])
def test_clean_name(name, bare):
    assert clean_name(name) == bare


@pytest.mark.parametrize(('files', 'found'), [
    ([('a.png', 10)], []),
    ([('a.png', 0)], [('empty', 'a.png')]),
    ([('a.png', 11)], [('large', 'a.png')]),
    ([('A.EXE', 5)], [('kind', 'A.EXE')]),
    ([('a.exe. ', 5)], [('kind', 'a.exe')]),
    ([('exe', 5)], []),
    ([('a.txt', 1)] * (MAX_FILES + 1), [('many', '')]),
])
def test_faults(files, found):
    assert faults(files, max_bytes=10) == found
