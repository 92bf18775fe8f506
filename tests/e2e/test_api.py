"""The API as another system meets it: a real server, a real key, real transactions beside it (S0-41)."""
import json
import random
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from parts import databases, venv
from parts.base import ROOT
from rig.rpc import Client, Refused
from rig.wait import until

#: what schemathesis looks at (core answers GET on JSON-2 with 404, not 405)
CHECKS = ('not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance',
          'negative_data_rejection', 'ignored_auth')
EXAMPLES, SEED, SECONDS = 8, 19, 240
#: parameter -> table of the ids it takes
TABLES = {'ticket_id': 'helpdesk_ticket', 'team_id': 'helpdesk_team', 'stage_id': 'helpdesk_stage',
          'type_id': 'helpdesk_type', 'attachment_id': 'ir_attachment', 'user_id': 'res_users'}
ANSWER = re.compile(r'POST /json/2/helpdesk\.api/(\w+) HTTP/1\.1" (\d+)')


@pytest.fixture(scope='module')
def desk(site):
    """The small desk with the API, and some tickets."""
    databases.install(site.name, ['helpdesk_api'])
    site.database.sql("UPDATE helpdesk_team SET notify_new = 'none', acknowledge = false")
    site.start_odoo()
    for number in range(5):
        call(site, 'create_ticket', subject=f'Silent {number}', customer_email='carla@customer.test',
             text='It is silent', attachments=[{'name': 'slip.txt', 'content': 'eA=='}])
    return site


def call(desk, method, login='agent', **values):
    """Call a method of the API with the key of a user."""
    return desk.rpc(login).call('helpdesk.api', method, **values)


# ------------------------------------------------------------
# what is described is what is there
# ------------------------------------------------------------

def described(desk):
    """The document that the server gives to everybody, with ids among those that exist, so that most calls do
    something; what is made meanwhile gets ids far from them."""
    with urllib.request.urlopen(f'http://127.0.0.1:{desk.http}/helpdesk/api/openapi.json', timeout=30) as answer:
        document = json.load(answer)
    highest = {name: desk.database.value(f'SELECT max(id) FROM {table}') for name, table in TABLES.items()}
    for table in TABLES.values():
        desk.database.sql(f'ALTER SEQUENCE {table}_id_seq RESTART WITH 100000')
    good = good_calls(desk)
    for path, item in document['paths'].items():
        body = item['post']['requestBody']['content']['application/json']
        body['example'] = good[path.rpartition('/')[2]]
        for name in body['schema']['properties'].keys() & highest.keys():
            body['schema']['properties'][name]['maximum'] = highest[name]
    return document


def good_calls(desk):
    """A call of each method that succeeds: where schemathesis begins from."""
    ticket_id = desk.database.value('SELECT min(id) FROM helpdesk_ticket')
    file_id = call(desk, 'get_ticket', ticket_id=ticket_id)['attachments'][0]['id']
    return {
        'create_ticket': {'subject': 'Drill', 'text': 'Silent', 'priority': 'high', 'tags': []},
        'reply': {'ticket_id': ticket_id, 'text': 'Hello'}, 'note': {'ticket_id': ticket_id, 'text': 'Hello'},
        'set_status': {'ticket_id': ticket_id, 'status': 'open'}, 'assign': {'ticket_id': ticket_id, 'login': 'agent'},
        'get_ticket': {'ticket_id': ticket_id}, 'search_tickets': {'text': 'silent'},
        'get_messages': {'ticket_id': ticket_id}, 'get_attachment': {'attachment_id': file_id},
        'list_events': {'cursor': '0.0', 'kinds': ['stage']}, 'get_choices': {},
    }


