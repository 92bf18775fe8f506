"""What wrote a mail: G8, G9, D14; RFC 3834, 3464, 2919."""

import email
import email.policy

import pytest

from helpdesk_mail.tools import mail_kind
from helpdesk_mail.tools.mail_kind import classify

SENDER = 'carla@customer.test'


def message(*lines, body='words'):
    return email.message_from_string(
        '\n'.join([f'From: {SENDER}', 'To: support@desk.test', *lines, '', body]), policy=email.policy.compat32
    )


@pytest.mark.parametrize(
    ('lines', 'kind', 'answerable'),
    [
        (['Subject: Hello'], mail_kind.GENUINE, True),
        (['Subject: Hello', 'Auto-Submitted: no'], mail_kind.GENUINE, True),
        (['Subject: Hello', 'Auto-Submitted: auto-generated'], mail_kind.AUTO_GENERATED, False),
        (['Subject: Hello', 'Auto-Submitted: AUTO-REPLIED; owner-email="x@y"'], mail_kind.AUTO_REPLY, False),
        (['Subject: Out of Office: Hello', 'Auto-Submitted: auto-replied'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: Abwesenheitsnotiz: Hallo'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: =?utf-8?Q?Automatick=C3=A1_odpov=C4=9B=C4=8F=3A_Ahoj?='], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: Réponse automatique : Bonjour'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: Автоматический ответ: Привет'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: 自動応答'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: Out of Office'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: Out of Office AutoReply: Hello'], mail_kind.OUT_OF_OFFICE, False),
        (['Subject: How do I set an out of office message?'], mail_kind.GENUINE, True),
        (['Subject: Automatic reply does not work since Monday'], mail_kind.GENUINE, True),
        (['Subject: Hello', 'X-Loop: someone'], mail_kind.GENUINE, False),
        (['Subject: Hello', 'Precedence: bulk'], mail_kind.AUTO_GENERATED, False),
        (['Subject: Hello', 'Precedence: junk'], mail_kind.AUTO_GENERATED, False),
        (['Subject: Hello', 'Precedence: auto_reply'], mail_kind.AUTO_REPLY, False),
        (['Subject: Hello', 'Precedence: list'], mail_kind.MAILING_LIST, False),
        (['Subject: Hello', 'Precedence: bulk', 'List-Id: <a.b>'], mail_kind.MAILING_LIST, False),
        (['Subject: Hello', 'List-Unsubscribe: <mailto:x@y>'], mail_kind.MAILING_LIST, False),
        (['Subject: Hello', 'X-Auto-Response-Suppress: All'], mail_kind.GENUINE, False),
        (['Subject: Hello', 'X-Auto-Response-Suppress: DR, OOF, AutoReply'], mail_kind.GENUINE, False),
        (['Subject: Hello', 'X-Auto-Response-Suppress: None'], mail_kind.GENUINE, True),
        (['Subject: Hello', 'X-Autoreply: yes'], mail_kind.AUTO_REPLY, False),
        (['Subject: Hello', 'X-Autorespond: '], mail_kind.GENUINE, True),
        (['Subject: Hello', 'Return-Path: <>'], mail_kind.AUTO_REPLY, False),
        (['Subject: Undelivered Mail Returned to Sender', 'Return-Path: <>'], mail_kind.BOUNCE, False),
        (
            ['Subject: x', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b'],
            mail_kind.BOUNCE,
            False,
        ),
        (
            ['Subject: Read: x', 'Content-Type: multipart/report; report-type="disposition-notification"; boundary=b'],
            mail_kind.AUTO_REPLY,
            False,
        ),
        (['Subject: My report', 'Content-Type: multipart/report; boundary=b'], mail_kind.GENUINE, True),
        (['Subject: x', 'X-Failed-Recipients: a@b.c'], mail_kind.BOUNCE, False),
    ],
)
def test_kinds(lines, kind, answerable):
    verdict = classify(message(*lines), SENDER)
    assert (verdict.kind, verdict.answerable) == (kind, answerable)
    assert verdict.because or verdict.answerable, 'a verdict other than a plain person names what decided'


def test_senders():
    hello = message('Subject: Hello')
    assert classify(hello, 'no-reply@shop.test') == (mail_kind.GENUINE, 'From: no-reply@shop.test', False)
    assert not classify(hello, '').answerable
    assert classify(hello, 'mailer-daemon@mx.test').kind == mail_kind.GENUINE, 'a name alone is no proof (G8)'
    assert classify(message('Subject: Mail delivery failed'), 'mailer-daemon@mx.test').kind == mail_kind.BOUNCE
    assert classify(hello, 'support@desk.test', {'support@desk.test'}).kind == mail_kind.OWN
    assert classify(hello, SENDER, envelope_from='').kind == mail_kind.AUTO_REPLY
    assert classify(hello, SENDER, envelope_from=SENDER).answerable
    assert classify(hello, SENDER, envelope_from=None).answerable


@pytest.mark.parametrize(('name', 'text', 'kind'), [
    ('X-Spam-Flag', 'YES', mail_kind.SPAM),
    ('X-Spam-Flag', 'NO', mail_kind.GENUINE),
    ('X-Spam-Status', 'Yes, score=12.3 required=5.0', mail_kind.SPAM),
    ('X-Spam-Status', 'No, score=-1', mail_kind.GENUINE),
    ('X-Spam', 'yesterday', mail_kind.GENUINE),
    ('X-MS-Exchange-Organization-SCL', '6', mail_kind.SPAM),
    ('X-MS-Exchange-Organization-SCL', '-1', mail_kind.GENUINE),
    ('X-MS-Exchange-Organization-SCL', '1', mail_kind.GENUINE),
    ('X-Forefront-Antispam-Report', 'CIP:1.2.3.4;CTRY:;LANG:en;SCL:1;SRV:;SFV:NSPM;H:x', mail_kind.GENUINE),
    ('X-Forefront-Antispam-Report', 'CIP:1.2.3.4;SCL:9;SRV:;SFV:SPM;H:x', mail_kind.SPAM),
])
def test_spam_marks_of_filters(name, text, kind):
    message = email.message.Message()
    message['From'], message['Subject'], message[name] = 'jo@example.org', 'Hello', text
    verdict = mail_kind.classify(message, 'jo@example.org')
    assert (verdict.kind, verdict.answerable) == (kind, kind == mail_kind.GENUINE)
    assert kind == mail_kind.GENUINE or verdict.because.startswith(name)


@pytest.mark.parametrize('subject', [
    'Automatic reply: Drill', 'Abwesenheitsnotiz: Bohrer', 'Automatická odpověď: Vrtačka',
    'Automatická odpoveď: Vŕtačka',
    'Réponse automatique : Perceuse', 'Respuesta automática: Taladro', 'Risposta automatica: Trapano',
    'Resposta automática: Furadeira', 'Automatisch antwoord: Boor', 'Autosvar: Borr',
    'Automatisk svar: Bor',
    'Automatyczna odpowiedź: Wiertarka', 'Automatikus válasz: Fúró', 'Răspuns automat: Burghiu',
    'Otomatik yanıt: Matkap',
    'Автоматический ответ: Дрель', 'Автоматична відповідь: Дриль', 'Αυτόματη απάντηση: Τρυπάνι', '自動返信: ドリル',
    '自动答复: 电钻', '자동 응답: 드릴', 'Samodejni odgovor: Vrtalnik'])
def test_g09_absences_in_many_languages(subject):
    assert classify(message(f'Subject: {subject}'), SENDER).kind == mail_kind.OUT_OF_OFFICE


@pytest.mark.parametrize('subject', [
    'Undelivered Mail Returned to Sender', 'Undeliverable: Drill', 'Unzustellbar: Bohrer', 'Nedoručitelné: Vrtačka',
    'Non remis : Perceuse', 'No se puede entregar: Taladro', 'Non recapitabile: Trapano', 'Não entregue: Furadeira',
    'Onbestelbaar: Boor', 'Olevererbart: Borr', 'Kan ikke leveres: Bor', 'Toimittamaton: Pora',
    'Niedostarczone: Wiertarka', 'Kézbesíthetetlen: Fúró', 'Nelivrat: Burghiu', 'Не доставлено: Дрель',
    '配信不能: ドリル', '无法送达: 电钻', '배달되지 않음: 드릴', 'failure notice', 'Warning: could not send message'])
def test_g08_bounces_in_many_languages(subject):
    """A null sender and these words: a mail server wrote it; by the words alone nobody is silenced."""
    assert classify(message(f'Subject: {subject}', 'Return-Path: <>'), SENDER).kind == mail_kind.BOUNCE
    assert classify(message(f'Subject: {subject}'), SENDER).kind == mail_kind.GENUINE


@pytest.mark.parametrize('subject', ['Abwesenheit im Kalender falsch angezeigt', 'Our autoreply is broken since Monday',
                                     'Nedoručitelné zásilky reklamujeme', 'Vacation reply templates, please'])
def test_questions_about_it_are_questions(subject):
    assert classify(message(f'Subject: {subject}'), SENDER) == (mail_kind.GENUINE, '', True)
