"""The SLA clock against a simulation that counts each minute (C1 to C13)."""

import functools
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk_sla.tools.sla_clock import (
    DONE,
    METRICS,
    Event,
    Notice,
    Span,
    Target,
    Timeline,
    instances,
)
from helpdesk_sla.tools.work_time import intersection

MINUTE = timedelta(minutes=1)
STATUSES = ('new', 'in_progress', 'waiting_customer', 'waiting_third_party', 'solved', 'closed')
PAUSES = ('waiting_customer', 'waiting_third_party', 'frozen')
KINDS = ('status', 'status', 'status', 'assigned', 'unassigned', 'team', 'customer_message', 'customer_message',
         'agent_message', 'agent_message', 'note', 'automatic_message', 'frozen', 'unfrozen', 'switch')
CASES = 6000


# --- the simulation ---

class Minutes:
    """A ticket as one value for each minute; each event overwrites all that follows."""

    def __init__(self, metric, promises, calendars, length):
        self.metric, self.promises, self.calendars, self.length = metric, promises, calendars, length
        self.status, self.asked, self.frozen, self.promise, self.calendar = (
            [value] * length for value in (None, False, False, 0, 0))
        self.done = self.begun = self.heard = self.over = self.has_agent = False
        self.waiting = self.start = self.team = self.created = None
        self.found = []

    def put(self, row, minute, value):
        row[minute:] = [value] * (self.length - minute)

    # one instance

    def closed(self, minute):
        return self.metric == 'resolution' and self.status[minute] in DONE

    def paused(self, minute):
        pauses = self.promises[self.promise[minute]].pauses
        if self.closed(minute):
            return False
        waits = self.status[minute] in pauses and (self.status[minute] != 'waiting_customer' or self.asked[minute])
        return waits or (self.frozen[minute] and 'frozen' in pauses)

    def counts(self, minute):
        works = self.calendars[self.calendar[minute]][minute]
        return works and not self.closed(minute) and not self.paused(minute)

    def measure(self, end, reached=False, is_open=False):
        """Return what is to be read at the minute ``end``."""
        due = breach = before = None
        used = then = 0
        rows = self.status, self.asked, self.frozen, self.promise, self.calendar
        if not is_open:  # what would have come
            self.status, self.asked, self.frozen, self.promise, self.calendar = (
                [*row[:end], *[row[end]] * (self.length - end)] for row in rows)
        for minute in range(self.start, self.length):
            promise = self.promise[minute]
            budget = self.promises[promise].budget // MINUTE
            if promise != before and due is not None and used < budget:
                due = None
            before = promise
            if due is None and used >= budget and not self.closed(minute):
                due = minute
            if breach is None and due is not None and (due < end or (is_open and due == end)):
                breach = due
            if minute == end:
                then = used
            if due is not None and minute >= end:
                break
            used += self.counts(minute)
        state = 'running' if is_open else 'met' if reached else 'cancelled'
        since = None
        if is_open and self.paused(end):
            state, since = 'paused', end
            while since > self.start and self.paused(since - 1):
                since -= 1
        notices = self.notices(end, is_open)
        self.status, self.asked, self.frozen, self.promise, self.calendar = rows
        return ('breached' if breach is not None else state, self.start, due, breach, end if reached else None,
                then, since, notices)

    def notices(self, end, is_open):
        """Return the minute of each notice of the first promise, where it is the only one."""
        if any(self.promise[self.start:end + 1]):
            return None
        promise, found = self.promises[0], []
        for notice in promise.notices:
            level, used, last = notice.level(promise.budget) // MINUTE, 0, False
            for minute in range(self.start, self.length if is_open else end):
                runs = not self.closed(minute) and not self.paused(minute)
                works = self.calendars[self.calendar[minute]]
                working = runs and any(works[max(0, minute - 1):minute + 1])
                if used >= level and not self.closed(minute) and (last or working):
                    found.append(minute)
                    break
                last = runs and works[minute]
                used += last
        return found

    def end(self, minute, reached=True):
        if self.start is not None:
            self.found.append((self.start, reached, minute, self.measure(minute, reached)))
            self.start = None

    # the rules

    def created_(self, event, minute):
        self.created = minute
        self.put(self.status, minute, event.status)
        self.put(self.asked, minute, True)
        self.team = event.team
        if event.by_customer or self.promises[0].on_behalf:
            self.begin(minute)

    def begin(self, minute):
        self.begun = True
        if self.metric in ('assign', 'first_response') and not self.over:
            self.start = minute
            if self.metric == 'assign' and self.has_agent:
                self.end(max(minute, self.has_agent - 1))
        if self.metric in ('resolution', 'ownership') and not self.done:
            self.start = minute

    def assigned(self, _event, minute):
        self.has_agent = minute + 1
        if self.metric == 'assign':
            self.end(minute)

    def unassigned(self, *_):
        self.has_agent = False

    def team_(self, event, minute):
        if event.team != self.team and self.metric == 'ownership':
            self.end(minute)
            self.start = minute if self.begun and not self.done else None
        self.team = event.team

    def customer_message(self, event, minute):
        minute = max(minute, self.created)
        self.put(self.asked, minute, False)
        if not self.begun:
            self.begin(minute)
        if self.metric == 'next_response' and self.waiting is None and (self.heard or self.over):
            self.waiting = minute
            self.start = None if self.done else minute

    def agent_message(self, event, minute):
        self.answer(minute)
        self.put(self.asked, minute, True)

    def note(self, _event, minute):
        if self.promises[self.promise[minute]].counts_notes:
            self.answer(minute)

    def answer(self, minute):
        if not self.begun:
            return
        self.heard, self.waiting = True, None
        if self.metric in ('first_response', 'next_response', 'update'):
            self.end(minute)
        if self.metric == 'update' and not self.done:
            self.start = minute

    def status_(self, event, minute):
        done = event.status in DONE
        if done and not self.done:
            self.over, self.waiting = True, None
            self.end(minute, self.metric in ('resolution', 'ownership'))
        opened, self.done = self.done and not done, done
        self.put(self.status, minute, event.status)
        self.put(self.asked, minute, True)
        if opened and self.begun:
            self.reopen(minute)

    def reopen(self, minute):
        if self.metric == 'resolution' and self.found:
            within = self.promises[self.promise[minute]].resume_within
            start, reached, end, _ = self.found[-1]
            if reached and (within is None or (minute - end) * MINUTE <= within):
                self.found.pop()
                self.start = start
                return
        if self.metric in ('resolution', 'ownership', 'update'):
            self.start = minute
        if self.metric == 'next_response':
            self.start = self.waiting

    def frozen_(self, event, minute):
        self.put(self.frozen, minute, True)
        if event.until is not None:
            self.put(self.frozen, int((event.until - self.base) / MINUTE), False)

    def unfrozen(self, _event, minute):
        self.put(self.frozen, minute, False)

    def switch(self, event, minute):
        if isinstance(event.target, Target):
            self.put(self.promise, minute, self.promises.index(event.target))
        if event.spans is not None:
            self.put(self.calendar, minute, 1)