def test_everything_that_is_described(desk, tmp_path):
    """Whatever the description allows or forbids: no crash, only statuses and answers that it names, bad input refused,
    nothing without a key. And it was no idle talk: each method was called with success."""
    path = tmp_path / 'openapi.json'
    path.write_text(json.dumps(described(desk)))
    before = len(desk.odoo.log.read_text())
    done = subprocess.run([
        venv.schemathesis(), 'run', path, '--url', f'http://127.0.0.1:{desk.http}', '--checks', ','.join(CHECKS),
        '--header', f'Authorization: bearer {desk.rpc("agent").key}', '--phases', 'examples,coverage,fuzzing',
        '--max-examples', str(EXAMPLES), '--seed', str(SEED), '--no-color', '--continue-on-failure',
    ], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]
    answers = Counter(ANSWER.findall(desk.odoo.log.read_text()[before:]))
    good = {method for method, status in answers if status == '200'}
    assert good == {path.rpartition('/')[2] for path in json.loads(path.read_text())['paths']}, answers
    assert sum(answers.values()) > 500, answers


@pytest.mark.parametrize(('key', 'status'), [('0' * 40, 401), ('x', 401)])
def test_wrong_key(desk, key, status):
    """Nobody is let in with a wrong key."""
    with pytest.raises(Refused) as caught:
        Client(desk.http, key).call('helpdesk.api', 'list_events', cursor='0.0')
    assert caught.value.status == status


def test_example_of_the_page(desk, tmp_path):
    """The Python example in docs/api.md does what it says, as it stands there but for address, key and end."""
    page = (ROOT / 'docs/api.md').read_text()
    program = page.partition('```python\n')[2].partition('```')[0]
    for written, real in (('https://odoo.example.com', f'http://127.0.0.1:{desk.http}'),
                          ('time.sleep(5)', 'time.sleep(0.3); page = made.setdefault("pages", []); page.append(1)'
                                            '\n        if len(page) > 9: break'),
                          ('YOUR_API_KEY', desk.rpc('agent').key), ("call('list_events')['next_cursor'] ", "'0.0'")):
        assert written in program
        program = program.replace(written, real)
    (tmp_path / 'invoice.pdf').write_bytes(b'%PDF-1.4 of the example')
    done = subprocess.run([sys.executable, '-c', program], cwd=tmp_path, capture_output=True, text=True, check=False,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    ticket = call(desk, 'get_ticket', external_id='order-1042')
    assert [(file['name'], file['size']) for file in ticket['attachments']] == [('invoice.pdf', 23)]
    assert ticket['number'] in done.stdout and 'stage Open' in done.stdout, 'the answer opened it'


# ------------------------------------------------------------
# once
# ------------------------------------------------------------

def test_same_call_at_the_same_time(desk):
    """Five impatient callers with one external id make one ticket, and all of them get it."""
    values = {'subject': 'Impatient', 'external_id': 'impatient'}
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _number: call(desk, 'create_ticket', **values), range(5)))
    assert len({answer['ticket']['id'] for answer in answers}) == 1
    assert sorted(answer['created'] for answer in answers) == [False] * 4 + [True]
    assert desk.database.value("SELECT count(*) FROM helpdesk_ticket WHERE name = 'Impatient'") == 1


# ------------------------------------------------------------
# events
# ------------------------------------------------------------

class Writer:
    """A transaction of somebody else, which adds to the log of a ticket."""

    def __init__(self, desk, ticket_id):
        self.connection = desk.database.connect()
        self.connection.autocommit = False
        self.ticket_id = ticket_id

    def add(self, new):
        """Add an event; return its id."""
        with self.connection.cursor() as cursor:
            cursor.execute("INSERT INTO helpdesk_ticket_event (ticket_id, at, kind, new) "
                           "VALUES (%s, now() AT TIME ZONE 'UTC', 'priority', %s) RETURNING id", (self.ticket_id, new))
            return cursor.fetchone()[0]

    def end(self, commit=True):
        """Commit, or roll back."""
        if commit:
            self.connection.commit()
        else:
            self.connection.rollback()
        self.connection.close()


