"""The adapters of Messenger and Instagram: against tables, fakes of the services, and noise."""
import contextlib
import json
from datetime import UTC, datetime, timedelta

import messenger_desk as desk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_messenger.tests import fake_meta
from helpdesk_messenger.tests.fake_graph import PEER, FakeInstagram, FakeMessenger
from helpdesk_messenger.tests.fakes import Reply, disorder
from helpdesk_messenger.tools import adapter, facebook, instagram
from helpdesk_messenger.tools.adapter import FileRef, Incoming, Receipt, Received, Sent, Upload

AT = 1749416383
MOMENT = datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
CDN = 'https://scontent.xx.fbcdn.net/v/t1/Bill%20one.pdf?oh=1'
SERVICES = {'facebook': (facebook, FakeMessenger), 'instagram': (instagram, FakeInstagram)}
BOTH = pytest.mark.parametrize('kind', SERVICES)
PDF = Upload('Offer.pdf', 'application/pdf', b'%PDF')


@pytest.fixture
def service(kind):
    with SERVICES[kind][1].running() as found:
        yield found


@pytest.fixture(scope='module')
def books():
    """Fakes that are asked nothing: they write calls to us."""
    found = {kind: fake() for kind, (_adapter, fake) in SERVICES.items()}
    yield found
    for book in found.values():
        book.server_close()


@pytest.fixture
def book(books, kind):
    return books[kind]


def read(kind, book, *events, **more):
    headers, body = book.call(*events, **more)
    spoken = SERVICES[kind][0]
    assert spoken.verify(book.credentials, headers, body)
    assert not spoken.verify(book.credentials, headers, body + b' ')
    return spoken.read(book.credentials, body)


# ------------------------------------------------------------
# in
# ------------------------------------------------------------
@BOTH
def test_text(kind, book):
    """S0-1: a message with its sender and time; the name is asked for."""
    found = read(kind, book, book.message("Hello", service_id='m_1', at=AT, reply_to={'mid': 'm_OUT1'}))
    assert found == Received((Incoming('m_1', PEER, "Hello", reply_to='m_OUT1', at=MOMENT),))


@BOTH
@pytest.mark.parametrize(('more', 'text', 'files'), [
    ({'attachments': [{'type': 'image', 'payload': {'url': 'https://scontent.xx.fbcdn.net/a/b.png?x=1'}}]}, "",
     (FileRef('https://scontent.xx.fbcdn.net/a/b.png?x=1', 'b.png'),)),
    ({'text': "Look", 'attachments': [{'type': 'file', 'payload': {'url': CDN}}, {
        'type': 'audio', 'payload': {'url': 'https://cdn.fbsbx.com/v/voice'}}]}, "Look",
     (FileRef(CDN, 'Bill one.pdf'), FileRef('https://cdn.fbsbx.com/v/voice', 'audio.mp4'))),
    ({'attachments': [{'type': 'image', 'payload': {'url': 'https://a.example/x', 'sticker_id': 369}}]}, "",
     (FileRef('https://a.example/x', 'image.jpg'),)),
    ({'attachments': [{'type': 'story_mention', 'payload': {'url': 'https://lookaside.fbsbx.com/ig?id=1'}}]}, "",
     (FileRef('https://lookaside.fbsbx.com/ig?id=1', 'story_mention'),)),
    ({'attachments': [{'type': 'location', 'payload': {'coordinates': {'lat': 52.5, 'long': 13.25}}}]},
     "https://www.openstreetmap.org/?mlat=52.500000&mlon=13.250000", ()),
    ({'attachments': [{'type': 'fallback', 'title': "A page", 'url': 'https://example.com/p', 'payload': None}]},
     "A page\nhttps://example.com/p", ()),
    ({'attachments': [{'type': 'ig_reel', 'payload': {'title': "A reel", 'url': 'https://example.com/r'}}]},
     "A reel\nhttps://example.com/r", ()),
    ({'attachments': [{'type': 'share', 'payload': {'url': 'javascript:alert(1)'}}]},
     "[Something that cannot be shown here]", ()),
    ({'attachments': [{'type': 'image', 'payload': {'url': 'http://127.0.0.1/x'}}]},
     "[Something that cannot be shown here]", ()),
    ({'attachments': [{'type': 'new', 'payload': {}}]}, "[Something that cannot be shown here]", ()),
    ({'is_unsupported': True}, "[A message that the service did not pass on]", ()),
    ({'text': "Nice", 'reply_to': {'story': {'id': '1', 'url': 'https://lookaside.fbsbx.com/s'}}},
     "Nice\nhttps://lookaside.fbsbx.com/s", ()),
    ({'text': "Yes", 'quick_reply': {'payload': 'P'}}, "Yes", ()),
])
def test_kinds(kind, book, more, text, files):
    """S0-9: whatever was sent is a file or told in words."""
    [message] = read(kind, book, book.message(**more)).messages
    assert (message.text, message.files) == (text, files)


