"""What a plan is made of: people, teams, tickets and what happens to them. Pure Python; datetimes are naive UTC."""

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SEED = 'helpdesk-19'


@dataclass
class Person:
    """Somebody who asks; ``key`` is empty for people who are no contact, ``login`` for those who have no account."""

    key: str
    name: str
    email: str
    phone: str = ''
    function: str = ''
    company: str = ''
    city: str = ''
    country: str = ''
    tz: str = 'Europe/Berlin'
    login: str = ''
    weight: float = 1.0

    @property
    def first(self):
        return self.name.split()[0] if self.name else ''


@dataclass
class Team:
    key: str
    name: str
    house: str
    email: str
    leader: str
    members: dict  # login: how much of the work
    names: dict  # login: name
    hours: list  # working hours: sorted (start, end)
    tz: str
    autoclose_days: int
    remind_hours: float

    def snap(self, moment):
        """Return the first working moment from ``moment`` on."""
        index = bisect_right(self.hours, (moment, datetime.max))
        if index and moment < self.hours[index - 1][1]:
            return moment
        return self.hours[index][0]

    def after(self, moment, minutes):
        """Return the moment ``minutes`` of working time after ``moment``."""
        moment, left = self.snap(moment), timedelta(minutes=minutes)
        index = bisect_right(self.hours, (moment, datetime.max)) - 1
        while left > self.hours[index][1] - moment:
            left -= self.hours[index][1] - moment
            index += 1
            moment = self.hours[index][0]
        return moment + left

    def working_day(self, moment, days, hour=16):
        """Return ``hour`` o'clock of the day ``days`` working days after ``moment``."""
        zone = ZoneInfo(self.tz)
        day = local(moment, self.tz).date()
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return utc(datetime(day.year, day.month, day.day, hour, tzinfo=zone))

    def autoclose_at(self, solved_at):
        """Return when a ticket solved at that moment closes by itself: at the end of so many further working days."""
        days = {}
        for start, end in self.hours[bisect_right(self.hours, (solved_at, datetime.max)) - 1 :]:
            if end > solved_at:
                days[local(start, self.tz).date()] = end
            if len(days) > self.autoclose_days + 1:
                break
        return list(days.values())[self.autoclose_days]


@dataclass
class Act:
    """Something that happens to a ticket.

    ``kind`` is whose words come ('customer', 'agent', 'note', 'automatic'), or 'write' or 'reminder'.
    """

    at: datetime
    kind: str
    by: str = ''  # login; empty: the system
    values: dict = field(default_factory=dict)  # what a write writes
    step: object = None  # of the story, whose text it is
    about: str = ''  # of an automatic mail: its subject
    body: str = ''  # HTML
    files: list = field(default_factory=list)  # (name, content, mimetype)
    changes: dict = field(default_factory=dict)  # tracked names: (before, after)


@dataclass
class Ticket:
    index: int
    story: object
    team: str
    person: Person
    outcome: str
    cut: int  # the last step that has happened
    values: dict  # for the texts
    heading: str = ''  # the subject before its fields are filled
    subject: str = ''
    channel: str = ''
    created: datetime = None
    creator: str = ''
    email_cc: str = ''
    lang: str = 'en'
    first: dict = field(default_factory=dict)  # what it was created with
    body: str = ''  # its description, HTML
    files: list = field(default_factory=list)  # those of the description
    known: dict = field(default_factory=dict)  # what it is, found out by then or later
    acts: list = field(default_factory=list)
    deadline: str = ''
    moved: bool = False
    keep_open: bool = False
    remind_at: datetime = None  # the next reminder of its deadline

    def rng(self, what):
        """A generator for one side of this ticket, the same at each call."""
        return random.Random(f'{SEED}/{self.index}/{what}')


def local(moment, tz):
    """Naive UTC to the aware time of a zone."""
    return moment.replace(tzinfo=ZoneInfo('UTC')).astimezone(ZoneInfo(tz))


def utc(moment):
    """Aware to naive UTC, without seconds' fractions."""
    return moment.astimezone(ZoneInfo('UTC')).replace(tzinfo=None, microsecond=0)
