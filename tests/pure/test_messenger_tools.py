"""Telegram, the generic webhook, plain text: payloads and signatures without a database (S1-14, issue 8)."""
import base64
import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_messenger.tools import generic, plain, telegram
from helpdesk_messenger.tools.adapter import FileRef, Received, Upload

BOT = {'token': '1:abc', 'webhook_secret': 'word'}
PEER = {'signing_secret': generic.PREFIX + base64.b64encode(b'k' * 32).decode(), 'peer_url': 'https://peer.example/x'}
NESTED = b'[' * 100_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([
        'message', 'messages', 'receipts', 'edited_message', 'chat', 'from', 'id', 'type', 'text', 'photo', 'document',
        'file_id', 'contact', 'date', 'sender', 'files', 'url', 'at', 'state', 'location', 'latitude']), inner,
        max_size=6), max_leaves=25)


def update(**message):
    return json.dumps({'update_id': 1, 'message': {
        'message_id': 5, 'date': 1772614800, 'chat': {'id': 70, 'type': 'private'},
        'from': {'id': 70, 'is_bot': False, 'first_name': "Noor", 'last_name': "Haddad"}, **message}}).encode()


def only(received):
    [message] = received.messages
    return message


# ------------------------------------------------------------
# Telegram, in
# ------------------------------------------------------------

@pytest.mark.parametrize(('headers', 'expected'), [
    ({'x-telegram-bot-api-secret-token': 'word'}, True),
    ({'x-telegram-bot-api-secret-token': 'Word'}, False),
    ({'x-telegram-bot-api-secret-token': ''}, False),
    ({'x-telegram-bot-api-secret-token': 'wörd'}, False),
    ({}, False),
])
def test_telegram_proves_itself(headers, expected):
    assert telegram.verify(BOT, headers, b'{}') is expected
    assert not telegram.verify({'webhook_secret': ''}, headers, b'{}')


def test_telegram_text():
    message = only(telegram.read(BOT, update(text=" Hello ", reply_to_message={'message_id': 3})))
    assert (message.service_id, message.sender, message.text, message.reply_to) == ('70:5', '70', 'Hello', '70:3')
    assert (message.sender_name, message.sender_phone) == ('Noor Haddad', '')
    assert (message.at, message.edited) == (datetime(2026, 3, 4, 9, tzinfo=UTC), False)


def test_telegram_files():
    photo = [{'file_id': 'a', 'file_size': 5}, {'file_id': 'b', 'file_size': 9}]
    message = only(telegram.read(BOT, update(caption="Look", photo=photo)))
    assert (message.text, message.files) == ("Look", (FileRef('b', 'photo.jpg', 'image/jpeg', 9),))
    document = {'file_id': 'd', 'file_name': 'x.pdf', 'mime_type': 'application/pdf', 'file_size': 7}
    assert only(telegram.read(BOT, update(document=document))).files == (FileRef('d', 'x.pdf', 'application/pdf', 7),)
    moving = only(telegram.read(BOT, update(animation={'file_id': 'd'}, document={'file_id': 'd'})))
    assert len(moving.files) == 1
    assert only(telegram.read(BOT, update(voice={'file_id': 'v'}))).files == (FileRef('v', 'voice.ogg', 'audio/ogg'),)


@pytest.mark.parametrize(('user_id', 'phone'), [(70, '+32470000001'), (71, ''), (None, '')])
def test_telegram_a_number_is_the_senders_own_or_none(user_id, phone):
    contact = {'phone_number': '32470000001', 'first_name': "Noor", 'user_id': user_id}
    message = only(telegram.read(BOT, update(contact=contact)))
    assert message.sender_phone == phone
    assert message.text == "Noor 32470000001"


def test_telegram_edits():
    body = json.loads(update(text="new", edit_date=1772614860))
    body['edited_message'] = body.pop('message')
    message = only(telegram.read(BOT, json.dumps(body).encode()))
    assert (message.edited, message.at.minute, message.service_id) == (True, 1, '70:5')


@pytest.mark.parametrize('body', [
    update(text="x", chat={'id': -5, 'type': 'group'}), update(), update(text="x", **{'from': {'is_bot': True}}),
    b'{"update_id": 1, "callback_query": {}}', b'{"update_id": 1, "message": 5}'])
def test_telegram_not_for_us(body):
    assert telegram.read(BOT, body) == Received(unknown=1)


@pytest.mark.parametrize('body', [b'', b'x', b'[]', b'{}', b'{"update_id": true}', b'\xff\xfe', NESTED])
def test_telegram_no_call(body):
    with pytest.raises(ValueError, match='The call is no'):
        telegram.read(BOT, body)


@given(JSON)
def test_whatever_comes_is_read_or_refused(value):
    bodies = [json.dumps(value).encode(), json.dumps({'update_id': 1, 'message': value}).encode(),
              json.dumps({'messages': [value]}).encode(), update(photo=value, contact=value, location=value)]
    for body in bodies:
        for adapter, credentials in ((telegram, BOT), (generic, PEER)):
            try:
                assert isinstance(adapter.read(credentials, body), Received)
            except ValueError as error:
                assert str(error)


