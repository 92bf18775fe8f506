"""What no service sends: every adapter reads it or says that it is no call, and what it read can be kept."""
import json

import messenger_desk as desk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_messenger.tools import facebook, generic, instagram, telegram, whatsapp
from helpdesk_messenger.tools.adapter import Received, Sent

ADAPTERS = (telegram, generic, whatsapp, facebook, instagram)
EVIL = "a\x00\ud800b"
CREDENTIALS = {'account': '1', 'token': 'token', 'app_secret': 'secret'}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from([EVIL, 'private', '1', 1]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        'message', 'edited_message', 'message_id', 'date', 'chat', 'id', 'type', 'from', 'first_name', 'text',
        'caption', 'photo', 'file_id', 'file_size', 'document', 'location', 'latitude', 'longitude', 'contact',
        'phone_number', 'sender', 'files', 'url', 'size', 'at', 'state', 'name', 'entry', 'object', 'changes',
        'value', 'messaging']),
        inner, max_size=6), max_leaves=20)


def calls(value, other):
    """Yield the beginnings of calls of all services, with ``value`` and ``other`` where something may stand."""
    yield value
    yield {'message': {'message_id': 1, 'date': value, 'chat': {'id': 5, 'type': 'private'}, 'from': {
        'id': 5, 'first_name': other}, **(value if isinstance(value, dict) else {})}}
    yield {'messages': [
        {'id': 'x', 'sender': {'id': 'y', 'name': value}, 'text': other, 'at': value, 'files': [other]}]}
    yield {'receipts': [value], 'messages': other}
    for kind in ('whatsapp_business_account', 'page', 'instagram'):
        yield {'object': kind, 'entry': [other, {'id': '1', 'changes': value, 'messaging': other}]}


@given(JSON, JSON)
def test_calls(value, other):
    for told in calls(value, other):
        body = json.dumps(told).encode()
        for adapter in ADAPTERS:
            try:
                received = adapter.read(CREDENTIALS, body)
            except ValueError:
                continue
            assert isinstance(received, Received)
            for text in desk.texts(received):
                assert '\x00' not in text
                text.encode()


@given(st.binary(max_size=100))
def test_any_bytes(body):
    for adapter in ADAPTERS:
        assert not adapter.verify(CREDENTIALS, {}, body)
        with pytest.raises(ValueError):
            adapter.read(CREDENTIALS, b'\xff' + body)


@pytest.mark.parametrize('adapter', ADAPTERS)
@pytest.mark.parametrize('body', [b'[' * 200_000, b'{"messages":' * 100_000, b'{"entry": [' * 100_000])
def test_nested_without_end(adapter, body):
    with pytest.raises(ValueError, match=r"no JSON|no update|no call|not"):
        adapter.read(CREDENTIALS, body)


@given(st.integers(100, 599), st.binary(max_size=60), JSON)
def test_answers(status, body, value):
    for answer in (body, *(json.dumps(one).encode() for one in (
            value, {'ok': True, 'result': value}, {'id': value, 'messages': value, 'message_id': value},
            {'ok': False, 'error_code': value, 'description': value, 'parameters': value}, {'error': value}))):
        for adapter in ADAPTERS:
            said = adapter.sent(status, {'retry-after': 'soon'}, answer)
            assert isinstance(said, Sent)
            assert said.ok or said.reason
            (said.service_id + said.reason).encode()


def test_evil_texts():
    told = {'messages': [{'id': 'x', 'sender': {'id': 'y', 'name': EVIL}, 'text': EVIL}]}
    [message] = generic.read({}, json.dumps(told).encode()).messages
    assert (message.text, message.sender_name) == ("ab", "ab")
