"""Webhooks without a database: signatures, when to try again, what is said to chat services."""
import base64
import json
import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_webhook.tools import chat, signing, topics

NOW = datetime(2026, 3, 4, 9, 0)
LABELS = {'customer': "Customer", 'team': "Team", 'assignee': "Assignee"}


# ------------------------------------------------------------
# signing
# ------------------------------------------------------------

def test_the_example_of_the_specification():
    assert signing.signature(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330,
        b'{"test": 2432232314}') == 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='


def test_headers():
    keys = [signing.new_secret(), signing.new_secret()]
    found = signing.headers(keys, 'msg_1', 1700000000, b'{}')
    assert found == {
        'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000',
        'webhook-signature': ' '.join(signing.signature(key, 'msg_1', 1700000000, b'{}') for key in keys)}
    assert found['webhook-signature'].count('v1,') == 2


def test_secrets_and_identifiers_are_fresh():
    secrets = {signing.new_secret() for _number in range(50)}
    assert len(secrets) == len({signing.new_id() for _number in range(50)}) == 50
    assert all(len(base64.b64decode(secret.removeprefix('whsec_'))) == 32 for secret in secrets)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_other_bodies_have_other_signatures(one, other):
    key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    same = signing.signature(key, 'msg_1', 1, one) == signing.signature(key, 'msg_1', 1, other)
    assert same == (one == other)


# ------------------------------------------------------------
# topics
# ------------------------------------------------------------

@pytest.mark.parametrize(('old', 'new', 'found'), [
    ('new', 'open', ('ticket.stage_changed',)),
    ('open', 'open', ('ticket.stage_changed',)),
    ('open', 'solved', ('ticket.solved', 'ticket.stage_changed')),
    ('solved', 'solved', ('ticket.stage_changed',)),
    ('solved', 'closed', ('ticket.closed', 'ticket.stage_changed')),
    ('closed', 'solved', ('ticket.solved', 'ticket.stage_changed')),
    ('solved', 'waiting_customer', ('ticket.reopened', 'ticket.stage_changed')),
    (None, None, ('ticket.stage_changed',)),
])
def test_stages(old, new, found):
    assert topics.topics('stage', {'old_status': old, 'new_status': new}) == found


@pytest.mark.parametrize(('kind', 'detail', 'found'), [
    ('approval_asked', {'step': "Boss"}, ('ticket.approval_asked',)),
    ('approval_given', {'step': "Boss"}, ()),
    ('approval_done', {'outcome': 'approved'}, ('ticket.approved',)),
    ('approval_refused', {'step': "Boss"}, ('ticket.approval_refused',)),
    ('approval_done', {'outcome': 'refused'}, ()),
])
def test_approvals(kind, detail, found):
    """S1-36, S0-15: asked, approved by all, refused: each told once, whose reason stays inside."""
    assert topics.topics(kind, detail) == found
    assert kind not in topics.TOLD_CHANGES


def test_other_topics():
    assert topics.topics('assignee', None) == ('ticket.assigned',)
    assert topics.topics('forwarded', {}) == ()
    assert topics.topics('something new', {}) == ()
    assert topics.TOPICS.keys() >= topics.TOLD_CHANGES | topics.PUBLIC_MESSAGES
    assert not topics.TOLD_CHANGES & {'frozen', 'unfrozen', 'internal_note'}, "typed in by colleagues, for colleagues"


# ------------------------------------------------------------
# chat services
# ------------------------------------------------------------

def payload(subject="Drill is silent", text=None, **facts):
    ticket = {
        'number': 'HD00017', 'subject': subject, 'url': 'https://desk.example.com/odoo/helpdesk.ticket/17?a=1&b=2',
        'team': {'id': 1, 'name': "Repairs"}, 'assignee': None,
        'customer': {'id': 4, 'name': "Carla", 'email': 'carla@acme.test', 'organisation': "Acme"}, **facts}
    data = {'ticket': ticket, 'change': None, 'actor': {'kind': 'agent', 'name': "Ann"}}
    if text is not None:
        data['message'] = {'id': 1, 'author': "Carla", 'text': text}
    return {'type': 'ticket.created', 'data': data}


def test_slack():
    found = chat.slack(payload(text="It does not start.\nHelp!"), "Ticket created", LABELS)
    assert found['text'] == "HD00017 Drill is silent: Ticket created"
    first, said, facts = found['blocks']
    assert first['text'] == {
        'type': 'mrkdwn', 'verbatim': True,
        'text': "*<https://desk.example.com/odoo/helpdesk.ticket/17?a=1&amp;b=2|HD00017>* Drill is silent\n"
                "Ticket created"}
    assert said['text']['text'] == ">It does not start.\n>Help!"
    assert facts['elements'][0]['text'] == "Customer: Carla   Team: Repairs"


