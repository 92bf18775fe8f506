"""A mail's own words and its files: G14 to G17, A13, A21; and what a mail says about itself."""

import email
import email.policy
import time
from datetime import datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_mail.tools import arrival, mail_content

POLICY = email.policy.compat32.clone(max_line_length=0)
NOW = datetime(2026, 11, 21, 12, 0, 0)


def parse(raw):
    return email.message_from_bytes(raw if isinstance(raw, bytes) else raw.encode(), policy=POLICY)


def build(text=None, html=None, files=(), inline=()):
    mail = EmailMessage()
    mail['Subject'] = 'x'
    if text is not None:
        mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype='html') if text is not None else mail.set_content(html, subtype='html')
    for name, data in inline:
        mail.get_payload()[-1].add_related(data, 'image', 'png', cid=f'<{name}>', filename=f'{name}.png')
    for name, data in files:
        mail.add_attachment(data, 'application', 'octet-stream', filename=name)
    return parse(mail.as_bytes())


def test_plain():
    content = mail_content.read(build('Hello\nthere\n'))
    assert (content.plain, content.html, content.attachments, content.problems) == ('Hello\nthere\n', '', [], [])


def test_alternative_prefers_html():
    content = mail_content.read(build('Hello', '<p>Hello</p>'))
    assert content.html.strip() == '<p>Hello</p>' and not content.plain


def test_alternative_falls_back_to_text():
    content = mail_content.read(build('Good words', '<div>' * 20000 + 'deep'))
    assert content.plain.strip() == 'Good words' and not content.html and not content.problems


def test_wild_html_alone_is_readable():
    content = mail_content.read(build(html='<div>' * 500 + 'deep <b>words</b> &amp; more' + '</div>' * 500))
    assert content.plain.strip() == 'deep words & more' and content.problems == ['html']


def test_attachments_to_the_byte():
    data = bytes(range(256)) * 7
    content = mail_content.read(build('x', '<p><img src="cid:pic"></p>', [('a.bin', data)], [('pic', b'\x89PNG')]))
    assert [(a.name, a.content, a.cid) for a in content.attachments] == [
        ('pic.png', b'\x89PNG', 'pic'),
        ('a.bin', data, ''),
    ]


def test_text_attachment_keeps_its_bytes():
    csv = 'Größe;1\r\n'.encode('latin-1')
    raw = (
        b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\n'
        b'Content-Type: text/csv; charset=utf-8\r\n'
        b'Content-Disposition: attachment; filename=a.csv\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        + csv
        + b'\r\n--b--\r\n'
    )
    [attachment] = mail_content.read(parse(raw)).attachments
    assert attachment.content == csv


def test_forwarded_mail_is_an_attachment():
    inner = (
        b'From: a@b.c\r\nSubject: =?utf-8?Q?Inn=C3=A9r?=\r\nX-Long: '
        + b'x' * 200
        + b'\r\n folded\r\n\r\nInner words\r\n'
    )
    raw = (
        b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nMy words\r\n'
        b'--b\r\nContent-Type: message/rfc822\r\n\r\n' + inner + b'\r\n--b--\r\n'
    )
    content = mail_content.read(parse(raw))
    assert content.plain.strip() == 'My words'
    [attachment] = content.attachments
    assert (
        attachment.name == 'Innér.eml'
        and attachment.content.replace(b'\r\n', b'\n').strip() == inner.replace(b'\r\n', b'\n').strip()
    )


@pytest.mark.parametrize(
    ('name', 'clean'),
    [
        ('../../etc/passwd', 'passwd'),
        ('C:\\Windows\\evil.exe', 'evil.exe'),
        ('..\u200b/.htaccess', 'htaccess'),
        ('a\r\nb\x00.txt', 'a b.txt'),
        ('<img>.txt', '_img_.txt'),
        ('', 'attachment'),
        ('...', 'attachment'),
        ('/', 'attachment'),
        ('=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=', 'Grüße.pdf'),
        ('\u202egpj.exe', 'gpj.exe'),
    ],
)
def test_names(name, clean):
    assert mail_content.clean_name(name) == clean


def test_long_name_keeps_its_ending():
    name = mail_content.clean_name('x' * 5000 + '.pdf')
    assert len(name) <= 150 and name.endswith('.pdf')


@pytest.mark.parametrize(
    'head',
    [
        'Content-Disposition: attachment; filename="a b.txt"',
        "Content-Disposition: attachment; filename*=utf-8''a%20b.txt",
        "Content-Disposition: attachment; filename*0=\"a b\"; filename*1=\".txt\"",
        'Content-Type: text/plain; name="a b.txt"',
        "Content-Disposition: attachment;\r\n filename*0*=utf-8''a%20;\r\n filename*1*=b.txt",
    ],
)
def test_file_names(head):
    raw = f'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{head}\r\n\r\ndata\r\n--b--\r\n'
    assert [a.name for a in mail_content.read(parse(raw)).attachments] == ['a b.txt']


