from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyDashboard(JourneyCommon):
    """The dashboard with everything installed: knowledge is a section of its own."""

    def knowledge(self, user):
        with self.at(NOW):
            found = self.env['helpdesk.dashboard'].with_user(user).get_dashboard({'period': '7'}, ['knowledge'])
        return {figure['key']: (figure['value'], figure['before']) for figure in found['knowledge']['figures']}

    def test_knowledge(self):
        """S0-33: what was found without asking, beside the period before; rows are for editors."""
        self.env['helpdesk.article.search'].search([]).unlink()
        self.env['helpdesk.article.view'].search([]).unlink()
        article = self.env['helpdesk.article'].create({'name': "Wake the pack up"})

        def search(days, reader='public', **vals):
            self.env['helpdesk.article.search'].create({
                'query': "pack", 'reader': reader, 'at': NOW - timedelta(days=days), 'result_count': 1,
                'company_id': self.company_a.id, 'outcome_at': NOW - timedelta(days=days), **vals})
        for days in (2, 3, 4):
            search(days, opened=True, outcome='opened', article_id=article.id)
        search(5, outcome='ticket')
        search(5, result_count=0)
        search(2, 'agent', result_count=0)
        search(9, outcome='ticket')
        for days in (1, 2, 10):
            self.env['helpdesk.article.view'].create({
                'article_id': article.id, 'reader': 'public', 'at': NOW - timedelta(days=days)})
        figures = {'answered': (75, 0), 'searches': (5, 1), 'no_ticket': (3, 0), 'tickets': (1, 1)}
        self.assertEqual(self.knowledge(self.agent), figures)
        self.agent.group_ids = [Command.link(self.env.ref('helpdesk_kb.group_helpdesk_editor').id)]
        self.assertEqual(self.knowledge(self.agent), {**figures, 'nothing': (2, 0), 'views': (2, 1)})
        self.assertIn('knowledge', self.env['helpdesk.dashboard'].with_user(self.agent).get_choices()['sections'])
