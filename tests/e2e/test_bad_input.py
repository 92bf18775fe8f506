"""Mails as they should not be, each through the real receiver: each ends in an outcome with a reason and, where it
should, in a ticket that can be read. Promise 7; threats G2, G5, G14 to G18, A1, A15, A18, A20, A21, A24."""
import base64
import os
import time

import pytest
from rig import mails
from rig.wait import until

SENDER = 'Carla Customer <carla@customer.test>'
BIG = os.urandom(22 << 20)
HOSTILE_HTML = '''<html><head><style>body { background: url(http://attack.test/css) } .x { position: fixed }</style>
<script>alert("head")</script></head><body onload="alert(1)"><p style="position:fixed;top:0;left:0">Good words</p>
<img src="x" onerror="alert(2)"><a href="javascript:alert(3)">click</a><a href="java&#9;script:alert(4)">tab</a>
<iframe src="http://attack.test/frame"></iframe><svg onload="alert(5)"><script>alert(6)</script></svg>
<form action="http://attack.test/form"><input name="password"></form><b>More good words</b></body></html>'''
UNSAFE = ('<script', 'onload', 'onerror', 'javascript:', 'java\tscript', '<iframe', '<form', 'alert(', '<style')


@pytest.fixture(scope='module')
def desk(site):
    """Odoo and the receiver; nobody is told about new tickets, so that only customers get mail."""
    site.start_odoo().start_receiver()
    teams = [team['id'] for team in site.rpc().find('helpdesk.team', [], 'id')]
    site.rpc().call('helpdesk.team', 'write', teams, vals={'notify_new': 'none'})
    site.silent = []
    return site


def head(subject, *more, sender=SENDER, date=True, message_id=True):
    """The usual first lines, some left out."""
    lines = [f'From: {sender}' if sender else None, 'To: support@desk.test', f'Date: {mails.DATE}' if date else None,
             f'Message-ID: {mails.new_id()}' if message_id else None]
    if subject is not None:
        lines.append(b'Subject: ' + (subject if isinstance(subject, bytes) else subject.encode()))
    return [line for line in (*lines, *more) if line is not None]


def plain(subject, body=b'Plain words.\r\n', *more, **options):
    """A mail of one plain part."""
    return mails.raw(*head(subject, *more, **options), body=body)


def multipart(subject, *parts, boundary='b1', end=True, kind='mixed'):
    """A mail of parts written by hand: (header lines, body)."""
    mark = boundary.encode()
    body = b''.join(b'--' + mark + b'\r\n' + mails.raw(*lines, body=data) + b'\r\n' for lines, data in parts)
    return mails.raw(*head(subject, 'MIME-Version: 1.0', f'Content-Type: multipart/{kind}; boundary="{boundary}"'),
                     body=body + (b'--' + mark + b'--\r\n' if end else b''))


def words(text=b'Good words.'):
    """A plain part."""
    return ['Content-Type: text/plain'], text


def file(disposition, data=b'file bytes \x00\xff', kind='application/octet-stream'):
    """A part with an attachment; ``disposition`` is what stands after "attachment;"."""
    named = disposition if isinstance(disposition, bytes) else disposition.encode()
    return ([f'Content-Type: {kind}', 'Content-Transfer-Encoding: base64',
             b'Content-Disposition: attachment; ' + named], base64.encodebytes(data).replace(b'\n', b'\r\n'))


@pytest.fixture
def take(desk):
    """Send a mail; return (ledger row, ticket with ``body`` and ``files``, or None)."""
    def send(raw, way='smtp', seconds=20):
        before = desk.database.rows()
        begin = time.monotonic()
        refused = desk.deliver(raw, way=way)
        assert refused == {}
        desk.processed(before + 1, seconds)
        admin = desk.rpc()
        row = admin.find('helpdesk.mail.intake', [], 'outcome', 'reason', 'ticket_id', 'raw_id', 'size', 'subject',
                         order='id desc', limit=1)[0]
        row['took'] = time.monotonic() - begin
        assert row['reason'], 'an outcome without a reason'
        kept = desk.database.stored(row['raw_id'][0])
        assert kept.rstrip(b'\r\n') == raw.rstrip(b'\r\n'), 'the original was not kept as it came'
        return row, read(desk, row['ticket_id'][0]) if row['ticket_id'] else None
    return send