@BOTH
def test_buttons_reactions_and_edits(kind, book):
    at = {'sender': {'id': PEER}, 'timestamp': AT * 1000}
    found = read(
        kind, book,
        {**at, 'postback': {'mid': 'm_P', 'title': "Repair", 'payload': 'R'}},
        {**at, 'postback': {'title': "Old", 'payload': 'R'}},
        {**at, 'reaction': {'mid': 'm_OUT1', 'action': 'react', 'reaction': 'love', 'emoji': "❤"}},
        {**at, 'reaction': {'mid': 'm_OUT1', 'action': 'unreact'}},
        {**at, 'message_edit': {'mid': 'm_1', 'text': "Hello you", 'num_edit': 1}},
        {**at, 'message': {'mid': 'm_2', 'is_deleted': True}})
    assert [(one.service_id, one.text, one.reply_to, one.edited) for one in found.messages] == [
        ('m_P', "Repair", '', False), (f'postback.{PEER}.{AT}000', "Old", '', False),
        (f'reaction.{PEER}.{AT}000.m_OUT1', "❤", 'm_OUT1', False), ('m_1', "Hello you", '', True),
        ('m_2', "[The customer has taken this message back]", '', True)]
    assert found.unknown == 1


@BOTH
@pytest.mark.parametrize('event', [
    {'message': {'mid': 'm_1', 'text': "Ours", 'is_echo': True}}, {'sender': {'id': 'ours'}, 'message': {
        'mid': 'm_1', 'text': "Ours"}}, {'message': {'text': "No id"}}, {'optin': {'ref': 'x'}}, {'message': {
            'mid': 'm_1', 'text': " \x00"}}, {'sender': 5, 'message': {'mid': 'm_1', 'text': "Who?"}}, {'message': 'x'},
    {'postback': {'title': "x"}, 'timestamp': None}, {'read': {'watermark': AT * 1000}}, {}])
def test_what_is_not_for_us(kind, book, event):
    """S0-8: echoes, notices and what belongs to another account are counted and never shown."""
    if event.get('sender') == {'id': 'ours'}:
        event = {**event, 'sender': {'id': book.account}}
    assert read(kind, book, event) == Received(unknown=1)


@BOTH
def test_other_accounts_comments_and_standby(kind, book):
    assert read(kind, book, book.message("Hello"), account='999') == Received(unknown=1)
    _headers, body = book.signed({'object': book.kind, 'entry': [
        {'id': book.account, 'changes': [{'field': 'comments', 'value': {'text': "Nice picture"}}]},
        {'id': book.account, 'standby': [book.message("Hello")]}]})
    spoken = SERVICES[kind][0]
    assert spoken.read(book.credentials, body) == Received(unknown=2)
    _headers, body = book.call(book.message("Hello"))
    assert spoken.read({**book.credentials, 'account': ''}, body) == Received(unknown=1)
    other = {'page': 'instagram', 'instagram': 'page'}[book.kind]
    with pytest.raises(ValueError, match="no call about"):
        spoken.read(book.credentials, body.replace(b'"%s"' % book.kind.encode(), b'"%s"' % other.encode()))


@BOTH
def test_receipts(kind, book):
    """S0-12: named messages have arrived or were read; a bare time says nothing of any of them."""
    found = read(kind, book, book.delivered('m_OUT1', 'm_OUT2'), book.read('m_OUT3'))
    states = [(one.service_id, one.state) for one in found.receipts]
    assert states[:2] == [('m_OUT1', 'delivered'), ('m_OUT2', 'delivered')]
    assert states[2:] == ([('m_OUT3', 'read')] if kind == 'instagram' else [])
    assert (found.unknown, found.messages) == (0 if kind == 'instagram' else 1, ())
    assert all(isinstance(one, Receipt) and one.at for one in found.receipts)


@BOTH
def test_many_in_one_call_and_in_disorder(kind, book):
    """N10: several entries a call, more than once and in any order."""
    events = [book.message(f"Line {number}", service_id=f'm_L{number}', at=AT + number) for number in range(20)]
    found = read(kind, book, *disorder(events, copies=3))
    assert {(one.service_id, one.text, one.at) for one in found.messages} == {
        (f'm_L{number}', f"Line {number}", MOMENT + timedelta(seconds=number)) for number in range(20)}
    assert len(found.messages) > 20


