import importlib.util
import json
import pathlib

from odoo.tests import HttpCase

PACKAGE = 'axe_playwright_python'  # holds axe.min.js; setup/requirements/axe.txt
LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
CHECK = """
(async () => {
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values: %s } });
    const lines = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, html, failureSummary }) =>
            `${id} (${help}): ${target.join(" ")} ${html.slice(0, 200)} ${failureSummary}`));
    if (lines.length) {
        console.error(lines.join("\\n"));
    } else {
        console.log("test successful");
    }
})()
"""


def axe_source():
    """Return the text of axe-core, None where the package is not installed."""
    found = importlib.util.find_spec(PACKAGE)  # not imported: its own dependencies are not there
    path = found and pathlib.Path(found.submodule_search_locations[0], 'axe.min.js')
    return path.read_text() if path and path.exists() else None


class AxeCase(HttpCase):
    """Looks at pages with axe-core: no violation of WCAG 2.2, level AA. ``browser_size`` says how wide they are."""
    wide, narrow = '1366x768', '390x844'

    def assertAccessible(self, url, login=None, ready=''):
        """Open the page at both widths, as a person with ``login`` or a visitor, and look for violations.

        :param str ready: JavaScript that is true when the page is as it should be looked at
        """
        source = axe_source()
        if not source:
            self.skipTest(f"{PACKAGE} is not installed")
        code = source + CHECK % json.dumps(LEVELS)
        for size in (self.wide, self.narrow):
            with self.subTest(url=url, login=login, size=size):
                self.browser_size = size
                self.browser_js(url, code, ready, login=login, timeout=60)
