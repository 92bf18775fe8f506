"""Words and wildcards in texts, addresses and files (A12)."""
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools import wildcards


@pytest.mark.parametrize(('text', 'piece', 'found'), [
    ('Your invoice 7', 'invoice', True),
    ('Your invoices', 'invoice', False),
    ('Your invoices', 'invoice*', True),
    ('Proinvoice', '*invoice', True),
    ('Proinvoice', 'invoice', False),
    ('the invoices, the invoice', 'invoice', True),
    ('INVOICE!', 'Invoice', True),
    ('order 7 is very late', 'order*late', True),
    ('late is my order', 'order*late', False),
    ('order 7 is later', 'order*late', False),
    ('a reorder, an order: late', 'order*late', True),
    ('INV-2026-17', 'inv-????-*', True),
    ('INV-20 6-17', 'inv-????-*', False),
    ('part a7b', 'a?b', True),
    ('part a b', 'a?b', False),
    ('we write C++ here', 'c++', True),
    ('we write C+++ here', 'c++', True),
    ('Straße gesperrt', 'STRASSE', True),
    ('Cafe\u0301 zu', 'café', True),
    ('credit   note', 'credit note', True),
    ('credit\n note', 'credit note', True),
    ('請求書を送ってください', '請求書', True),
    ('snake_case', 'case', False),
    ('ΟΔΟΣ', 'οδος', True),
    ('Is it gold?', 'gold', True),
    ('', 'x', False),
])
def test_words(text, piece, found):
    [piece] = wildcards.split(piece)
    assert wildcards.word_in(wildcards.fold(text), piece) is found


@pytest.mark.parametrize(('text', 'piece', 'found'), [
    ('reordered', 'order', True), ('my order 7 is very late', 'order*late', True), ('late order', 'order*late', False)])
def test_parts(text, piece, found):
    assert wildcards.part_in(text, piece) is found


@pytest.mark.parametrize(('address', 'piece', 'fits'), [
    ('eva@acme.example', 'eva@acme.example', True),
    ('eva@acme.example', 'acme.example', True),
    ('eva@acme.example', '@acme.example', True),
    ('Eva@ACME.example', 'acme.example', True),
    ('eva@mail.acme.example', 'acme.example', False),
    ('eva@mail.acme.example', '*.acme.example', True),
    ('eva@notacme.example', '*.acme.example', False),
    ('eva@notacme.example', 'acme.example', False),
    ('eva@acme.example.evil.test', 'acme.example', False),
    ('billing+7@example.com', 'billing*@example.com', True),
    ('xbilling@example.com', 'billing*@example.com', False),
    ('eva@acme.example', '*@*', True),
    ('', 'acme.example', False),
    ('', '*', False),
    ('aXXb@c.d', 'a*a@c.d', False),
    ('ab@c.d', 'ab*b@c.d', False),
])
def test_addresses(address, piece, fits):
    assert wildcards.address_fits(address, piece) is fits


@pytest.mark.parametrize(('name', 'mimetype', 'piece', 'fits'), [
    ('Bill.PDF', '', 'pdf', True), ('bill.pdf. ', '', '.pdf', True), ('bill.pdf', '', '*.pdf', True),
    ('pdf', '', 'pdf', False), ('bill.pdf.txt', '', 'pdf', False), ('photo', 'image/png', 'image/*', True),
    ('photo', 'application/pdf', 'image/*', False), ('what', None, '*', True)])
def test_files(name, mimetype, piece, fits):
    assert wildcards.file_fits(name, mimetype, piece) is fits


@pytest.mark.parametrize(('pieces', 'problem'), [
    ('invoice, order*', ''), ('', ''), (None, ''), ('a, *', 'empty'), ('a, ??', 'empty'), ('a\nb', 'lines'),
    ('x' * 201, 'long')])
def test_problem(pieces, problem):
    assert wildcards.problem(pieces) == problem


LETTERS = st.text('ab *?', max_size=12)


@given(LETTERS, st.text('ab ', max_size=20))
def test_all_of_is_what_a_pattern_says(piece, text):
    """Against an independent definition, by trying every way."""
    def fits(runs, rest):
        if not runs:
            return not rest
        if runs[0] == '*':
            return any(fits(runs[1:], rest[cut:]) for cut in range(len(rest) + 1))
        return bool(rest) and (rest[0] == runs[0] or (runs[0] == '?' and rest[0] != ' ')) and fits(runs[1:], rest[1:])
    squeezed = '*'.join(run for number, run in enumerate(piece.split('*')) if run or number in (0, piece.count('*')))
    assert wildcards.all_of(text, piece) is fits(squeezed, text)


@given(LETTERS, st.text('ab ', max_size=20))
def test_a_part_is_all_between_stars(piece, text):
    assert wildcards.part_in(text, piece) is wildcards.all_of(text, f'*{piece}*')


@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_what_stands_there_is_found(before, after, word):
    word = wildcards.fold(word.replace('*', '').replace('?', '').replace(',', ''))
    text = wildcards.fold(f'{before} {word} {after}')
    assert wildcards.word_in(text, word)


@pytest.mark.parametrize('piece', ['a*' * 100, 'a?' * 100, '*a' * 100, 'a' * 199 + 'b', '?a*?a' * 40, '??*' * 60 + 'z'])
def test_hostile_text(piece):
    """What a sender writes costs little, whatever a rule asks for."""
    text = wildcards.fold('a' * 1_000_000)
    assert len(text) == wildcards.MAX_TEXT
    begin = time.process_time()
    wildcards.word_in(text, piece)
    wildcards.part_in(text, piece + 'b')
    wildcards.all_of(text, piece + 'b')
    assert time.process_time() - begin < 4
