"""The work that is measured, one function a row. Each gets a ``Desk`` and returns how many records it stands for."""
import re
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import mail_work
from load.shape import COMMON_WORD, RARE_WORD
from odoo.addons.mail.tools.discuss import Store
from odoo.fields import Domain
from odoo.tools import SQL

PAGE, COUNT_LIMIT, BATCH, THREAD = 80, 10001, 100, 500
CHATTER = ['activities', 'attachments', 'contact_fields', 'followers', 'scheduledMessages', 'suggestedRecipients']


@dataclass
class Case:
    """What the work is done on, looked up beforehand and unmeasured; ids only."""
    teams: list
    partners: list
    records: list
    next_stage: int
    partner: int
    jobs: list
    answer: str         # Message-Id of an agent's mail, on the record ``thread``, to ``sender`` (address, name)
    thread: int
    sender: tuple

    @classmethod
    def find(cls, subject, env, views, number):
        """Find the case of round ``number``, as the agent of ``env`` sees records."""
        model, sudo = env[subject.model], env(su=True)
        teams = sudo[model._fields[subject.team].comodel_name].search([], order='id')
        partners = sudo['res.partner'].search(
            [('email', '=like', 'person%')], order='id', limit=BATCH, offset=number * BATCH % 1000)
        domain = subject.open(views)
        found = model.search(domain, order='id desc', limit=2 * BATCH)
        stage = found[number % len(found)].stage_id
        records = model.search(domain & Domain('stage_id', '=', stage.id), order='id desc', limit=BATCH)
        others = found.stage_id.sorted('id') - stage
        latest = sudo[subject.model].search([], order='id desc', limit=1, offset=number)
        return cls(teams.ids, partners.ids, records.ids, others[0].id,
                   latest[subject.customer].id if subject.customer else 0, scheduled_jobs(env),
                   *mail_work.find(subject, env, number))


class Desk:
    """One agent at one model in one transaction."""

    def __init__(self, subject, env, views, case, number):
        self.subject, self.views, self.case, self.number = subject, views, case, number
        self.env = env(context=views.context)
        self.model = self.env[subject.model]
        self.open = subject.open(views)

    def values(self, number):
        """What the agent gives for the new record ``number`` of this transaction."""
        return self.subject.values(self.number + number, self.case.teams, self.case.partners, self.env.uid)

    def record(self):
        """The record that is opened in this round."""
        return self.model.browse(self.case.records[self.number % len(self.case.records)])


def create_one(desk):
    """An agent registers one record and assigns it to himself."""
    desk.model.create(desk.values(0))
    return 1


def create_many(desk):
    """A hundred records in one call."""
    desk.model.create([desk.values(number) for number in range(BATCH)])
    return BATCH


@contextmanager
def nothing_promised(desk):
    """As if helpdesk_sla were not there: what changes on a ticket starts no clock."""
    with patch.object(type(desk.model), '_sla_stale', lambda *args: None, create=True):
        yield


def create_bare(desk):
    """One record without promises."""
    with nothing_promised(desk):
        return create_one(desk)


def create_many_bare(desk):
    """A hundred records without promises."""
    with nothing_promised(desk):
        return create_many(desk)


def tick(desk):
    """The job of the clocks with nothing due. Commits, as jobs do; nothing has changed."""
    desk.env(user=1, su=True)['helpdesk.sla.status']._cron_tick()
    return 1


def move_many(desk):
    """A hundred open records go to another stage in one call."""
    desk.model.browse(desk.case.records).write({'stage_id': desk.case.next_stage})
    return len(desk.case.records)


def list_records(desk, domain):
    """The first page of a list, with the count, as the client asks for them."""
    return desk.model.with_context(bin_size=True).web_search_read(
        list(domain), desk.views.specification['list'], limit=PAGE, order=desk.views.order('list'),
        count_limit=COUNT_LIMIT)


def list_open(desk):
    """The list with the filter that keeps open records."""
    list_records(desk, desk.open)
    return 1


