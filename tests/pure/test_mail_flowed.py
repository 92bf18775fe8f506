"""Text with soft line breaks is read as its sender wrote it (RFC 3676)."""

import time

import pytest

from helpdesk_mail.tools.flowed import unflow


@pytest.mark.parametrize('sent,read', [
    ('One long \nparagraph of \nwords.\n\nNext', 'One long paragraph of words.\n\nNext'),
    ('> quoted \n> words\nmine', '> quoted words\nmine'),
    ('> one \n>> two \nmine', '> one \n>> two \nmine'),
    ('words \n-- \nJo', 'words \n-- \nJo'),
    (' From me\n >not quoted', 'From me\n>not quoted'),
    ('hard\nbreaks\n', 'hard\nbreaks\n'),
    ('one \r\ntwo', 'one two'),
    ('', ''),
])
def test_unflow(sent, read):
    assert unflow(sent) == read


def test_delsp_takes_the_blank():
    assert unflow('東京 \n都', delsp=True) == '東京都'


def test_a12_long_ones_cost_little():
    begun = time.thread_time()
    unflow('word \n' * 300_000)
    unflow('>' * 300_000)
    unflow('> \n>> \n' * 100_000)
    assert time.thread_time() - begun < 2
