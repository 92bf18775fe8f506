"""What customers' pages cost beside those of tasks: the list of a company with very many, and a page with a long talk.

Pages are asked for as the web server asks for them, by WSGI, logged in as a customer who sees all of their company's.
A ticket's page holds its conversation; a task's page asks for it with a second request, which is measured too.
"""
import statistics
import time
from dataclasses import dataclass, field

import odoo.http
from odoo import sql_db
from odoo.service import security
from odoo.sql_db import db_connect
from odoo.tools import SQL, config
from werkzeug.test import Client
from werkzeug.wrappers import Response

MANY, FEW, TALK, ROUNDS = 50_000, 500, 200, 9
QUICK_MANY, QUICK_FEW, QUICK_ROUNDS = 300, 50, 2
LIST_AT_MOST, PAGE_AT_MOST = 0.4, 0.5       # times what Odoo's own page of tasks takes
LOGIN = 'bench_portal'


@dataclass
class Side:
    """One model's pages: where they are, and what is there."""
    place: object
    name: str
    model: str
    list_path: str
    clients: dict = field(default_factory=dict)     # 'many' | 'few' → logged in client
    page_path: str = ''


def run(ours, tasks, quick):
    """Measure at ``ours`` and ``tasks`` (copies; committed); return the sentences that tell it."""
    many, few, rounds = (QUICK_MANY, QUICK_FEW, QUICK_ROUNDS) if quick else (MANY, FEW, ROUNDS)
    sides = [Side(ours, 'tickets', 'helpdesk.ticket', '/my/tickets?show=all'),
             Side(tasks, 'tasks', 'project.task', '/my/tasks')]
    for side in sides:
        prepare(side, {'many': many, 'few': few})
    samples = {}
    for number in range(rounds + 1):
        for side in sides:
            for what, size, path in (('list', 'few', side.list_path), ('list', 'many', side.list_path),
                                     ('page', 'many', side.page_path), ('talk', 'many', side.page_path)):
                sample = ask(side.clients[size], path, talk=what == 'talk' and side.model)
                if number:      # the first round compiles templates and bundles
                    samples.setdefault((what, size, side.name), []).append(sample)
    return [sentence(samples, 'list', f'customer’s list of {many:,}', LIST_AT_MOST, f', of {few:,}: '),
            sentence(samples, 'talk', f'customer’s page with {TALK} messages', PAGE_AT_MOST),
            sentence(samples, 'page', 'the same beside a task’s page without its messages')]


def sentence(samples, what, name, at_most=None, few=''):
    """Say what tickets and tasks took, and what that is to the target."""
    def median(side, size='many'):
        taken = samples[what, size, side]
        return (statistics.median(seconds for seconds, _queries in taken) * 1000,
                statistics.median(queries for _seconds, queries in taken))
    (ours, queries), (theirs, their_queries) = median('tickets'), median('tasks')
    ratio = ours / theirs
    rest = ''
    if few:
        small, small_queries = median('tickets', 'few')
        rest = f'{few}{small:.0f} ms and {small_queries:.0f} queries'
    judged = f' (target: ≤ {at_most}): {"ok" if ratio <= at_most else "MISS"}' if at_most else ''
    return (f'{name}: {ours:.0f} ms and {queries:.0f} queries{rest}; {ratio:.2f} × tasks, {theirs:.0f} ms and '
            f'{their_queries:.0f} queries{judged}')


def ask(client, path, talk=False):
    """Return (seconds, queries) of one page; ``talk``: its model, where the conversation is to be there as well."""
    queries, begun = sql_db.sql_counter, time.perf_counter()
    response = client.get(path)
    if talk == 'project.task':
        messages = client.post('/mail/chatter_fetch', json={'params': {
            'thread_model': talk, 'thread_id': int(path.rpartition('/')[2]), 'fetch_params': {'limit': 30}}})
        assert 'of a long talk' in messages.text, messages.text[:300]
    taken = time.perf_counter() - begun, sql_db.sql_counter - queries
    assert response.status_code == 200 and 'printer' in response.text, (path, response.status)
    return taken


