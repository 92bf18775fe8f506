"""The pass that a form carries: who made it, for which team, when. It needs no session. Standard library only."""
from collections import namedtuple

Pass = namedtuple('Pass', 'state made nonce')
YOUNG, GOOD, OLD, FORGED = 'young', 'good', 'old', 'forged'


def issue(sign, team, now, nonce):
    """Return the text of a pass.

    :param sign: function (text → hexadecimal signature), with a secret of the server
    :param int team: the only team that it holds for
    :param int now: seconds since 1970
    :param str nonce: letters and digits that no other pass has
    """
    body = f'{team}.{int(now)}.{nonce}'
    return f'{body}.{sign(body)}'


def check(text, sign, team, now, same, least=3, most=86400):
    """Say what the pass ``text`` is worth for ``team`` at ``now``: a ``Pass``.

    :param same: function that compares two signatures in constant time
    :param least, most: seconds after which a person can have filled in a form, and after which it is too old
    """
    parts = (text or '').split('.')
    if len(text or '') > 200 or len(parts) != 4 or not text.isascii():
        return Pass(FORGED, 0, '')
    body = '.'.join(parts[:3])
    if not same(parts[3], sign(body)) or parts[0] != str(team):
        return Pass(FORGED, 0, '')
    made, age = int(parts[1]), now - int(parts[1])
    state = YOUNG if age < least else OLD if age > most else GOOD
    return Pass(state, made, parts[2])
