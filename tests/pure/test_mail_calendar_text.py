"""An invitation can be read without a calendar (threats, section 2: .ics readable)."""

import time

import pytest

from helpdesk_mail.tools.calendar_text import Meeting, read

ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Prague
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
EVENT = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
{zone}BEGIN:VEVENT
UID:1@example.test
SUMMARY:Site visit\\, second
  part
DTSTART;TZID=Europe/Prague:20261130T090000
DTEND;TZID=Europe/Prague:20261130T103000
LOCATION:Prague
ORGANIZER;CN=Carla Customer:mailto:carla@customer.test
ATTENDEE;PARTSTAT={status};CN=Anna:mailto:anna@house.test
END:VEVENT
END:VCALENDAR
"""


def event(method='REQUEST', status='NEEDS-ACTION', zone=ZONE):
    return EVENT.format(method=method, status=status, zone=zone).replace('\n', '\r\n')


def test_request():
    assert read(event()) == Meeting(
        'REQUEST', 'Site visit, second part', '2026-11-30 09:00 Europe/Prague', '2026-11-30 10:30 Europe/Prague',
        'Prague', 'Carla Customer <carla@customer.test>', [])


def test_reply_names_who_answered():
    meeting = read(event('REPLY', 'DECLINED'))
    assert (meeting.method, meeting.answers) == ('REPLY', [('Anna <anna@house.test>', 'DECLINED')])


def test_unknown_zone_is_no_hindrance():
    assert read(event(zone='').replace('Europe/Prague', 'Nowhere/Nothing')).start.startswith('2026-11-30 09:00')


def test_whole_day_and_utc():
    text = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\n' \
        'DTSTART;VALUE=DATE:20261224\nDTEND:20261225T080000Z\nEND:VEVENT\nEND:VCALENDAR'
    assert read(text)[:5] == ('', '', '2026-12-24', '2026-12-25 08:00 UTC', '')


@pytest.mark.parametrize('text', [
    '', 'words', 'BEGIN:VCALENDAR', 'BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR',
    'BEGIN:VCALENDAR\nEND:VCALENDAR', 'BEGIN:VEVENT\nDTSTART:never\nEND:VEVENT'])
def test_what_is_none(text):
    assert read(text) is None


@pytest.mark.parametrize('text', [
    'BEGIN:VCALENDAR\n' * 10_000, 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:' + 'a;' * 90_000,
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\n' + 'ATTENDEE;CN=' * 15_000, event() + ' ' * 199_000, 'A;B="' * 39_000,
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:FREQ=SECONDLY\nDTSTART:20200101T000000Z\nEND:VEVENT\nEND:VCALENDAR'])
def test_a12_hostile_ones_cost_little(text):
    begun = time.thread_time()
    read(text)
    assert time.thread_time() - begun < 2
