"""What mail programs put below the sender's words folds, the words themselves never do (S3-12)."""

import time

import pytest

from helpdesk_mail.readers.quotes import QUOTE, mark
from helpdesk_mail.tools.quoting import introduces, split

# the same answer as the mail programs of the world send it; {0}: the sender's own words
ANSWERS = {
    'gmail':
        '{0}\n\nOn Mon, 23 Nov 2026 at 09:12, Anna Agent <a@house.test> wrote:\n\n> Hello Carla,\n> try the switch.\n',
    'gmail wrapped': '{0}\n\nOn Mon, Nov 23, 2026 at 9:12 AM Anna Agent of the Very Long House\n'
                     '<anna99@house.test> wrote:\n\n> Hello Carla,\n>> it smokes\n> try the switch.\n',
    'thunderbird german': '{0}\n\nAm 23.11.26 um 09:12 schrieb Anna Agent:\n> Hallo Carla,\n> der Schalter?\n',
    'thunderbird without a blank line':
        '{0}\nAm 23.11.26 um 09:12 schrieb Anna Agent:\n> Hallo Carla,\n',
    'gmail czech': '{0}\n\npo 23. 11. 2026 v 9:12 odesílatel Anna Agent <a@house.test> napsal:\n\n> Dobrý den,\n',
    'seznam': '{0}\n\n---------- Původní e-mail ----------\nOd: Anna Agent <a@house.test>\nKomu: carla@acme.test\n'
              'Datum: 23. 11. 2026 9:12:00\nPředmět: Vrtačka\nDobrý den,\nzkuste vypínač.\n',
    'gmail french':
        '{0}\n\nLe lun. 23 nov. 2026 à 09:12, Anna Agent <a@house.test> a\nécrit :\n\n> Bonjour,\n',
    'apple spanish': '{0}\n\nEl 23 nov 2026, a las 9:12, Anna Agent <a@house.test> escribió:\n\n> Hola,\n',
    'mail.ru': '{0}\n\nПонедельник, 23 ноября 2026, 9:12 +03:00 от Anna Agent <a@house.test>:\n\n>Здравствуйте,\n',
    'gmail russian': '{0}\n\nпн, 23 нояб. 2026 г. в 09:12, Anna Agent <a@house.test> пишет:\n\n> Здравствуйте,\n',
    'outlook english': '{0}\n\n________________________________\nFrom: Anna Agent <a@house.test>\n'
                       'Sent: Monday, November 23, 2026 9:12 AM\nTo: Carla\nSubject: Drill\n\nHello,\n',
    'outlook without a ruler': '{0}\n\nFrom: Anna Agent\nSent: Monday, 23 November 2026 09:12\nTo: Carla\n'
                               'Subject: Drill\n\nHello Carla,\n\ntry the switch.\n',
    'outlook old': '{0}\n\n-----Original Message-----\nFrom: Anna Agent [mailto:a@house.test]\nSent: Monday\n'
                   'To: Carla\nSubject: Drill\n\nHello,\n',
    'outlook german': '{0}\n\nVon: Anna Agent <a@house.test>\nGesendet: Montag, 23. November 2026 09:12\n'
                      'An: Carla\nBetreff: Bohrer\n\nHallo,\n',
    'outlook german old': '{0}\n\n-----Ursprüngliche Nachricht-----\nVon: Anna\nGesendet: Montag\nAn: Carla\nHallo\n',
    'outlook french': '{0}\n\nDe : Anna Agent <a@house.test>\nEnvoyé : lundi 23 novembre 2026 09:12\n'
                      'À : Carla\nObjet : Perceuse\n\nBonjour,\n',
    'outlook russian': '{0}\n\nОт: Anna Agent <a@house.test>\nОтправлено: 23 ноября 2026 г. 9:12\nКому: Carla\n'
                       'Тема: Дрель\n\nЗдравствуйте,\n',
    'not marked':
        '{0}\n\nOn 23 Nov 2026, at 09:12, Anna Agent <a@house.test> wrote:\n\nHello Carla,\ntry the switch.\n',
    'signature': '{0}\n\n-- \nCarla Customer\nAcme Ltd, Long Street 1\n',
    'iphone': '{0}\n\nSent from my iPhone\n\nOn 23 Nov 2026, at 09:12, Anna <a@house.test> wrote:\n\n> Hello\n',
    'iphone german': '{0}\n\nVon meinem iPhone gesendet\n',
    'iphone czech': '{0}\n\nOdesláno z iPhonu\n',
    'outlook mobile': '{0}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n'
                      'From: Anna <a@house.test>\nSent: Monday\nTo: Carla\nSubject: Drill\n\nHello\n',
}
WORDS = ['It still smokes.', 'Hello Anna,\n\nI tried the switch: it smokes.\n\nThank you\nCarla']


def seen(text, **options):
    return '\n'.join(piece.text for piece in split(text, **options) if not piece.folded)


@pytest.mark.parametrize('words', WORDS)
@pytest.mark.parametrize('program', ANSWERS)
def test_own_words_alone_stay_in_sight(program, words):
    text = ANSWERS[program].format(words)
    if program == 'mail.ru':  # its introduction has no verb: the quoted lines fold, it stays
        assert seen(text).startswith(words) and 'Здравствуйте' not in seen(text)
    else:
        assert seen(text) == words


@pytest.mark.parametrize('program', ANSWERS)
def test_not_a_character_is_lost(program):
    for text in (ANSWERS[program].format(WORDS[1]), ANSWERS[program].format('')):
        assert '\n'.join(piece.text for piece in split(text)) == text


@pytest.mark.parametrize('program', ANSWERS)
def test_a_mail_is_never_folded_as_a_whole(program):
    text = ANSWERS[program].format('')
    assert seen(text).strip()


