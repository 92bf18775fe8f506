from odoo import fields, models


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=[('problem', "Problem"), ('incident', "Incident"), ('known_error', "Known Error"),
                       ('problem_update', "Update to All Customers")],
        ondelete=dict.fromkeys(('problem', 'incident', 'known_error', 'problem_update'), lambda events: None))

    def _say_incident(self, label):
        if self.new:
            return self.env._("Incident linked: %s", self.new)
        return self.env._("Incident no longer linked: %s", self.old)

    def _say_known_error(self, label):
        return self.env._("An article was written about it")

    def _say_problem_update(self, label):
        """News of a problem: planned, recalled or sent (``detail['state']``)."""
        _, count = self.env._, (self.detail or {}).get('count', 0)
        return {
            'waiting': _("Update to all customers of %s tickets planned", count),
            'recalled': _("Update to all customers recalled, nothing was sent"),
            'sent': _("Update sent on %s tickets", count),
        }.get((self.detail or {}).get('state'), label)