def heard(desk, cursor):
    """Return (the ids of the events after a cursor, where to go on)."""
    ids = []
    while True:
        page = call(desk, 'list_events', cursor=cursor, limit=7)
        ids += [event['id'] for event in page['events']]
        cursor = page['next_cursor']
        if not page['more']:
            return ids, cursor


def end(desk):
    """Return where the log ends, once everything in it is settled."""
    newest = desk.database.value(
        "SELECT api_turn || '.' || id FROM helpdesk_ticket_event ORDER BY api_turn DESC, id DESC LIMIT 1")
    until('the log to settle', lambda: call(desk, 'list_events')['next_cursor'] == newest, 20)
    return newest


def heard_at_last(desk, cursor, wanted):
    """Wait until the events after a cursor are ``wanted``; return where to go on. A moment is allowed for: whatever
    has ended between a call's snapshot and its look around counts as at work."""
    found, last = [], cursor
    def all_there():
        nonlocal last
        ids, last = heard(desk, last)
        found.extend(ids)
        return len(found) >= len(wanted)
    until('the events', all_there, 20, detail=lambda: found)
    assert found == wanted
    return last


def test_events_committed_late(desk):
    """Ids become visible in another order than they are given out in; no reader misses one, whoever began first."""
    ticket_id = call(desk, 'create_ticket', subject='Late')['ticket']['id']
    cursor = end(desk)
    old, young = Writer(desk, ticket_id), Writer(desk, ticket_id)
    first = old.add('begun first')           # the older transaction ...
    second = young.add('takes the lower id')
    third = old.add('has the higher id too')  # ... and is done first
    old.end()
    cursor = heard_at_last(desk, cursor, [first, third])  # what the older one wrote comes before all that may follow
    young.end()
    cursor = heard_at_last(desk, cursor, [second])  # nothing is skipped though its id is lower
    young = Writer(desk, ticket_id)
    waiting = young.add('not committed')
    other = Writer(desk, ticket_id)
    quick = other.add('committed at once')
    other.end()
    assert heard(desk, cursor) == ([], cursor), 'a younger one waits for the older'
    young.end()
    heard_at_last(desk, cursor, [waiting, quick])


def test_events_wait_for_no_other_database(desk):
    """A transaction that takes long in another database of the server holds nobody up."""
    ticket_id, cursor = call(desk, 'create_ticket', subject='Quick')['ticket']['id'], end(desk)
    far = desk.database.connect('postgres')
    far.autocommit = False
    try:
        far.cursor().execute('SELECT pg_current_xact_id()')
        here = Writer(desk, ticket_id)
        event = here.add('quick')
        here.end()
        heard_at_last(desk, cursor, [event])
    finally:
        far.rollback()
        far.close()


def test_events_under_load(desk):
    """Eight writers, some of which roll back, and a reader who comes all the time: each event once."""
    ticket_id = call(desk, 'create_ticket', subject='Busy')['ticket']['id']
    cursor, dice, found = end(desk), random.Random(19), []
    done = threading.Event()

    def write(seed):
        own = random.Random(seed)
        for number in range(25):
            writer = Writer(desk, ticket_id)
            for _step in range(own.randint(1, 3)):
                writer.add(f'{seed}/{number}')
                time.sleep(own.random() / 50)
            writer.end(commit=own.random() > 0.2)

    def read():
        nonlocal cursor
        while not done.is_set():
            ids, cursor = heard(desk, cursor)
            found.extend(ids)

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, [dice.random() for _number in range(8)]))
    done.set()
    reader.join()
    end(desk)
    found += heard(desk, cursor)[0]
    rows = desk.database.sql("SELECT id FROM helpdesk_ticket_event WHERE ticket_id = %s AND kind = 'priority' "
                             "ORDER BY id", ticket_id)
    assert len(rows) > 150
    own = [event for event in found if (event,) in set(rows)]
    assert sorted(own) == [event for [event] in rows], 'each of them, once'
    assert own != sorted(own), 'the writers were no load: ids came in order'
