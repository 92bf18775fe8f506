"""Sending to addresses that somebody typed in: refusals, limits, and what comes back (A40)."""
import contextlib
import http.server
import ipaddress
import socket
import ssl
import subprocess
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools import addresses, outbound
from helpdesk_core.tools.outbound import Limits, OutboundError, check_literal, check_url, post, request

QUICK = Limits(connect=1, read=0.3, total=0.8)


@pytest.mark.parametrize(('address', 'kind'), [
    ('8.8.8.8', 'public'), ('2606:4700::1111', 'public'), ('64:ff9b::808:808', 'public'), ('2002:808:808::1', 'public'),
    ('::ffff:8.8.8.8', 'public'), ('172.15.255.255', 'public'), ('172.32.0.1', 'public'), ('100.128.0.1', 'public'),
    ('127.0.0.1', 'private'), ('127.255.0.3', 'private'), ('10.1.2.3', 'private'), ('172.16.0.1', 'private'),
    ('172.31.255.255', 'private'), ('192.168.0.9', 'private'), ('100.64.0.1', 'private'), ('198.18.0.1', 'private'),
    ('::1', 'private'), ('fd12::1', 'private'), ('::ffff:127.0.0.1', 'private'), ('::ffff:10.0.0.1', 'private'),
    ('64:ff9b::a00:1', 'private'), ('2002:7f00:1::', 'private'), ('2002:c0a8:1::5', 'private'),
    ('0.0.0.0', 'forbidden'), ('0.1.2.3', 'forbidden'), ('169.254.169.254', 'forbidden'), ('224.0.0.1', 'forbidden'),
    ('255.255.255.255', 'forbidden'), ('240.0.0.1', 'forbidden'), ('192.0.0.192', 'forbidden'),
    ('100.100.100.200', 'forbidden'), ('168.63.129.16', 'forbidden'), ('203.0.113.7', 'forbidden'),
    ('::', 'forbidden'), ('fe80::1', 'forbidden'), ('fe80::1%eth0', 'forbidden'), ('ff02::1', 'forbidden'),
    ('fec0::1', 'forbidden'), ('fd00:ec2::254', 'forbidden'), ('2001:db8::1', 'forbidden'), ('2001::1', 'forbidden'),
    ('::127.0.0.1', 'forbidden'), ('::ffff:169.254.169.254', 'forbidden'), ('64:ff9b::a9fe:a9fe', 'forbidden'),
    ('2002:a9fe:a9fe::', 'forbidden'), ('64:ff9b:1::a00:1', 'forbidden'), ('::ffff:0:7f00:1', 'forbidden'),
])
def test_kind(address, kind):
    assert addresses.kind(address) == kind


@given(st.ip_addresses())
def test_what_python_calls_inside_is_never_public(address):
    if not addresses.plain(address).is_global:
        assert addresses.kind(address) != 'public'


@given(st.ip_addresses(v=4))
def test_disguises_change_nothing(address):
    number = int(address)
    for disguise in ((0xFFFF << 32) + number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80)):
        assert addresses.kind(ipaddress.IPv6Address(disguise)) == addresses.kind(address)


@pytest.mark.parametrize(('url', 'authority', 'path'), [
    ('https://Hooks.Example.com/a/b?c=d', 'hooks.example.com', '/a/b?c=d'),
    ('http://example.com', 'example.com', '/'),
    ('https://example.com:8443/x', 'example.com:8443', '/x'),
    ('http://example.com:80/', 'example.com', '/'),
    ('https://[2606:4700::1111]:444/x', '[2606:4700::1111]:444', '/x'),
    ('https://bücher.example/ä?ö=1#part', 'xn--bcher-kva.example', '/%C3%A4?%C3%B6=1'),
    ('  https://example.com/x  ', 'example.com', '/x'),
])
def test_check_url(url, authority, path):
    target = check_url(url)
    assert (target.authority, target.path) == (authority, path)


