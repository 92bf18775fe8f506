"""Contrast of colours after WCAG 2.2 (success criterion 1.4.3). Standard library only."""
import re

HEX = re.compile(r'#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})')
ENOUGH = 4.5
WHITE, BLACK = '#FFFFFF', '#000000'
TINTED = '#EEEEEE'  # the darkest of the light grounds that links stand on


def is_colour(text):
    """Tell whether ``text`` is ``#rgb`` or ``#rrggbb``."""
    return bool(HEX.fullmatch(text or ''))


def channels(colour):
    """Return (red, green, blue), each 0 to 255, of ``#rgb`` or ``#rrggbb``; ValueError for anything else."""
    if not is_colour(colour):
        raise ValueError(f'no colour: {colour!r}')
    digits = colour[1:] if len(colour) == 7 else ''.join(2 * digit for digit in colour[1:])
    return tuple(int(digits[at:at + 2], 16) for at in (0, 2, 4))


def luminance(colour):
    """Return the relative luminance of a colour: 0 for black, 1 for white."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in (channel / 255 for channel in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one, other):
    """Return the contrast of two colours: 1 for the same, 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_on(background):
    """Return the colour, black or white, that reads better on ``background``: always at least 4.5 to 1."""
    return max(WHITE, BLACK, key=lambda text: ratio(text, background))


def readable(colour, background=WHITE):
    """Return ``colour``, darkened step by step until it reads on ``background`` (a light one)."""
    parts = channels(colour)
    for step in range(21):
        shade = '#' + ''.join(f'{round(part * (20 - step) / 20):02X}' for part in parts)
        if ratio(shade, background) >= ENOUGH:
            return shade
    return BLACK
