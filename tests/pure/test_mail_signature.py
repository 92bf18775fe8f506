"""Tokens that name a ticket: signed, found again, never believed without the key (N5, A6)."""

import time

import pytest

from helpdesk_mail.tools import signature as s

SECRET = 'a secret of the database'
TOKEN = s.token(SECRET, 42)


def test_token_is_short_and_keyed():
    assert TOKEN.startswith('t42-') and len(TOKEN) == 16
    assert s.token(SECRET, 42) == TOKEN
    assert s.token('another secret', 42) != TOKEN
    assert TOKEN[4:] != s.token(SECRET, 43)[4:]


@pytest.mark.parametrize(('text', 'read'), [
    (s.tag_address('support@desk.test', TOKEN), s.in_addresses),
    (s.tag_address('support+old@desk.test', TOKEN).upper(), s.in_addresses),
    (s.tag_message_id('<123.456-openerp-42-helpdesk.ticket@host>', TOKEN), s.in_message_ids),
])
def test_found_again(text, read):
    assert read(SECRET, [text]) == {42: False}
    assert read('another secret', [text]) == {}


@pytest.mark.parametrize('text', [
    f'HD00042 · ref:{TOKEN}', f'> > ref:{TOKEN}\r\n', f'(REF: {TOKEN.upper()})', f'<p>ref:{TOKEN}</p>',
    f'ref:\xa0{TOKEN}'])
def test_found_in_quoted_words(text):
    assert s.in_text(SECRET, text) == {42: False}


@pytest.mark.parametrize('forged', [
    'ref:t42-aaaaaaaaaaaa', f'ref:t43{TOKEN[3:]}', f'ref:{TOKEN}x', f'ref:{TOKEN[:-1]}', TOKEN, '', 'ref:t-', None])
def test_a06_forged_tokens_name_nothing(forged):
    assert s.in_text(SECRET, forged) == {}


def test_genuine_beside_forged():
    assert s.in_text(SECRET, f'ref:t42-aaaaaaaaaaaa ref:{TOKEN} ref:{s.token(SECRET, 7)}') == {42: False, 7: False}


def test_d04_a_note_is_told_from_an_answer():
    note = s.token(SECRET, 42, note=True)
    assert note[4:] != TOKEN[4:] and note.startswith('n42-')
    assert s.in_text(SECRET, f'ref:{note}') == {42: True}
    assert s.in_text(SECRET, f'ref:{TOKEN} ref:{note}') == {42: True}
    assert s.in_text(SECRET, f'ref:t{note[1:]}') == {}, 'a note cannot be passed off as an answer'


def test_a12_many_tokens_cost_little():
    text = ' '.join(f'ref:t{number}-aaaaaaaaaaaa' for number in range(50_000))
    begun = time.thread_time()
    assert s.in_text(SECRET, text) == {}
    assert time.thread_time() - begun < 0.5


def test_no_address_is_left_alone():
    assert s.tag_address('', TOKEN) == '' and s.tag_message_id('odd', TOKEN) == 'odd'


def test_d06_a_side_conversation_opens_no_ticket_nor_the_other_way_round():
    side = s.side_token(SECRET, 42)
    assert side.startswith('s42-') and side[4:] not in (TOKEN[4:], s.token(SECRET, 42, note=True)[4:])
    for read, text in ((s.in_addresses, s.tag_address('support@desk.test', '%s')), (s.in_message_ids, '<1.%s@host>')):
        assert read(SECRET, [text % side], s.SIDE) == {42: False}
        assert read(SECRET, [text % side]) == {}
        assert read(SECRET, [text % TOKEN], s.SIDE) == {}
        for forged in (f't{side[1:]}', f'n{side[1:]}', f's{TOKEN[1:]}'):
            assert read(SECRET, [text % forged], s.TICKET + s.SIDE) == {}
    assert s.in_text(SECRET, f'ref:{side} ref:{TOKEN}') == {42: False}
    assert s.in_text(SECRET, f'ref:{s.side_token(SECRET, 7)} ref:{TOKEN}', s.SIDE) == {7: False}


@pytest.mark.parametrize('text', [
    f'HD00042 · ref:{TOKEN} x', f'REF: {TOKEN.upper()}', f'support+{TOKEN}@desk.test', f'&lt;1.{TOKEN}@host&gt;'])
def test_d06_nothing_is_left_to_pass_on(text):
    left = s.without_tokens(text)
    assert TOKEN not in left.lower()
    assert len(left) >= len(text) - len(TOKEN) - 5
    assert s.without_tokens('version 1.t42-abc and C+t1') == 'version 1.t42-abc and C+t1'
