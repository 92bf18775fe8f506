import logging
import traceback

from odoo import models

from ..tools import parsing
from .mail_thread import Pass

_logger = logging.getLogger(__name__)


class HelpdeskMailIntakeOthers(models.AbstractModel):
    """Mail that other applications get as well, or alone: core's gateway does what it always did."""

    _name = 'helpdesk.mail.intake.others.mixin'
    _description = "Received Mail: Others"

    def _gateway_thread(self, caller, mode):
        """Return ``mail.thread`` as core's gateway has it, for the user who handed the mail in."""
        uid = caller.uid if caller else (self.gateway or {}).get('uid')
        context = dict(caller.context) if caller else {}
        if self.server_id:
            context.setdefault('default_fetchmail_server_id', self.server_id.id)
        context['helpdesk_mail_pass'] = Pass(mode)
        return self.env(user=uid or self.env.uid, su=caller.su if caller else True, context=context)['mail.thread']

    def _pass_on(self, raw, caller):
        """Give the mail to core's gateway: no address and no ticket of the helpdesk is concerned."""
        if parsing.too_heavy_for_gateway(raw):
            self._conclude('held', self.env._(
                "For no address of the helpdesk, and too large or too deeply nested to be given to Odoo's gateway."))
            return False
        gateway = self.gateway or {}
        record_id = self._gateway_thread(caller, 'all').message_process(
            gateway.get('model') or None, raw, custom_values=gateway.get('custom_values'),
            save_original=gateway.get('save_original'), strip_attachments=gateway.get('strip_attachments'),
            thread_id=gateway.get('thread_id'))
        self._conclude('other_model', self.env._("Given to Odoo's gateway.") if record_id else self.env._(
            "Given to Odoo's gateway, which made no record of it (delivery report, duplicate or loop)."))
        return record_id

    def _pass_to_others(self, raw, caller):
        """Let the other applications that a mail was sent to as well have it; their failure does not stop ours."""
        if parsing.too_heavy_for_gateway(raw):
            return
        gateway = self.gateway or {}
        try:
            with self.env.cr.savepoint():
                self._gateway_thread(caller, 'others').message_process(
                    None, raw, save_original=gateway.get('save_original'),
                    strip_attachments=gateway.get('strip_attachments'))
        except Exception:  # recorded, and the helpdesk's part goes on
            self.traceback = traceback.format_exc()
            _logger.info(
                "Received mail %s could not be given to the other applications it names", self.id, exc_info=True)
