"""Working time as people say it. Pure Python."""


def worked(seconds):
    """Return ``seconds`` (int or float of working time) in hours and minutes; working time is never said in days.

    >>> worked(30 * 3600 + 900)
    '30 h 15 min'

    What is shorter than a minute is said in seconds; negative time reads as its size.
    """
    seconds = abs(int(seconds))
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f'{hours} h {minutes} min' if minutes else f'{hours} h'
    return f'{minutes} min' if minutes or not seconds else f'{seconds} s'