def prepare(side, sizes):
    """Make for each of ``sizes`` a company with that many records, and log its manager in."""
    with side.place.transaction(user=1) as env:
        users = {name: customer(env, f'{LOGIN}_{name}') for name in sizes}
        first = 0
        for name, count in sizes.items():
            first = give(env, side, users[name].partner_id, first, count)
        record = env[side.model].search([('partner_id', '=', users['many'].partner_id.id)], order='id desc', limit=1)
        talk(env, record, users['many'].partner_id)
        side.page_path = f'{side.list_path.partition("?")[0]}/{record.id}'
        env.cr.commit()
        side.clients = {name: logged_in(env, user) for name, user in users.items()}
    with db_connect(side.place.database).cursor() as cursor:
        cursor._cnx.autocommit = True
        cursor.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(side.model.replace('.', '_'))))
        cursor.execute("VACUUM ANALYZE mail_message")


def customer(env, login):
    """Return a portal user who manages what their company asked."""
    company = env['res.partner'].create({'name': f'{login} Ltd', 'is_company': True})
    partner = env['res.partner'].create({'name': login, 'email': f'{login}@example.com', 'parent_id': company.id})
    if 'helpdesk_portal_right' in partner._fields:
        partner.helpdesk_portal_right = 'manage'
    return env['res.users'].with_context(no_reset_password=True).create({
        'name': login, 'login': login, 'partner_id': partner.id,
        'group_ids': [(6, 0, env.ref('base.group_portal').ids)]})


def give(env, side, partner, first, count):
    """Make ``count`` records (from number ``first`` on) the customer's; return the number of the next one."""
    values = SQL("partner_id = %s, active = TRUE", partner.id)
    if side.model == 'helpdesk.ticket':
        values = SQL("%s, commercial_partner_id = %s", values, partner.commercial_partner_id.id)
    else:
        project = env['project.project'].create({'name': partner.name, 'privacy_visibility': 'portal'})
        values = SQL("%s, project_id = %s", values, project.id)
    table = SQL.identifier(side.model.replace('.', '_'))
    env.flush_all()
    env.cr.execute(SQL(
        "UPDATE %s SET %s WHERE id IN (SELECT id FROM %s ORDER BY id OFFSET %s LIMIT %s)",
        table, values, table, first, count))
    if side.model == 'project.task':    # a customer sees the tasks that they follow
        env.cr.execute(SQL(
            "INSERT INTO mail_followers (res_model, res_id, partner_id) SELECT %s, id, partner_id FROM project_task"
            " WHERE partner_id = %s ON CONFLICT DO NOTHING", side.model, partner.id))
    env.invalidate_all()
    return first + count


def talk(env, record, partner):
    """Give ``record`` a conversation of TALK messages, customer and agent in turn."""
    comment, agent = env.ref('mail.mt_comment'), env.ref('base.user_admin').partner_id
    env['mail.message'].create([{
        'model': record._name, 'res_id': record.id, 'message_type': 'comment', 'subtype_id': comment.id,
        'author_id': (partner if number % 2 else agent).id, 'body': f'<p>Message {number} of a long talk.</p>'}
        for number in range(TALK)])


def logged_in(env, user):
    """Return a client with a session of ``user`` in the database of ``env``."""
    config['dbfilter'], config['db_name'] = '', []
    store = odoo.http.root.session_store
    session = store.new()
    session.update(odoo.http.get_default_session(), db=env.cr.dbname, _trace_disable=True)
    session.uid, session.login = user.id, user.login
    session.context = dict(env(user=user)['res.users'].context_get())
    session.session_token = security.compute_session_token(session, env(user=user))
    store.save(session)
    client = Client(odoo.http.root, Response)
    client.set_cookie('session_id', session.sid)
    return client
