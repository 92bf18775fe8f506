"""Many calls of the generic webhook, as a bad network brings them."""
import json
import random
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


def storm(people, messages, calls, seed=7):
    """Return ``calls`` bodies (bytes) that bring ``messages`` of each of ``people``: doubled, in any order, some of
    them together in one call."""
    chance = random.Random(seed)
    all_of_them = [_message(person, number) for person in range(people) for number in range(messages)]
    bodies = [json.dumps({'messages': [message]}).encode() for message in all_of_them]
    while len(bodies) < calls:
        bodies.append(json.dumps({'messages': chance.choices(all_of_them, k=chance.randint(1, 3))}).encode()
                      if chance.random() < 0.3 else chance.choice(bodies))
    chance.shuffle(bodies)
    return bodies


def expected(people, messages):
    """Return {sender: sorted words of their messages} of what :func:`storm` brings."""
    return {f'p{person}': sorted(f'words {person} {number}' for number in range(messages)) for person in range(people)}


def _message(person, number):
    at = BEGIN + timedelta(seconds=person * 60 + number)
    return {'id': f'{person}/{number}', 'text': f'words {person} {number}', 'at': at.isoformat(),
            'sender': {'id': f'p{person}', 'name': f"Person {person}"}}
