from odoo import models


class HelpdeskMacro(models.Model):
    """A macro's reply that the messenger would not take is left out, and said; the other tickets get theirs."""
    _inherit = 'helpdesk.macro'

    def _plan_reply(self, plan):
        super()._plan_reply(plan)
        ticket = plan.ticket
        if plan.reply and ticket._answers_by_channel() and ticket._channel_problem():
            plan.reply, plan.recipients = '', []
            plan.remarks.append('no_messenger')

    def _spoken_remarks(self):
        return {**super()._spoken_remarks(), 'no_messenger': self.env._(
            "The messenger takes no answer now, so no reply is sent; the ticket says why: %s.")}
