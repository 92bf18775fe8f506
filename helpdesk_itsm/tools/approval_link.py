"""The token in the link of an approval: whose decision it is, and until when it works. Standard library only."""

GOOD, OLD, FORGED = 'good', 'old', 'forged'


def issue(sign, approval_id, key, until):
    """Return the token (text) of a link.

    :param sign: function (text → hexadecimal signature), with a secret of the server
    :param int approval_id: the one approval that the link decides
    :param str key: random, of this approver alone; the link dies when the approval gets another
    :param int until: seconds since 1970 after which the link does nothing
    """
    return f'{int(until)}.{sign(f"{approval_id}.{key}.{int(until)}")}'


def check(token, sign, approval_id, key, now, same):
    """Say what ``token`` is worth for the approval at ``now`` (seconds since 1970): 'good', 'old' or 'forged'.

    :param same: function that compares two signatures in constant time
    """
    until, dot, signature = (token or '').partition('.')
    if not dot or len(token) > 200 or not token.isascii() or not until.isdigit() or not key:
        return FORGED
    if not same(signature, sign(f'{approval_id}.{key}.{int(until)}')):
        return FORGED
    return GOOD if now <= int(until) else OLD
