"""What customer pages cost beside Odoo's own: the list of a large company and a long conversation, each against
``/my/tasks`` and a task's page with as many records and messages.

Whole requests through Odoo's WSGI application: session, routing, rights, controller, template. A task's page brings its
conversation by two more calls of the browser, so these count as part of it; a ticket's page has it in its HTML. Both
lists show 25. The customer of the tickets manages their company's, that of the tasks is a collaborator of the project.
"""
import gc
import json
import re
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from odoo import http, sql_db
from odoo.fields import Command
from odoo.service import security
from odoo.sql_db import db_connect
from odoo.tools import SQL
from werkzeug.test import Client

RECORDS, MESSAGES, ROUNDS = 50_000, (50, 200), 15
QUICK_RECORDS, QUICK_ROUNDS = 500, 2
SHOWN = 25
LIST_RATIO, PAGE_RATIO = 0.4, 0.5
TEXT = 'About the printer again'


@dataclass(frozen=True)
class Side:
    """Where one of the two is measured.

    :param place: a copy of the database; committed
    :param model: whose records are listed
    :param path: where their pages begin
    :param sessions: key of the session of the customer with so many records; 'threads' of who has the conversations
    :param threads: id of a record, for each number of messages
    """
    place: object
    model: str
    path: str
    sessions: dict
    threads: dict


def run(place, peer, quick):
    """Measure tickets at ``place`` and tasks at ``peer`` (copies; committed); return the sentences that tell it."""
    large, rounds = (QUICK_RECORDS, QUICK_ROUNDS) if quick else (RECORDS, ROUNDS)
    large = min(large, place.size * 10 // 11)
    small = large // 10
    records = (small, large)
    ours = prepare(place, 'helpdesk.ticket', '/my/tickets', make_company, records)
    tasks = prepare(peer, 'project.task', '/my/tasks', make_project, records)
    jobs = {}
    for number in records:
        jobs['open', number] = lambda number=number: list_page(ours, number, '', at_least=1)
        jobs['all', number] = lambda number=number: list_page(ours, number, '?show=all')
        jobs['tasks', number] = lambda number=number: list_page(tasks, number)
    for number in MESSAGES:
        jobs['ticket', number] = lambda number=number: ticket_page(ours, number)
        jobs['task', number] = lambda number=number: task_page(tasks, number)
    try:
        with same_length():
            taken = measured(jobs, rounds)
    finally:
        for session in [*ours.sessions.values(), *tasks.sessions.values()]:
            http.root.session_store.delete(http.root.session_store.get(session))
    lists = f'portal list of a company with {large:,} tickets, {SHOWN} shown'
    fewer, more = MESSAGES
    return [
        sentence(f'{lists}, all', taken, 'all', 'tasks', LIST_RATIO, records, f'with {small:,}'),
        sentence(f'{lists}, open', taken, 'open', 'tasks', LIST_RATIO, records, f'with {small:,}'),
        sentence(f'portal page of a ticket with {more} messages', taken, 'ticket', 'task', PAGE_RATIO, MESSAGES,
                 f'with {fewer}')]


def prepare(place, model, path, make, records):
    """Give each of two customers their records, and the last of them two conversations; return the ``Side``."""
    with place.transaction(user=1) as env:
        users, offset = {}, 0
        for number in records:
            users[number] = user = make_user(env, number)
            values = make(env, user)
            place_records(env, model, number, offset, values)
            offset += number
        env.invalidate_all()
        found = env[model].search([(name, '=', value) for name, value in values.items()], limit=2, order='id desc')
        threads = dict(zip(MESSAGES, found.ids, strict=True))
        for number, record in zip(MESSAGES, found, strict=True):
            talk(record, users[records[-1]].partner_id, number)
        sessions = {number: open_session(env, place.database, user) for number, user in users.items()}
        env.cr.commit()
    with db_connect(place.database).cursor() as cursor:
        cursor._cnx.autocommit = True
        cursor.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(model.replace('.', '_'))))
        cursor.execute("VACUUM ANALYZE mail_message")
    sessions['threads'] = sessions[records[-1]]     # found above by what the last customer has
    return Side(place, model, path, sessions, threads)


def make_user(env, number):
    """Return a portal user of a company of its own."""
    company = env['res.partner'].create({'name': f'Portal {number}', 'is_company': True})
    partner = env['res.partner'].create({
        'name': f'Manager {number}', 'parent_id': company.id, 'email': f'portal_{number}@example.com'})
    return env['res.users'].with_context(no_reset_password=True).create({
        'name': partner.name, 'login': f'bench_portal_{number}', 'partner_id': partner.id,
        'group_ids': [Command.set(env.ref('base.group_portal').ids)]})


def make_company(env, user):
    """Let ``user`` manage their company's tickets; return what a ticket has that is theirs."""
    user.partner_id.helpdesk_portal_right = 'manage'
    colleague = env['res.partner'].create({'name': 'Colleague', 'parent_id': user.partner_id.parent_id.id})
    return {'partner_id': colleague.id, 'commercial_partner_id': user.partner_id.commercial_partner_id.id}


def make_project(env, user):
    """Make a project that ``user`` takes part in; return what a task has that is in it."""
    project = env['project.project'].create({
        'name': user.name, 'privacy_visibility': 'portal',
        'collaborator_ids': [Command.create({'partner_id': user.partner_id.id, 'limited_access': False})]})
    return {'project_id': project.id}


