from odoo.tests import tagged

from .test_helpdesk_help import HelpCommon


@tagged('post_install', '-at_install')
class TestHelpdeskHelpTour(HelpCommon):
    """The help pages in a browser, as wide as a phone."""

    browser_size = '390x844'
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.otter = self.article("Otter swims", body="<h2>Tail</h2><p>It steers.</p><h2>Legs</h2><p>Four.</p>",
                                  category_id=self.categories['public'].id)

    def last_search(self):
        self.env.invalidate_all()
        return self.env['helpdesk.article.search'].search([('query', 'ilike', 'otter')])

    def test_visitor_searches_reads_and_votes(self):
        self.start_tour('/help', 'helpdesk_help_visitor')
        search = self.last_search()
        self.assertEqual((search.query.lower(), search.article_id, search.outcome), ("otter", self.otter, 'opened'))
        self.assertEqual((self.otter.vote_ids.helpful, self.otter.vote_ids.comment), (False, "Which legs?"))
        self.assertEqual(self.otter.view_count, 1)

    def test_customer_is_offered_articles(self):
        self.team.portal_offered = True
        self.start_tour(f'/my/tickets/new?topic=team-{self.team.id}', 'helpdesk_help_suggest', login='help_portal')
        search = self.last_search()
        self.assertEqual((search.article_id, search.opened, search.outcome), (self.otter, True, 'ticket'))