@given(st.binary(max_size=200))
def test_any_bytes(body):
    for adapter, credentials in ((telegram, BOT), (generic, PEER)):
        with contextlib.suppress(ValueError):
            adapter.read(credentials, body)
        adapter.sent(200, {}, body)
        assert not adapter.verify(credentials, {'webhook-signature': 'v1,x'}, body)


# ------------------------------------------------------------
# Telegram, out
# ------------------------------------------------------------

def test_telegram_send():
    calls = telegram.send(BOT, '70', 'word ' * 1000, [Upload('a"b\r\n.txt', 'text/plain', b'data')], '70:3')
    bodies = [json.loads(call.body) for call in calls[:-1]]
    assert [len(body['text']) <= 4096 for body in bodies] == [True, True]
    assert [body.get('reply_parameters', {}).get('message_id') for body in bodies] == [3, None]
    assert all(call.url.startswith('https://api.telegram.org/bot1:abc/send') for call in calls)
    assert all(call.secrets == ('1:abc',) for call in calls)
    assert b'filename="a_b__.txt"\r\nContent-Type: text/plain\r\n\r\ndata\r\n' in calls[-1].body
    assert 'reply_parameters' not in json.loads(telegram.send(BOT, '70', 'x', [], '71:3')[0].body)
    with pytest.raises(ValueError, match='nothing to send'):
        telegram.send(BOT, '70', ' ', [], '')


@pytest.mark.parametrize(('status', 'body', 'headers', 'expected'), [
    (429, {'ok': False, 'error_code': 429, 'parameters': {'retry_after': 7}}, {}, (True, 7, False)),
    (429, {'ok': False, 'error_code': 429}, {'retry-after': '9'}, (True, 9, False)),
    (429, b'slow down', {'retry-after': 'x'}, (True, 0, False)),
    (403, {'ok': False, 'error_code': 403, 'description': "Forbidden: bot was blocked"}, {}, (False, 0, False)),
    (401, {'ok': False, 'error_code': 401}, {}, (False, 0, True)),
    (400, {'ok': False, 'error_code': 400, 'description': "Bad Request: chat not found"}, {}, (False, 0, False)),
    (502, b'<html>', {}, (True, 0, False)),
    (500, {'ok': False, 'error_code': 500}, {}, (True, 0, False)),
])
def test_telegram_refusals(status, body, headers, expected):
    sent = telegram.sent(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())
    assert not sent.ok
    assert sent.reason
    assert (sent.retry, sent.wait, sent.channel) == expected


def test_telegram_file():
    call = telegram.fetch(BOT, 'some id')
    asked = telegram.sent(200, {}, b'{"ok": true, "result": {"file_id": "x", "file_path": "voice/a b.oga"}}')
    assert call.following(asked.service_id).url == 'https://api.telegram.org/file/bot1:abc/voice/a%20b.oga'
    with pytest.raises(ValueError, match='no file'):
        telegram.fetch(BOT, '')


# ------------------------------------------------------------
# generic
# ------------------------------------------------------------

def signed(body, at=1000, key=None):
    return {'webhook-id': 'x', 'webhook-timestamp': str(at),
            'webhook-signature': generic.signature(key or PEER['signing_secret'], 'x', str(at), body)}


def test_generic_signature_is_the_specifications():
    """The example of https://github.com/standard-webhooks/standard-webhooks."""
    assert generic.signature(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330,
        b'{"test": 2432232314}') == 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='


@given(st.binary(max_size=100))
def test_generic_proves_itself(body):
    assert generic.verify(PEER, signed(body), body, now=1300)
    assert not generic.verify(PEER, signed(body), body + b' ', now=1000)
    assert not generic.verify(PEER, signed(body), body, now=1301)
    assert not generic.verify(PEER, signed(body), body, now=699)
    assert not generic.verify(PEER, signed(body, key=generic.new_secret()), body, now=1000)


@pytest.mark.parametrize('change', [
    {'webhook-id': ''}, {'webhook-id': 'y'}, {'webhook-timestamp': '1001'}, {'webhook-timestamp': ''},
    {'webhook-timestamp': '١٠٠٠'}, {'webhook-signature': ''}, {'webhook-signature': 'v1,'}, {'webhook-signature': 'é'}])
def test_generic_forged(change):
    assert not generic.verify(PEER, {**signed(b'{}'), **change}, b'{}', now=1000)


@pytest.mark.parametrize('secret', ['', None, 'whsec_', 'whsec_!!!', 'nonsense'])
def test_generic_without_a_key_nobody_is_believed(secret):
    headers = {**signed(b'{}'), 'webhook-signature': 'v1,' + generic.signature(secret, 'x', '1000', b'{}')}
    assert not generic.verify({'signing_secret': secret}, headers, b'{}', now=1000)


