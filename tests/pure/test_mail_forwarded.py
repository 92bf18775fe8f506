"""Who wrote what a colleague forwards is found in what mail programs make of it (N5)."""

import time

import pytest

from helpdesk_mail.tools.forwarded import find, is_forward, strip_prefix

INTRO = 'Can you look at this?\nAnna\n\n'
WORDS = 'Hello,\n\nthe drill smokes.\n\nCarla'
BLOCKS = {
    'gmail': """---------- Forwarded message ---------
From: Carla Customer <carla@customer.test>
Date: Mon, 23 Nov 2026 at 09:12
Subject: Drill smokes
To: <anna@house.test>
""",
    'outlook': """________________________________
From: Carla Customer <carla@customer.test>
Sent: Monday, November 23, 2026 9:12 AM
To: Anna <anna@house.test>
Subject: Drill smokes
""",
    'outlook old': """-----Original Message-----
From: Carla Customer [mailto:carla@customer.test]
Sent: Monday, November 23, 2026 9:12 AM
To: Anna
Cc: Somebody; Else
Subject: Drill smokes
""",
    'outlook bold': """*From:* Carla Customer <carla@customer.test>
*Sent:* Monday, November 23, 2026 9:12 AM
*To:* Anna <anna@house.test>
*Subject:* Drill smokes
""",
    'apple': """Begin forwarded message:

> From: Carla Customer <carla@customer.test>
> Date: 23 November 2026 at 9:12:00 CET
> To: Anna <anna@house.test>
> Subject: Drill smokes
>
""",
    'thunderbird': """-------- Forwarded Message --------
Subject: \tDrill smokes
Date: \tMon, 23 Nov 2026 09:12:00 +0100
From: \tCarla Customer <carla@customer.test>
To: \tanna@house.test
""",
    'gmail german': """---------- Weitergeleitete Nachricht ---------
Von: Carla Customer <carla@customer.test>
Datum: Mo., 23. Nov. 2026 um 09:12 Uhr
Betreff: Drill smokes
An: <anna@house.test>
""",
    'outlook czech': """Od: Carla Customer <carla@customer.test>
Odesláno: pondělí 23. listopadu 2026 9:12
Komu: Anna <anna@house.test>
Předmět: Drill smokes
""",
    'french': """De : Carla Customer <carla@customer.test>
Envoyé : lundi 23 novembre 2026 09:12
À : Anna <anna@house.test>
Objet : Drill smokes
""",
    'spanish': """---------- Mensaje reenviado ----------
De: Carla Customer <carla@customer.test>
Fecha: lunes, 23 de noviembre
Asunto: Drill smokes
Para: Anna
""",
    'polish': 'Od: Carla Customer <carla@customer.test>\nWysłano: 23 listopada\nDo: Anna\nTemat: Drill smokes\n',
    'russian': 'От: Carla Customer <carla@customer.test>\nДата: 23 ноября\nКому: Anna\nТема: Drill smokes\n',
    'swedish': 'Från: Carla Customer <carla@customer.test>\nSkickat: den 23 november\nTill: Anna\nÄmne: Drill smokes\n',
    'dutch': 'Van: Carla Customer <carla@customer.test>\nVerzonden: 23 november\nAan: Anna\nOnderwerp: Drill smokes\n',
    'italian': 'Da: Carla Customer <carla@customer.test>\nInviato: 23 novembre\nA: Anna\nOggetto: Drill smokes\n',
    'chinese': '发件人: Carla Customer <carla@customer.test>\n'
               '发送时间: 2026年11月23日\n收件人: Anna\n主题: Drill smokes\n',
    'japanese': '差出人： Carla Customer <carla@customer.test>\n'
                '日時： 2026年11月23日\n宛先： Anna\n件名： Drill smokes\n',
}


@pytest.mark.parametrize('program', BLOCKS)
def test_found(program):
    quote = '> ' if program == 'apple' else ''
    words = '\n'.join(quote + line for line in WORDS.split('\n'))
    found = find('Fwd: Drill smokes', INTRO + BLOCKS[program] + '\n' + words)
    assert found == ('carla@customer.test', 'Carla Customer', 'Drill smokes', 'Can you look at this?\nAnna', WORDS)


@pytest.mark.parametrize('program', ['gmail', 'apple', 'thunderbird', 'gmail german', 'spanish'])
def test_the_text_says_so_where_the_subject_was_changed(program):
    assert find('Urgent, please', BLOCKS[program] + WORDS).sender == 'carla@customer.test'


@pytest.mark.parametrize('program', ['outlook', 'outlook old', 'outlook czech', 'polish'])
def test_the_quote_below_an_answer_is_no_forward(program):
    assert find('Re: Drill smokes', 'Yes.\n\n' + BLOCKS[program] + WORDS) is None
    assert find('Drill smokes', 'Yes.\n\n' + BLOCKS[program] + WORDS) is None


def test_an_answer_with_a_forwarded_mail_in_its_quote():
    assert find('Re: Fwd: Drill smokes', 'Yes.\n\n' + BLOCKS['gmail'] + WORDS) is None


def test_finnish_answers_look_like_scandinavian_forwards():
    block = 'Lähettäjä: Carla <carla@customer.test>\nLähetetty: 23. marraskuuta\nAihe: Drill\n'
    assert find('VS: Drill', block + WORDS) is None
    assert find('VL: Drill', block + WORDS).sender == 'carla@customer.test'


@pytest.mark.parametrize('text', [
    '', WORDS, 'From: nobody\nDate: x\nSubject: y\n', 'From: carla@customer.test\n\nwords',
    'From: Carla <carla@customer.test>\nwords\nmore words\n'])
def test_what_is_none(text):
    assert find('Fwd: x', text) is None


def test_of_two_the_first_counts():
    text = BLOCKS['gmail'] + 'see below\n\n' + BLOCKS['outlook'].replace('carla@', 'bob@') + WORDS
    assert find('Fwd: x', text).sender == 'carla@customer.test'


@pytest.mark.parametrize('subject,forward,bare', [
    ('Fwd: Drill', True, 'Drill'), ('FW: WG: Drill', True, 'Drill'), ('Tr : Drill', True, 'Drill'),
    ('转发：Drill', True, 'Drill'), ('Drill', False, 'Drill'), ('Re: Fwd: Drill', False, 'Re: Fwd: Drill'),
    ('Forwarding address', False, 'Forwarding address'), ('', False, ''), (None, False, '')])
def test_subjects(subject, forward, bare):
    assert (is_forward(subject), strip_prefix(subject)) == (forward, bare)


@pytest.mark.parametrize('text', [
    'From: ' * 100_000, 'From: a@b.test\n' * 50_000, 'From:' + '<' * 200_000, '-' * 300_000, 'a:' * 200_000,
    '> ' * 200_000, '\n' * 500_000, 'From: a@b.test\nTo: x\n' + '-' * 5 + '\n', '*' * 200_000, ' ' * 200_000 + ':'])
def test_a12_hostile_text_costs_little(text):
    begun = time.thread_time()
    find('Fwd: x', text)
    is_forward(text)
    assert time.thread_time() - begun < 1
