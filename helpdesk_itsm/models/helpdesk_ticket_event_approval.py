from odoo import fields, models

KINDS = [
    ('approval_asked', "Approval asked"),
    ('approval_given', "Approved by"),
    ('approval_refused', "Refused by"),
    ('approval_delegated', "Approval handed on"),
    ('approval_reminded', "Approver reminded"),
    ('approval_skipped', "Approval not needed"),
    ('approval_cancelled', "Approval cancelled"),
    ('approval_done', "Approval"),
]


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=KINDS, ondelete={kind: lambda events: None for kind, _label in KINDS})

    def _say_approval_asked(self, label):
        return self.env._("%(who)s was asked for approval (%(step)s)", who=self.new, step=self._approval_step())

    def _say_approval_given(self, label):
        return self._say_approval_decision(self.env._("%(who)s approved (%(step)s)"))

    def _say_approval_refused(self, label):
        return self._say_approval_decision(self.env._("%(who)s refused (%(step)s)"))

    def _say_approval_decision(self, words):
        _, detail = self.env._, self.detail or {}
        said = words % {'who': self.author_id.name or _("Somebody"), 'step': self._approval_step()}
        if detail.get('how') == 'link':
            said = _("%s by the link in the mail", said)
        return _("%(said)s: %(reason)s", said=said, reason=self.new) if self.new else said

    def _say_approval_delegated(self, label):
        return self.env._("%(who)s let %(other)s decide (%(step)s)",
                          who=self.old, other=self.new, step=self._approval_step())

    def _say_approval_reminded(self, label):
        return self.env._("%s was reminded to decide", self.new)

    def _say_approval_skipped(self, label):
        return self.env._("%(step)s needs no approval: %(who)s asks, and would approve",
                          who=self.new, step=self._approval_step())

    def _say_stage(self, label):
        """As ever; what an approval moved (``detail['approval']``) says whose decision it was."""
        _, said, outcome = self.env._, super()._say_stage(label), (self.detail or {}).get('approval')
        if not outcome:
            return said
        who = self.author_id.name or _("Somebody")
        return (_("%(said)s, as %(who)s approved", said=said, who=who) if outcome == 'approved'
                else _("%(said)s, as %(who)s refused", said=said, who=who))

    def _say_approval_done(self, label):
        _, outcome = self.env._, (self.detail or {}).get('outcome')
        if outcome == 'approved':
            return _("Approved by everybody: %s", self.old)
        return _("Refused: %(path)s", path=self.old)

    def _approval_step(self):
        return (self.detail or {}).get('step') or ''
