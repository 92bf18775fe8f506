"""Tell what a sender wrote from what their mail program put below it: quoted mails and signatures (S3-12).

Nothing is cut: the thread folds what is marked here, a click shows it. Where in doubt, words stay in sight: answers
between quoted lines, what is forwarded, and a mail that would be folded as a whole.
"""

import re
from typing import NamedTuple

from . import forwarded

MAX_LINE = 600  # characters; longer lines introduce nothing
MAX_INTRO = 3  # lines over which programs break "On …, … wrote:"
_WROTE = re.compile(
    r'(?i)(?:^|[\s,>)])(?:wrote|writes|schrieb|schreibt|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napsal|'
    r'napsala|napsal\(a\)|napísal|napísala|napísal\(a\)|napisał|napisała|napisał\(a\)|пишет|написал|написала|написал\(а\)|пише|'
    r'написав|написала|kirjoitti|írta|ezt írta|yazdı|şunları yazdı|a scris|έγραψε|escrigué|va escriure|je napisao|'
    r'je napisala|je napisal/a|napisao je|rašė|rakstīja|kirjutas|написа)(?![^\W_])')
_STARTS = re.compile(r'(?i)\s*(?:on|am|le|el|il|em|op|den|dne|dňa|w dniu|dnia|în|на|в|στις)\s')
_WROTE_EAST = re.compile(r'(?:写道|寫道|のメール|書きました|さんは書|님이 작성|작성:)')
_ORIGINAL = re.compile(
    r'(?i)[-_=]{2,}\s*(?:original message|original[- ]nachricht|originalnachricht|ursprüngliche (?:nachricht|e-mail)|'
    r'message d.origine|message original|mensaje original|mensagem original|messaggio originale|'
    r'oorspronkelijk bericht|původní (?:zpráva|e-mail)|pôvodná správa|oryginalna wiadomość|wiadomość oryginalna|'
    r'исходное сообщение|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|'
    r'eredeti üzenet|orijinal mesaj|mesaj original|αρχικό μήνυμα|元のメッセージ|原始邮件|原始郵件|원본 메시지)'
    r'\s*[-_=]{2,}\s*$')
_RULER = re.compile(r'\s*(?:_{10,}|-{10,}|={10,})\s*$')
_MOBILE = re.compile(
    r'(?i)\s*(?:sent from (?:my |the |outlook|mail for|yahoo|samsung|proton|a mobile|gmail)|'
    r'(?:get|download) outlook for |outlook für |holen sie sich outlook|'
    r'von mein(?:em|er) .{2,40} gesendet|gesendet (?:von|mit|über) (?:mein|outlook|der |meinem)|'
    r'envoyé (?:de(?:puis)? (?:mon|ma|l.application|outlook)|à partir de)|télécharger outlook|obtenir outlook|'
    r'enviado (?:desde|do|de|a partir do) (?:mi|meu|minha|outlook|el|o |il)|obtener outlook|'
    r'inviato da(?:l| ) ?(?:mio |outlook|iphone|tablet|cell)|verzonden vanaf mijn|verstuurd vanaf mijn|'
    r'odesláno z|odoslané z|wysłane z|отправлено (?:с|из) |надіслано з |skickat från|sendt fra min|lähetetty |'
    r'küldve .{0,20}iphone|iphone.?umdan gönderildi|trimis de pe|iphoneから送信|发自我的|從我的)')
_BELOW = re.compile(
    r'(?i)(?<![^\W_])(?:inline|in-line|in red|in blue|below|underneath|between the lines|unten|im text|'
    r'in rot|ci-dessous|dans le texte|en rouge|abajo|más abajo|debajo|en rojo|níže|dole|v textu|červeně|'
    r'nižšie|poniżej|ниже|'
    r'в тексте|красным|hieronder|onderstaande|di seguito|qui sotto|abaixo|nedan|nedenfor)(?![^\W_])')


class Piece(NamedTuple):
    """Some lines of a mail. ``folded``: quoted, or a signature; ``text`` keeps every character of them."""

    folded: bool
    text: str


