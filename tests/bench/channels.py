"""What a messenger's call costs beside a mail, both from somebody new, and a storm of calls that come twice and in any
order."""
import gc
import json
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import mail_work

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'helpdesk_messenger/tests'))
from storm import expected, storm

ROUNDS, QUICK_ROUNDS = 40, 3
CALLS, QUICK_CALLS = 10_000, 200
RATIO = 1.2


def run(place, quick):
    """Measure at ``place`` (a copy; committed); return the sentences that tell it."""
    channel_id = connect(place)
    notes = [beside_mail(place, channel_id, QUICK_ROUNDS if quick else ROUNDS)] if place.has_address else []
    return [*notes, weather(place, channel_id, QUICK_CALLS if quick else CALLS)]


def connect(place):
    """Make a channel of the first team; return its id."""
    with place.transaction(user=1) as env:
        team = env['helpdesk.team'].search([], order='id', limit=1)
        channel = env['helpdesk.channel'].create({'name': 'Bench', 'kind': 'webhook', 'team_id': team.id})
        channel.state = 'connected'
        env.cr.commit()
        return channel.id


def beside_mail(place, channel_id, rounds):
    """Take in a mail and a call by turns, each kept first and then made a ticket of; the first round warms up."""
    taken = {'mail': [], 'call': []}
    for number in range(rounds + 1):
        for name, work in (('mail', mail), ('call', call)):
            with place.transaction(user=1) as env:
                gc.collect()
                begun = time.perf_counter()
                work(place, env, channel_id, number)
                env.cr.commit()
                taken[name].append((time.perf_counter() - begun) * 1000)
    middle = {name: statistics.median(values[1:]) for name, values in taken.items()}
    ratio = middle['call'] / middle['mail']
    return (f"webhook → ticket: {middle['call']:.1f} ms, mail → ticket: {middle['mail']:.1f} ms, ratio {ratio:.2f} "
            f"(target ≤ {RATIO}): {'ok' if ratio <= RATIO else 'MISS'}")


def mail(place, env, _channel_id, number):
    mail_work.process_raw(env, mail_work.strangers_mail(place.subject, number, 100_000 + number))


def call(_place, env, channel_id, number):
    """As the controller and the job do, in two transactions."""
    channel = env['helpdesk.channel'].browse(channel_id)
    channel._keep_call(json.dumps({'messages': [{
        'id': f'bench-{number}', 'text': 'Hello, since this morning the printer on the second floor does not print.',
        'at': datetime.now(UTC).isoformat(),
        'sender': {'id': f'bench-{number}', 'name': f'Bench {number}'}}]}).encode())
    env.cr.commit()
    calls = env['helpdesk.channel.call']
    calls._claim()._process()


def weather(place, channel_id, count):
    """Bring ``count`` calls; tell whether exactly the expected tickets and messages came of them."""
    people = count // 20
    bodies = storm(people=people, messages=10, calls=count)
    begun = time.perf_counter()
    with place.transaction(user=1) as env:
        channel = env['helpdesk.channel'].browse(channel_id)
        for body in bodies:
            channel._keep_call(body)
        env.cr.commit()
        calls = env['helpdesk.channel.call']
        while waiting := calls._claim():
            waiting._process()
            env.cr.commit()
        seconds = time.perf_counter() - begun
        people_found = env['helpdesk.channel.person'].search(
            [('channel_id', '=', channel_id), ('sender', '=like', 'p%')])
        found = {person.sender: sorted(
            ticket_text(message.body) for message in person.ticket_ids._public_messages([])) for person in people_found
            if len(person.ticket_ids) == 1}
    exact = found == expected(people=people, messages=10)
    return (f"{len(bodies):,} calls, twice and in any order: {people:,} tickets with {people * 10:,} messages in "
            f"{seconds:.0f} s: {'exactly those' if exact else 'NOT THOSE: MISS'}")


def ticket_text(body):
    return str(body).removeprefix('<p>').removesuffix('</p>')
