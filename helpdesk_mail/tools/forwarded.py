"""Find who wrote what a colleague forwards, in the text as mail programs of many languages make it (N5).

There is no standard for it: programs put the original's header lines, in the language of whoever forwards, above its
words. Asked for mails of believed colleagues only: anybody could write such lines.
"""

import re
from typing import NamedTuple

from . import addresses

MAX_LINES = 400  # looked at for the header lines; what a colleague writes above them is short
BLOCK = 9  # header lines, folded ones and blank lines between them included

def _words(text):
    return frozenset(word.strip() for word in text.split(','))


_FROM = _words(
    'from, von, de, da, van, od, från, fra, lähettäjä, feladó, от, від, kimden, από, saatja, nuo, avsender, '
    'afsender, afzender, absender, expéditeur, remitente, mittente, nadawca, odesílatel, odosielateľ, 发件人, '
    '寄件者, 寄件人, 差出人, de la, от кого, 보낸 사람, 보낸사람')
_SUBJECT = _words(
    'subject, betreff, objet, asunto, assunto, oggetto, onderwerp, předmět, predmet, temat, ämne, emne, aihe, '
    'tárgy, тема, subiect, konu, 主题, 主旨, 件名, 제목, θέμα, teema, tema, относно')
_OTHERS = _words(
    'date, sent, to, cc, datum, gesendet, an, kopie, fecha, enviado, enviada, para, data, a, inviato, aan, '
    'verzonden, odesláno, odoslané, dátum, komu, pro, wysłano, wysłane, do, skickat, till, dato, sendt, til, '
    'kopi, päivämäärä, lähetetty, vastaanottaja, küldve, elküldve, címzett, másolat, дата, отправлено, '
    'надіслано, кому, копия, до, trimis, către, tarih, gönderildi, kime, envoyé, à, 发送时间, 日期, 时间, '
    '收件人, 抄送, 寄件日期, 收件者, 副本, 日時, 送信日時, 日付, 宛先, 날짜, ημερομηνία, προς, saadetud, '
    'reply-to, organization, 보낸 날짜, 받는 사람, envoyé le, enviado el, enviada em, enviado em')
_LABELS = _FROM | _SUBJECT | _OTHERS
_PREFIX = re.compile(
    r'(?i)\s*(?:fwd?|wg|tr|rv|enc|vb|vs|pd|fs|i|ilt|továbbítás|tov|doorst|prosl|přepo?sl|přeposlat|vl|edasi|'
    r'пересл|пер|переслать|転送|转发|轉寄|轉發|전달)\s*[:：]')
_REPLY = re.compile(r'(?i)\s*(?:re|aw|sv|antw?|odp|res|ynt|rép|回复|回覆|返信|отв|ha|vá)\s*(?:\[\d+\])?[:：]')
_LABEL = re.compile(r'\s*\*{0,2}([^\W\d_][^:：*<>@]{0,30}?)\*{0,2}\s?[:：]\*{0,2}\s*(.*)')
_RULER = re.compile(r'\s*(?:[-_=]{5,}.*|[-_]{2,}\s?\w.*[-_]{2,}\s*)$')
_BEGIN = re.compile(
    r'(?i)\s*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|'
    r'transféré)|inicio del mensaje reenviado|início da mensagem reencaminhada|inizio messaggio inoltrato|begin '
    r'doorgestuurd bericht|začátek přeposlané zprávy|vidarebefordrat brev|videresendt besked|начало переадресованного '
    r'сообщения|начало переадресованного письма|početak proslijeđene poruke|początek przekazywanej wiadomości'
    r')\s*[:：]?\s*$')
_FORWARDED = re.compile(
    r'(?i)forward|weitergeleitet|reenviad|réexpédié|transféré|inoltrat|doorgestuurd|přeposlan|preposlan|przekaz|vidareb|'
    r'videresend|edelleen|továbbít|пересыл|переслан|переадрес|iletil|redirecționat|转发|轉寄|転送')


class Forwarded(NamedTuple):
    """What was forwarded. ``sender`` is a normalised address; ``intro``: what the colleague wrote above it."""

    sender: str
    sender_name: str
    subject: str
    intro: str
    words: str


