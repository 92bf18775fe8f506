"""WhatsApp's adapter: against tables of what the service is documented to send, a fake of it, and noise."""
import contextlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import messenger_desk as desk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_messenger.tests import fake_meta
from helpdesk_messenger.tests.fake_whatsapp import PEER, FakeWhatsApp
from helpdesk_messenger.tests.fakes import Reply, disorder
from helpdesk_messenger.tools import adapter, whatsapp
from helpdesk_messenger.tools.adapter import FileRef, Incoming, Receipt, Received, Sent, Upload

AT = 1749416383
MOMENT = datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
PDF = Upload('Offer.pdf', 'application/pdf', b'%PDF')


@pytest.fixture
def service():
    with FakeWhatsApp.running() as found:
        yield found


@pytest.fixture(scope='module')
def book():
    """A fake that is asked nothing: it writes calls to us."""
    found = FakeWhatsApp()
    yield found
    found.server_close()


def read(book, *values, **more):
    headers, body = book.call(*values, **more)
    assert whatsapp.verify(book.credentials, headers, body)
    return whatsapp.read(book.credentials, body)


# ------------------------------------------------------------
# who calls
# ------------------------------------------------------------
@given(st.binary(max_size=200))
def test_signature(book, body):
    """N10: only what the service signed is believed, whatever it holds."""
    headers, _body = book.signed({})
    right = 'sha256=' + hmac.new(fake_meta.APP_SECRET.encode(), body, 'sha256').hexdigest()
    assert whatsapp.verify(book.credentials, {'x-hub-signature-256': right}, body)
    assert not whatsapp.verify(book.credentials, {'x-hub-signature-256': right}, body + b' ')
    assert not whatsapp.verify(book.credentials, {'x-hub-signature-256': right[:-1]}, body)
    assert not whatsapp.verify(book.credentials, headers, body) or body == b'{}'


@pytest.mark.parametrize('headers', [
    {}, {'x-hub-signature-256': ''}, {'x-hub-signature-256': 'sha256='}, {'x-hub-signature-256': 'ключ'},
    {'x-hub-signature-256': None}, {'x-hub-signature': 'sha1=abc'}])
def test_no_signature(book, headers):
    assert not whatsapp.verify(book.credentials, headers, b'{}')


def test_without_secret_nobody_is_believed(book):
    headers, body = book.signed({}, secret='')
    assert not whatsapp.verify({**book.credentials, 'app_secret': ''}, headers, body)
    assert not whatsapp.verify({**book.credentials, 'app_secret': None}, headers, body)


@pytest.mark.parametrize(('change', 'found'), [
    ({}, '1158201444'), ({'hub.mode': 'unsubscribe'}, None), ({'hub.verify_token': 'other'}, None),
    ({'hub.verify_token': 'wörd'}, None), ({'hub.verify_token': ''}, None), ({'hub.challenge': '<b>x</b> y'}, None),
    ({'hub.challenge': ''}, None)])
def test_handshake(book, change, found):
    asked = {'hub.mode': 'subscribe', 'hub.verify_token': fake_meta.VERIFY_TOKEN, 'hub.challenge': '1158201444'}
    assert whatsapp.handshake(book.credentials, {**asked, **change}) == found
    assert whatsapp.handshake({**book.credentials, 'verify_token': ''}, {**asked, 'hub.verify_token': ''}) is None
    assert whatsapp.handshake(book.credentials, {}) is None


# ------------------------------------------------------------
# in
# ------------------------------------------------------------
def test_text(book):
    """S0-1: a message with its sender, name, number and time."""
    found = read(book, book.message("Hello", service_id='wamid.1', at=AT))
    assert found == Received((Incoming(
        'wamid.1', PEER, "Hello", sender_name="Sheena Nelson", sender_phone=f'+{PEER}', at=MOMENT),))


