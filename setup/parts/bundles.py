"""Odoo's own command line, and a pytest plugin (-p parts.bundles), for tests with a browser.

Odoo's runner builds every bundle of every page before the first such test, half a minute in each lane, most of it for
pages that nobody opens; pytest builds none, and what a test builds goes with its transaction. Here the usual ones are
built.
"""
from odoo.addons.base.models.ir_qweb import IrQweb

SCRIPTS = {'web.assets_web', 'web.assets_tests', 'web.assets_frontend_lazy', 'web.assets_frontend_minimal',
           'web.assets_emoji'}
STYLES = {'web.assets_web', 'web.assets_web_print', 'web.assets_frontend'}


def usual(_self):
    """Return the bundles to build beforehand: those with scripts, those with styles."""
    return SCRIPTS, STYLES


IrQweb._get_bundles_to_pregenarate = usual


def pytest_collection_finish(session):
    """Build them for all tests that were collected."""
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name
    if session.items:
        with Registry(get_db_name()).cursor() as cr:
            Environment(cr, SUPERUSER_ID, {})['ir.qweb']._pregenerate_assets_bundles()


if __name__ == '__main__':
    from odoo.cli.command import main
    main()
