"""Numbers of a report as people say them. Pure Python; the signs are the same in every language."""

NONE = '–'


def number(value, digits=0):
    """Return ``value`` with ``digits`` decimals; a dash for None."""
    return NONE if value is None else f'{value:.{digits}f}'


def clock_time(hours):
    """Return a length in hours for people: "35 min", "2 h 10 min", "34 h"; a dash for None."""
    if hours is None:
        return NONE
    minutes = round(hours * 60)
    if minutes < 60:
        return f'{minutes} min'
    if minutes >= 600:
        return f'{round(minutes / 60)} h'
    return f'{minutes // 60} h {minutes % 60} min' if minutes % 60 else f'{minutes // 60} h'


def change(now, before, better):
    """Return (arrow, mood) of what changed since ``before``; both '' where there is nothing to compare.

    :param better: 'more' or 'less', or None where neither is good or bad
    :return: arrow '▲', '▼' or '='; mood 'good', 'bad' or ''
    """
    if now is None or before is None:
        return '', ''
    if round(now, 2) == round(before, 2):
        return '=', ''
    more = now > before
    mood = '' if better is None else 'good' if more == (better == 'more') else 'bad'
    return '▲' if more else '▼', mood