@pytest.mark.parametrize(('told', 'text'), [
    ({'type': 'button', 'button': {'text': "No", 'payload': 'P'}}, "No"),
    ({'type': 'interactive', 'interactive': {'type': 'button_reply', 'button_reply': {'title': "Yes"}}}, "Yes"),
    ({'type': 'interactive', 'interactive': {'type': 'list_reply', 'list_reply': {
        'id': '1', 'title': "Repair", 'description': "Within a week"}}}, "Repair\nWithin a week"),
    ({'type': 'interactive', 'interactive': {'type': 'nfm_reply', 'nfm_reply': {
        'name': 'flow', 'body': "Sent", 'response_json': '{"a": 1}'}}}, 'Sent\n{"a": 1}'),
    ({'type': 'interactive', 'interactive': {'type': 'new'}}, "[A message that WhatsApp did not pass on]"),
    ({'type': 'location', 'location': {'latitude': 52.5, 'longitude': 13.25, 'name': "Yard", 'address': "Road 1"}},
     "Yard\nRoad 1\nhttps://www.openstreetmap.org/?mlat=52.500000&mlon=13.250000"),
    ({'type': 'location', 'location': {'latitude': 1e99, 'longitude': 'x', 'name': "Yard"}}, "Yard"),
    ({'type': 'location', 'location': {'latitude': float('inf'), 'longitude': 1, 'name': "Yard"}}, None),
    ({'type': 'contacts', 'contacts': [
        {'name': {'formatted_name': "Ann Lee"}, 'phones': [{'phone': '+1 555'}], 'emails': [{'email': 'a@b.example'}]},
        {'name': {'formatted_name': "Bo"}}]}, "Ann Lee, +1 555, a@b.example\nBo"),
    ({'type': 'contacts', 'contacts': 3}, "[A message that WhatsApp did not pass on]"),
    ({'type': 'order', 'order': {'text': "Please", 'product_items': [
        {'product_retailer_id': 'A-1', 'quantity': 2}, {'product_retailer_id': 'B'}]}}, "Please\n2 × A-1\nB"),
    ({'type': 'unsupported', 'errors': [{'code': 131051, 'title': "Message type unknown"}],
      'unsupported': {'type': 'poll_creation'}}, "[A message that WhatsApp did not pass on]"),
    ({'type': 'from_the_future', 'from_the_future': {'a': 1}}, "[A message that WhatsApp did not pass on]"),
    ({'type': 'image', 'image': {}, 'errors': [{'code': 131052}]}, "[A file that WhatsApp did not pass on]"),
])
def test_kinds(book, told, text):
    """S0-9: whatever was said is told in words, and nothing is lost without a word."""
    if text is None:  # a number that JSON does not know: no call of WhatsApp
        with pytest.raises(ValueError, match="no JSON"):
            read(book, book.message(**told))
        return
    [message] = read(book, book.message(**told)).messages
    assert (message.text, message.files) == (text, ())


@pytest.mark.parametrize(('told', 'text', 'file'), [
    ({'type': 'image', 'image': {'id': '11', 'mime_type': 'image/jpeg', 'sha256': 'x', 'caption': "Look"}}, "Look",
     FileRef('11', 'image.jpg', 'image/jpeg')),
    ({'type': 'document', 'document': {'id': '12', 'mime_type': 'application/pdf', 'filename': "Bill.pdf"}}, "",
     FileRef('12', 'Bill.pdf', 'application/pdf')),
    ({'type': 'audio', 'audio': {'id': '13', 'mime_type': 'audio/ogg; codecs=opus', 'voice': True}}, "",
     FileRef('13', 'audio.oga', 'audio/ogg')),
    ({'type': 'video', 'video': {'id': '14', 'mime_type': 'video/mp4'}}, "", FileRef('14', 'video.mp4', 'video/mp4')),
    ({'type': 'sticker', 'sticker': {'id': '15', 'mime_type': 'image/webp', 'animated': False}}, "",
     FileRef('15', 'sticker.webp', 'image/webp')),
    ({'type': 'document', 'document': {'id': '16', 'mime_type': 'x\r\ny', 'filename': "a\x00b"}}, "",
     FileRef('16', 'ab', 'application/octet-stream')),
])
def test_files(book, told, text, file):
    [message] = read(book, book.message(**told)).messages
    if message.files[0].name == 'audio.ogg':  # what a system calls this type
        file = FileRef(file.reference, 'audio.ogg', file.mimetype)
    assert (message.text, message.files) == (text, (file,))


def test_answers_and_reactions(book):
    answer = book.message("Yes", at=AT)
    answer['messages'][0]['context'] = {'from': '15550783881', 'id': 'wamid.OUT1'}
    reaction = book.message(type='reaction', reaction={'message_id': 'wamid.OUT2', 'emoji': "👍"})
    taken_back = book.message(type='reaction', reaction={'message_id': 'wamid.OUT2'})
    found = read(book, answer, reaction, taken_back)
    assert [(one.text, one.reply_to) for one in found.messages] == [("Yes", 'wamid.OUT1'), ("👍", 'wamid.OUT2')]
    assert found.unknown == 1


