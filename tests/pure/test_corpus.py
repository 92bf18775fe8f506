"""Mails of many programs, and hostile ones, are read as a person would read them (tests/corpus; G1 to G19, A1 to A24).

Each ``.eml`` has its expected result beside it; what stands there of the gateway is for the module's own test.
"""

import datetime
import hashlib
import json
import pathlib
import time

import pytest

from helpdesk_mail.readers import tnef
from helpdesk_mail.tools import arrival, mail_content, mail_kind, parsing

CORPUS = sorted(pathlib.Path(__file__).parents[1].joinpath('corpus').glob('*.eml'))
OURS = {'support@desk.test', 'support@test.mycompany.com'}
RECEIVED = datetime.datetime(2026, 11, 23, 8, 13)
MAX_SECONDS = 1


def expected(path):
    return json.loads(path.with_suffix('.json').read_text(encoding='utf-8'))


def one_line(text):
    return ' '.join(text.split())


@pytest.mark.parametrize('path', CORPUS, ids=lambda path: path.stem)
def test_corpus(path):
    want, begun = expected(path), time.thread_time()
    message, _problem = parsing.parse(path.read_bytes())
    read = arrival.read(message, RECEIVED)
    verdict = mail_kind.classify(message, read.sender, own_addresses={read.sender} & OURS)
    content = mail_content.read(message, tnef.unpack)
    bounce = arrival.read_bounce(message) if verdict.kind == mail_kind.BOUNCE else None
    assert time.thread_time() - begun < MAX_SECONDS
    assert read.sender == want['sender']
    assert read.sender_name == want.get('sender_name', read.sender_name)
    assert verdict.kind == ('own' if want['outcome'] == 'refused' else want['kind']), verdict.because
    if 'subject' in want and want['subject'] != '(no subject)':
        assert read.subject == want['subject']
    words = one_line(content.plain or mail_content.html_to_text(content.html))
    for text in want['words']:
        assert text in words or (content.meeting and text == content.meeting.summary)
    if 'files' in want:
        assert [[file.name, hashlib.sha256(file.content).hexdigest()] for file in content.attachments] == want['files']
    if bounce:
        assert bounce.action in ('failed', 'delayed')
        assert '\n' not in bounce.diagnostic
        for name, value in want.get('bounce', {}).items():
            assert getattr(bounce, name) == value


def test_the_corpus_is_there():
    assert len(CORPUS) >= 120
    assert [path.name for path in CORPUS if not path.with_suffix('.json').is_file()] == []
    kinds = {expected(path)['kind'] for path in CORPUS}
    assert kinds >= {'genuine', 'auto_reply', 'auto_generated', 'out_of_office', 'bounce', 'list', 'spam'}
