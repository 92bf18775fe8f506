from xmlrpc.client import Binary

from odoo import api, models


class Pass(str):
    """How a mail of the ledger is handed to core's gateway. A caller from outside can send the text, never this."""


class Taken(bytes):
    """A fetched mail that the ledger has already, in the row ``row_id``."""

    def __new__(cls, row_id, raw):
        taken = super().__new__(cls, raw)
        taken.row_id = row_id
        return taken


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None
    ):
        """Write every mail to the ledger first, then let it be processed in a transaction of its own (promise 1).

        Core calls this for each fetched or piped mail; what it raises is lost there (G1), so nothing
        that is in the ledger raises from here.
        """
        if isinstance(self.env.context.get('helpdesk_mail_pass'), Pass):
            return super().message_process(
                model,
                message,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
        if isinstance(message, Taken):
            # sudo: the ledger has no writers among users; only the fetcher makes such a mail
            return self.env['helpdesk.mail.intake'].sudo()._process_row(message.row_id, bytes(message), self.env)
        if isinstance(message, Binary):
            message = bytes(message.data)
        if isinstance(message, str):
            message = message.encode('utf-8', 'surrogateescape')
        gateway = {
            'model': model or False,
            'custom_values': custom_values,
            'save_original': save_original,
            'strip_attachments': strip_attachments,
            'thread_id': thread_id,
        }
        return self.env['helpdesk.mail.intake']._receive(message, gateway)

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Leave helpdesk addresses out when a mail that was also sent to others passes through core's gateway."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        # what answers a side conversation is brought there by the ledger alone, which knows who may
        routes = [route for route in routes if route[0] != 'helpdesk.side.thread']
        if self.env.context.get('helpdesk_mail_pass') == 'others':
            routes = [route for route in routes if route[0] != 'helpdesk.ticket']
        return routes