def test_edited_and_taken_back(book):
    edit = book.message(type='edit', edit={'original_message_id': 'wamid.1', 'message': {
        'type': 'text', 'text': {'body': "Hello you"}}})
    revoke = book.message(type='revoke', revoke={'original_message_id': 'wamid.2'})
    first, second = read(book, edit, revoke).messages
    assert (first.service_id, first.text, first.edited) == ('wamid.1', "Hello you", True)
    assert (second.service_id, second.edited) == ('wamid.2', True)
    assert second.text == "[The customer has taken this message back]"


@pytest.mark.parametrize('more', [{'from_user_id': 'US.13491208655302741918'}, {}])
def test_hidden_numbers(book, more):
    told = {'contacts': [{'profile': {'name': "Hidden"}, 'user_id': 'US.13491208655302741918'}],
            'messages': [{**more, 'id': 'wamid.9', 'timestamp': str(AT), 'type': 'text', 'text': {'body': "Hi"}}]}
    [message] = read(book, told).messages
    assert (message.sender, message.sender_name, message.sender_phone) == ('US.13491208655302741918', "Hidden", '')
    [call] = whatsapp.send(book.credentials, message.sender, "Hello")
    assert json.loads(call.body)['recipient'] == message.sender
    assert 'to' not in json.loads(call.body)


def test_who_is_who(book):
    """Names go with their own people; one who is known by another number than the id is named all the same."""
    told = {'contacts': [{'profile': {'name': name}, 'wa_id': number}
                         for name, number in (("Ann", '4911111'), ("Bo", '4922222'))],
            'messages': [{'from': sender, 'id': f'wamid.{sender}', 'type': 'text', 'text': {'body': "Hi"}}
                         for sender in ('4922222', '4911111', '4933333')]}
    assert [(one.sender, one.sender_name) for one in read(book, told).messages] == [
        ('4922222', "Bo"), ('4911111', "Ann"), ('4933333', '')]
    del told['contacts'][1]
    assert [one.sender_name for one in read(book, told).messages] == ['', "Ann", '']
    told['messages'] = told['messages'][2:]
    assert [one.sender_name for one in read(book, told).messages] == ["Ann"]
    told['messages'] = [{'id': 'wamid.1', 'type': 'text', 'text': {'body': "Hi"}}]
    assert [one.sender_phone for one in read(book, told).messages] == ['+4911111']


@pytest.mark.parametrize('why', ['account', 'field', 'system', 'group', 'no sender', 'no id', 'errors only', 'empty'])
def test_what_is_not_for_us(book, why):
    """S0-8: what belongs to another number, or is no message, is counted and never shown."""
    value, more = book.message("Hello"), {}
    message = value['messages'][0]
    if why == 'account':
        more = {'account': '999'}
    elif why == 'field':
        more = {'field': 'smb_message_echoes'}
    elif why == 'system':
        message.update({'type': 'system', 'system': {'body': "User changed number", 'type': 'user_changed_number'}})
    elif why == 'group':
        message['group_id'] = 'Y2FwaV9ncm91cA=='
    elif why == 'no sender':
        del message['from']
        value['contacts'] = []
    elif why == 'no id':
        message['id'] = "a b"
    elif why == 'errors only':
        value = {'errors': [{'code': 131000}]}
    else:
        message['text']['body'] = " \x00 "
    assert read(book, value, **more) == Received(unknown=1)


def test_without_number_nothing_is_ours(book):
    _headers, body = book.call(book.message("Hello"), book.status('wamid.1', 'sent'))
    assert whatsapp.read({**book.credentials, 'account': ''}, body) == Received(unknown=2)


@pytest.mark.parametrize('payload', [
    {}, {'object': 'page', 'entry': []}, {'object': 'whatsapp_business_account'}, [],
    {'object': 'whatsapp_business_account', 'entry': {}}])
def test_other_calls(book, payload):
    with pytest.raises(ValueError, match="call"):
        whatsapp.read(book.credentials, json.dumps(payload).encode())


