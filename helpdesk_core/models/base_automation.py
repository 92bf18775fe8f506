import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)
TICKET_MODELS = 'helpdesk.'


class BaseAutomation(models.Model):
    """Automation rules on tickets (S0-20, S1-2): Odoo's own, with one promise more: a rule that fails never stops a
    customer's message (promise 1)."""
    _name = 'base.automation'
    _inherit = ['base.automation', 'helpdesk.audited.mixin']

    def _audited(self):
        return self.filtered(lambda rule: (rule.model_name or '').startswith(TICKET_MODELS))

    def _process(self, records, domain_post=None):
        if not records or not records._name.startswith(TICKET_MODELS) or self._somebody_watches():
            return super()._process(records, domain_post=domain_post)
        try:
            with self.env.cr.savepoint():
                result = super()._process(records, domain_post=domain_post)
                self.env.flush_all()  # what the rule wrote fails here or never
                return result
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # somebody else was at it: all of it is tried once more, the rule too
        except Exception as error:  # whatever an administrator's rule does, the message goes in
            self._note_failure(records, error)

    def _somebody_watches(self):
        """Tell whether a person of the house is at work here, who sees the error and can do something about it."""
        user = self.env.user
        return user._is_internal() and user != self.env.ref('base.user_root') and not self.env.context.get(
            'helpdesk_message_at')

    def _note_failure(self, records, error):
        """Write into the rule's own thread, where administrators look, what failed and why."""
        rule = self.sudo()  # sudo: the rule belongs to administrators, and fails for whoever sets it off
        _logger.warning("Automation rule %r failed on %s", rule.name, records, exc_info=error)
        names = ', '.join(records.sudo().mapped('display_name'))  # sudo: named to administrators
        rule.message_post(body=self.env._(
            "This rule failed on %(records)s and was left out there: %(error)s",
            records=names, error=str(error) or type(error).__name__))
