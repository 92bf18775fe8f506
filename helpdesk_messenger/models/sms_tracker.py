from odoo import models

# state of an SMS -> state of our message
STATES = {'process': 'sent', 'pending': 'sent', 'sent': 'delivered'}


class SmsTracker(models.Model):
    """What becomes of an SMS is told to the answer that it brings."""
    _inherit = 'sms.tracker'

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason)
        for answer in self._helpdesk_answers():
            if sms_state in STATES:
                answer._advance(STATES[sms_state])
            elif sms_state in ('error', 'canceled'):
                answer._note_failed_later(self._helpdesk_reason(failure_type, failure_reason), 0)
        return result

    def _action_update_from_provider_error(self, provider_error):
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, failure_reason = result
        for answer in self._helpdesk_answers():
            answer._note_failed_later(self._helpdesk_reason(failure_type, failure_reason), 0)
        return result

    def _helpdesk_answers(self):
        # sudo: the answer that this very SMS brings
        return self.env['helpdesk.channel.message'].sudo().search([('sms_uuid', 'in', self.mapped('sms_uuid'))])

    def _helpdesk_reason(self, failure_type, failure_reason):
        labels = dict(self.env['mail.notification']._fields['failure_type']._description_selection(self.env))
        return failure_reason or labels.get(failure_type) or self.env._("The SMS service could not send it.")