@pytest.mark.parametrize(
    ('charset', 'data'),
    [
        ('x-none', 'Grüße'.encode()),
        ('', 'Grüße'.encode('cp1252')),
        ('us-ascii', 'Grüße'.encode()),
        ('utf-16', 'Grüße'.encode('utf-16')),
        ('iso-8859-1', 'Grüße'.encode('latin-1')),
    ],
)
def test_charsets(charset, data):
    raw = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'.encode() + data
    assert mail_content.read(parse(raw)).plain.strip() == 'Grüße'


def test_limits():
    begin = time.thread_time()
    parts = b''.join(b'--b\r\nContent-Type: text/plain\r\n\r\npart\r\n' for _ in range(3000))
    content = mail_content.read(parse(b'Content-Type: multipart/mixed; boundary=b\r\n\r\n' + parts + b'--b--\r\n'))
    assert content.problems == ['parts'] and 'part' in content.plain
    deep = b''.join(b'Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n' % (n, n) for n in range(100))
    assert mail_content.read(parse(deep + b'\r\nwords')).problems in (['parts'], [])
    for hostile in (
        '<' * 200_000,
        '<script>' * 100_000,
        '<a ' * 100_000,
        '&lt;' * 100_000,
        '<style>' * 50_000 + '</style',
    ):
        mail_content.read(build(html=hostile))
        mail_content.html_to_text(hostile)
    assert time.thread_time() - begin < 10


def test_script_is_no_word():
    assert (
        mail_content.html_to_text('<style>p{x}</style>Good<script>alert(1)</script> words<br>here')
        == 'Good words\nhere'
    )


@settings(max_examples=200, deadline=2000)
@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            b'',
            b'Content-Type: multipart/mixed; boundary=b\n\n--b\n',
            b'Content-Type: message/rfc822\n\n',
            b'Content-Type: text/html\n\n',
            b'Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: ',
        ]
    ),
)
def test_any_bytes(data, start):
    message = parse(start + data)
    content = mail_content.read(message)
    assert '\x00' not in content.plain + content.html
    assert all(a.name and '/' not in a.name and isinstance(a.content, bytes) for a in content.attachments)
    arrival.read(message, NOW)
    arrival.read_bounce(message)


# ------------------------------------------------------------
# what it says about itself
# ------------------------------------------------------------


@pytest.mark.parametrize(
    ('text', 'date'),
    [
        ('Sat, 21 Nov 2026 11:00:00 +0000', datetime(2026, 11, 21, 11)),
        ('Sat, 21 Nov 2026 13:00:00 +0200', datetime(2026, 11, 21, 11)),
        ('Mon, 01 Jan 0001 00:00:00 +0000', NOW),
        ('Fri, 01 Jan 2999 00:00:00 +0000', NOW),
        ('yesterday', NOW),
        ('', NOW),
        ('Sat, 21 Nov 2026 11:00:00 +9999999', NOW),
        ('Sun, 01 Nov 2026 11:00:00 +0000', NOW),
        ('Sat, 21 Nov 2026 11:00:00 -0000', datetime(2026, 11, 21, 11)),
    ],
)
def test_dates(text, date):
    assert arrival.sent_at(text, NOW) == date


def test_arrival():
    mail = arrival.read(
        parse(
            'From: Carla <Carla@Customer.test>\nTo: Support <support@desk.test>, Dora <d@x.y>\nCc: bob@customer.test\n'
            'Delivered-To: box@desk.test\nSubject: Re: [#HD1]\n hello\nMessage-Id: <m@x>\nIn-Reply-To: <p@x>\n'
            'References: <old@x> <mid@x> <p@x>\n\nwords'
        ),
        NOW,
    )
    assert (mail.sender, mail.sender_name, mail.subject) == ('carla@customer.test', 'Carla', 'Re: [#HD1] hello')
    assert mail.parent_ids == ['<p@x>', '<mid@x>', '<old@x>'], 'the closest first'
    assert mail.recipients == ['box@desk.test', 'support@desk.test', 'd@x.y', 'bob@customer.test']
    assert mail.people == [('Support', 'support@desk.test'), ('Dora', 'd@x.y'), ('', 'bob@customer.test')]


def test_envelope_outranks_headers():
    mail = arrival.read(parse('To: a@b.c\nDelivered-To: box@desk.test\n\n'), NOW, ['support@desk.test'])
    assert mail.recipients == ['support@desk.test', 'a@b.c']


def test_bounce():
    raw = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\n'
        b'Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n'
        b'Final-Recipient: rfc822; Carla@Customer.test\n'
        b'Diagnostic-Code: smtp; 550 no such user\n\n--b\n'
        b'Content-Type: message/rfc822\n\nMessage-Id: <orig@desk>\nSubject: x\n\nhello\n--b--\n'
    )
    assert arrival.read_bounce(parse(raw)) [:3] == (['<orig@desk>'], ['carla@customer.test'], 'smtp; 550 no such user')


def test_words_beside_html_without_any():
    """Some programs send an empty page beside the words; a page of pictures stays with them."""
    assert mail_content.read(build('Hello', '<html><body><br></body></html>')).plain.strip() == 'Hello'
    content = mail_content.read(build('Hello', '<p><img src="cid:pic"></p>'))
    assert 'Hello' in content.html and 'cid:pic' in content.html
