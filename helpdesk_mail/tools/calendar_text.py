"""Tell in words what an invitation by mail says (iCalendar, RFC 5545; iMIP, RFC 6047).

A few lines of the first event are looked at, in linear time; the libraries at hand read hostile ones for ever (A12).
"""

import re
from typing import NamedTuple

MAX_SIZE = 200_000  # characters; an invitation with a hundred guests has thirty thousand
MAX_LINE = 2000  # characters of a property's parameters
_PARAMETER = re.compile(r';([A-Za-z-]{1,40})=("[^"]*"|[^";:]*)')
_MOMENT = re.compile(r'(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$')
_ESCAPED = re.compile(r'\\([\\;,nN])')


class Meeting(NamedTuple):
    """What an invitation says; '' what it does not say.

    ``method``: REQUEST, REPLY, CANCEL …; ``start``, ``end``: as the sender wrote them, with their time zone;
    ``answers``: [(person, ACCEPTED, DECLINED …)], the people who answered.
    """

    method: str
    summary: str
    start: str
    end: str
    place: str
    organizer: str
    answers: list


def read(text):
    """Return the :class:`Meeting` in ``text`` (str), None when there is none."""
    method, found, guests, inside = '', {}, [], []
    for name, parameters, value in _properties(text[:MAX_SIZE]):
        if name == 'BEGIN':
            inside.append(value.upper())
        elif name == 'END':
            if inside == ['VCALENDAR', 'VEVENT']:
                break
            inside = inside[:-1]
        elif inside == ['VCALENDAR'] and name == 'METHOD':
            method = _plain(value).upper()
        elif inside == ['VCALENDAR', 'VEVENT']:
            if name == 'ATTENDEE':
                guests.append((parameters, value))
            else:
                found.setdefault(name, (parameters, value))
    if not found:
        return None
    answers = [(_person(*guest), status) for guest in guests
               if (status := guest[0].get('PARTSTAT', '').upper()) not in ('', 'NEEDS-ACTION')]
    nothing = ({}, '')
    return Meeting(
        method, _plain(found.get('SUMMARY', nothing)[1]), _moment(*found.get('DTSTART', nothing)),
        _moment(*found.get('DTEND', nothing)), _plain(found.get('LOCATION', nothing)[1]),
        _person(*found.get('ORGANIZER', nothing)), answers[:20])


def _properties(text):
    """Yield (name in capitals, parameters, value) for each line; folded lines are joined (RFC 5545 3.1)."""
    unfolded = re.sub(r'\r?\n[ \t]', '', text)
    for line in unfolded.splitlines():
        name = re.match(r'[A-Za-z-]{1,40}', line)
        if not name:
            continue
        head, position, parameters = line[:MAX_LINE], name.end(), {}
        while found := _PARAMETER.match(head, position):
            parameters[found[1].upper()] = found[2].strip('"')
            position = found.end()
        if line[position : position + 1] == ':':
            yield name[0].upper(), parameters, line[position + 1 :].strip()


def _plain(value):
    text = _ESCAPED.sub(lambda found: ' ' if found[1] in 'nN' else found[1], value)
    return ' '.join(text.split())[:300]


def _person(parameters, value):
    address = value[7:] if value.lower().startswith('mailto:') else value
    address, name = _plain(address), _plain(parameters.get('CN', ''))
    return f'{name} <{address}>' if name and name != address else address


def _moment(parameters, value):
    found = _MOMENT.match(value)
    if not found:
        return ''
    year, month, day, hour, minute, utc = found.groups()
    if hour is None:
        return f'{year}-{month}-{day}'
    zone = 'UTC' if utc else _plain(parameters.get('TZID', ''))
    return f'{year}-{month}-{day} {hour}:{minute} {zone}'.strip()