def test_mattermost():
    [found] = chat.mattermost(payload(text="It does not start.\nHelp!"), "Ticket created", LABELS)['attachments']
    assert found['title'] == 'HD00017'
    assert found['title_link'].endswith('/17?a=1&b=2')
    assert found['text'] == "**Drill is silent**\nTicket created\n\n> It does not start.\n> Help!"
    assert found['fields'] == [{'short': True, 'title': "Customer", 'value': "Carla"},
                               {'short': True, 'title': "Team", 'value': "Repairs"}]


def test_teams():
    found = chat.teams(payload(text="It does *not* start.\n\nHelp, {{DATE(x)}}!"), "Ticket created", LABELS)
    [attachment] = found['attachments']
    assert (found['type'], attachment['contentType']) == ('message', 'application/vnd.microsoft.card.adaptive')
    card = attachment['content']
    heading, happened, said, facts = card['body']
    assert heading['inlines'][0]['text'] == "HD00017 Drill is silent"
    assert happened['inlines'] == [{'type': 'TextRun', 'text': "Ticket created", 'color': 'default'}]
    assert [block['inlines'][0]['text'] for block in said['items']] == [
        "It does *not* start.", "Help, {\u200b{DATE(x)}}!"]
    assert facts['inlines'][0]['text'] == "Customer: Carla   Team: Repairs"
    assert card['actions'][0]['url'].endswith('/17?a=1&b=2')


@given(st.text(max_size=5000))
def test_teams_takes_words_as_they_are(text):
    found = chat.teams(payload(subject=text, text=text, customer={'name': text}), text, LABELS)
    assert len(json.dumps(found, ensure_ascii=False).encode()) < 28_000
    card = found['attachments'][0]['content']
    blocks = [one for block in card['body'] for one in block.get('items', [block])]
    assert {block['type'] for block in blocks} == {'RichTextBlock'}, "no block reads Markdown"
    assert 'msteams' not in card, "nobody is called"


EVIL = ("<!channel> <!here|x> <@U123> <https://evil.test|your bank> @channel @all @here @ann "
        "[your bank](https://evil.test) ![x](https://evil.test/x.png) `code` *loud* ~town-square &lt;!channel&gt;")


@pytest.mark.parametrize('where', ['subject', 'text', 'customer'])
def test_customers_call_nobody_and_forge_no_links(where):
    words = {'subject': EVIL} if where == 'subject' else {'text': EVIL} if where == 'text' else {
        'customer': {'name': EVIL}}
    for write in (chat.slack, chat.mattermost):
        found = json.dumps(write(payload(**words), "Ticket created", LABELS), ensure_ascii=False)
        assert not re.search(r'@\w', found)
        assert re.findall(r'<[^|>]*', found) == (
            ['<https://desk.example.com/odoo/helpdesk.ticket/17?a=1&amp;b=2'] if write is chat.slack else [])
        assert '&amp;lt;!channel&amp;gt;' in found, "what looks like an entity is shown as it was written"
    [found] = chat.mattermost(payload(**words), "Ticket created", LABELS)['attachments']
    shown = [found['text'], *(one['value'] for one in found['fields'])]
    assert not [text for text in shown if re.search(r'(?<!\\)(?:\]|`|~)', text)]


@pytest.mark.parametrize(('text', 'shown'), [
    ('a_b *c*', r'a\_b \*c\*'), ('see https://example.com/a_b?c=1 there', 'see https://example.com/a_b?c=1 there'),
    ('https://x](https://evil.test)', r'https://x\]\(https://evil.test\)'), ('1 < 2 & 3', '1 &lt; 2 &amp; 3'), ('', ''),
    (None, ''), ('~town', r'\~town'), ('a\\b', 'a\\\\b')])
def test_markdown(text, shown):
    assert chat.markdown(text) == shown


@given(st.text(alphabet='&<>@*_[]()\\ \n`ab', max_size=3000))
def test_blocks_fit(text):
    for write in (chat.slack, chat.mattermost):
        found = write(payload(subject=text, text=text), "x", LABELS)
        for block in found.get('blocks', ()):
            assert len(json.dumps(block.get('text', {}).get('text', ''))) < 8000
            assert len(block.get('text', {}).get('text', '')) <= 3000
    assert '\n' not in chat.one_line(text)


def test_long_words_are_cut():
    assert chat.cut("abcdef", 4) == "abc…"
    assert chat.cut("abcd", 4) == "abcd"
    assert len(chat.one_line("x" * 500)) == 200