@pytest.mark.parametrize(('told', 'state', 'code', 'reason'), [
    ('sent', 'sent', 0, ''), ('delivered', 'delivered', 0, ''), ('read', 'read', 0, ''), ('played', 'read', 0, ''),
    ('failed', 'failed', 131047, f"{whatsapp.WINDOW_CLOSED} (131047: Details of it)"),
    ('failed', 'failed', 131026, f"{whatsapp.UNREACHABLE[131026]} (131026: Details of it)"),
    ('failed', 'failed', 4711, "WhatsApp did not deliver the message. (4711: Details of it)"),
    ('failed', 'failed', 0, "WhatsApp did not deliver the message."),
])
def test_receipts(book, told, state, code, reason):
    """S0-12: what became of an answer, with a reason for people."""
    found = read(book, book.status('wamid.OUT1', told, AT, code))
    assert found == Received(receipts=(Receipt('wamid.OUT1', state, reason, MOMENT),))


@pytest.mark.parametrize('state', ['deleted', 'warning', '', None, 7, []])
def test_other_states(book, state):
    assert read(book, book.status('wamid.OUT1', state)) == Received(unknown=1)


def test_many_in_one_call_and_in_disorder(book):
    """N10: several entries a call; the service's own ids and times tell what belongs where."""
    values = [book.message(f"Line {number}", service_id=f'wamid.L{number}', at=AT + number) for number in range(20)]
    values += [book.status('wamid.OUT1', state, AT + at) for at, state in enumerate(('sent', 'delivered', 'read'))]
    found = read(book, *disorder(values, copies=3))
    assert {(one.service_id, one.text, one.at) for one in found.messages} == {
        (f'wamid.L{number}', f"Line {number}", MOMENT + timedelta(seconds=number)) for number in range(20)}
    assert len(found.messages) > 20
    assert [one.state for one in sorted(set(found.receipts), key=lambda one: one.at)] == ['sent', 'delivered', 'read']


# ------------------------------------------------------------
# out
# ------------------------------------------------------------
def test_answer(service):
    """S0-10: text, then files, in order; the quotation goes with the first message."""
    calls = whatsapp.send(service.credentials, PEER, "Hello\n{{answer}}", [PDF], 'wamid.IN1')
    assert deliver_ids(service, calls) == ['wamid.OUT1', 'wamid.OUT3']
    first, second = service.accepted
    assert first['to'] == PEER
    assert first['text'] == {'body': "Hello\n{{answer}}", 'preview_url': False}
    assert first['context'] == {'message_id': 'wamid.IN1'}
    assert second['document'] == {'id': '772', 'filename': 'Offer.pdf'}
    assert 'context' not in second
    assert service.uploads == {'772': (b'%PDF', 'Offer.pdf', 'application/pdf')}
    assert all(call.secrets == (fake_meta.TOKEN,) for call in calls)


def deliver_ids(service, calls):
    found = desk.deliver(whatsapp, service, calls)
    assert all(one.ok for one in found), found
    return [one.service_id for one in found]


def test_files_alone_and_by_link(service):
    linked = Upload('a.jpg', 'image/jpeg', url='https://desk.example.com/a.jpg')
    calls = whatsapp.send(service.credentials, PEER, "", [linked, PDF], 'wamid.IN1')
    assert len(deliver_ids(service, calls)) == 2
    assert service.accepted[0]['image'] == {'link': 'https://desk.example.com/a.jpg'}
    assert [one.get('context') for one in service.accepted] == [{'message_id': 'wamid.IN1'}, None]


def test_long_texts(service):
    text = "Sentence of this answer. " * 400
    calls = whatsapp.send(service.credentials, PEER, text)
    assert len(deliver_ids(service, calls)) == 3
    assert ' '.join(one['text']['body'] for one in service.accepted) == text.strip()


@pytest.mark.parametrize(('change', 'to', 'file', 'sentence'), [
    ({}, 'Ann', None, "no WhatsApp number"), ({'token': ''}, PEER, None, "no access token"),
    ({'account': None}, PEER, None, "no phone number id"), ({'version': '../v1'}, PEER, None, "looks like v25"),
    ({}, PEER, Upload('a.exe', 'application/x-msdownload', b'x'), "does not take files like a.exe"),
    ({}, PEER, Upload('a.svg', 'image/svg+xml', b'x'), "does not take files like a.svg"),
    ({}, PEER, Upload('a.png', 'image/png', b'x' * (5_000_001)), "a.png is too large: WhatsApp takes up to 5 MB"),
    ({}, PEER, Upload('a.png', 'image/png'), "a.png is empty"),
    ({}, PEER, Upload('a.png', 'image/png', url='http://desk.example.com/a.png'), "a.png is empty"),
])
def test_what_cannot_be_sent(book, change, to, file, sentence):
    with pytest.raises(ValueError, match=sentence):
        whatsapp.send({**book.credentials, **change}, to, "Hello", [file] if file else [])


