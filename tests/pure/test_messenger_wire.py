"""Reading what strangers send and writing what services take, without a database."""
import email.parser
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_messenger.tools import adapter, wire

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize('body', [
    b'', b'[]', b'"x"', b'1', b'{', b'\xff\xfe', b'{"a": NaN}', b'{"a": 1e', b'{"a": ' + b'9' * 5000 + b'}',
    b'[' * 200_000, b'{"a":' * 200_000, b'{"a": ' + b'[' * 100_000 + b']' * 100_000 + b'}'])
def test_what_is_no_call(body):
    with pytest.raises(ValueError, match=r"^The call "):
        wire.load(body)


def test_calls_have_a_limit():
    body = json.dumps({'a': 'x' * 100}).encode()
    assert wire.load(body, len(body)) == {'a': 'x' * 100}
    with pytest.raises(ValueError, match="larger"):
        wire.load(body, len(body) - 1)


@pytest.mark.parametrize(('value', 'found'), [
    (" a\x00b\x07c ", "abc"), ("a\nb\tc", "a\nb\tc"), ("a\ud800b", "ab"), ("\x9bx", "x"), (None, ''), (7, ''), ([], ''),
    ("x" * 30_000, "x" * 20_000), ("👩‍👧", "👩‍👧"), ("\u202e", "\u202e")])
def test_text(value, found):
    assert wire.text(value) == found


@pytest.mark.parametrize(('value', 'found'), [
    ("wamid.A=", "wamid.A="), (12, '12'), (True, ''), (-1, ''), (10 ** 40, ''), ("a b", ''), ("", ''), ("a\n", ''),
    ("é", ''), ("x" * 513, ''), (None, ''), (1.5, ''), ({}, '')])
def test_ident(value, found):
    assert wire.ident(value) == found


@pytest.mark.parametrize(('value', 'per_second', 'found'), [
    ('1749416383', 1, datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)), (1749416383500, 1000, datetime(
        2025, 6, 8, 20, 59, 43, 500000, tzinfo=UTC)), (0, 1, None), (-5, 1, None), ('x', 1, None), (None, 1, None),
    (True, 1, None), ('nan', 1, None), ('inf', 1, None), (10 ** 400, 1, None), (1e300, 1, None), ([], 1, None)])
def test_moment(value, per_second, found):
    assert wire.moment(value, per_second) == found


@pytest.mark.parametrize(('latitude', 'longitude', 'found'), [
    (52.5, 13.25, 'https://www.openstreetmap.org/?mlat=52.500000&mlon=13.250000'),
    ('-90', 180, 'https://www.openstreetmap.org/?mlat=-90.000000&mlon=180.000000'),
    (90.1, 0, ''), (0, -180.1, ''), (None, 0, ''), ('x', 0, ''), (float('nan'), 0, ''), (10 ** 400, 0, ''),
    ([], {}, '')])
def test_place(latitude, longitude, found):
    assert wire.place(latitude, longitude) == found


@pytest.mark.parametrize(('headers', 'found'), [
    ({}, 0), (None, 0), ({'retry-after': '17'}, 17), ({'Retry-After': ' 17 '}, 17), ({'retry-after': '999999'}, 86400),
    ({'retry-after': 'Wed, 04 Mar 2026 09:00:30 GMT'}, 30), ({'retry-after': 'Wed, 04 Mar 2026 08:00:00 GMT'}, 0),
    ({'retry-after': 'soon'}, 0), ({'retry-after': '-3'}, 0), ({'retry-after': ''}, 0),
    ({'retry-after': 'Wed, 99 Mar 9999999 09:00:30 GMT'}, 0)])
def test_retry_after(headers, found):
    assert wire.retry_after(headers, NOW) == found


@given(st.text(alphabet='ab .\n,é👩\ud800', max_size=400), st.integers(4, 50),
       st.sampled_from([wire.units, wire.octets]))
def test_pieces_fit_and_lose_nothing(value, limit, size):
    found = wire.pieces(value, limit, size)
    assert all(piece.strip() == piece and 0 < size(piece) <= limit for piece in found)
    assert ''.join(''.join(found).split()) == ''.join(value.split())


@pytest.mark.parametrize(('value', 'limit', 'found'), [
    ("One two three", 8, ["One two", "three"]), ("First part.\n\nSecond part", 20, ["First part.", "Second part"]),
    ("Ends here. And on", 12, ["Ends here.", "And on"]), ("abcdef", 4, ["abcd", "ef"]), ("", 4, []), (" \n ", 4, []),
    ("👩👩👩", 4, ["👩👩", "👩"]), ("One two", 7, ["One two"])])
def test_pieces(value, limit, found):
    assert wire.pieces(value, limit) == found


def test_long_texts_are_cut_quickly():
    assert len(wire.pieces("a" * 400_000, 1000, wire.octets)) == 400


@given(st.binary(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_multipart(content, name, mimetype):
    kind, body = wire.multipart({'a': "é\r\nb"}, 'file', adapter.Upload(name, mimetype, content))
    message = email.parser.BytesParser().parsebytes(b'Content-Type: ' + kind.encode() + b'\r\n\r\n' + body)
    boundary = message.get_boundary().encode()
    text, file = body.split(b'--' + boundary + b'\r\n')[1:]
    assert text == b'Content-Disposition: form-data; name="a"\r\n\r\n' + "é\r\nb\r\n".encode()
    head, _line, rest = file.partition(b'\r\n\r\n')
    assert rest == content + b'\r\n--' + boundary + b'--\r\n'
    assert head.count(b'\r\n') == 1, "neither the name nor the type adds a header"
    assert head.split(b'\r\n')[0].count(b'"') == 4


@pytest.mark.parametrize(('value', 'found'), [
    ('Audio/Ogg; codecs=opus', 'audio/ogg'), ('x', wire.BYTES), (None, wire.BYTES), (b'a/b', wire.BYTES),
    ('a/b\r\nX: 1', wire.BYTES), ('image/svg+xml', 'image/svg+xml')])
def test_mimetype(value, found):
    assert wire.mimetype(value) == found


# ------------------------------------------------------------
# calls that prepare others
# ------------------------------------------------------------
def prepared(url=adapter.MARK, body=b'', hosts=()):
    return adapter.Call('GET', 'https://a.example', then=adapter.Call('GET', url, body=body, hosts=hosts))


def test_following():
    assert prepared().following('https://b.example/x?y').url == 'https://b.example/x?y'
    assert prepared(f'https://b.example/{adapter.MARK}').following('a b/../?c').url == 'https://b.example/a%20b/../%3Fc'
    call = prepared('https://b.example', b'{"id": "' + adapter.MARK.encode() + b'"}').following('a"b')
    assert json.loads(call.body) == {'id': 'a"b'}


@pytest.mark.parametrize('url', [
    'http://cdn.example.com/x', 'https://example.com.evil.test/x', 'https://evilexample.com/x',
    'https://a@example.com/x', 'https://127.0.0.1/x', 'file:///etc/passwd', '//example.com/x', 'https://[::1/x', ''])
def test_secrets_go_nowhere_else(url):
    with pytest.raises(ValueError, match="not its own"):
        prepared(hosts=('example.com',)).following(url)


@pytest.mark.parametrize('url', ['https://example.com/x', 'https://cdn.EXAMPLE.com/x', 'https://example.com.:443/'])
def test_hosts_and_those_below(url):
    assert prepared(hosts=('example.com',)).following(url).url == url