@pytest.mark.parametrize(('text', 'shown'), [
    ('On 23 Nov 2026, Anna wrote:\n> Which drill?\n\nThe red one.\n\n> Since when?\n\nMonday.\n',
     'The red one.\nMonday.'),
    ('> Which drill?\nThe red one.\n> Since when?\nMonday.\n\n-- \nCarla', 'The red one.\nMonday.'),
    ('See my answers below.\n\nFrom: Anna\nSent: Monday\nTo: Carla\nSubject: Drill\n\nWhich drill? The red one.', None),
    ('Meine Antworten stehen unten.\n\nVon: Anna\nGesendet: Montag\nAn: Carla\n\nWelcher? Der rote.', None),
    ('The label says:\nFrom: 10 V\nand nothing else.', None),
    ('On 3 May my colleague wrote:\nthe drill is broken. What now?', None),
    ('The fuse is > 10 A -- and it blows.\n--verbose says nothing', None),
    ('x = 5\n>>> print(x)\n5', None),
    ('Sent from my iPhone', None), ('', None), ('\n\n', None),
])
def test_what_stands_between_and_what_only_looks_alike(text, shown):
    found = seen(text)
    assert '\n'.join(line for line in found.split('\n') if line) == shown if shown else found == text


def test_a_forwarded_mail_is_shown():
    text = 'Please help her.\n\n' + ANSWERS['outlook english'].format('')
    assert seen(text) == 'Please help her.'
    assert seen(text, forward=True) == text


def test_introductions():
    assert introduces('W dniu 23.11.2026 o 09:12, Anna pisze:') is False
    assert introduces('Em seg., 23 de nov. de 2026 às 09:12, Anna <a@b.test> escreveu:')
    assert introduces('Il giorno lun 23 nov 2026 alle ore 09:12 Anna <a@b.test> ha scritto:')
    assert introduces('2026年11月23日(月) 9:12 Anna <a@b.test>のメール:')
    assert introduces('Anna 于2026年11月23日 09:12写道：')
    assert not introduces('She wrote:') and not introduces('In 2026 she wrote a book.')


def test_long_texts_take_no_time():
    begin = time.thread_time()
    for text in ('> ' * 100_000, 'From: x\n' * 30_000, 'On 1 wrote ' * 20_000 + ':', '-' * 200_000,
                 '\n' * 100_000,
                 'a@b.test 1 wrote:\n' * 15_000 + '> x', '> x' + '\n' * 100_000 + '> y', '--\n' * 50_000):
        assert '\n'.join(piece.text for piece in split(text)) == text
    assert time.thread_time() - begin < 6


# ----------------------------------------------------------------
# HTML
# ----------------------------------------------------------------

OUTLOOK = ('<div><p>It still smokes.</p><p> </p>'
           '<div><div style="border-top:solid 1pt"><p><b>From:</b> Anna Agent &lt;a@house.test&gt;'
           '<br><b>Sent:</b> Monday, 23 November 2026 09:12<br><b>To:</b> Carla<br><b>Subject:</b> Drill</p>'
           '</div></div><p>Hello Carla,</p><p>try the switch.</p></div>tail')


def shown(source):
    """The words outside of what is marked."""
    from lxml import html
    root = html.fragment_fromstring(source, create_parent='div')
    for element in root.xpath(f'//*[@{QUOTE}]'):
        element.drop_tree()
    return ' '.join(root.text_content().split())


def test_outlook_history_is_marked_to_the_end():
    assert shown(mark(OUTLOOK)) == 'It still smokes.'
    assert shown(mark(OUTLOOK.replace('It still smokes.', 'See my answers below'))).endswith('tail')
    assert mark(OUTLOOK, forward=True) == OUTLOOK
    assert mark(OUTLOOK.replace('<p>It still smokes.</p>', '')).count(QUOTE) == 0, "it would be the whole mail"


@pytest.mark.parametrize('source', [
    '<p>It smokes.</p><div>Am 23.11.26 um 09:12 schrieb Anna:<br></div>'
    '<blockquote data-o-mail-quote="1">x</blockquote>',
    '<p>It smokes.</p>On 23 Nov 2026, at 09:12, Anna wrote:<br>'
    '<blockquote data-o-mail-quote="1">Hallo</blockquote>',
    'It smokes.<br><div><div>Le 23 nov. 2026 à 09:12, Anna a écrit :</div><br>'
    '<blockquote data-o-mail-quote="1">x</blockquote></div>',
])
def test_the_sentence_above_a_quote_goes_with_it(source):
    assert shown(mark(source)) == 'It smokes.'


@pytest.mark.parametrize('source', [
    '<p>It &lt;b&gt; smokes &amp; stinks.</p>', 'plain &lt;script&gt; text', '<p>From: 5 To: 6</p>',
    '<p>See:</p><blockquote data-o-mail-quote="1">x</blockquote>', '',
])
def test_other_html_stays_as_it_is(source):
    assert mark(source) == source


def test_marking_changes_no_words_and_opens_nothing():
    from lxml import html
    source = '&lt;img src=x&gt;' + OUTLOOK
    before, after = (html.fragment_fromstring(one, create_parent='div') for one in (source, mark(source)))
    assert before.text_content() == after.text_content()
    assert not after.xpath('//img')


def test_deep_and_long_html_takes_no_time():
    begin = time.thread_time()
    mark('<div>' * 150 + '<p>From: a</p>' * 5000 + '</div>' * 150)
    mark('<p><b>From:</b> a<br>x</p>' * 8000)
    mark('<blockquote>' * 150 + 'x' + '</blockquote>' * 150)
    assert time.thread_time() - begin < 6
