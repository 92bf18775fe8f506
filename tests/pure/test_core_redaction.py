"""Redaction finds words where they hide, and leaves the rest as it is (N14)."""
import base64
import hashlib
import io
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.redact_file import redact_file
from helpdesk_core.tools.redact_mail import redact_mail
from helpdesk_core.tools.redaction import (
    BLOCK,
    any_finder,
    copies_finder,
    redact_any,
    redact_html,
    redact_json,
    redact_text,
    words_finder,
)

SECRET = 'Xylophon-77'
FIND = words_finder([SECRET])


@pytest.mark.parametrize(('needle', 'text', 'expected'), [
    ('secret', 'A Secret, SECRETs', f'A {BLOCK}, {BLOCK}s'),
    ('secret', 'sec\u00adret and se\u200bcret', f'{BLOCK} and {BLOCK}'),
    ('John Smith', 'john\u00a0smith\n> John\n> Smith', f'{BLOCK}\n> {BLOCK}'),
    ('4111 1111 1111 1111', '4111111111111111, 4111-1111-1111-1111', f'{BLOCK}, {BLOCK}'),
    ('4111111111111111', '4111 1111 1111 1111.', f'{BLOCK}.'),
    ('12345', 'year 1234', 'year 1234'),
    ('José', 'Jose\u0301 and José and Jose', f'{BLOCK} and {BLOCK} and Jose'),
    ('jo@example.com', 'mail jo@example.com.', f'mail {BLOCK}.'),
    ("O'Neill", 'O’Neill', BLOCK),
    ('a.c (x)', 'abc (x) a.c (x)', f'abc (x) {BLOCK}'),
])
def test_text(needle, text, expected):
    assert redact_text(text, words_finder([needle]))[0] == expected


def test_whole_words():
    find = words_finder(['Ann'], whole_words=True)
    assert redact_text('Ann plans Annual', find) == (f'{BLOCK} plans Annual', 1)


@pytest.mark.parametrize(('text', 'expected'), [
    ('jo.ann@x.test, ann@x.test.au, ann@x.test-y.eu, jo+ann@x.test, joann@x.test', 0),
    ('Mail:ann@x.test. Or "Ann" <ANN@x.test>, -ann@x.test', 3),
])
def test_whole_addresses(text, expected):
    assert len(words_finder(['ann@x.test'], whole_words=True)(text)) == expected


def test_too_short():
    with pytest.raises(ValueError, match='too short'):
        words_finder(['a-'])


@pytest.mark.parametrize('source', [
    '<p>Xylo<b>phon</b>-77</p>', '<p>Xylo&shy;phon-77</p>', '<p>&#88;ylophon&#45;7&#x37;</p>',
    '<p>xylo<span style="color:red">PHON</span><i>-</i>77</p>', '<p>Xylo<!-- x -->phon-77</p>',
    '<a href="https://x.test/?q=xylophon-77">here</a>', '<a href="https://x.test/Xylo%70hon%2D77">here</a>',
    '<img alt="Xylophon&#45;77" src="x"/>', '<!-- Xylophon-77 --><p>x</p>', 'Xylo&#8203;phon-77', '<p>Xylophon‑77',
    '<Xylophon-77>', '<p title=Xylophon-77>x</p>',
])
def test_html_hiding_places(source):
    new, count = redact_html(source, FIND)
    assert count == 1
    assert redact_html(new, FIND)[1] == 0
    assert 'ylo' not in new.lower()


def test_html_keeps_the_rest():
    assert redact_html('<p class="a">Xylo<b>phon</b>-77 &amp; more &lt;b&gt;</p>', FIND)[0] == (
        f'<p class="a">{BLOCK}<b></b> &amp; more &lt;b&gt;</p>')
    assert redact_html('<p>Xylophon</p><p>-77</p>', FIND) == ('<p>Xylophon</p><p>-77</p>', 0)
    cells = '<td>4111</td><td>1111</td>'
    assert redact_html(cells, words_finder(['4111 1111']))[0] == f'<td>{BLOCK}</td><td></td>'


@given(st.text(alphabet='ab<>&;"\'=/! x#', max_size=40), st.text(alphabet='ab<>&;"\'=/! x#', max_size=40))
def test_html_of_any_shape(before, after):
    """Whatever stands around it, nothing is left of the word and nothing changes without it."""
    source = f'{before}{SECRET}{after}'
    new, count = redact_any(source, FIND)
    assert count >= 1
    assert 'xylophon' not in new.lower()
    assert redact_html(before, FIND) == (before, 0)


def test_json():
    value = {'a': [SECRET, 5, None, True, {'Xylophon-77': '<b>Xylo</b>phon-77'}], 'n': 123456}
    new, count = redact_json(value, FIND)
    assert new == {'a': [BLOCK, 5, None, True, {BLOCK: f'<b>{BLOCK}</b>'}], 'n': 123456}
    assert count == 3
    assert redact_json({'n': 123456}, words_finder(['123456']), numbers=True) == ({'n': 0}, 1)
    assert redact_json({'n': 123456}, words_finder(['123456'])) == ({'n': 123456}, 0)


