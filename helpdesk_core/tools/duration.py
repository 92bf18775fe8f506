"""Spans of time as people say them. Pure Python."""


def spoken(seconds):
    """Return the two largest units of ``seconds`` (int or float, wall time).

    >>> spoken(7800)
    '2 h 10 min'

    Negative spans (a clock set back) read as '0 min'.
    """
    minutes = max(0, int(seconds // 60))
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f'{days} d {hours} h' if hours else f'{days} d'
    if hours:
        return f'{hours} h {minutes} min' if minutes else f'{hours} h'
    return f'{minutes} min'