@pytest.mark.parametrize(('reply', 'found'), [
    (fake_meta.fault(131047, "Re-engagement message", details="More than 24 hours"), {
        'window': True, 'reason': f"{whatsapp.WINDOW_CLOSED} (131047: More than 24 hours)"}),
    (fake_meta.fault(130429, "Rate limit hit", 429), {'retry': True, 'wait': 60}),
    (fake_meta.fault(130429, "Rate limit hit", 429, headers={'Retry-After': '7'}), {'retry': True, 'wait': 7}),
    (fake_meta.fault(131056, "Pair rate limit hit", 400), {'retry': True}),
    (fake_meta.fault(131056, "Pair rate limit hit", 429, headers={'Retry-After': '6'}), {'retry': True, 'wait': 6}),
    (fake_meta.fault(131048, "Spam rate limit hit"), {'retry': True, 'wait': 3600}),
    (fake_meta.fault(80007, "Rate limit issues"), {'retry': True, 'wait': 60}),
    (fake_meta.fault(131000, "Something went wrong", 500), {'retry': True}),
    (fake_meta.fault(2, "API Service", 503, headers={'Retry-After': '30'}), {'retry': True, 'wait': 30}),
    (fake_meta.fault(131026, "Message undeliverable"), {}), (fake_meta.fault(100, "Invalid parameter"), {}),
    (fake_meta.fault(131053, "Media upload error"), {}), (fake_meta.fault(987654, "New one"), {}),
    (fake_meta.fault(190, "Access token has expired", 401), {'channel': True}),
    (fake_meta.fault(10, "Permission denied", 403), {'channel': True}),
    (fake_meta.fault(200, "Permission", 403), {'channel': True}),
    (fake_meta.fault(131031, "Account has been locked", 403), {'channel': True}),
    (fake_meta.fault(368, "Temporarily blocked", 403), {'channel': True}),
    (Reply(429, b'slow', {'Retry-After': '9'}), {'retry': True, 'wait': 9}), (Reply(502, b'<html>'), {'retry': True}),
    (Reply(401, b''), {'channel': True}), (Reply(404, b''), {}), (Reply(400, {'error': 'text'}), {}),
    (Reply(400, {'error': {'code': True, 'message': ['x']}}), {}),
    (Reply(200, b'{}'), {'reason': "WhatsApp gave an answer that nobody understands."}),
    (Reply(200, b'no JSON'), {}), (Reply(200, {'messages': 'x'}), {}),
])
def test_refusals(service, reply, found):
    """S0-12: limits are waited for, a closed window is told, an expired key stops the channel, the rest just fails."""
    service.answers.append(reply)
    [said] = desk.deliver(whatsapp, service, whatsapp.send(service.credentials, PEER, "Hello"))
    assert said.reason.endswith(('.', ')'))
    assert said == Sent(False, **{'reason': said.reason, **found})
    assert not service.accepted


def test_window_and_key_at_the_service(service):
    service.closed.add(PEER)
    [said] = desk.deliver(whatsapp, service, whatsapp.send(service.credentials, PEER, "Hello"))
    assert (said.ok, said.window, said.retry, said.channel) == (False, True, False, False)
    wrong = {**service.credentials, 'token': 'old-key-7'}
    [said] = desk.deliver(whatsapp, service, whatsapp.send(wrong, '4912345678', "Hello"))
    assert (said.ok, said.window, said.retry, said.channel) == (False, False, False, True)
    assert 'old-key-7' not in said.reason


def test_keys_are_not_repeated(service):
    """A40: Meta names the token that it refuses; nobody reads it in a reason."""
    token = 'EAAG' + 'x7' * 90
    service.answers.append(fake_meta.fault(190, f"Malformed access token {token}", 401))
    [said] = desk.deliver(whatsapp, service, whatsapp.send({**service.credentials, 'token': token}, PEER, "Hello"))
    assert said.reason.endswith("(190: Malformed access token …)")