@pytest.mark.parametrize('value', [
    {'messages': {}}, {'messages': [{}]}, {'messages': [{'id': '1', 'sender': 'jo'}]}, {'messages': ['x']},
    {'messages': [{'id': '1', 'sender': {'id': ''}}]}, {'messages': [{'id': 'x' * 201, 'sender': {'id': '1'}}]},
    {'messages': [{'id': '1', 'sender': {'id': '1'}, 'files': [{'name': 'x'}]}]}, {'receipts': [{'id': '1'}]},
    {'receipts': [{'id': '1', 'state': 'lost'}]}, [], {'messages': [{}] * 1001}])
def test_generic_refuses(value):
    with pytest.raises(ValueError, match=r'.'):
        generic.read(PEER, json.dumps(value).encode())


def test_generic_reads():
    received = generic.read(PEER, json.dumps({
        'messages': [{'id': 5, 'text': "Hi", 'at': '2026-03-04T10:00+01:00',
                      'sender': {'id': 'jo', 'email': 'jo@x.test'},
                      'files': [{'url': 'https://x.test/a', 'size': 3}]}],
        'receipts': [{'id': '1', 'state': 'read'}]}).encode())
    message = only(received)
    assert (message.service_id, message.at, message.sender_email) == (
        '5', datetime(2026, 3, 4, 9, tzinfo=UTC), 'jo@x.test')
    assert message.files == (FileRef('https://x.test/a', '', '', 3),)
    assert [(one.service_id, one.state) for one in received.receipts] == [('1', 'read')]


def test_generic_sends_the_same_id_each_time():
    send = [generic.send({**PEER, 'message_key': 'k'}, 'jo', 'x ' * 15_000, [Upload('a', 'b/c', b'1')], 'm1')
            for _time in range(2)]
    first, second = [[json.loads(call.body) for call in calls] for calls in send]
    assert [body['id'] for body in first] == [body['id'] for body in second]
    assert len({body['id'] for body in first}) == len(first) == 2
    assert [len(body['files']) for body in first] == [0, 1]
    assert [body['reply_to'] for body in first] == ['m1', None]
    call = send[0][0]
    assert generic.verify(PEER, call.headers, call.body, now=int(call.headers['webhook-timestamp']))


@pytest.mark.parametrize(('status', 'headers', 'expected'), [
    (503, {'retry-after': '30'}, (True, 30, False)), (429, {}, (True, 0, False)), (404, {}, (False, 0, False)),
    (410, {}, (False, 0, True)), (401, {}, (False, 0, True))])
def test_generic_refusals(status, headers, expected):
    sent = generic.sent(status, headers, b'{"reason": "No."}')
    assert (sent.retry, sent.wait, sent.channel, sent.reason) == (*expected, "No.")


# ------------------------------------------------------------
# plain text
# ------------------------------------------------------------

@pytest.mark.parametrize(('html', 'text'), [
    ('<p>One</p><p>Two</p>', 'One\n\nTwo'),
    ('<p>One<br>Two</p>', 'One\nTwo'),
    ('<p>See <a href="https://x.test/a?b=1&amp;c=2">this page</a>.</p>', 'See this page (https://x.test/a?b=1&c=2).'),
    ('<a href="https://x.test/">https://x.test</a>', 'https://x.test/'),
    ('<a href="https://x.test">x.test</a>', 'https://x.test'),
    ('<a href="mailto:jo@x.test">jo@x.test</a> <a href="tel:+321">call</a>', 'jo@x.test call (+321)'),
    ('<a href="javascript:alert(1)">click</a><a href="#top">up</a>', 'clickup'),
    ('<ul><li>a</li><li>b</li></ul><p>c</p>', '• a\n• b\n\nc'),
    ('<ol><li>a</li><li>b</li></ol>', '1. a\n2. b'),
    ('<style>p{}</style><p>&lt;b&gt; &amp; <b>bold</b></p><script>x</script>', '<b> & bold'),
    ('<p>  many \n  spaces </p>', 'many spaces'), ('', ''), (None, ''), ('<p><img alt="plan" src="x"></p>', '[plan]'),
])
def test_plain(html, text):
    assert plain.plain(html) == text


@given(st.text(max_size=300), st.integers(min_value=1, max_value=50))
def test_split_loses_no_word(text, limit):
    pieces = plain.split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert ''.join(''.join(pieces).split()) == ''.join(text.split())


def test_split_between_paragraphs():
    assert plain.split('aaaa aaaa\n\nbbbb bbbb', 12) == ['aaaa aaaa', 'bbbb bbbb']


@pytest.mark.parametrize('odd', ['u-7\x00', 'u-\ud8007', 'u\u202e-7', 'u\n7'])
def test_generic_ids_that_cannot_be_kept(odd):
    """Without what cannot be kept they would be the ids of somebody else."""
    for told in ({'id': odd, 'sender': {'id': 'u'}}, {'id': 'm', 'sender': {'id': odd}}):
        with pytest.raises(ValueError, match="characters that cannot be kept"):
            generic.read(PEER, json.dumps({'messages': [told]}).encode())
