"""Stories: what support people and their customers write to each other, kept as text. Pure Python.

A file of ``stories/`` holds stories, each a head and its steps::

    === key
    subject: One way to say it | another
    for: team type category
    tags: one, another
    channel: email email web        (drawn; say it twice to have it twice as often)
    product: battery                (what {product} is drawn from, see PRODUCTS in words.py)
    priority: 1 1 2                 (drawn)
    from: employee | unknown | nobody
    --- customer file:photo
    What the customer wrote. {first}, {product} … are filled in, {this|that} is drawn.
    --- agent waiting
    What the agent answered; the ticket then waits for the customer.

The first step opens the ticket: ``customer`` writes, ``call`` is what an agent notes of a call, ``chat`` a chat,
``alert`` a machine's report, ``own`` an agent's own record. After it come ``customer``, ``agent`` (public answers),
``note`` and ``peer`` (internal notes by the assignee and by a colleague).
Options of a step: ``waiting``, ``third``, ``solve`` and ``close`` move the ticket; ``fast`` comes quickly;
``at:11:54`` comes at that time of the first day; ``prio:2`` raises the priority; ``deadline:3`` promises a date in
so many working days; ``file:pdf`` attaches something.
"""

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / 'stories'
MOVES = {'waiting': 'waiting_customer', 'third': 'waiting_third_party', 'solve': 'solved', 'close': 'closed'}


@dataclass
class Step:
    role: str
    options: list
    text: str = ''

    @property
    def move(self):
        """The status that the step ends with, if it changes it."""
        return next((MOVES[option] for option in self.options if option in MOVES), None)

    @property
    def files(self):
        """Kinds of the files that come with the step."""
        return [option[5:] for option in self.options if option.startswith('file:')]

    def number(self, name):
        """The number given with the option ``name``, or None."""
        return next((int(option.split(':')[1]) for option in self.options if option.startswith(f'{name}:')), None)


@dataclass
class Story:
    key: str
    head: dict
    steps: list = field(default_factory=list)

    def words(self, name, default=''):
        """The words of a line of the head."""
        return self.head.get(name, default).split()

    @property
    def subjects(self):
        """The ways to put the subject; ``{a|b}`` within one does not part them."""
        parts, depth, start, text = [], 0, 0, self.head['subject']
        for index, char in enumerate(text):
            depth += {'{': 1, '}': -1}.get(char, 0)
            if char == '|' and not depth:
                parts.append(text[start:index].strip())
                start = index + 1
        return [*parts, text[start:].strip()]

    @property
    def tags(self):
        return [tag.strip() for tag in self.head.get('tags', '').split(',') if tag.strip()]

    def states(self):
        """Return (status, whether the customer waits) after each step, as helpdesk_core would have them."""
        status, waits, result = 'new', self.steps[0].role != 'own', []
        for index, step in enumerate(self.steps):
            if index and step.role == 'customer':
                waits = True
                if status in ('waiting_customer', 'solved', 'closed'):
                    status = 'open'
            elif index and step.role == 'agent':
                waits, status = False, 'open' if status == 'new' else status
            status = step.move or status
            if status in ('solved', 'closed'):
                waits = False
            result.append((status, waits))
        return result


def read_stories():
    """Return all stories of the folder, in the order of the files' names."""
    return [story for path in sorted(FOLDER.glob('*.txt')) for story in parse(path.read_text(encoding='utf-8'))]


def parse(text):
    """Return the stories of ``text``."""
    stories = []
    for line in text.splitlines():
        if line.startswith('=== '):
            stories.append(Story(line[4:].strip(), {}))
        elif not stories:
            continue
        elif line.startswith('--- '):
            role, *options = line[4:].split()
            stories[-1].steps.append(Step(role, options))
        elif stories[-1].steps:
            stories[-1].steps[-1].text += line + '\n'
        elif line.strip():
            name, _, value = line.partition(':')
            stories[-1].head[name.strip()] = value.strip()
    for story in stories:
        for step in story.steps:
            step.text = step.text.strip('\n')
    return stories