def place_records(env, model, number, offset, values):
    """Give ``number`` records, the newest but ``offset``, the ``values`` by SQL."""
    env.flush_all()
    table = SQL.identifier(model.replace('.', '_'))
    sets = SQL(', ').join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
    env.cr.execute(SQL(
        "UPDATE %(table)s SET active = TRUE, %(sets)s"
        " WHERE id IN (SELECT id FROM %(table)s ORDER BY id DESC LIMIT %(number)s OFFSET %(offset)s)",
        table=table, sets=sets, number=number, offset=offset))
    if env.cr.rowcount != number:
        raise RuntimeError(f'{model}: {env.cr.rowcount} records instead of {number}')


def talk(record, customer, number):
    """Put ``number`` public messages on ``record``, the customer's and ours in turn."""
    env = record.env
    quiet = record.with_context(mail_create_nosubscribe=True, mail_notify_force_send=False)
    both = [quiet.message_post(body=TEXT, author_id=author.id, message_type='comment', subtype_xmlid='mail.mt_comment')
            for author in (customer, env.ref('base.partner_admin'))]
    env.flush_all()
    fields = env['mail.message']._fields.items()
    columns = SQL(', ').join(SQL.identifier(name) for name, field in fields
                             if field.store and field.column_type and name not in ('id', 'message_id'))
    env.cr.execute(SQL(
        "INSERT INTO mail_message (%(columns)s) SELECT %(columns)s FROM mail_message, generate_series(2, %(times)s) n"
        " WHERE id IN %(ids)s ORDER BY n, id",
        columns=columns, times=number // 2, ids=tuple(message.id for message in both)))


def open_session(env, database, user):
    """Log ``user`` in as the login page does; return the key of the session."""
    session = http.root.session_store.new()
    session.update(http.get_default_session(), db=database, _trace_disable=True)
    session.uid, session.login = user.id, user.login
    session.session_token = security.compute_session_token(session, env(user=user.id))
    session.context = {'lang': 'en_US', 'tz': 'UTC'}
    http.root.session_store.save(session)
    return session.sid


@contextmanager
def same_length():
    """Let both lists show as many."""
    from odoo.addons.helpdesk_portal.controllers import helpdesk_portal
    from odoo.addons.portal.controllers.portal import CustomerPortal
    with patch.object(helpdesk_portal, 'PAGE', SHOWN), patch.object(CustomerPortal, '_items_per_page', SHOWN):
        yield


def request(side, session, path, params=None):
    """Ask for a page, or with ``params`` call a route for JSON; return the text of the answer."""
    more = {} if params is None else {
        'method': 'POST', 'content_type': 'application/json',
        'data': json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params})}
    response = Client(http.root, use_cookies=False).open(
        path, base_url='http://127.0.0.1', headers={'Cookie': f'session_id={side.sessions[session]}'}, **more)
    if response.status_code != 200:
        raise RuntimeError(f'{path}: {response.status_code} {response.headers.get("Location", "")}')
    return response.get_data(as_text=True)


def list_page(side, number, query='', at_least=SHOWN):
    """The list of the customer who has ``number`` records; few of them may be open."""
    page = request(side, number, side.path + query)
    shown = len(set(re.findall(rf'{side.path}/(\d+)', page)))
    if not at_least <= shown <= SHOWN:
        raise RuntimeError(f'{side.path}{query}: {shown} shown instead of {SHOWN}')


def ticket_page(side, number):
    """A ticket's page, with the conversation."""
    page = request(side, 'threads', f'{side.path}/{side.threads[number]}')
    if page.count(TEXT) < 40:
        raise RuntimeError(f'{page.count(TEXT)} messages on the page')


def task_page(side, number):
    """A task's page, and the two calls that bring the conversation."""
    task_id = side.threads[number]
    request(side, 'threads', f'{side.path}/{task_id}')
    thread = {'thread_model': side.model, 'thread_id': task_id}
    request(side, 'threads', '/portal/chatter_init', thread)
    answer = request(side, 'threads', '/mail/chatter_fetch', {**thread, 'fetch_params': {'limit': 30}})
    if answer.count(TEXT) < 30:
        raise RuntimeError(f'{answer.count(TEXT)} messages in the answer: {answer[:300]}')


def measured(jobs, rounds):
    """Do all ``jobs`` in turn, ``rounds`` times after two to warm up; return {job: (ms, queries)}, medians."""
    samples = {job: [] for job in jobs}
    for _number in range(rounds + 2):
        for job, work in jobs.items():
            gc.collect()
            queries, begun = sql_db.sql_counter, time.perf_counter()
            work()
            samples[job].append((time.perf_counter() - begun, sql_db.sql_counter - queries))
    return {job: (statistics.median(seconds for seconds, _queries in found[2:]) * 1000,
                  statistics.median(queries for _seconds, queries in found[2:])) for job, found in samples.items()}


def sentence(what, taken, ours, peer, bar, sizes, smaller):
    """Say what it took beside the peer, and whether it grew; queries must be the same at both sizes."""
    small, large = sizes
    (before, few), (now, queries), (other, theirs) = taken[ours, small], taken[ours, large], taken[peer, large]
    good = now <= bar * other and queries <= few
    return (f'{what}: {now:.1f} ms and {queries:.0f} queries, {now / other:.2f} × that of tasks ({other:.1f} ms and '
            f'{theirs:.0f} queries; target: ≤ {bar}); {smaller}: {before:.1f} ms and {few:.0f} queries (target: no '
            f'query more): {"ok" if good else "MISS"}')
