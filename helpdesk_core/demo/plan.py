"""Plans the demo tickets: which stories happen to whom, and how far they have come. Pure Python.

Everything drawn comes from generators seeded with constants, and none of it depends on the day: two plans made at
different moments hold the same tickets at other dates.
"""

import random
from collections import Counter

from .cast import SEED, Person, Ticket
from .schedule import Schedule
from .story import read_stories
from .words import SPAM, UNKNOWN, draw_values
from .writer import Writer

TOTAL = 300
SHARES = {'support': 190, 'billing': 55, 'it': 55}
# how many tickets end how; the rest is closed
OUTCOMES = {
    'new': 12,
    'assigned': 5,
    'waits': 10,
    'working': 12,
    'waiting_customer': 22,
    'waiting_third_party': 9,
    'solved': 22,
    'archived': 3,
}
# of whom the accounts for trying things are the customers: outcomes that each should have
STARS = {
    'customer': ['waiting_customer', 'waits', 'solved', *['closed'] * 5],
    'customer_manager': ['waiting_third_party', 'new', *['closed'] * 3],
}
EMPLOYEES = {'employee': 4, 'sales': 3, 'leader': 1, 'agent': 1, 'agent2': 1, 'agent4': 1, 'agent5': 1}
TRIED = 'agent'  # whose screens people look at first: has some of each kind of deadline
DEADLINES = {'overdue': 5, 'today': 5, 'ahead': 8}


def make(now, teams, people, staff):
    """Return the planned tickets in the order of their creation.

    :param now: the moment of installation
    :param teams: {key: Team}
    :param people: contacts, a list of Person
    :param staff: employees, {login: Person}
    """
    tickets = draw(teams, people, staff)
    for ticket in tickets:
        Schedule(ticket, teams, now.replace(microsecond=0)).place()
        Writer(ticket, teams).compose()
    return sorted(tickets, key=lambda ticket: (ticket.created, ticket.index))


def draw(teams, people, staff):
    """Draw stories, outcomes and people, without any date."""
    rng = random.Random(SEED)
    deck = deal(rng)
    outcomes = choose_outcomes(rng, deck)
    unknown, spam, used = iter(rng.sample(UNKNOWN, len(UNKNOWN))), iter(SPAM), Counter()
    stars = {login: list(wanted) for login, wanted in STARS.items()}
    tickets = []
    for index, (story, outcome, cut) in enumerate(outcomes):
        person = choose_person(rng, story, outcome, people, staff, stars, unknown, spam, used)
        ticket = Ticket(index, story, story.words('for')[0], person, outcome, cut, {})
        prepare(ticket, teams, people)
        used[story.key] += 1
        ticket.heading = story.subjects[(used[story.key] - 1) % len(story.subjects)]
        tickets.append(ticket)
    overlay(rng, tickets)
    return tickets


def deal(rng):
    """Return the stories of all tickets, each as often as the others of its team."""
    stories, deck = read_stories(), []
    for team, share in SHARES.items():
        mine = [story for story in stories if story.words('for')[0] == team]
        fixed = [
            story for story in mine for _ in range({'outage': 6, 'outage_master': 1}.get(story.head.get('group'), 0))
        ]
        fixed += [
            story for story in mine if story.head.get('outcome') == 'archived' for _ in range(OUTCOMES['archived'])
        ]
        free = [story for story in mine if story not in fixed]
        while len(fixed) < share:
            fixed += rng.sample(free, min(len(free), share - len(fixed)))
        deck += fixed
    rng.shuffle(deck)
    return deck


def cuts(story, outcome):
    """Return the steps after which a ticket of ``story`` may stand as ``outcome`` says."""
    states, last = story.states(), len(story.steps) - 1
    special = story.head.get('outcome') or story.head.get('group')
    if special or outcome in ('closed', 'archived', 'solved'):
        return (
            [last]
            if outcome == (story.head.get('outcome') or 'closed') or (not special and outcome == 'solved')
            else []
        )
    if outcome == 'new':
        return [0] if story.steps[0].role in ('customer', 'alert') else []
    if outcome == 'assigned':
        return [0] if story.steps[0].role in ('customer', 'call') else []
    found = []
    for index, (step, (status, waits)) in enumerate(zip(story.steps, states, strict=True)):
        wanted = {
            'waits': status == 'open' and waits and step.role == 'customer',
            'working': step.role == 'agent' and step.move not in ('solved', 'closed'),
            'waiting_customer': status == outcome and not waits,
            'waiting_third_party': status == outcome and not waits,
        }[outcome]
        if index and wanted:
            found.append(index)
    return found


