import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.houses import domain_of, same_house
from helpdesk_core.tools.quoting import MAX_NOTE, MAX_NOTES, RUN, quoted, words

NOTE = "<p>He never pays his bills, and we should be careful with him.</p>"
WORDS = st.sampled_from([f'w{number}' for number in range(200)])
RUNS = st.lists(WORDS, min_size=RUN, max_size=30)


@pytest.mark.parametrize(('text', 'notes', 'expected'), [
    # a run of eight words, whatever capitals, tags and punctuation say
    ("Dear Ann, HE NEVER PAYS <b>his</b> bills; and we should talk.", [NOTE],
     [(0, "He never pays his bills and we should")]),
    ("He never pays his bills and we shall see.", [NOTE], []),  # seven
    # the longest of two runs
    ("he never pays his bills and we should. pays his bills and we should be careful with him", [NOTE],
     [(0, "pays his bills and we should be careful with him")]),
    # a short note counts when all of it is there, in its order
    ("I think he is a crook, sorry", ["He is a crook"], [(0, "He is a crook")]),
    ("a crook is he", ["He is a crook"], []),
    ("ok, thanks a lot", ["Ok, thanks!"], []),  # three words stand anywhere
    ("", [NOTE], []),
    ("anything", [], []),
    ("anything at all will do here", ["", None, "<p></p>"], []),
    # several notes, each by its place
    ("first one two three four. and he is a crook", ["one two three four", "nothing here to see", "he is a crook"],
     [(0, "one two three four"), (2, "he is a crook")]),
    # entities are words, styles and scripts are not
    ("caf&eacute; cr&egrave;me costs five euros", ["<style>p {color: red}</style>café crème costs five"],
     [(0, "café crème costs five")]),
    ("p color red and more", ["<style>p color red and</style>"], []),
])
def test_quoted(text, notes, expected):
    assert quoted(text, notes) == expected


def test_what_everybody_has_read_is_no_secret():
    assert quoted(f"You write: {NOTE}", [NOTE], known=[NOTE]) == []
    assert quoted("he is a crook", ["he is a crook"], known=["Well: HE is a crook!"]) == []
    # the note says more than the customer knows
    known = ["he never pays his bills and we should"]
    [(index, run)] = quoted("never pays his bills and we should be careful", [NOTE], known=known)
    assert (index, run) == (0, "never pays his bills and we should be careful")


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=5))
def test_any_text_is_borne(text, notes):
    for index, run in quoted(text, notes):
        assert 0 <= index < len(notes)
        assert words(run)


@given(RUNS, st.lists(WORDS, max_size=20), st.lists(WORDS, max_size=20))
def test_a_note_inside_a_text_is_found(note, before, after):
    [(index, run)] = quoted(' '.join([*before, *note, *after]), [' '.join(note)])
    assert index == 0
    assert len(run.split()) == len(note)


@given(RUNS, RUNS)
def test_what_is_found_stands_in_both(text, note):
    for _index, run in quoted(' '.join(text), [' '.join(note)]):
        assert f' {run} ' in f" {' '.join(text)} "
        assert f' {run} ' in f" {' '.join(note)} "
        assert len(run.split()) >= RUN


@given(RUNS)
def test_a_known_text_silences_it(note):
    assert quoted(' '.join(note), [' '.join(note)], known=[' '.join(note)]) == []


def test_five_hundred_long_notes_are_quick():
    note = ' '.join(f'word{number}' for number in range(3_000))
    text = ' '.join(f'other{number}' for number in range(20_000)) + '<' * 10_000
    begin = time.thread_time()
    assert quoted(text, [note] * 500) == []
    assert time.thread_time() - begin < 5
    # beyond the limits nothing is looked at: MAX_NOTES // MAX_NOTE notes are
    early = MAX_NOTES // MAX_NOTE - 1
    assert quoted("one two three four five", ['x ' * MAX_NOTE] * early + ["one two three four five"])
    assert not quoted("one two three four five", ['x ' * MAX_NOTE] * (early + 1) + ["one two three four five"])


@pytest.mark.parametrize(('address', 'other', 'expected'), [
    ('ann@acme.test', 'Bob@ACME.test', True),
    ('ann@acme.test', 'bob@acme.test.example', False),
    ('ann@gmail.com', 'bob@gmail.com', False),
    ('ann@acme.test', '', False),
    ('', '', False),
    ('ann', 'bob', False),
    (None, 'bob@acme.test', False),
])
def test_same_house(address, other, expected):
    assert same_house(address, other) is expected
    assert same_house(other, address) is expected


def test_domain_of():
    assert domain_of('"a@b"@Acme.TEST') == 'acme.test'
    assert domain_of('nobody') == domain_of(None) == ''
