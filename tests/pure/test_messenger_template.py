"""Template messages: what Meta tells of them, how one is sent, and noise."""
import json

import messenger_desk  # noqa: F401 (makes the modules importable)
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_messenger.tests import fake_meta
from helpdesk_messenger.tests.fake_whatsapp import BUSINESS, PEER, FakeWhatsApp, template
from helpdesk_messenger.tools import template as tools
from helpdesk_messenger.tools import whatsapp, whatsapp_templates
from helpdesk_messenger.tools.adapter import Sent

CREDENTIALS = {'token': fake_meta.TOKEN, 'account': FakeWhatsApp.account, 'business_account': BUSINESS}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(['BODY', 'HEADER', 'APPROVED']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        'name', 'language', 'status', 'category', 'components', 'type', 'text', 'buttons', 'url', 'format', 'example',
        'body_text', 'header_text', 'cursors', 'after', 'next', 'body_text_named_params', 'param_name']), inner,
        max_size=6), max_leaves=20)


def read(*told, **paging):
    return whatsapp.templates_of(json.dumps({'data': told, 'paging': paging}).encode())


def test_the_question():
    """The key goes in a header; the next page is asked for by its mark."""
    call = whatsapp.templates(CREDENTIALS, 'QVFI=')
    assert call.method == 'GET'
    assert call.url.startswith(f'https://graph.facebook.com/v25.0/{BUSINESS}/message_templates?fields=id%2Cname')
    assert call.url.endswith('&after=QVFI%3D')
    assert 'after' not in whatsapp.templates(CREDENTIALS).url
    assert fake_meta.TOKEN not in call.url
    with pytest.raises(ValueError, match="no business account id"):
        whatsapp.templates({**CREDENTIALS, 'business_account': ''})


def test_pages():
    assert read(cursors={'after': 'a'}, next='https://x') == ([], 'a')
    assert read(cursors={'after': 'a'}) == ([], '')
    with pytest.raises(ValueError, match="nobody understands"):
        whatsapp.templates_of(b'{"error": 1}')


@pytest.mark.parametrize(('told', 'state', 'unusable'), [
    ({}, 'approved', ''), ({'status': 'IN_APPEAL'}, 'pending', ''), ({'status': 'PAUSED'}, 'paused', ''),
    ({'status': 'LIMIT_EXCEEDED'}, 'other', ''), ({'status': 7}, 'other', ''),
    ({'parts': [{'type': 'HEADER', 'format': 'DOCUMENT'}]}, 'approved', 'media'),
    ({'parts': [{'type': 'BUTTONS', 'buttons': [{'type': 'OTP'}]}]}, 'approved', 'button'),
    ({'parts': [{'type': 'BUTTONS', 'buttons': [{'type': 'URL', 'url': 'https://x.example/a'}]}]}, 'approved', ''),
    ({'parts': [{'type': 'BUTTONS', 'buttons': [{'type': 'URL', 'url': 'https://x.example/{{1}}'}]}]}, 'approved',
     'button'),
    ({'parts': [{'type': 'CAROUSEL'}]}, 'approved', 'kind'), ({'body': ''}, 'approved', 'kind')])
def test_what_can_be_sent(told, state, unusable):
    [[found], _after] = read(template(**told))
    assert (found.state, found.unusable) == (state, unusable)


def test_examples():
    """What the author of a template gave as examples, by number and by name."""
    one = template()
    one['components'][0]['example'] = {'body_text': [["Jo", "T-1"]]}
    two = template('b', body="Hi {{first}}", parameter_format='NAMED')
    two['components'][0]['example'] = {'body_text_named_params': [{'param_name': 'first', 'example': "Jo"}]}
    [[first, second], _after] = read(one, two)
    assert first.examples == (('body', '1', "Jo"), ('body', '2', "T-1"))
    assert (second.examples, second.named) == ((('body', 'first', "Jo"),), True)


def test_placeholders():
    assert tools.placeholders("{{2}} {{1}} {{ 2 }} {{10}} {x}") == ['1', '2', '10']
    assert tools.placeholders("{{b}} {{a}} {{b}}") == ['b', 'a']
    assert tools.filled("{{1}} and {{2}}", {'1': "{{2}}"}) == "{{2}} and {{2}}", "what is filled in is no placeholder"


@pytest.mark.parametrize(('named', 'one'), [
    (False, {'type': 'text', 'text': "Jo"}), (True, {'type': 'text', 'parameter_name': 'a', 'text': "Jo"})])
def test_payload(named, one):
    told = tools.told('news', 'nl', named, {'body': {'a': " Jo\n"}, 'header': {'h': "T"}})
    [call] = whatsapp.send_template(CREDENTIALS, PEER, told)
    sent = json.loads(call.body)
    assert (sent['to'], sent['type'], sent['template']['language']) == (PEER, 'template', {'code': 'nl'})
    header, body = sent['template']['components']
    assert body == {'type': 'body', 'parameters': [one]}
    assert header['type'] == 'header'


def test_payload_without_placeholders():
    [call] = whatsapp.send_template(CREDENTIALS, PEER, tools.told('news', 'nl', False, {}))
    assert json.loads(call.body)['template'] == {'name': 'news', 'language': {'code': 'nl'}}
    with pytest.raises(ValueError, match=r"Fill in \{\{1\}\} first"):
        whatsapp.send_template(CREDENTIALS, PEER, tools.told('news', 'nl', False, {'body': {'1': " "}}))


@pytest.mark.parametrize('code', sorted(whatsapp_templates.FAULTS))
def test_refusals(code):
    """Each says what to do, is final, and takes out of use what nobody should try again."""
    reply = fake_meta.fault(code, "Template", 400, details="Details")
    said = whatsapp.sent(reply.status, {}, reply.content)
    assert said == Sent(False, reason=f"{whatsapp_templates.FAULTS[code]} ({code}: Details)",
                        template=whatsapp_templates.SPOILT.get(code, ''))


@given(JSON, JSON)
def test_noise(value, other):
    """Nonsense is read, or is said to be none; it never breaks."""
    for told in (value, {'data': [value, other]}, {'data': [{'name': 'a', 'language': 'b', 'components': [
            {'type': 'BODY', 'text': "{{1}}", 'example': value}, {'type': 'HEADER', 'example': {'header_text': other}},
            {'type': 'BUTTONS', 'buttons': [value, {'type': value, 'url': other}]}, value], 'category': other,
            'status': value}], 'paging': value}):
        try:
            found, after = whatsapp.templates_of(json.dumps(told).encode())
        except ValueError:
            continue
        assert isinstance(after, str)
        assert all(one.name and one.language and one.state and one.category for one in found)
        assert not [text for one in found for text in vars(one).values() if isinstance(text, str) and '\x00' in text]