def list_all(desk):
    """The list without a filter."""
    list_records(desk, desk.views.domain)
    return 1


def kanban(desk):
    """The board by stage with the cards of its open columns and the progress bar."""
    model, bar = desk.model.with_context(read_group_expand=True), desk.views.progress_bar()
    domain = list(desk.open)
    if bar:
        desk.model.read_progress_bar(domain, 'stage_id', bar)
    model.web_read_group(
        domain, ['stage_id'], desk.views.aggregates(), order=desk.views.order('kanban'), auto_unfold=True,
        opening_info=[], unfold_read_specification=desk.views.specification['kanban'],
        unfold_read_default_limit=desk.views.column_limit(), groupby_read_specification={})
    return 1


def form(desk):
    """One record opened."""
    desk.record().with_context(bin_size=True).web_read(desk.views.specification['form'])
    return 1


def long_thread(desk):
    """The record gets 500 messages more, customer's and agent's in turn; not measured."""
    record, message = desk.record(), desk.env['mail.message'].sudo()
    found = message.search([('model', '=', record._name), ('res_id', '=', record.id)], order='id', limit=2)
    names = [name for name, field in message._fields.items()
             if field.store and field.column_type and name not in ('id', 'message_id')]
    columns = SQL(', ').join(SQL.identifier(name) for name in names)
    desk.env.cr.execute(SQL(
        "INSERT INTO mail_message (%(columns)s) SELECT %(columns)s FROM mail_message, generate_series(1, %(times)s) n"
        " WHERE id IN %(ids)s ORDER BY n, id",
        columns=columns, times=THREAD // len(found), ids=tuple(found.ids)))
    desk.env.invalidate_all()


def open_thread(desk):
    """One record opened, with what its conversation asks for; ours says that somebody looks as well."""
    form(desk)
    record = desk.record()
    Store().add(record, request_list=CHATTER, as_thread=True).get_result()
    messages = desk.env['mail.message']._message_fetch(domain=None, thread=record, limit=30)['messages']
    assert len(messages) == 30
    messages.set_message_done()
    Store().add(messages).get_result()
    if desk.subject.key == 'ours':
        record.viewer_ping('looking', messages[0].id)
    return 1


def card(desk):
    """What stands beside our form about the customer."""
    desk.record().get_customer_card()
    return 1


def search_word(desk):
    """A word that one record in a hundred has, typed into the search field."""
    assert list_records(desk, desk.views.domain & desk.views.search(COMMON_WORD))['records']
    return 1


def search_rare(desk):
    """A word that one record in ten thousand has."""
    list_records(desk, desk.views.domain & desk.views.search(RARE_WORD))
    return 1


def pivot(desk):
    """Team × month over all records, with totals."""
    month, team = 'create_date:month', desk.subject.team
    desk.model.formatted_read_grouping_sets(list(desk.views.domain), [[], [month], [team], [team, month]], ['__count'])
    return 1


def periodic(desk):
    """What the scheduler runs over and over, with nothing due. Commits, as jobs do; nothing has changed."""
    env = desk.env(user=1, su=True)
    if desk.subject.key == 'task':
        env['base.automation']._cron_process_time_based_actions()
        return 1
    for model, name in desk.case.jobs:
        getattr(env[model], name)()
    return 1


def scheduled_jobs(env):
    """(model, method) of our scheduled jobs that look for what is due, again and again within a day. Mail servers are
    not asked here, and reading the log for reports has a line of its own."""
    crons = env['ir.cron'].sudo().search([
        ('model_id.model', '=like', 'helpdesk.%'), ('interval_type', 'in', ('minutes', 'hours'))])
    return [(cron.model_id.model, name) for cron in crons for name in re.findall(r'model\.(\w+)\(\)', cron.code or '')
            if 'intake' not in cron.model_id.model and cron.model_id.model != 'helpdesk.ticket.reading']


def partner(desk):
    """The counter on a contact's form."""
    desk.env['res.partner'].browse(desk.case.partner).web_read({desk.subject.counter: {}})
    return 1