def test_copies():
    find = copies_finder(['My mother was born in Ghent in the spring of 1950, and lives there.'])
    quoted = 'Hello!\n> my mother was born\n> in Ghent in the spring\n> of 1950, and lives there.\nKind regards'
    assert redact_text(quoted, find) == (f'Hello!\n> {BLOCK}.\nKind regards', 1)
    assert redact_text('She lives there in the spring', find)[1] == 0
    assert any_finder(find, words_finder(['hello']))(quoted)[0] == (0, 5)


def _mail(**headers):
    mail = EmailMessage(policy=policy.SMTP)
    mail['From'] = 'Jo <jo@else.test>'
    mail['Message-Id'] = '<1@else.test>'
    mail['References'] = '<0@our.test>'
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(f'The word is {SECRET}.\n', cte='quoted-printable')
    return mail


def _read(raw):
    return message_from_bytes(raw, policy=policy.default)


def _check_gone(raw, redacted):
    new, count = redacted
    assert count
    assert SECRET.lower().encode() not in new.lower()
    for part in _read(new).walk():
        if not part.is_multipart():
            assert b'ylophon' not in part.get_payload(decode=True)
    for name in ('Message-Id', 'References'):
        assert _read(new)[name] == _read(raw)[name]
    return _read(new)


def test_mail_parts_headers_and_files():
    mail = _mail(Subject=f'About {SECRET} – ä', To=f'{SECRET} <support@our.test>')
    mail['X-Spam-Report'] = f'found {SECRET}'
    mail.add_alternative('<p>The word is Xylo<b>phon</b>&#45;77 ä</p>', subtype='html', cte='base64')
    mail.add_attachment(f'a;{SECRET}\n', subtype='csv', filename=f'{SECRET}.csv')
    mail.add_attachment(b'\xff\xfe\x00' + SECRET.encode('utf-16-le'), maintype='application', subtype='x-thing')
    mail.add_attachment(b'untouched \x00', maintype='application', subtype='x-other', filename='keep.bin')
    inner = _mail(Subject=SECRET)
    mail.add_attachment(inner)
    raw = mail.as_bytes()
    new = _check_gone(raw, redact_mail(raw, FIND, redact_file))
    assert new['Subject'] == f'About {BLOCK} – ä'
    assert 'X-Spam-Report' not in new
    kept = [part for part in new.walk() if part.get_filename() == 'keep.bin']
    assert kept[0].get_payload(decode=True) == b'untouched \x00'
    assert f'The word is {BLOCK}.' in new.get_body(('plain',)).get_content()
    assert '[removed]' in ''.join(
        part.get_payload(decode=True).decode() for part in new.walk() if part.get_content_type() == 'text/plain')


def test_mail_without_it_stays_to_the_byte():
    raw = _mail(Subject='x').as_bytes().replace(SECRET.encode(), b'nothing')
    assert redact_mail(raw, FIND, redact_file) == (raw, 0)


def test_mail_file_is_dropped_by_its_content():
    mail = _mail(Subject='x')
    photo = b'\x89PNG photo of a passport'
    mail.add_attachment(photo, maintype='image', subtype='png', filename='passport.png')
    raw = mail.as_bytes()
    new, count = redact_mail(raw, words_finder(['nowhere']), redact_file, {hashlib.sha1(photo).hexdigest()})
    assert count == 1
    assert base64.b64encode(photo)[:16] not in new
    assert b'passport' not in new


def test_mail_that_cannot_be_mended():
    raw = f'From: a@b.test\nContent-Type: multipart/mixed; boundary="{SECRET}"\n\n--{SECRET}\n\nx\n--{SECRET}--\n'
    assert redact_mail(raw.encode(), FIND, redact_file)[0] is None
    preamble = f'From: a@b.test\nContent-Type: multipart/mixed; boundary="x"\n\n{SECRET}\n--x\n\nx\n--x--\n'
    assert redact_mail(preamble.encode(), FIND, redact_file)[0] is None


@pytest.mark.parametrize('charset', ['utf-8', 'iso-8859-1', 'utf-16', 'x-unheard-of'])
def test_mail_charsets(charset):
    body = f'é {SECRET}'.encode('latin-1' if charset.startswith('x') else charset)
    raw = (f'From: a@b.test\nMessage-Id: <1@b>\nReferences: <0@b>\nContent-Type: text/plain; charset={charset}\n'
           'Content-Transfer-Encoding: base64\n\n').encode() + base64.encodebytes(body)
    _check_gone(raw, redact_mail(raw, FIND))


def test_files():
    assert redact_file(f'a {SECRET}'.encode(), 'text/plain', FIND) == (f'a {BLOCK}'.encode(), 1)
    assert redact_file(b'nothing', 'application/pdf', FIND) == (b'nothing', 0)
    assert redact_file(SECRET.encode(), 'application/pdf', FIND) == (None, 1)
    assert redact_file(SECRET.encode('utf-16'), 'text/csv', FIND)[0].decode('utf-16') == BLOCK
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as file:
        file.writestr('word/document.xml', '<w:t>Xylo</w:t></w:r><w:r><w:t>phon-77</w:t>')
    assert redact_file(archive.getvalue(), 'application/vnd.openxmlformats', FIND) == (None, 1)
    assert redact_file(b'PK broken', 'application/zip', FIND) == (b'PK broken', 0)
