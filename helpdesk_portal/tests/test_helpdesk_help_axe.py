from odoo.tests import tagged

from .common_axe import AxeCase
from .test_helpdesk_help import HelpCommon


@tagged('post_install', '-at_install')
class TestHelpdeskHelpAxe(HelpCommon, AxeCase):
    """Help pages can be used by everybody (WCAG 2.2 AA): one line for each page."""

    def test_help_pages(self):
        category = self.categories['public']
        otter = self.article("Otter swims", category_id=category.id, body=(
            "<h1>Tail</h1><p>It steers.</p>"
            "<table class='table'><tr><td>Legs</td><td>Four</td></tr></table><h1>Fur</h1>"))
        for url in ('/help', '/help?search=otter', '/help?search=zzqqzz', f'/help/{category.slug}',
                    f'/help/article/{otter.slug}', f'/help/article/{otter.slug}?said=yes'):
            self.assertAccessible(url)
        self.assertAccessible(f'/help/article/{self.by_name["portal"].slug}', 'help_portal')