def simulate(metric, promises, calendars, events, base, now):
    ticket = Minutes(metric, promises, calendars, len(calendars[0]))
    ticket.base = base
    names = {name: f'{name}_' for name in ('created', 'team', 'status', 'frozen')}
    for event in sorted(events, key=lambda one: one.seen_at):
        if event.seen_at <= base + now * MINUTE:
            getattr(ticket, names.get(event.kind, event.kind), lambda *_: None)(event, (event.at - base) // MINUTE)
    readings = [reading for *_, reading in ticket.found]
    return [*readings, ticket.measure(now, is_open=True)] if ticket.start is not None else readings


# --- random tickets ---

@functools.cache
def local_minutes(zone, first):
    """Return the minute of the week that it is there, for ten days of minutes from ``first`` on."""
    moments = ((first + minute * MINUTE).astimezone(ZoneInfo(zone)) for minute in range(14400))
    return [moment.weekday() * 1440 + moment.hour * 60 + moment.minute for moment in moments]


WINDOWS = [(zone, datetime(2026, *day, tzinfo=UTC)) for zone, days in {
    'Europe/Prague': ((3, 26), (10, 22), (6, 1)),
    'America/New_York': ((3, 5), (10, 29)),
    'Australia/Lord_Howe': ((4, 2), (10, 1)),
    'Asia/Kathmandu': ((5, 1),),
}.items() for day in days]


def random_week(chance):
    """Return for each weekday its pairs of half hours; none within the hours at which clocks change."""
    style = chance.random()
    if style < 0.1:
        return [[(0, 48)]] * 7
    if style < 0.13:
        return [[]] * 7
    hours = [0, *range(8, 49)]
    return [[tuple(sorted(chance.sample(hours, 2))) for _ in range(chance.randrange(4))] for _ in range(7)]


def random_calendar(chance, zone, first, skip, length):
    """Return whether each minute is working time, and the same as a timeline, made from local times."""
    week, weekly = random_week(chance), [False] * 10080
    for weekday, pairs in enumerate(week):
        for start, end in pairs:
            weekly[weekday * 1440 + start * 30:weekday * 1440 + end * 30] = [True] * ((end - start) * 30)
    minutes = [weekly[minute] for minute in local_minutes(zone, first)[skip:skip + length]]
    minutes[-1] = False
    base, place, spans = first + skip * MINUTE, ZoneInfo(zone), []
    for day in range(-1, length // 1440 + 2):
        date = base.astimezone(place).date() + timedelta(days=day)
        for start, end in week[date.weekday()]:
            low, high = (datetime(date.year, date.month, date.day) + timedelta(minutes=30 * each)
                         for each in (start, end))
            spans.append(Span(low.replace(tzinfo=place), high.replace(tzinfo=place)))
    chance.shuffle(spans)
    window = [(0, length - 1)]
    if chance.random() < 0.3:
        leave = sorted(chance.sample(range(1, length - 1), 2))
        minutes[leave[0]:leave[1]] = [False] * (leave[1] - leave[0])
        window = [(0, leave[0]), (leave[1], length - 1)]
    open_ = Timeline(Span(base + start * MINUTE, base + end * MINUTE) for start, end in window)
    return minutes, intersection(Timeline(spans), open_)


def random_target(chance, metric):
    return Target(
        metric, 2 * chance.choice((0, 1, 30, 60, 120, 240, 500, chance.randrange(1000))) * MINUTE,
        pauses=frozenset(chance.sample(PAUSES, chance.randrange(4))),
        notices=[Notice(percent=chance.choice((50, 100, 150))), Notice(minutes=chance.randrange(-5, 90))],
        counts_notes=chance.random() < 0.3, on_behalf=chance.random() < 0.7,
        resume_within=chance.choice((None, 0 * MINUTE, 300 * MINUTE)))


def random_events(chance, base, promises, other, until):
    """Return events at minutes of their own; messages of the customer may be older than they were seen."""
    minutes = sorted(chance.sample(range(until), min(chance.randrange(1, 14), until)))
    def moment(minute):
        return base + minute * MINUTE
    events = [Event(moment(minutes[0]), 'created', status=chance.choice(STATUSES[:4]), team=1,
                    by_customer=chance.random() < 0.7)]
    for minute in minutes[1:]:
        kind, more, written = chance.choice(KINDS), {}, minute
        if kind == 'customer_message' and chance.random() < 0.5:
            more['seen_at'], written = moment(minute), chance.randrange(max(0, minute - 600), minute + 1)
        elif kind == 'status':
            more['status'] = chance.choice(STATUSES)
        elif kind == 'team':
            more['team'] = chance.randrange(1, 4)
        elif kind == 'frozen' and chance.random() < 0.6:
            more['until'] = moment(chance.randrange(minute, until + 600))
        elif kind == 'switch':
            more = chance.choice(({'target': promises[1]}, {'spans': other}, {'target': promises[1], 'spans': other}))
        events.append(Event(moment(written), kind, **more))
    return events


def test_against_counting_minutes():
    """Thousands of tickets in four zones, around the days on which clocks change."""
    chance = random.Random(1812)
    metrics = [metric for metric in METRICS if metric != 'stage']
    states = set()
    for case in range(CASES):
        zone, first = chance.choice(WINDOWS)
        skip, length = chance.randrange(4 * 1440), chance.choice((900, 2000, 3500))
        base, metric = first + skip * MINUTE, chance.choice(metrics)
        work, timelines = zip(*(random_calendar(chance, zone, first, skip, length) for _ in range(2)), strict=True)
        promises = [random_target(chance, metric) for _ in range(2)]
        now = chance.randrange(length * 3 // 4)
        events = random_events(chance, base, promises, timelines[1], now + 10)
        expected = simulate(metric, promises, work, events, base, now)
        readings = instances(promises[0], events, timelines[0], base + now * MINUTE)
        found = [tuple(each) for each in map(read_minutes(base), readings)]
        wanted = [(*one[:-1], found[index][-1] if one[-1] is None and index < len(found) else one[-1])
                  for index, one in enumerate(expected)]
        assert found == wanted, f"case {case}: {metric} in {zone} from {base}"
        states |= {(metric, reading.state) for reading in readings}
    assert len(states) > 25, "every metric in nearly every state"


def read_minutes(base):
    def minute(moment):
        return None if moment is None else (moment - base) / MINUTE

    def read(reading):
        return (
            reading.state, *map(minute, (
                reading.started_at, reading.due_at, reading.breached_at, reading.reached_at)),
            reading.used / MINUTE, minute(reading.paused_since), [minute(at) for _, at in reading.notices])
    return read