# ------------------------------------------------------------
# out
# ------------------------------------------------------------
def deliver(kind, service, *args, **kwargs):
    spoken = SERVICES[kind][0]
    return desk.deliver(spoken, service, spoken.send(service.credentials, *args, **kwargs))


@BOTH
def test_answer(kind, service):
    """S0-10: text, then files, in order."""
    said = deliver(kind, service, PEER, "Hello", [PDF], 'm_IN1')
    assert said == [Sent(True, 'm_OUT1'), Sent(True, 'm_OUT3')]
    first, second = service.accepted
    assert first['message'] == {'text': "Hello"}
    assert first['messaging_type'] == 'RESPONSE'
    assert first.get('reply_to') == ({'mid': 'm_IN1'} if kind == 'facebook' else None)
    assert second['message'] == {'attachment': {'type': 'file', 'payload': {'attachment_id': '882'}}}
    assert service.uploads == {'882': (b'%PDF', 'Offer.pdf', 'application/pdf')}


@BOTH
def test_long_texts(kind, service):
    text = "Überlanger Satz dieser Antwort. 👩 " * 100
    said = deliver(kind, service, PEER, text)
    assert all(one.ok for one in said)
    assert len(said) == {'facebook': 2, 'instagram': 4}[kind]
    assert ' '.join(one['message']['text'] for one in service.accepted) == text.strip()


@BOTH
def test_windows(kind, service):
    """The 24 hours, and seven days where Meta allows people to answer."""
    spoken = SERVICES[kind][0]
    service.closed.add(PEER)
    [said] = deliver(kind, service, PEER, "Hello")
    assert (said.ok, said.window, said.retry, said.channel) == (False, True, False, False)
    assert said.reason.startswith(f"The time in which {spoken.SERVICE.name} lets us answer is over")
    human = {**service.credentials, 'human_agent': True}
    [said] = desk.deliver(spoken, service, spoken.send(human, PEER, "Hello"))
    assert said == Sent(True, 'm_OUT1')
    assert adapter.window_of(spoken, service.credentials) == timedelta(hours=24)
    assert adapter.window_of(spoken, human) == timedelta(days=7)


@BOTH
@pytest.mark.parametrize(('reply', 'found'), [
    (fake_meta.fault(10, "Outside of allowed window", subcode=2018278), {'window': True}),
    (fake_meta.fault(10, "Outside of allowed window", subcode=2534022), {'window': True}),
    (fake_meta.fault(10, "Requires pages_messaging permission", 403), {'channel': True}),
    (fake_meta.fault(10, "This person isn't receiving messages", subcode=2018108), {}),
    (fake_meta.fault(551, "This person isn't available at the moment", subcode=1545041), {}),
    (fake_meta.fault(200, "Person not available", 403, subcode=1545041), {}),
    (fake_meta.fault(200, "Requires permission", 403), {'channel': True}),
    (fake_meta.fault(613, "Calls to this API have exceeded the rate limit"), {'retry': True, 'wait': 60}),
    (fake_meta.fault(4, "Request limit reached", headers={'Retry-After': '120'}), {'retry': True, 'wait': 120}),
    (fake_meta.fault(80006, "Too many calls", 429), {'retry': True, 'wait': 60}),
    (fake_meta.fault(1200, "Temporary send message failure", 500), {'retry': True}),
    (fake_meta.fault(100, "Invalid parameter"), {}), (fake_meta.fault(190, "Expired", 400), {'channel': True}),
    (fake_meta.fault(368, "Blocked", 400), {'channel': True}), (fake_meta.fault(4711, "New one"), {}),
    (Reply(503, b'down', {'Retry-After': '5'}), {'retry': True, 'wait': 5}), (Reply(200, b'{}'), {}),
    (Reply(200, {'message_id': ['x']}), {}), (Reply(401, b''), {'channel': True}),
])
def test_refusals(kind, service, reply, found):
    """S0-12: a closed window is told, limits are waited for, an expired key stops the channel, the rest just fails."""
    service.answers.append(reply)
    [said] = deliver(kind, service, PEER, "Hello")
    assert said.reason.endswith(('.', ')'))
    assert said == Sent(False, **{'reason': said.reason, **found})
    assert not service.accepted


@BOTH
@pytest.mark.parametrize(('change', 'to', 'file', 'sentence'), [
    ({}, 'Ann', None, "no person at"), ({'token': ''}, PEER, None, "no access token"),
    ({}, PEER, Upload('a.png', 'image/png', b'x' * (8_000_001)), "a.png is too large: .* takes up to 8 MB"),
    ({}, PEER, Upload('a.png', 'image/png'), "a.png is empty"),
])
def test_what_cannot_be_sent(kind, book, change, to, file, sentence):
    with pytest.raises(ValueError, match=sentence):
        SERVICES[kind][0].send({**book.credentials, **change}, to, "Hello", [file] if file else [])