@pytest.mark.parametrize('url', [
    '', None, 'example.com', 'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com', 'javascript:alert(1)',
    'https://', 'https:///path', 'https://user@example.com/', 'https://user:word@example.com/', 'https://@example.com/',
    'https://example.com:0/', 'https://example.com:99999/', 'https://example.com:x/', 'https://exa mple.com/',
    'https://example.com/a b', 'https://example.com/\r\nHost: inside', 'https://example.com\\@inside/',
    'https://[fe80::1%25eth0]/', 'https://[nonsense]/', 'https://a..b/', 'https://example.com/\x00',
])
def test_refused_urls(url):
    with pytest.raises(OutboundError) as caught:
        check_url(url)
    assert (caught.value.reason, caught.value.retry) == ('url', False)


def test_ports():
    assert check_url('https://example.com/', ports={443}).port == 443
    with pytest.raises(OutboundError, match='Port 8443 is not allowed'):
        check_url('https://example.com:8443/', ports={443})


@pytest.mark.parametrize('host', ['127.0.0.1', '[::1]', '10.0.0.1', 'localhost', 'x.localhost', '[::ffff:127.0.0.1]'])
def test_numeric_hosts_are_refused_at_once(host):
    target = check_url(f'http://{host}/')
    with pytest.raises(OutboundError) as caught:
        check_literal(target)
    assert caught.value.reason == 'private'
    check_literal(target, allow_private=True)
    check_literal(check_url('http://example.com/'))
    with pytest.raises(OutboundError):
        check_literal(check_url('http://169.254.169.254/'), allow_private=True)


# ------------------------------------------------------------
# real connections
# ------------------------------------------------------------

def names(*found):
    """Return a resolver that answers with ``found`` (addresses), and counts."""
    def resolve(host, port, **_kwargs):
        resolve.asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, '', (address, port)) for address in found]
    resolve.asked = []
    return resolve


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.server.answer(self)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving(answer=None, context=None):
    def plain(handler):
        handler.send_response(200)
        handler.send_header('Retry-After', '7')
        handler.end_headers()
        handler.wfile.write(b'thanks')
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.seen, server.answer, server.daemon_threads = [], answer or plain, True
    server.handle_error = lambda *args: None
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def raw_server(talk):
    """Serve one connection with ``talk(socket)``."""
    listener = socket.create_server(('127.0.0.1', 0))

    def run():
        with contextlib.suppress(OSError):
            peer, _address = listener.accept()
            with peer:
                talk(peer)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f'http://127.0.0.1:{listener.getsockname()[1]}/'
    finally:
        listener.close()
        thread.join(2)


def url_of(server, host='127.0.0.1', scheme='http'):
    return f'{scheme}://{host}:{server.server_address[1]}/hook?x=1'


def test_post():
    with serving() as server:
        resolver = names('127.0.0.1')
        answer = post(url_of(server, 'hooks.example.com'), b'{"a": 1}',
                      {'Content-Type': 'application/json', 'Host': 'other', 'content-length': '3'},
                      allow_private=True, resolver=resolver)
    assert (answer.status, answer.ok, answer.text, answer.headers['retry-after']) == (200, True, 'thanks', '7')
    [(path, headers, body)] = server.seen
    assert (path, body) == ('/hook?x=1', b'{"a": 1}')
    assert headers['Host'] == f'hooks.example.com:{server.server_address[1]}'
    assert (headers['Content-Length'], headers['Content-Type']) == ('8', 'application/json')
    assert resolver.asked == ['hooks.example.com'], "looked up once: the second answer could be another one"


def test_a40_inside_is_refused_and_never_connected_to():
    with serving() as server:
        for found in (['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:127.0.0.1']):
            with pytest.raises(OutboundError) as caught:
                post(url_of(server, 'rebind.example.com'), b'', resolver=names(*found), limits=QUICK)
            assert (caught.value.reason, caught.value.retry) == ('private', False)
        for host in ('127.0.0.1', '2130706433', '0x7f.1', 'localhost'):
            with pytest.raises(OutboundError) as caught:
                post(url_of(server, host), b'')
            assert caught.value.reason == 'private'
        assert server.seen == []


def test_metadata_is_refused_where_private_is_allowed():
    with pytest.raises(OutboundError) as caught:
        post('http://cloud.example.com/', b'', allow_private=True, resolver=names('169.254.169.254'))
    assert caught.value.reason == 'private'