def is_forward(subject):
    """Tell whether a subject says that the mail is forwarded, in the abbreviations of mail programs."""
    return bool(_PREFIX.match(subject or ''))


def strip_prefix(subject):
    """Return the subject as it was before it was forwarded."""
    subject = subject or ''
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :]
    return subject.strip()


def find(subject, text):
    """Return the :class:`Forwarded` in a mail's plain ``text``, None when it does not hold one.

    The text must have the header lines of the original: a From with an address, and two more. The subject must say
    that it is forwarded, or the text; the quote below an answer looks the same.
    """
    lines = text.replace('\r\n', '\n').replace('\xa0', ' ').split('\n')
    for number, line in enumerate(lines[:MAX_LINES]):
        label, _value = _labelled(line)
        if label not in _LABELS:
            continue
        block = _read_block(lines, number)
        if not block:
            continue
        end, found_subject, sender = block
        intro = lines[:number]
        said = _cut_announcement(intro)
        if 'lähettäjä' in line.lower() and re.match(r'(?i)\s*vs:', subject or ''):
            return None  # an answer in Finnish, a forwarded mail in Danish
        if not is_forward(subject) and (_REPLY.match(subject or '') or not said):
            return None
        name, address = sender
        return Forwarded(
            address, name, found_subject or strip_prefix(subject), '\n'.join(intro).strip(),
            _unquoted(lines[end:], line.lstrip().startswith('>')))
    return None


def is_header_block(lines, start):
    """Tell whether the header lines of a mail stand at line ``start``: who wrote it, and two more of them."""
    label, value = _labelled(lines[start])
    if label not in _FROM or not value:
        return False
    found = [_labelled(line)[0] for line in lines[start + 1 : start + BLOCK]]
    return sum(label in _SUBJECT or label in _OTHERS for label in found) >= 2


def _labelled(line):
    """Return (label in small letters, value) of a header line, ('', '') of another."""
    if len(line) > 2000:
        return '', ''
    found = _LABEL.match(line.lstrip('> '))
    return (found[1].strip().lower(), found[2].strip()) if found else ('', '')


def _read_block(lines, start):
    """Return (line after the header lines, subject, (name, address)); None when they are none."""
    sender, subject, others, end = None, '', 0, start
    for number in range(start, min(start + BLOCK, len(lines))):
        label, value = _labelled(lines[number])
        if label in _FROM and sender is None:
            sender = _person(value or (lines[number + 1] if number + 1 < len(lines) else ''))
        elif label in _SUBJECT:
            subject, others = value, others + 1
        elif label in _OTHERS:
            others += 1
        elif _is_blank(lines[number]):
            if others >= 2:
                break
            continue
        elif not lines[number][:1].isspace():  # not the rest of a folded line either
            break
        end = number + 1
    return (end, subject, sender) if sender and others >= 2 else None


def _is_blank(line):
    return not line.strip('> \t')


def _person(value):
    """Return (name, normalised address) of a From line as programs write it, None when it has no address."""
    value = re.sub(r'(?i)\[mailto:([^\]\s]{1,254})\]|<mailto:([^>\s]{1,254})>', r'<\1\2>', value[:1000])
    found = addresses.pairs(value, limit=1)
    if not found:
        return None
    address = found[0][1]
    name = re.split(r'[<\[(]', value, maxsplit=1)[0].strip(' "\'*')
    return (name if '@' not in name else '') or address, address


def _cut_announcement(intro):
    """Take the line that announces the original off ``intro`` (a list, changed); True when it says 'forwarded'."""
    said = False
    while intro:
        last = intro[-1]
        if _is_blank(last):
            intro.pop()
        elif _RULER.match(last) or _BEGIN.match(last):
            said = said or bool(_FORWARDED.search(last)) or bool(_BEGIN.match(last))
            intro.pop()
        else:
            break
    return said


def _unquoted(lines, quoted):
    if quoted:
        lines = [re.sub('^> ?', '', line) for line in lines]
    return '\n'.join(lines).strip('\n')