def test_which_files(books):
    sheet = Upload('a.csv', 'text/csv', b'x')
    assert len(facebook.send(books['facebook'].credentials, PEER, '', [sheet])) == 1
    with pytest.raises(ValueError, match=r"Instagram does not take files like a\.csv"):
        instagram.send(books['instagram'].credentials, PEER, '', [sheet])


@BOTH
def test_unknown_person(kind, service):
    [said] = deliver(kind, service, '123', "Hello")
    assert (said.ok, said.window, said.retry, said.channel) == (False, False, False, False)
    assert "cannot be reached" in said.reason


# ------------------------------------------------------------
# files, names, settings
# ------------------------------------------------------------
@BOTH
def test_download(kind, service):
    """A40: the file server is not told our key."""
    service.pictures['/a/b.png'] = (b'picture', 'image/png')
    spoken = SERVICES[kind][0]
    url = 'https://scontent.xx.fbcdn.net/a/b.png?x=1'
    assert desk.download(spoken, service, service.credentials, url) == b'picture'
    assert 'authorization' not in service.calls[-1].headers
    for other in ('http://scontent.xx.fbcdn.net/a', 'file:///etc/passwd', '', 'https://a b', None):
        with pytest.raises(ValueError, match="no address"):
            spoken.fetch(service.credentials, other)


@BOTH
def test_names(kind, service):
    spoken = SERVICES[kind][0]
    assert spoken.named(*desk.ask(service, spoken.profile(service.credentials, PEER))) == "Pat Page"
    assert spoken.named(*desk.ask(service, spoken.profile(service.credentials, '123'))) == ''
    assert spoken.named(200, {}, b'x') == ''
    with pytest.raises(ValueError, match="no person"):
        spoken.profile(service.credentials, '../me')


@BOTH
def test_connect(kind, service):
    spoken = SERVICES[kind][0]
    calls = spoken.connect(service.credentials, 'https://desk.example.com/x')
    assert desk.deliver(spoken, service, calls) == [Sent(True)]
    assert {'messages', 'message_reads', 'message_deliveries'} <= set(service.fields)


@BOTH
def test_check(kind, service):
    spoken = SERVICES[kind][0]
    assert desk.deliver(spoken, service, spoken.check(service.credentials)) == [Sent(True, service.account)]
    [said] = desk.deliver(spoken, service, spoken.check({**service.credentials, 'token': 'old'}))
    assert said.channel
    with pytest.raises(ValueError, match="no account id"):
        spoken.check({**service.credentials, 'account': ''})


# ------------------------------------------------------------
# noise
# ------------------------------------------------------------
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from([PEER, 'image', 'react', CDN, "https://a\ud800\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        'mid', 'text', 'attachments', 'type', 'payload', 'url', 'coordinates', 'lat', 'long', 'title', 'reply_to',
        'story', 'is_deleted', 'is_unsupported', 'action', 'emoji', 'mids', 'watermark', 'id']),
        inner, max_size=6), max_leaves=20)


@given(st.binary(max_size=200))
def test_any_bytes(books, body):
    for kind, (spoken, _fake) in SERVICES.items():
        with contextlib.suppress(ValueError):
            assert isinstance(spoken.read(books[kind].credentials, body), Received)


@given(value=JSON, sender=JSON, key=st.sampled_from(
    ['message', 'postback', 'reaction', 'message_edit', 'read', 'delivery', 'timestamp']))
def test_any_values(books, value, sender, key):
    """Whatever the fields hold, it is read or left out, and what is read can be stored."""
    book = books['facebook']
    events = [{key: value}, {key: value, 'sender': sender}, {
        key: {'mid': 'm_1', **value} if isinstance(value, dict) else value, 'sender': {'id': PEER}},
        {'message': {'mid': 'm_1', 'attachments': [value, {'type': 'image', 'payload': value}]}}]
    for text in desk.texts(read('facebook', book, *events)):
        assert '\x00' not in text
        text.encode()
    _headers, body = book.signed({'object': 'page', 'entry': [value, {'id': book.account, 'messaging': value}]})
    assert isinstance(facebook.read(book.credentials, body), Received)


@given(st.integers(100, 599), st.binary(max_size=100), JSON)
def test_any_answer(status, body, value):
    for answered in (body, json.dumps(value).encode(), json.dumps({'error': value, 'message_id': value}).encode()):
        found = instagram.sent(status, {}, answered)
        assert found.ok == bool(found.service_id) != bool(found.reason)
        assert isinstance(instagram.named(status, {}, answered), str)