@pytest.mark.parametrize('status', [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status):
    with serving() as other:
        def away(handler):
            handler.send_response(status)
            handler.send_header('Location', url_of(other))
            handler.end_headers()
        with serving(away) as server, pytest.raises(OutboundError, match='not followed') as caught:
            post(url_of(server), b'', allow_private=True)
    assert (caught.value.reason, caught.value.retry, caught.value.status) == ('redirect', False, status)
    assert other.seen == []


@pytest.mark.parametrize('status', [204, 400, 404, 410, 429, 500, 503])
def test_other_answers_are_the_callers_to_judge(status):
    def refuse(handler):
        handler.send_response(status)
        handler.end_headers()
    with serving(refuse) as server:
        answer = post(url_of(server), b'', allow_private=True)
    assert (answer.status, answer.ok) == (status, status == 204)


def drip(text, pause, at_once=''):
    def talk(peer):
        peer.recv(65536)
        peer.sendall(at_once.encode())
        for char in text:
            peer.sendall(char.encode())
            time.sleep(pause)
    return talk


@pytest.mark.parametrize('talk', [
    lambda peer: time.sleep(5),                                    # says nothing
    drip('HTTP/1.1 200 OK\r\nX: ' + 'y' * 30, 0.1),                # one letter at a time: never silent for long
    drip('HTTP/1.1 100 Continue\r\n\r\n' * 5, 0.04),               # for ever about to answer
])
def test_slow_servers_are_left(talk):
    with raw_server(talk) as url:
        start = time.monotonic()
        with pytest.raises(OutboundError, match='in time') as caught:
            post(url, b'x', allow_private=True, limits=QUICK)
        assert time.monotonic() - start < 2.5
    assert (caught.value.reason, caught.value.retry, caught.value.left) == ('timeout', True, True)


def test_a_slow_look_up_is_left():
    def slow(*args, **kwargs):
        time.sleep(5)
    start = time.monotonic()
    with pytest.raises(OutboundError, match='looked up') as caught:
        post('http://slow.example.com/', b'', resolver=slow, limits=QUICK)
    assert time.monotonic() - start < 3
    assert caught.value.retry


def test_a_slow_body_after_the_status_is_an_answer():
    with raw_server(drip('bcdefghijklmnopqrstuvwxyz', 0.1, at_once='HTTP/1.1 200 OK\r\n\r\na')) as url:
        answer = post(url, b'x', allow_private=True, limits=QUICK)
    assert answer.status == 200
    assert answer.text.startswith('a')
    assert answer.text != 'abcdefghijklmnopqrstuvwxyz'


def test_long_answers_are_cut():
    def much(peer):
        peer.recv(65536)
        peer.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
        for _number in range(1000):
            peer.sendall(b'z' * 100_000)
    with raw_server(much) as url:
        answer = post(url, b'x', allow_private=True)
    assert (len(answer.body), answer.text) == (64 * 1024, 'z' * 2048)


def test_endless_heads_end():
    def much(peer):
        peer.recv(65536)
        peer.sendall(b'HTTP/1.1 200 OK\r\n')
        for number in range(100_000):
            peer.sendall(b'X-%d: %s\r\n' % (number, b'z' * 1000))
    with raw_server(much) as url:
        answer = post(url, b'x', allow_private=True)
    assert (answer.status, answer.body) == (200, b''), "the first line was read; what follows is cut"


def test_no_http_and_nobody_there():
    with raw_server(lambda peer: peer.recv(65536) and peer.sendall(b'220 mail.example.com ESMTP\r\n')) as url:
        with pytest.raises(OutboundError) as caught:
            post(url, b'x', allow_private=True, limits=QUICK)
        assert (caught.value.reason, caught.value.retry) == ('protocol', True)
    with pytest.raises(OutboundError) as caught:
        post(url, b'x', allow_private=True, limits=QUICK)
    assert (caught.value.reason, caught.value.retry) == ('connect', True)
    assert '127.0.0.1' in str(caught.value)


def test_a_connection_closed_without_a_word():
    with raw_server(lambda peer: peer.recv(65536)) as url, pytest.raises(OutboundError) as caught:
        post(url, b'x', allow_private=True)
    assert (caught.value.reason, caught.value.retry) == ('connect', True)


def test_unknown_names():
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, 'Name or service not known')
    with pytest.raises(OutboundError, match=r'no server called nowhere\.example') as caught:
        post('https://nowhere.example/secret-path', b'', resolver=unknown)
    assert caught.value.retry
    assert 'secret' not in str(caught.value)


