from unittest.mock import patch

from odoo.addons.helpdesk_api.tools.contract import METHODS, SCHEMAS
from odoo.addons.helpdesk_api.tools.schema import check
from odoo.addons.helpdesk_core.tests.common_access import HelpdeskAccessCommon


def resolved(schema):
    """Return a schema of the contract with what its references mean in their place."""
    if isinstance(schema, list):
        return [resolved(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if '$ref' in schema:
        return resolved(SCHEMAS[schema['$ref'].rpartition('/')[2]])
    return {name: resolved(part) for name, part in schema.items()}


class ApiCommon(HelpdeskAccessCommon):
    """Calls of the API as one of the people of the helpdesk; each answer is held against the contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a test never commits: its own events would never be settled
        cls.settled = cls.startClassPatcher(patch.object(
            cls.registry['helpdesk.ticket.event'], '_settled_turn', lambda self: 10 ** 18))

    def call(self, method, user=None, **values):
        """Call as the agent, or as ``user``; the result is as the contract says."""
        result = getattr(self.env['helpdesk.api'].with_user(user or self.agent), method)(**values)
        check(resolved(METHODS[method]['result']), result)
        return result