def test_an_upload_that_fails_sends_nothing(service):
    service.answers.append(fake_meta.fault(131053, "Media upload error"))
    [said] = desk.deliver(whatsapp, service, whatsapp.send(service.credentials, PEER, "", [PDF]))
    assert not said.ok
    assert len(service.calls) == 1


def test_connect(service):
    calls = whatsapp.connect(service.credentials, 'https://desk.example.com/helpdesk/channel/x')
    assert desk.deliver(whatsapp, service, calls) == [Sent(True)]
    assert service.callback == ('https://desk.example.com/helpdesk/channel/x', fake_meta.VERIFY_TOKEN)


def test_check(service):
    [said] = desk.deliver(whatsapp, service, whatsapp.check(service.credentials))
    assert said.ok
    [said] = desk.deliver(whatsapp, service, whatsapp.check({**service.credentials, 'account': '1'}))
    assert not said.ok


# ------------------------------------------------------------
# files
# ------------------------------------------------------------
def test_download(service):
    service.media['4711'] = (b'picture', 'image/jpeg')
    assert desk.download(whatsapp, service, service.credentials, '4711') == b'picture'
    assert [call.headers['authorization'] for call in service.calls] == [f'Bearer {fake_meta.TOKEN}'] * 2


@pytest.mark.parametrize('url', [
    'https://127.0.0.1/x', 'https://evil.test/?lookaside.fbsbx.com', 'http://lookaside.fbsbx.com/x',
    'https://fbsbx.com.evil.test/x'])
def test_the_key_goes_to_meta_only(service, url):
    """A40: an address that is not Meta's does not get our access token."""
    service.media['4711'], service.media_url = (b'x', 'image/jpeg'), url
    with pytest.raises(ValueError, match="not its own"):
        desk.download(whatsapp, service, service.credentials, '4711')
    assert len(service.calls) == 1


@pytest.mark.parametrize('reference', ['', '../me', 'a/b', 'x?y', None, 'a' * 101])
def test_other_references(book, reference):
    with pytest.raises(ValueError, match="no file"):
        whatsapp.fetch(book.credentials, reference)


# ------------------------------------------------------------
# noise
# ------------------------------------------------------------
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(['text', 'image', 'edit', 'location', 'wamid.1', PEER, "\ud800\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        'type', 'text', 'body', 'id', 'from', 'timestamp', 'image', 'location', 'latitude', 'longitude', 'contacts',
        'edit', 'message', 'original_message_id', 'context', 'reaction', 'message_id', 'emoji', 'interactive', 'order',
        'product_items', 'status', 'errors', 'code', 'error_data', 'details', 'phones', 'name', 'mime_type']),
        inner, max_size=6), max_leaves=20)


@given(st.binary(max_size=200))
def test_any_bytes(book, body):
    with contextlib.suppress(ValueError):
        assert isinstance(whatsapp.read(book.credentials, body), Received)


@given(messages=JSON, statuses=JSON, contacts=JSON, kind=st.sampled_from([*whatsapp.MEDIA, *whatsapp.SAYINGS, 'x']))
def test_any_values(book, messages, statuses, contacts, kind):
    """Whatever the fields hold, it is read or left out, and what is read can be stored."""
    rows = [{'id': 'wamid.1', 'from': PEER, 'type': kind, kind: messages},
            {'id': 'wamid.1', 'from': PEER, 'type': kind, **(messages if isinstance(messages, dict) else {})}]
    found = read(book, {'messages': rows, 'statuses': [statuses, {'id': 'wamid.2', 'status': 'failed', 'errors': [
        statuses]}], 'contacts': contacts}, {'messages': messages, 'statuses': statuses})
    for text in desk.texts(found):
        assert '\x00' not in text
        text.encode()
    assert Received(unknown=1) == read(book, {'messages': [7], 'statuses': None})


@given(st.integers(100, 599), st.binary(max_size=100), JSON)
def test_any_answer(status, body, value):
    for answered in (body, json.dumps(value).encode(), json.dumps({'error': value, 'messages': value}).encode()):
        found = whatsapp.sent(status, {}, answered)
        assert isinstance(found, Sent)
        assert found.ok == bool(found.service_id) != bool(found.reason)
    assert whatsapp.sent(200, {}, b'{"success": true}') == Sent(True)
    assert not whatsapp.sent(200, {}, b'{"success": 1}').ok


def test_limits():
    assert adapter.window_of(whatsapp, {}) == timedelta(hours=24)
