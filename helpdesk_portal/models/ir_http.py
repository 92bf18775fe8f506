from odoo import models
from odoo.http import Response
from werkzeug.exceptions import abort

OURS = ('/help', '/my/tickets')  # /helpdesk/… among them


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Customer pages say what they say by JavaScript in the customer's language too."""
        return [*super()._get_translation_frontend_modules_name(), 'helpdesk_portal']

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """A page of ours whose name no database takes is one that is not there (404), and no error of ours. The answer
        is given at once: Odoo's own page for what is not there looks the name up in the database."""
        if rule.rule.startswith(OURS) and any('\x00' in value for value in args.values() if isinstance(value, str)):
            abort(Response("Not Found", status=404, mimetype='text/plain'))
        return super()._pre_dispatch(rule, args)