def test_the_next_address_is_tried():
    with serving() as server:
        answer = post(url_of(server, 'two.example.com'), b'', allow_private=True, limits=Limits(1, 1, 3),
                      resolver=names('127.0.0.9', '127.0.0.1'))
    assert answer.status == 200


@pytest.mark.parametrize('headers', [{'X-A': 'b\r\nX-C: d'}, {'X-A\r\nB': 'c'}])
def test_headers_cannot_be_smuggled(headers):
    with serving() as server, pytest.raises(OutboundError) as caught:
        post(url_of(server), b'', headers, allow_private=True)
    assert (caught.value.reason, server.seen) == ('protocol', [])


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ('http_proxy', 'HTTP_PROXY', 'all_proxy'):
        monkeypatch.setenv(name, 'http://127.0.0.1:9')
    with serving() as server:
        assert post(url_of(server), b'', allow_private=True).ok


@pytest.fixture(scope='module')
def certificate(tmp_path_factory):
    """A certificate for hooks.example.com that nobody but its owner trusts."""
    path = tmp_path_factory.mktemp('tls') / 'both.pem'
    subprocess.run([
        'openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=hooks.example.com',
        '-addext', 'subjectAltName=DNS:hooks.example.com', '-keyout', path, '-out', f'{path}.crt'],
        check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_name('both.pem.crt').read_text())
    return path


def test_certificates_are_checked_by_name(certificate):
    here = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    here.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=certificate)
    with serving(context=here) as server:
        def send(host, context):
            return post(url_of(server, host, 'https'), b'x', allow_private=True, context=context,
                        resolver=names('127.0.0.1'))
        assert send('hooks.example.com', trusting).text == 'thanks'
        for host, context in (('other.example.com', trusting), ('hooks.example.com', None)):
            with pytest.raises(OutboundError, match='certificate') as caught:
                send(host, context)
            assert caught.value.reason == 'certificate'
        assert len(server.seen) == 1


def test_no_tls_where_tls_is_asked_for():
    with serving() as server, pytest.raises(OutboundError) as caught:
        post(url_of(server, scheme='https'), b'', allow_private=True, limits=QUICK)
    assert caught.value.reason in ('connect', 'timeout')
    assert not caught.value.left


def test_text_is_fit_for_a_database():
    answer = outbound.Answer(200, body=b'a\x00b\xffc\x1b[31m\nd\te')
    assert answer.text == 'a b\ufffdc [31m\nd\te'


def test_get_and_large_answers():
    """A file is fetched with GET up to the limit that is asked for, and says whether it is all there."""
    with serving() as server:
        Handler.do_GET = lambda handler: handler.server.answer(handler)

        def large(handler):
            handler.send_response(200)
            handler.send_header('Content-Length', str(200_000 + (100 if handler.path == '/cut' else 0)))
            handler.end_headers()
            handler.wfile.write(b'x' * 200_000)
        server.answer = large
        url = f'http://example.com:{server.server_address[1]}'
        ask = {'allow_private': True, 'resolver': names('127.0.0.1')}
        try:
            whole = request('GET', url + '/file', body_limit=200_001, **ask)
            short = request('GET', url + '/file', body_limit=200_000, **ask)
            usual = request('GET', url + '/file', **ask)
            cut = request('GET', url + '/cut', body_limit=300_000, **ask)
        finally:
            del Handler.do_GET
    assert (len(whole.body), whole.complete) == (200_000, True)
    assert (len(short.body), short.complete) == (200_000, False)
    assert (len(usual.body), usual.complete) == (64 * 1024, False)
    assert (len(cut.body), cut.complete) == (200_000, False)
