"""Finds the dates of a ticket: who acts when. Pure Python; datetimes are naive UTC."""

from bisect import bisect_right
from datetime import datetime, timedelta

from .cast import Act, local, utc

DAYS = 90
OUTAGE_DAYS_AGO = 24
# how long ago the last thing happened, in hours: shortest, longest
QUIET = {
    'new': (0.1, 22),
    'assigned': (0.3, 32),
    'waits': (0.2, 120),
    'working': (2, 450),
    'waiting_customer': (3, 480),
    'waiting_third_party': (12, 750),
    'solved': (0.5, 165),
}
TRACKED = ('stage', 'user', 'priority', 'deadline', 'team')
WEEK = (1.25, 1.15, 1.05, 1.0, 0.9, 0.1, 0.08)  # how much is asked from Monday to Sunday
HOURS = dict(enumerate((1, 4, 9, 12, 13, 10, 6, 8, 10, 9, 7, 4, 2, 2, 1, 1), 6))  # and in the course of a day
HURRY = {'0': 1.7, '1': 1.0, '2': 0.55, '3': 0.25}
MINUTE = timedelta(minutes=1)


class Schedule:
    """Tells a ticket's story from a tried start, and moves the start back until all of it, and the time since, fits
    before now. The generators start anew at each try, so the same spans are tried."""

    def __init__(self, ticket, teams, now):
        self.ticket, self.teams, self.now = ticket, teams, now
        self.team = teams[ticket.team]
        self.assignee, self.colleague = ticket.values['assignee'], ticket.values['colleague']

    def place(self):
        """Set the ticket's dates and acts."""
        ticket, rng = self.ticket, self.ticket.rng('place')
        if ticket.story.head.get('group'):
            self.tell(self.outage(rng))
        elif ticket.outcome in QUIET:
            self.place_near(rng)
        else:
            self.place_past(rng)
        self.sort()
        if ticket.outcome == 'closed':
            at = self.team.autoclose_at(self.last) + timedelta(minutes=rng.randint(1, 55), seconds=rng.randint(0, 59))
            self.change(at, '', {'stage': 'closed'})
        self.remind()
        self.trace()

    def sort(self):
        self.ticket.acts.sort(key=lambda act: act.at)

    # ------------------------------------------------------------
    # where it begins
    # ------------------------------------------------------------

    def place_near(self, rng):
        """Let the last thing have happened a while ago, as fits what has become of the ticket."""
        shortest, longest = QUIET[self.ticket.outcome]
        quiet = shortest + (longest - shortest) * rng.random()
        quiet = max(quiet, {'overdue': 72, 'today': 3}.get(self.ticket.deadline, 0))
        latest = self.now - timedelta(hours=quiet)
        start = self.beginning(latest)
        for _ in range(400):
            self.tell(start)
            late = self.last - latest
            if late > timedelta():
                start = self.beginning(start - max(timedelta(hours=1.7), late * 0.6))
            elif self.ticket.outcome == 'solved' and self.team.autoclose_at(self.last) <= self.now:
                latest += (self.now - latest) * 0.4  # that would have closed by itself
                start = self.beginning(latest)
            else:
                break

    def place_past(self, rng):
        """Let it be over, somewhere in the ninety days; more often lately, and on working days."""
        days = range(10 if self.ticket.outcome == 'closed' else 2, DAYS - 1)
        today = local(self.now, self.ticket.person.tz)
        weights = [WEEK[(today - timedelta(days=day)).weekday()] * (1.5 - 0.7 * day / DAYS) for day in days]
        day = today - timedelta(days=rng.choices(days, weights)[0])
        hour = rng.choices(list(HOURS), list(HOURS.values()))[0]
        start = self.beginning(utc(day.replace(hour=hour, minute=rng.randint(0, 59), second=rng.randint(0, 59))))
        for _ in range(400):
            self.tell(start)
            done = self.team.autoclose_at(self.last) if self.ticket.outcome == 'closed' else self.last
            if done < self.now - timedelta(hours=2):
                break
            start = self.beginning(start - timedelta(hours=20))

    def outage(self, rng):
        """The one morning on which many wrote, and the note that collects them a little before."""
        day = local(self.now, self.team.tz) - timedelta(days=OUTAGE_DAYS_AGO)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        minute = 7 if self.ticket.channel == 'agent' else rng.randint(12, 55)
        return utc(day.replace(hour=9, minute=minute, second=rng.randint(0, 59)))

    def beginning(self, moment):
        """Return a moment at or before ``moment`` at which somebody starts a ticket by the ticket's channel."""
        ticket, rng = self.ticket, self.ticket.rng('beginning')
        if ticket.channel == 'api':
            return moment
        if ticket.channel in ('phone', 'chat', 'messenger', 'agent') or (
            ticket.channel == 'portal' and not ticket.person.weight
        ):
            start, end = self.team.hours[bisect_right(self.team.hours, (moment, datetime.max)) - 1]
            return moment if moment <= end else start + (end - start) * rng.random()
        clock = local(moment, ticket.person.tz)
        if clock.hour < 6 and rng.random() < 0.9:  # nobody is up
            moment -= timedelta(hours=clock.hour + rng.randint(3, 12))
        return moment

    # ------------------------------------------------------------
    # telling
    # ------------------------------------------------------------

    def tell(self, start):
        """Make the acts of the ticket, created at ``start``."""
        ticket, self.rng = self.ticket, self.ticket.rng('acts')
        start = start.replace(microsecond=0)
        ticket.created, ticket.acts, self.last = start, [], start
        self.taken = self.answered = self.asked_others = False
        self.open_ticket(ticket.story.steps[0])
        for index, step in enumerate(ticket.story.steps[1 : ticket.cut + 1], 1):
            if step.role == 'customer':
                self.add(Act(self.customers_time(step), 'customer', step=step))
            else:
                self.staff_step(step, drop_move=ticket.outcome == 'working' and index == ticket.cut)
        if ticket.outcome == 'assigned' and not self.taken:
            self.take(self.team.after(start, self.minutes(25, 0.6)))
            if ticket.keep_open:
                self.change(self.last + self.rng.randint(3, 40) * MINUTE, self.assignee, {'stage': 'open'})

    def minutes(self, median, spread):
        """Draw a span around ``median`` minutes."""
        return min(median * self.rng.lognormvariate(0, spread), median * 12)

    def add(self, act):
        act.at = act.at.replace(microsecond=0)
        self.ticket.acts.append(act)
        self.last = max(self.last, act.at)

    def change(self, at, by, values):
        self.add(Act(at, 'write', by, values))

    def open_ticket(self, step):
        """Say with what, and by whom, the ticket is created."""
        ticket, start = self.ticket, self.ticket.created
        ticket.known = {
            'type': ticket.story.words('for')[1],
            'category': ticket.story.words('for')[2],
            'tags': ticket.story.tags,
            'priority': ticket.values['priority'],
        }
        ticket.first = {} if ticket.channel == 'email' else dict(ticket.known)
        ticket.creator = ''
        if ticket.moved:
            ticket.first['team'] = 'support'
        if ticket.channel == 'email':
            self.add(Act(start, 'customer', step=step))
        elif ticket.channel == 'portal':
            ticket.creator = ticket.person.login
        elif ticket.channel in ('phone', 'chat', 'messenger', 'agent'):
            ticket.creator = self.assignee
            if ticket.outcome != 'new':
                ticket.first['user'] = self.assignee
                self.taken = True
                self.promise(start)
        if ticket.channel in ('email', 'web') and ticket.outcome != 'archived':
            self.add(
                Act(start + timedelta(seconds=self.rng.randint(4, 40)), 'automatic', about='We received your request')
            )

    def take(self, at):
        """Somebody takes the ticket, or is given it, and says what it is."""
        ticket, by = self.ticket, self.assignee
        self.taken = True
        if ticket.moved:
            self.change(at, self.teams['support'].leader, {'team': ticket.team})
            at = self.team.after(at, 25)
        if self.team.leader != by and self.rng.random() < 0.3:
            by = self.team.leader
        values = {'user': self.assignee}
        if ticket.channel == 'email':
            values.update((name, value) for name, value in ticket.known.items() if name != 'priority' or value != '1')
        self.change(at, by, values)
        self.promise(at)

    def promise(self, at):
        """Set a deadline by hand, where the ticket is to have one that is near now."""
        kind, rng = self.ticket.deadline, self.ticket.rng('deadline')
        if not kind:
            return
        today = local(self.now, self.team.tz).replace(minute=0, second=0)
        if kind == 'overdue':
            deadline = utc(today) - timedelta(hours=rng.choice((3, 5, 20, 28, 47)))
        elif kind == 'today':
            deadline = utc(today.replace(hour=rng.choice((15, 16, 17))))
            if deadline < self.now + timedelta(hours=1):  # installed in the evening: soon, then
                deadline = utc(today) + timedelta(hours=2, minutes=rng.choice((15, 30, 45)))
        else:
            deadline = self.team.working_day(self.now, rng.choice((1, 2, 2, 3, 5, 8)), rng.choice((10, 12, 16)))
        at += rng.randint(2, 9) * MINUTE
        if deadline > at + timedelta(hours=1):
            self.change(at, self.assignee, {'deadline': deadline})

    def staff_step(self, step, drop_move):
        """Let one of ours write, as long after the last act as such things take, and move the ticket."""
        by = self.colleague if step.role == 'peer' else self.assignee
        minutes = self.delay(step)
        at = self.fixed(step) or self.team.after(self.last, minutes)
        if not self.taken and step.role != 'peer':
            self.take(self.team.after(self.last, minutes * (0.3 + 0.5 * self.rng.random())))
            at = max(at, self.last + 2 * MINUTE)
        if step.text:
            self.add(Act(at, 'agent' if step.role == 'agent' else 'note', by, step=step))
        self.answered = self.answered or step.role == 'agent'
        self.asked_others = False
        self.moves(step, by, None if drop_move else step.move)

    def delay(self, step):
        """Draw the working minutes until somebody of ours acts."""
        if 'fast' in step.options:
            return self.minutes(14, 0.5)
        if self.asked_others and step.role == 'agent':
            return self.minutes(1100, 0.45)
        if step.role in ('note', 'peer'):
            return self.minutes(45, 0.8)
        return self.minutes((100 if self.answered else 130) * HURRY[self.ticket.values['priority']], 0.75)

    def fixed(self, step):
        """The moment on the first day that the step's text speaks of (option ``at:HH:MM``), or a little later."""
        clock = next((option[3:] for option in step.options if option.startswith('at:')), None)
        if not clock:
            return None
        hour, minute = map(int, clock.split(':'))
        day = local(self.ticket.created, self.team.tz).replace(hour=hour, minute=minute, second=0)
        return max(utc(day) + self.rng.randint(0, 40) * MINUTE, self.last + 2 * MINUTE)

    def moves(self, step, by, move):
        """What an agent does right after writing: priority, promise, stage."""
        priority, days = step.number('prio'), step.number('deadline')
        if priority is not None and str(priority) != self.ticket.values['priority']:
            self.change(self.last + self.rng.randint(1, 3) * MINUTE, by, {'priority': str(priority)})
        if days is not None and not self.ticket.deadline and move not in ('solved', 'closed'):
            self.change(
                self.last + self.rng.randint(1, 3) * MINUTE, by, {'deadline': self.team.working_day(self.last, days)}
            )
        if not move:
            return
        self.change(self.last + timedelta(seconds=self.rng.randint(40, 150)), by, {'stage': move})
        self.asked_others = move == 'waiting_third_party'
        if move == 'closed':
            self.change(self.last + timedelta(seconds=20), by, {'active': False})
        if move == 'solved' and step.role == 'agent' and self.ticket.person.email:
            self.add(Act(self.last + timedelta(seconds=3), 'automatic', about='Solved'))

    def customers_time(self, step):
        """Draw when a customer answers: when they are awake, and rarely on weekends."""
        rng = self.rng
        hours = (
            0.15 * rng.lognormvariate(0, 0.4) if 'fast' in step.options else min(3.5 * rng.lognormvariate(0, 1.1), 70)
        )
        clock = local(self.last + timedelta(hours=hours), self.ticket.person.tz)
        resting, early = rng.random() < 0.85, timedelta(minutes=rng.randint(10, 200))
        while not 6 <= clock.hour < 21 or (clock.weekday() > 4 and resting):
            clock = (clock + timedelta(days=clock.hour >= 6)).replace(hour=7, minute=0) + early
        return utc(clock)

    # ------------------------------------------------------------
    # what follows
    # ------------------------------------------------------------

    def remind(self):
        """Have the assignee reminded before a deadline and at it, as long as the ticket is open."""
        ticket = self.ticket
        promise = next((act for act in ticket.acts if 'deadline' in act.values), None)
        if not promise:
            return
        deadline = promise.values['deadline']
        done = next((act.at for act in ticket.acts if act.values.get('stage') in ('solved', 'closed')), datetime.max)
        early = deadline - timedelta(hours=self.team.remind_hours)
        for at in ([early] if early > promise.at else []) + [deadline]:
            if at < done and at > self.now:
                ticket.remind_at = at
                break
            if at < done:
                ticket.acts.append(Act(at, 'reminder', values={'reached': at == deadline}))
        self.sort()

    def trace(self):
        """Note with each act which tracked values it changes, so that core's messages about it can be written."""
        ticket = self.ticket
        values = {'stage': 'new', 'priority': '1', 'team': ticket.team, **ticket.first}
        for act in ticket.acts:
            new = {name: value for name, value in act.values.items() if name in TRACKED}
            opening = {'agent': ('new',), 'customer': ('waiting_customer', 'solved', 'closed')}
            if values['stage'] in opening.get(act.kind, ()):
                new['stage'] = 'open'
            act.changes = {name: (values.get(name), value) for name, value in new.items() if values.get(name) != value}
            values.update(new)
