from collections import Counter, defaultdict
from datetime import datetime, timedelta
from unittest import SkipTest
from zoneinfo import ZoneInfo

from odoo.modules.module import get_manifest
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.convert import convert_file

DONE = ('solved', 'closed')
GROUPS = 'base.group_user,helpdesk_core.group_helpdesk_manager'
ZONE = 'Australia/Sydney'  # whose days are nobody's of the teams


@tagged('post_install', '-at_install')
class TestHelpdeskDemoFigures(TransactionCase):
    """The dashboard over the demo data, against a second count: each ticket's log replayed row by row in plain Python
    so that every figure is counted twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env.ref('helpdesk_core.helpdesk_demo_ticket_1', raise_if_not_found=False):
            raise SkipTest("the demo data is there already, and people may have worked with it")
        for name in get_manifest('helpdesk_core')['demo']:
            convert_file(cls.env(su=True), 'helpdesk_core', name, {}, 'init', noupdate=True)
        cls.env.flush_all()
        cls.env['helpdesk.ticket.reading']._catch_up()
        cls.env['helpdesk.backlog']._catch_up()
        cls.reader = new_test_user(
            cls.env, 'second_opinion', groups=GROUPS, tz=ZONE, company_id=cls.env.ref('base.main_company').id,
            company_ids=[(6, 0, cls.env['res.company'].search([('id', '>', 0)]).ids)])
        cls.dashboard = cls.env['helpdesk.dashboard'].with_user(cls.reader).with_context(
            allowed_company_ids=cls.reader.company_ids.ids, tz=ZONE)
        cls.logs = defaultdict(list)
        for event in cls.env['helpdesk.ticket.event'].search([('ticket_id', '!=', False)], order='id'):
            cls.logs[event.ticket_id].append(event)
        cls.active = [ticket for ticket in cls.logs if ticket.active]

    def days(self, moments):
        """Return {day in the reader's zone: number of moments (naive UTC)}."""
        utc = ZoneInfo('UTC')
        return Counter(moment.replace(tzinfo=utc).astimezone(ZoneInfo(ZONE)).date().isoformat() for moment in moments)

    def moves(self, ticket):
        """Return [(when, was done, is done)] of the ticket's stages."""
        done, found = False, []
        for event in self.logs[ticket]:
            if event.kind in ('created', 'stage'):
                now = event.detail['new_status'] in DONE
            else:
                continue
            found.append((event.at, done, now))
            done = now
        return found

    def state(self, ticket, moment):
        """Return (team id, status, there) of a ticket at ``moment``, from its log; None before it came."""
        team = status = None
        gone = set()
        for event in self.logs[ticket]:
            if event.at >= moment:
                break
            if event.kind == 'created':
                team, status = event.detail['team_id'], event.detail['new_status']
            elif event.kind == 'stage':
                status = event.detail['new_status']
            elif event.kind == 'team':
                team = event.detail['new_id']
            elif event.kind in ('archived', 'merged'):
                gone.add(event.kind)
            elif event.kind in ('restored', 'unmerged'):
                gone.discard({'restored': 'archived', 'unmerged': 'merged'}[event.kind])
        return team, status, not gone

    def test_flow(self):
        flow = self.dashboard.get_dashboard({'period': '30'}, ['flow'])['flow']
        chart = flow['chart']
        keys = [step['key'][:10] for step in chart['steps']]
        came = self.days(self.logs[ticket][0].at for ticket in self.active)
        solved, reopened = [], []
        for ticket in self.active:
            moves = self.moves(ticket)
            if moves[-1][2]:  # the present solution is the last time that it became done
                solved.append([at for at, was, now in moves if now and not was][-1])
            reopened += [at for at, was, now in moves if was and not now]
        expected = {'in': came, 'solved': self.days(solved), 'reopened': self.days(reopened)}
        for name, counts in expected.items():
            self.assertEqual(chart[name], [counts[key] for key in keys], name)
            self.assertGreater(sum(chart[name]), 0, name)
            total = next(figure['value'] for figure in flow['figures'] if figure['key'] == name)
            self.assertEqual(total, sum(chart[name]), name)

    def test_backlog(self):
        rows = self.env['helpdesk.backlog'].search([('date', '!=', False)])
        last = max(rows.mapped('date'))
        for number in range(40):
            day = last - timedelta(days=number)
            found = Counter()
            for team in self.env['helpdesk.team'].with_context(active_test=False).search([('id', '>', 0)]):
                zone = ZoneInfo((team.resource_calendar_id or team.company_id.resource_calendar_id).tz)
                midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
                end = midnight.astimezone(ZoneInfo('UTC')).replace(tzinfo=None)
                for ticket in self.logs:
                    at, status, there = self.state(ticket, end)
                    if at == team.id and there and status not in DONE:
                        found[team.id] += 1
            counted = Counter()
            for row in rows.filtered(lambda row, day=day: row.date == day):
                counted[row.team_id.id] += row.open_count
            self.assertEqual(+counted, found, day)
        self.assertTrue(found)

    def test_people(self):
        """Open tickets of each person and team."""
        people = self.dashboard.get_dashboard({'period': '90'}, ['people'])['people']
        open_now = Counter(ticket.user_id.id for ticket in self.active if ticket.status not in DONE)
        columns = [column['key'] for column in people['columns']]
        shown = {row['id']: dict(zip(columns, (cell['value'] for cell in row['figures']), strict=True))
                 for row in people['people']}
        self.assertEqual({who: row['open'] for who, row in shown.items() if row['open']},
                         {who: count for who, count in open_now.items() if who})
        teams = {row['id']: dict(zip(columns, (cell['value'] for cell in row['figures']), strict=True))
                 for row in people['teams']}
        by_team = Counter(ticket.team_id.id for ticket in self.active if ticket.status not in DONE)
        self.assertEqual({team: row['open'] for team, row in teams.items() if row['open']}, dict(by_team))
