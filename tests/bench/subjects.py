"""The three models that do the same work: the floor, the peer and ours."""
from dataclasses import dataclass, field

from odoo.fields import Command, Domain


@dataclass(frozen=True)
class Subject:
    """One model and what is particular to it."""
    key: str
    side: str
    model: str
    action: str
    team: str
    assignee: str
    filters: tuple                      # of the search view: what keeps the open ones
    open_domain: tuple                  # the same as a domain, for a search view without these filters
    alias: str                          # local part of the first team's address, without its number
    customer: str = ''
    counter: str = ''                   # the counter on the contact
    extra: dict = field(default_factory=dict)

    def values(self, number, teams, partners, user):
        """What an agent gives for a new record (``teams``, ``partners`` and ``user`` are ids)."""
        vals = {
            'name': f'printer does not print {number}', self.team: teams[number % len(teams)], 'priority': '1',
            'description': '<p>Since this morning the printer on the second floor does not print any more.</p>',
            self.assignee: [Command.set([user])] if self.assignee == 'user_ids' else user, **self.extra,
        }
        if self.customer:
            vals[self.customer] = partners[number % len(partners)]
        return vals

    def open(self, views):
        """The domain of the open records that the action shows."""
        chosen = views.filter(*self.filters)
        return views.domain & (Domain(list(self.open_domain)) if chosen is None else chosen)


FLOOR = Subject(
    'floor', 'peers', 'maintenance.request', 'maintenance.hr_equipment_request_action', 'maintenance_team_id',
    'user_id', ('active', 'todo'), (('stage_id.done', '=', False), ('archive', '=', False)), 'floor')
TASK = Subject(
    'task', 'peers', 'project.task', 'project.action_view_all_task', 'project_id', 'user_ids',
    ('open_tasks',), (('is_closed', '=', False),), 'task', customer='partner_id', counter='task_count')
OURS = Subject(
    'ours', 'ours', 'helpdesk.ticket', 'helpdesk_core.helpdesk_ticket_action', 'team_id', 'user_id',
    ('open',), (('status', 'in', ('new', 'open', 'waiting_customer', 'waiting_third_party')),), 'ours',
    customer='partner_id', counter='ticket_count', extra={'channel': 'phone'})
SUBJECTS = (FLOOR, TASK, OURS)
