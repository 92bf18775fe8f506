"""When the instances of each SLA metric start and end (C1 to C4, C11).

A rule is told what happens to the ticket of the clock, and begins, ends and resumes instances on it.
"""


class _Rule:
    """When the instances of a metric start and end (C1). Each method is called when that happens."""

    def __init__(self, ticket):
        self.ticket = ticket

    def begun(self, at):
        """The ticket begins to count."""

    def assigned(self, at):
        pass

    def moved(self, at):
        """Another team has it."""

    def staged(self, at):
        """The stage may be another one."""

    def spoken(self, at, seen_at):
        """The customer wrote."""

    def answered(self, at, written_at):
        """An agent wrote, after the ticket began to count."""

    def solved(self, at):
        self.ticket.end(at, 'solved')

    def reopened(self, at):
        pass


class _Once(_Rule):
    """Starts with the ticket, unless that was over before the customer spoke; never again (C11)."""

    def begun(self, at):
        if not self.ticket.solved_once:
            self.ticket.begin(at)


class _Assign(_Once):
    def begun(self, at):
        super().begun(at)
        if self.ticket.assigned_at is not None:
            self.assigned(max(at, self.ticket.assigned_at))

    def assigned(self, at):
        self.ticket.end(at)


class _FirstResponse(_Once):
    def answered(self, at, written_at):
        self.ticket.end(at)


class _Stage(_Once):
    def begun(self, at):
        super().begun(at)
        self.staged(max(at, self.ticket.staged_at))

    def staged(self, at):
        if self.ticket.stage is not None and self.ticket.stage == self.ticket.terms.stage:
            self.ticket.end(at)


class _NextResponse(_Rule):
    """From the oldest message without an answer (C4); on a solved ticket it waits for the reopening to start."""

    waiting = None  # at and seen_at of the message

    def spoken(self, at, seen_at):
        if self.waiting is None and (self.ticket.responded or self.ticket.solved_once):
            self.waiting = at, seen_at
            self._start()

    def _start(self):
        if self.waiting is not None and not self.ticket.done:
            self.ticket.begin(self.waiting[0])

    def answered(self, at, written_at):
        if self.waiting is not None and written_at >= self.waiting[1]:
            self.waiting = None
            self.ticket.end(at)

    def solved(self, at):
        self.waiting = None
        super().solved(at)

    def reopened(self, at):
        self._start()


class _Update(_Rule):
    def answered(self, at, written_at):
        self.ticket.end(at)
        if not self.ticket.done:
            self.ticket.begin(at)

    def reopened(self, at):
        self.ticket.begin(at)


class _Resolution(_Rule):
    def begun(self, at):
        if not self.ticket.done:
            self.ticket.begin(at)

    def solved(self, at):
        self.ticket.end(at)

    def reopened(self, at):
        if not self.ticket.resume(at):
            self.ticket.begin(at)


class _Ownership(_Rule):
    """One for each team that has the ticket."""

    def begun(self, at):
        if self.ticket.team is not None and not self.ticket.done:
            self.ticket.begin(at)

    def moved(self, at):
        self.ticket.end(at)
        if self.ticket.begun:
            self.begun(at)

    def solved(self, at):
        self.ticket.end(at)

    def reopened(self, at):
        self.begun(at)


RULES = {
    'assign': _Assign,
    'first_response': _FirstResponse,
    'next_response': _NextResponse,
    'update': _Update,
    'resolution': _Resolution,
    'stage': _Stage,
    'ownership': _Ownership,
}