def choose_outcomes(rng, deck):
    """Return (story, outcome, cut) for each story of the deck."""
    chosen = [None] * len(deck)
    for outcome, count in OUTCOMES.items():
        fitting = [index for index, story in enumerate(deck) if chosen[index] is None and cuts(story, outcome)]
        for index in rng.sample(fitting, count):
            chosen[index] = (deck[index], outcome, rng.choice(cuts(deck[index], outcome)))
    return [entry or (story, 'closed', len(story.steps) - 1) for entry, story in zip(chosen, deck, strict=True)]


def choose_person(rng, story, outcome, people, staff, stars, unknown, spam, used):
    """Return who the ticket is from."""
    sender = story.head.get('from')
    if sender == 'nobody':
        return Person('', '', '')
    if sender == 'employee':
        logins = list(EMPLOYEES)
        return staff[rng.choices(logins, [EMPLOYEES[login] for login in logins])[0]]
    if outcome == 'archived':
        return Person('', *next(spam))
    lang = story.head.get('lang')
    if not lang:
        for login, wanted in stars.items():
            if outcome in wanted and story.words('for')[0] == 'support' and story.steps[0].role == 'customer':
                wanted.remove(outcome)
                return next(person for person in people if person.login == login)
        if story.words('for')[0] == 'support' and 'email' in story.words('channel') and rng.random() < 0.12:
            stranger = next(unknown, None)
            if stranger:
                return Person('', *stranger)
    countries = {'de': ('DE', 'AT'), 'fr': ('FR', 'BE'), 'es': ('ES',)}.get(lang)
    fitting = [person for person in people if not countries or person.country in countries]
    return rng.choices(fitting, [person.weight for person in fitting])[0]


def prepare(ticket, teams, people):
    """Draw what the ticket's texts and its first values need."""
    story, person, rng = ticket.story, ticket.person, ticket.rng('values')
    team = teams[ticket.team]
    ticket.lang = story.head.get('lang', 'en')
    ticket.channel = choose_channel(rng, story, person)
    able = [login for login in team.members if login != person.login]
    assignee = rng.choices(able, [team.members[login] for login in able])[0]
    colleague = rng.choice([login for login in able if login != assignee])
    somebody = person if person.company else rng.choice(people)
    house = f'{team.name}, {"Basewright" if story.head.get("brand") else team.house}'
    ticket.values = {
        **draw_values(rng, story.head.get('product', 'any')),
        'name': person.name or 'Site office',
        'first': person.first or 'Sir or Madam',
        'company': somebody.company,
        'city': somebody.city,
        'function': person.function or 'Purchasing',
        'phone': person.phone or '',
        'agent': team.names[assignee],
        'agent1': team.names[assignee].split()[0],
        'house': house,
        'team': ticket.team,
        'assignee': assignee,
        'colleague': colleague,
        'priority': rng.choice(story.words('priority', '1 1 1 1 2')),
    }
    if person.key and person.company and rng.random() < 0.08:
        others = [other for other in people if other.company == person.company and other.key != person.key]
        ticket.email_cc = f'"{others[0].name}" <{others[0].email}>' if others else ''


def choose_channel(rng, story, person):
    """Return the way the ticket came, which its first step may have settled."""
    role, ways = story.steps[0].role, story.words('channel')
    channel = {'call': 'phone', 'alert': 'api', 'own': 'agent'}.get(role) or rng.choice(ways)
    if role == 'chat':
        return channel if channel in ('chat', 'messenger') else 'chat'
    if not person.key and role == 'customer':
        return 'email'
    if channel == 'portal' and not person.login:
        return 'web'
    if person.login and person.weight == 0 and channel in ('email', 'web', 'agent'):  # employees have their own page
        return 'portal'
    return channel


def overlay(rng, tickets):
    """Give some tickets what no story tells: deadlines, a wrong team at first, an assignee who starts by hand."""
    open_ones = [
        ticket
        for ticket in tickets
        if ticket.outcome in ('assigned', 'waits', 'working', 'waiting_customer', 'waiting_third_party')
        and ticket.story.steps[0].role != 'alert'
    ]
    settled = [
        ticket for ticket in open_ones if ticket.outcome in ('working', 'waiting_customer', 'waiting_third_party')
    ]
    for kind, count in DEADLINES.items():
        fitting = [ticket for ticket in (settled if kind == 'overdue' else open_ones) if not ticket.deadline]
        mine = rng.sample([ticket for ticket in fitting if ticket.values['assignee'] == TRIED], 2)
        for ticket in mine + rng.sample([ticket for ticket in fitting if ticket not in mine], count - 2):
            ticket.deadline = kind
    wrong = [
        ticket
        for ticket in tickets
        if ticket.team == 'billing'
        and ticket.channel == 'email'
        and not ticket.story.head.get('brand')
        and ticket.outcome in ('closed', 'solved', 'waiting_customer')
    ]
    for ticket in rng.sample(wrong, 5):
        ticket.moved = True
    for ticket in tickets:
        ticket.keep_open = ticket.outcome == 'assigned' and rng.random() < 0.5
