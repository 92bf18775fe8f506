"""Thanks and nothing else, in ten languages; everything that asks for something is no bare thank-you."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.thanks import fold, is_bare_thanks
from helpdesk_core.tools.thanks_words import THANKS

NAMES = ("Carla Customer", "Hd Agent", "Jana Nováková")
BARE = [
    'Thanks!',
    'Thank you very much, it works now.',
    'Many thanks for your quick help :-)',
    'thx',
    'Cheers',
    'Perfect, thank you!',
    'OK thanks \U0001f44d',
    'Hi Hd Agent,\n\nthank you so much!\n\nBest regards\nCarla Customer',
    'Thank you!\n\nKind regards,\nBert Unknown\nHead of Somewhere\n+49 30 1234',
    'Vielen Dank!',
    'Danke, es funktioniert jetzt wieder.',
    'Herzlichen Dank für die schnelle Hilfe\n\nMit freundlichen Grüßen\nUwe Groß',
    'Děkuji moc!',
    'Díky, už to funguje.',
    'Mnohokrát děkuji za rychlou pomoc.\nS pozdravem\nJana Nováková',
    'Ďakujem velmi pekne',
    'Merci beaucoup !',
    'Encore merci pour votre aide, tout fonctionne.\n\nCordialement\nLuc',
    'Muchas gracias por su ayuda.',
    'Gracias!',
    'Спасибо большое!',
    'Большое спасибо за помощь, всё работает.',
    'Dziękuję bardzo!',
    'Dzięki, wszystko działa.',
    'Grazie mille!',
    'Ancora grazie, tutto funziona.',
    'Bedankt voor de snelle hulp!',
    'Hartelijk dank',
    'Obrigado!',
    'Thanks a lot!\n\n> Did it help?\n> Please tell us.',
    'Thanks!\n\nOn Mon, 2 Mar 2026 at 10:00, Support <support@x.test> wrote:\n> Is it solved?',
    'Danke!\n\nAm 02.03.2026 um 10:00 schrieb Support:\n> Geht es?',
    'Díky!\n\nDne 2. 3. 2026 v 10:00 Podpora napsal(a):\n> Jde to?',
    'Thank you\n-- \nCarla\nMore? Call 555',
    'Thanks\nSent from my iPhone',
]
MORE = [
    'Thanks!\n\nOn page 3 there is an error:\nthe total', 'Thanks\n---------\nThe scanner is broken',
    'Thanks\nBest regards\nCarla\nPS the scanner broke', 'Thanks\nRegards\nCarla\nIt still fails',
    '',
    '   ',
    'It works now.',
    'OK',
    'Hello',
    '\U0001f44d',
    'Thanks, but it still prints blank pages.',
    'Thanks! Could you also look at the scanner?',
    'Thank you. It does not work.',
    'Thanks, please close the other one too',
    'Thanks, I will send the invoice tomorrow',
    'No thanks',
    'Thank you, and my number is 555 01 01',
    'Thanks. See https://x.test',
    'Thank you; mail me at a@b.test',
    'Danke, aber es geht nicht',
    'Danke, leider druckt er noch immer nicht.',
    'Vielen Dank. Bitte auch den Scanner prüfen.',
    'Díky, ale pořád to nejde',
    'Děkuji, kdy to bude hotové?',
    'Děkuji, nefunguje to.',
    'Merci, mais ça ne marche pas',
    "Merci, c'est encore la",
    'Gracias, pero no funciona',
    'Спасибо, но не работает',
    'Dziękuję, ale nie działa',
    'Grazie, ma non funziona',
    'Bedankt, maar het werkt niet',
    'Thanks for nothing',
    'Thanks\n\nBest regards\nCarla\n\nPS: the scanner is broken too and we need it by Friday at the '
    'very latest, you know',
    'Thanks\n\nRegards\nCarla\nWhat about the scanner?',
    '> Thanks!',
    'Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks '
    'Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks Thanks ',
    'Thank you very much for everything you did for us with the delivery of the pump',
]


@pytest.mark.parametrize('text', BARE)
def test_bare(text):
    assert is_bare_thanks(text, names=NAMES)


@pytest.mark.parametrize('text', MORE)
def test_more_than_thanks(text):
    assert not is_bare_thanks(text, names=NAMES)


def test_files_are_a_message():
    assert is_bare_thanks("Thanks!")
    assert not is_bare_thanks("Thanks!", has_files=True)


def test_names_are_known_only_where_given():
    assert is_bare_thanks("Thanks Zebulon", names=("Zebulon Q.",))
    assert not is_bare_thanks("Thanks Zebulon")


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text):
    assert is_bare_thanks(text) in (True, False)


@given(st.sampled_from(sorted(THANKS)), st.text(alphabet=st.characters(codec='ascii', categories=['L']), min_size=14))
def test_an_unknown_word_is_a_message(thanks, word):
    assert is_bare_thanks(thanks)
    assert not is_bare_thanks(f"{thanks} {word}")


@given(st.sampled_from(BARE))
def test_a_question_is_a_message(text):
    assert not is_bare_thanks("Why? " + text, names=NAMES)


def test_fold():
    assert fold("Děkuji ŁÓDŹ Grüße") == "dekuji lodz grusse"