def read(desk, ticket_id):
    """The ticket as an agent reads it."""
    agent = desk.rpc('agent')
    ticket = agent.one('helpdesk.ticket', [('id', '=', ticket_id)], 'name', 'number', 'partner_id', 'partner_name',
                       'partner_email', 'status', 'display_name')
    message = agent.one(
        'mail.message', [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket_id), ('message_type', '=', 'email')],
        'body', 'subject', 'email_from', 'message_id', 'date')
    files = agent.find('ir.attachment', [('res_model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket_id)], 'name')
    agent.call('helpdesk.ticket', 'get_customer_card', ticket_id)
    return {**ticket, 'body': message['body'], 'message': message,
            'files': {found['name']: desk.database.stored(found['id']) for found in files}}


def clean(text):
    """A text that can stand on one line everywhere."""
    return not any(ord(char) < 32 or ord(char) == 127 for char in text)


# ------------------------------------------------------------
# what is missing
# ------------------------------------------------------------

def test_no_sender(desk, take):
    """No From: a ticket without a customer, and nobody is answered."""
    row, ticket = take(plain('Without sender', sender=None))
    desk.silent.append(ticket['number'])
    assert row['outcome'] == 'new_ticket'
    assert ticket['name'] == 'Without sender' and 'Plain words.' in ticket['body']
    assert not ticket['partner_id'] and not ticket['partner_email']


def test_no_date(take):
    """No Date: the moment of receipt stands in."""
    row, ticket = take(plain('Without date', date=False))
    assert row['outcome'] == 'new_ticket' and ticket['message']['date']


def test_impossible_date(take):
    """A date of the year 1 or in the far future does not order the conversation."""
    for number, date in enumerate(('Mon, 01 Jan 0001 00:00:00 +0000', 'Fri, 01 Jan 2999 00:00:00 +0000', 'yesterday')):
        row, ticket = take(plain(f'Odd date {number}', b'Plain words.\r\n', f'Date: {date}', date=False))
        assert row['outcome'] == 'new_ticket'
        assert ticket['message']['date'][:4] == time.strftime('%Y', time.gmtime())


def test_no_message_id(take):
    """No Message-Id: brought twice it is still one ticket (G5), and two different ones are two."""
    raw = plain('Without id', message_id=False)
    row, ticket = take(raw)
    assert row['outcome'] == 'new_ticket' and ticket['message']['message_id']
    again, same = take(raw, way='lmtp')
    assert again['outcome'] == 'duplicate' and same['number'] == ticket['number']
    other, another = take(plain('Without id', b'Other words.\r\n', message_id=False))
    assert other['outcome'] == 'new_ticket' and another['number'] != ticket['number']


def test_same_id_other_words(take):
    """A stolen Message-Id does not silence the real mail that comes later (G7)."""
    stolen = mails.new_id()
    first, forged = take(mails.compose('Forged', 'I was here first.\n', sender='eve@stranger.test', message_id=stolen))
    second, genuine = take(mails.compose('Genuine', 'My real mail.\n', message_id=stolen))
    assert (first['outcome'], second['outcome']) == ('new_ticket', 'new_ticket')
    assert forged['number'] != genuine['number'] and 'My real mail.' in genuine['body']


def test_empty(desk, take):
    """Nothing at all but an envelope: kept with a reason; a ticket, since somebody wanted something."""
    row, ticket = take(b'\r\n')
    desk.silent.append(ticket['number'])
    assert row['outcome'] == 'new_ticket'
    assert ticket['name'].strip() and clean(ticket['name'])


def test_no_body_no_subject(take):
    """A head without subject and words."""
    row, ticket = take(plain(None, b''))
    assert row['outcome'] == 'new_ticket' and ticket['name'].strip()


# ------------------------------------------------------------
# what is too much
# ------------------------------------------------------------

def test_thirty_megabytes(desk, take):
    """A mail of 30 MB arrives whole, to the byte; the limit is above it, and told."""
    with desk.smtp_client() as client:
        client.ehlo()
        assert int(client.esmtp_features['size']) == 50 << 20
    raw = mails.compose('Big file', 'See the file.\n', files=[('big.bin', 'application/octet-stream', BIG)])
    assert len(raw) > 30e6
    row, ticket = take(raw, seconds=60)
    assert row['outcome'] == 'new_ticket' and row['size'] >= len(raw) - 2
    assert ticket['files'] == {'big.bin': BIG}
    assert row['took'] < 30, f'it took {row["took"]:.0f} s'


def test_many_parts_and_wild_html(take):
    """2,000 parts, and 200 kB of "<": each done in a few seconds, the mails behind them need not wait (G3)."""
    row, ticket = take(multipart('Many parts', *[words(b'Part %d.' % number) for number in range(2000)]))
    assert row['outcome'] in ('new_ticket', 'held', 'failed') and row['took'] < 10
    assert ticket and 'Part 1.' in ticket['body']
    row, ticket = take(plain('Wild', b'<' * 200_000, 'Content-Type: text/html'))
    assert row['outcome'] in ('new_ticket', 'held', 'failed') and row['took'] < 10
    assert ticket


# ------------------------------------------------------------
# what is broken
# ------------------------------------------------------------

@pytest.mark.parametrize(('subject', 'raw', 'expected'), [
    ('Boundary missing', mails.raw(*head('Boundary missing', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed'),
                                   body=b'--x\r\n\r\nGood words.\r\n--x--\r\n'), 'Good words.'),
    ('Boundary never seen', mails.raw(*head('Boundary never seen', 'Content-Type: multipart/mixed; boundary=zz'),
                                      body=b'Good words without any part.\r\n'), 'Good words'),
    ('Cut off', multipart('Cut off', words(), file('filename="half.pdf"'), end=False), 'Good words.'),
    ('Type from nowhere', plain('Type from nowhere', b'Good words.\r\n', 'Content-Type: ; ; =text'), 'Good words.'),
    ('Broken base64', plain('Broken base64', b'R29vZCB3b3Jkcy4=$$%%\r\nR29v!\r\n', 'Content-Type: text/plain',
                            'Content-Transfer-Encoding: base64'), 'Good words.'),
    ('Unknown encoding', plain('Unknown encoding', b'Good words.\r\n', 'Content-Transfer-Encoding: x-martian'),
     'Good words.'),
    ('Broken quoted', plain('Broken quoted', b'Good=20words. =ZZ =\r\n=',
                            'Content-Transfer-Encoding: quoted-printable'), 'Good words.'),
    ('No blank line', mails.raw(*head('No blank line', 'this line is no header', 'Good words.'), body=b''),
     'Good words.'),
], ids=lambda value: value if isinstance(value, str) else '')
def test_broken_mime(take, subject, raw, expected):
    """Broken structure: the words are there all the same."""
    row, ticket = take(raw)
    assert row['outcome'] == 'new_ticket'
    assert ticket['name'] == subject
    assert expected in ticket['body']


@pytest.mark.parametrize(('charset', 'data', 'expected'), [
    ('x-unknown-99', 'Grüße'.encode(), 'Grüße'),
    ('""', 'Grüße'.encode('cp1252'), 'Grüße'),
    ('us-ascii', 'Grüße'.encode(), 'Grüße'),
    ('utf-8', 'Grüße'.encode('cp1252'), 'Grüße'),
    ('iso-2022-jp', b'\x1b$B$3$s$K$A$O\x1b(B', 'こんにちは'),
    ('utf-16', 'Grüße'.encode('utf-16'), 'Grüße'),
])
def test_charset(take, charset, data, expected):
    """Unknown, empty or wrong charsets: read as a person would (G2, G15)."""
    body = base64.encodebytes(data)
    row, ticket = take(plain(f'Charset {charset}', body, f'Content-Type: text/plain; charset={charset}',
                             'Content-Transfer-Encoding: base64'))
    assert row['outcome'] == 'new_ticket' and expected in ticket['body']


def test_encoded_subjects(take):
    """Encoded words in charsets that do not exist, with line ends and NUL inside, and 8 bits undeclared (G18, A24)."""
    for subject, expected in (
            ('=?x-unknown?Q?Hello_there?=', 'Hello there'),
            ('=?utf-8?Q?Line=0D=0ABcc:_eve@stranger.test?=', 'Line Bcc: eve@stranger.test'),
            ('=?utf-8?B?' + base64.b64encode(b'nul\x00inside').decode() + '?=', 'nulinside'),
            ('Grüße aus Brünn'.encode(), 'Grüße aus Brünn'),
            ('Grüße aus Brünn'.encode('cp1252'), 'Grüße aus Brünn'),
            ('<script>alert(1)</script>{{ object.env }}', '<script>alert(1)</script>{{ object.env }}')):
        row, ticket = take(plain(subject))
        assert row['outcome'] == 'new_ticket'
        assert ticket['name'] == expected and clean(ticket['display_name']) and clean(row['subject'])


def test_nul_bytes(take):
    """NUL bytes in head and body, which PostgreSQL's text cannot hold."""
    row, ticket = take(plain(b'Nul \x00 in it', b'Good\x00 words\x00.\r\n', b'X-Odd: \x00\x01'))
    assert row['outcome'] == 'new_ticket'
    assert clean(ticket['name']) and ticket['name'].startswith('Nul')
    assert 'Good' in ticket['body'] and '\x00' not in ticket['body']


@pytest.mark.parametrize('sender', [
    'undisclosed-recipients:;', 'Group: a@customer.test, b@customer.test;',
    '<@relay.test,@other.test:carla@customer.test>', '"Carla \\" <x@y>" <carla@customer.test>',
    '(' * 3000 + ' carla@customer.test', '=?utf-8?Q?Carla=0D=0A=00?= <carla@customer.test>',
    'carla@customer.test, eve@stranger.test', '<>', 'no address at all',
], ids=range(9))
def test_odd_senders(take, sender):
    """Groups, routes, nested comments, control characters in From (A14)."""
    row, ticket = take(plain('Odd sender', sender=sender))
    assert row['outcome'] in ('new_ticket', 'auto_reply')
    assert row['took'] < 10
    if ticket:
        assert 'Plain words.' in ticket['body'] and clean(ticket['partner_name'] or '')


# ------------------------------------------------------------
# what is hostile
# ------------------------------------------------------------

def test_hostile_html(desk, take):
    """Script, event handlers, styles, frames and forms are inert; the words stay (A17, A18)."""
    row, ticket = take(mails.compose('Hostile', 'Good words\n', html=HOSTILE_HTML))
    assert row['outcome'] == 'new_ticket'
    assert 'Good words' in ticket['body'] and 'More good words' in ticket['body']
    body = ticket['body'].lower()
    assert [word for word in UNSAFE if word in body] == []
    assert 'position' not in body


@pytest.mark.parametrize(('disposition', 'expected'), [
    ('filename="../../../etc/passwd"', 'passwd'),
    ('filename="/etc/shadow"', 'shadow'),
    (r'filename="C:\\Windows\\System32\\evil.exe"', 'evil.exe'),
    ('filename="..\u200b/.htaccess"'.encode(), None),
    ("filename*=utf-8''..%2F..%2Fname.txt", 'name.txt'),
    ("filename*=x-broken''n%FFme.txt", None),
    ('filename="=?utf-8?B?' + base64.b64encode(b'a\r\nb\x00.txt').decode() + '?="', None),
    ('filename="<img src=x onerror=alert(1)>.txt"', None),
    (f'filename="{"x" * 5000}.txt"', None),
    ('filename=""', None),
])
def test_attachment_names(take, disposition, expected):
    """Paths, control and invisible characters, no or endless names: a plain name, the bytes as sent (A20, A21)."""
    data = os.urandom(300)
    row, ticket = take(multipart('Odd name', words(), file(disposition, data)))
    assert row['outcome'] == 'new_ticket' and 'Good words.' in ticket['body']
    [(name, content)] = ticket['files'].items()
    assert content == data
    assert clean(name) and 0 < len(name) <= 200
    assert not any(char in name for char in '/\\\u200b') and not name.startswith('.')
    if expected:
        assert name == expected


def test_attachments_to_the_byte(take):
    """Text files keep their bytes, whatever their charset is said to be; empty and double names survive (G17)."""
    sent = {'latin.csv': 'Größe;1\r\n'.encode('latin-1'), 'page.html': b'<script>alert(1)</script>\r\n',
            'note.txt': b'one\ntwo\r\nthree\x00', 'broken.jpg': b'\xff\xd8\xff\xe0 cut off',
            'data.xml': b'<?xml version="1.0"?><a/>'}
    kinds = {'latin.csv': 'text/csv; charset=utf-8', 'page.html': 'text/html', 'data.xml': 'text/xml',
             'note.txt': 'text/plain; charset=us-ascii', 'broken.jpg': 'image/jpeg'}
    row, ticket = take(multipart('Files', words(), *[
        file(f'filename="{name}"', data, kinds[name]) for name, data in sent.items()]))
    assert row['outcome'] == 'new_ticket'
    assert ticket['files'] == sent


def test_forwarded_as_attachment(take):
    """The sender's own words are the ticket's, not those of the mail inside (G14)."""
    inside = mails.compose('Inside', 'Inner words.\n', html='<p>Inner words.</p>')
    row, ticket = take(multipart('Look at this', words(b'My own words.'), (['Content-Type: message/rfc822'], inside)))
    assert row['outcome'] == 'new_ticket'
    assert 'My own words.' in ticket['body'] and 'Inner words.' not in ticket['body']
    [(name, content)] = ticket['files'].items()
    assert name.endswith('.eml') and b'Inner words.' in content


def test_still_alive(desk, take):
    """After all this the receiver takes an ordinary mail, nothing failed on the way, and what was sent is harmless."""
    row, _ticket = take(mails.compose('Ordinary', sender='nora@other.test'))
    assert row['outcome'] == 'new_ticket'
    assert 'failed' not in desk.database.outcomes()
    until('its confirmation', lambda: desk.sink.to('nora@other.test'), 30)
    desk.sink.settle(1)
    assert not [mail.brief for mail in desk.sink.mails for number in desk.silent if number in mail.subject]
    for mail in desk.sink.mails:
        assert clean(mail.subject) and 'eve@stranger.test' not in mail.header('Bcc')
        assert not any(word in mail.text().lower() for word in UNSAFE if word != 'alert(')