def split(text, forward=False):
    """Return ``text`` as a list of :class:`Piece`, in order; joined with line breaks they are the text.

    :param str text: the plain words of a mail
    :param bool forward: it was sent to show what stands below: only lines that are marked as quoted fold
    """
    lines = text.replace('\r\n', '\n').split('\n')
    folded = _fold_marked(lines)
    _fold_introductions(lines, folded)
    if not forward:
        end = _history(lines, folded)
        if end is not None:
            folded[end:] = [True] * (len(lines) - end)
    _fold_signatures(lines, folded)
    if not any(line.strip() and not fold for line, fold in zip(lines, folded, strict=True)):
        return [Piece(False, '\n'.join(lines))]
    _join(lines, folded)
    pieces, start = [], 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or folded[number] != folded[start]:
            pieces.append(Piece(folded[start], '\n'.join(lines[start:number])))
            start = number
    return pieces


def introduces(text):
    """Tell whether ``text`` says who wrote, and when, what follows: "On 3 March 2026, Carla <c@x.test> wrote:"."""
    text = ' '.join(text.split())
    if not 8 < len(text) < MAX_LINE or not any(character.isdigit() for character in text):
        return False
    if _WROTE_EAST.search(text):
        return text[-1] in ':：'
    return text[-1] in ':：' and bool(_WROTE.search(text))


def starts_history(lines, number):
    """Tell whether line ``number`` begins what was written before: the header lines of a mail, or a ruler above."""
    line = lines[number]
    if len(line) > MAX_LINE:
        return False
    if _ORIGINAL.match(line.strip()):
        return True
    if _RULER.match(line):
        number = next((n for n in range(number + 1, min(number + 4, len(lines))) if lines[n].strip()), None)
        if number is None:
            return False
    return forwarded.is_header_block(lines, number)


def answers_below(text):
    """Tell whether the words above a quoted mail send the reader into it: "see my answers below"."""
    return bool(_BELOW.search(text))


def _fold_marked(lines):
    """Fold lines that begin with ">"; not ">>>" of a Python prompt or an arrow."""
    return [bool(re.match(r'[ \t]{0,3}>(?!>> \w)', line)) for line in lines]


def _fold_introductions(lines, folded):
    """Fold "On … wrote:" above quoted lines, though it may be broken over several."""
    for number in range(1, len(lines)):
        if not folded[number] or folded[number - 1]:
            continue
        end = number
        while end and not lines[end - 1].strip() and number - end < 2:
            end -= 1
        start = _introduction(lines, folded, end)
        if start is not None:
            folded[start:number] = [True] * (number - start)


def _introduction(lines, folded, end):
    """Return the line with which the introduction that ends above line ``end`` begins, None when there is none."""
    nearest = None
    for start in range(end - 1, max(end - 1 - MAX_INTRO, -1), -1):
        if not lines[start].strip() or folded[start]:
            break
        if introduces(' '.join(lines[start:end])):
            if _STARTS.match(lines[start]):
                return start
            nearest = start if nearest is None else nearest
    return nearest


def _history(lines, folded):
    """Return the line with which an unmarked earlier mail begins, to the end of the text; None without one."""
    last = max((number for number, fold in enumerate(folded) if fold), default=-1)
    for number, line in enumerate(lines):
        if folded[number] or not line.strip():
            continue
        # above lines with marks it was an introduction, and is folded
        if starts_history(lines, number) or (number > last and '@' in line and introduces(line)):
            above = '\n'.join(one for one, fold in zip(lines[:number], folded, strict=False) if not fold)
            return None if not above.strip() or answers_below(above) else number
    return None


def _fold_signatures(lines, folded):
    """Fold from "-- " to the end, and the line that a telephone adds."""
    for number, line in enumerate(lines):
        if folded[number] or len(line) > 120:
            continue
        if line.rstrip('\r') in ('-- ', '--', '—'):
            end = next((n for n in range(number + 1, len(lines)) if folded[n]), len(lines))
            folded[number:end] = [True] * (end - number)
        elif _MOBILE.match(line):
            folded[number] = True


def _join(lines, folded):
    """Blank lines go with what is folded beside them; none is left between two folded pieces."""
    following = [True] * len(lines)  # whether the next line that is not blank is folded; the end counts as such
    for number in range(len(lines) - 2, -1, -1):
        following[number] = folded[number + 1] if lines[number + 1].strip() else following[number + 1]
    for number, line in enumerate(lines):
        if not line.strip() and number and folded[number - 1]:
            folded[number] = following[number]
    for number in range(len(lines) - 2, -1, -1):
        if not lines[number].strip() and folded[number + 1]:
            folded[number] = True
