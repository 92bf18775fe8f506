"""Fills a database with records by SQL: 200,000 of a model in seconds.

One record of each kind is made through the ORM, taken as the pattern for all columns that need no value of their own,
and rolled back; the rest is INSERT … SELECT over one table, ``bench_shape``, that says for each number what record it
is to be. All models are filled from the same table, so their shape is equal. No random numbers: the same size gives
the same records.
"""
from contextlib import closing

from . import peers, people, rules, shape, tickets

THREAD = ['mail_message', 'mail_followers', 'mail_followers_mail_message_subtype_rel']
TABLES = {
    'peers': [*THREAD, 'maintenance_request', 'project_task', 'project_task_user_rel'],
    'ours': [*THREAD, 'helpdesk_ticket', 'helpdesk_ticket_event', 'helpdesk_sla_status'],
}


def load(database, side, size):
    """Fill ``database`` with ``size`` records of each model of ``side`` ('peers' or 'ours')."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    with closing(Registry(database).cursor()) as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {'active_test': False, 'tracking_disable': True})
        agents = people.create_agents(env, side)
        shape.create(env, size)
        people.create_customers(env)
        models = {'peers': [peers.load_requests, peers.load_tasks], 'ours': [tickets.load]}[side]
        known = {model._table for model in env.values()}
        tables = [table for table in TABLES[side] if table in known or table.endswith('_rel')]
        with shape.without_indexes(env, tables):
            for model in models:
                model(env, agents)
        if side == 'ours':
            rules.load(env)
        cursor.commit()
    Registry.delete(database)
