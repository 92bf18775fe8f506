from datetime import datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_sla.tests.common import SlaCommon
from odoo.fields import Command, Domain


class DashboardCommon(SlaCommon):
    """A few tickets that can be counted by hand. It is Wednesday, 4 March 2026, ten o'clock in Brussels.

    ====  =========  ========  ==========  ===========  =====================================================
    name  team       assignee  channel     customer     local times (one hour ahead of UTC)
    ====  =========  ========  ==========  ===========  =====================================================
    a     team       agent     email       Acme         Mon 2 March 09:00, answer 09:30, solved 11:00, rated 5
    b     team       agent_2   email       Acme         Tue 3 March 14:00, answer 16:30 (promised by 15:00)
    k     team       agent_2   email       Acme         Tue 3 March 15:00, never answered (promised by 16:00)
    c     team       nobody    web         Stella       Wed 4 March 09:30, not answered (promised by 10:30)
    d     team_2     agent     agent       nobody       Tue 10 Feb 11:00, solved 11 Feb, reopened 3 March 11:00
    f     team_2     agent     agent       nobody       Tue 3 Feb 00:30, which is 2 Feb in UTC
    e     team_2     agent     agent       nobody       Tue 20 Jan 10:00, solved 21 Jan 10:00, rated 1
    g, h  team_2     nobody    agent       nobody       Mon 2 Feb 09:00 and 13:00
    ====  =========  ========  ==========  ===========  =====================================================

    Besides: one of a secret type, one of a private team, one of another company, one archived. Nothing is promised in
    ``team_2``. The leader leads both teams.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['helpdesk.ticket'].search([]).active = False  # the database's own
        cls.policy.team_ids = cls.team
        cls.team_2 = cls.env['helpdesk.team'].create({
            'name': "Returns", 'company_id': cls.company_a.id, 'leader_id': cls.leader.id, 'notify_new': 'none',
            'visibility': 'company', 'resource_calendar_id': cls.calendar.id,
            'member_ids': [Command.create({'user_id': cls.agent.id})]})
        cls.registry.clear_cache()

    def setUp(self):
        super().setUp()
        self._make_old()
        self._make_new()
        self._make_hidden()
        with self.at(NOW):
            self.tick()
            self.env['helpdesk.ticket.reading']._catch_up()
        self.env['helpdesk.backlog']._take(datetime(2026, 1, 1).date(), datetime(2026, 3, 3).date())
        self.env.flush_all()

    def _make_old(self):
        plain = {'team_id': self.team_2.id, 'channel': 'agent', 'partner_id': False}
        with self.at(datetime(2026, 1, 20, 9)):
            self.e = self.ticket(user_id=self.agent.id, **plain)
        with self.at(datetime(2026, 1, 21, 9)):
            self.e.action_solve()
        with self.at(datetime(2026, 1, 22, 9)):
            self.rate(self.e, 1, "Too slow")
        with self.at(datetime(2026, 2, 2, 8)):
            self.g = self.ticket(**plain)
        with self.at(datetime(2026, 2, 2, 12)):
            self.h = self.ticket(**plain)
        with self.at(datetime(2026, 2, 2, 23, 30)):
            self.f = self.ticket(user_id=self.agent.id, **plain)
        with self.at(datetime(2026, 2, 10, 10)):
            self.d = self.ticket(user_id=self.agent.id, **plain)
        with self.at(datetime(2026, 2, 11, 10)):
            self.d.action_solve()

    def _make_new(self):
        with self.at(datetime(2026, 3, 2, 8)):
            self.a = self.ticket(user_id=self.agent.id)
        with self.at(datetime(2026, 3, 2, 8, 30)):
            self.answer(self.a, self.agent)
        with self.at(datetime(2026, 3, 2, 10)):
            self.a.action_solve()
        with self.at(datetime(2026, 3, 2, 12)):
            self.rate(self.a, 5, "Quick and kind")
        with self.at(datetime(2026, 3, 3, 10)):
            self.d.action_reopen()
        with self.at(datetime(2026, 3, 3, 13)):
            self.b = self.ticket(user_id=self.agent_2.id)
        with self.at(datetime(2026, 3, 3, 14)):
            self.k = self.ticket(user_id=self.agent_2.id, name="Never answered")
        with self.at(datetime(2026, 3, 3, 15, 30)):
            self.answer(self.b, self.agent_2)
        with self.at(datetime(2026, 3, 4, 8, 30)):
            self.c = self.ticket(channel='web', partner_id=self.stranger.id)

    def _make_hidden(self):
        nobody = self.env['res.groups'].create({'name': "Personnel matters"})
        self.secret_type = self.env['helpdesk.type'].create({
            'name': "Salary", 'nature': 'request', 'group_ids': [Command.set(nobody.ids)]})
        with self.at(datetime(2026, 3, 3, 9)):
            self.ticket(type_id=self.secret_type.id, user_id=self.agent.id)
            self.ticket(team_id=self.team_private.id, user_id=self.agent_private.id)
            self.ticket(team_id=self.team_b.id, user_id=self.agent_b.id)
            self.ticket(user_id=self.agent.id).active = False

    def rate(self, ticket, value, text):
        ticket.rating_apply(value, token=ticket._rating_get_access_token(), feedback=text)
        self.env.flush_all()

    def dashboard(self, user, *sections, **filters):
        """Return the sections for both teams, or for those of ``filters``."""
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at(NOW):
            return self.env['helpdesk.dashboard'].with_user(user).get_dashboard(
                {'team_ids': (self.team | self.team_2).ids, **filters}, list(sections))

    def section(self, user, name, **filters):
        return self.dashboard(user, name, **filters)[name]

    @staticmethod
    def values(figures, *names):
        """Return {key of the figure: its value, or a tuple of ``names``}."""
        return {one['key']: tuple(one[name] for name in names) if names else one['value'] for one in figures}

    def figures(self, found):
        """Return all figures that count something, wherever they are in what a dashboard returned."""
        if isinstance(found, dict):
            return [*([found] if found.get('kind') == 'count' and found.get('open') else []),
                    *(figure for value in found.values() for figure in self.figures(value))]
        return [figure for one in found for figure in self.figures(one)] if isinstance(found, list) else []

    def opened(self, user, figure):
        """Return how many rows there are in the list that a figure opens."""
        return self.env[figure['open']['model']].with_user(user).search_count(Domain(figure['open']['domain']))
