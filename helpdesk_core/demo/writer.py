"""Writes the texts and files of a planned ticket, once its dates stand. Pure Python."""

from . import files
from .cast import local
from .words import MANNERS, dress, fill, to_html


class Writer:
    """Fills the words of a ticket's story, and dresses them as the letters and notes that people write."""

    def __init__(self, ticket, teams):
        self.ticket, self.values, self.rng = ticket, ticket.values, ticket.rng('words')
        self.tz = teams[ticket.team].tz

    def compose(self):
        """Set subject, description, bodies and files."""
        ticket = self.ticket
        ticket.subject = fill(ticket.heading, self.values, self.rng, local(ticket.created, self.tz))
        if ticket.channel != 'email':
            self.describe(ticket.story.steps[0])
        for index, act in enumerate(ticket.acts):
            if act.step:
                at = local(act.at, self.tz)
                act.body = getattr(self, act.kind)(act, fill(act.step.text, self.values, self.rng, at), not index)
                act.files = self.attach(act.step, at)
            elif act.kind == 'automatic':
                act.body = self.acknowledgement() if act.about != 'Solved' else self.solution()

    def attach(self, step, at):
        return [files.make(kind, self.rng, self.values, at) for kind in step.files]

    def manner(self, index):
        """Draw a greeting or sign-off, see ``MANNERS``."""
        return fill(self.rng.choice(MANNERS[self.ticket.lang][index]), self.values, self.rng).strip()

    def describe(self, step):
        """Say in the description what was asked for, as the channel takes it down."""
        ticket, at = self.ticket, local(self.ticket.created, self.tz)
        text = fill(step.text, self.values, self.rng, at)
        text = text[:1].upper() + text[1:]
        if step.role == 'customer' and ticket.channel == 'phone':
            number = self.values['phone'] or 'number withheld'
            text = f'Call from {self.values["name"]}, {number}. In their words:\n\n{text}'
        elif step.role == 'customer' and ticket.channel in ('chat', 'messenger'):
            text = f'{self.values["first"]}: {text}'
        ticket.body, ticket.files = to_html(text), self.attach(step, at)

    # -- kinds of acts -----------------------------------------------------------

    def customer(self, act, text, first):
        greeting, ending = self.manner(0 if first else 2), self.manner(1 if first else 3)
        body = to_html(dress(text, greeting, ending))
        if not first and self.ticket.channel == 'email' and self.rng.random() < 0.4:
            body += self.quoted(act)
        return body

    def quoted(self, act):
        """What mail programs put below an answer: the mail it answers."""
        mails = [other for other in self.ticket.acts if other.kind == 'agent' and other.at < act.at]
        if not mails:
            return ''
        day = local(mails[-1].at, self.ticket.person.tz)
        return (
            f'<blockquote data-o-mail-quote="1"><p>On {day.day} {day:%B} {day.year} at {day:%H:%M}, '
            f'{self.values["agent"]} wrote:</p>{mails[-1].body}</blockquote>'
        )

    def agent(self, act, text, first):
        greeting = self.manner(4)
        return to_html(dress(text, greeting, self.manner(5)))

    def note(self, act, text, first):
        return to_html(text)

    # -- automatic mails -----------------------------------------------------------

    def letter(self, *paragraphs):
        """Return an automatic mail as HTML; ``{number}`` is filled in when there is one."""
        greeting = f'Hello {self.ticket.person.name}'.strip()
        return to_html('\n\n'.join((f'{greeting},', *paragraphs, self.values['house'])))

    def acknowledgement(self):
        return self.letter(
            f'we received your request “{self.ticket.subject}”. Its number is {{number}}.',
            'We will get back to you as soon as we can. To add something, simply answer this mail.',
        )

    def solution(self):
        return self.letter(
            f'your request “{self.ticket.subject}” with the number {{number}} is solved.',
            'Something is still open? Answer this mail, and we will look at it again.',
        )
