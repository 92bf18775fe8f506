from odoo import models

from ..tools.duration import spoken


class HelpdeskTicketEventWords(models.AbstractModel):
    """An event as a sentence in the reader's language. A kind that needs words of its own has a method ``_say_<kind>``
    (label of the kind → str); the others say what was changed from what to what."""
    _name = 'helpdesk.ticket.event.words.mixin'
    _description = "Ticket Event: Words"

    def _spoken_summary(self, label):
        """Return the event as a sentence; ``label`` is what its kind is called."""
        self.ensure_one()
        say = getattr(self, f'_say_{self.kind}', self._say_change)
        return say(label)

    def _say_change(self, label):
        _ = self.env._
        if self.old and self.new:
            return _("%(what)s changed from %(old)s to %(new)s", what=label, old=self.old, new=self.new)
        if self.new:
            return _("%(what)s: %(new)s", what=label, new=self.new)
        if self.old:
            return _("%(what)s removed: %(old)s", what=label, old=self.old)
        return label

    def _say_stage(self, label):
        seconds = (self.detail or {}).get('seconds')
        if seconds is None:
            return self._say_change(label)
        return self.env._("Moved from %(old)s to %(new)s after %(time)s in %(old)s",
                          old=self.old, new=self.new, time=spoken(seconds))

    def _say_assignee(self, label):
        detail, _ = self.detail or {}, self.env._
        sentence = self._say_change(label)
        if self.old and 'seconds' in detail:
            sentence = _("Handed from %(old)s to %(new)s after %(time)s",
                         old=self.old, new=self.new or _("nobody"), time=spoken(detail['seconds']))
        return _("%(what)s (%(why)s)", what=sentence, why=detail['why']) if detail.get('why') else sentence

    def _say_erased(self, label):
        return self.env._("Erased %(number)s: %(reason)s",
                          number=self.new, reason=(self.detail or {}).get('reason', ''))

    def _say_redacted(self, label):
        detail, _ = self.detail or {}, self.env._
        return _("Redacted in %(places)s places, %(files)s files removed: %(reason)s", places=detail.get('places', 0),
                 files=detail.get('files', 0), reason=detail.get('reason', ''))

    def _say_anonymised(self, label):
        return self.env._("%(what)s: %(reason)s", what=label, reason=(self.detail or {}).get('reason', ''))

    def _say_unfrozen(self, label):
        return label

    def _say_routed(self, label):
        return self.env['helpdesk.routing.story']._sentence(self.detail or {})

    def _say_unmerged(self, label):
        return self.env._("%(what)s: %(new)s", what=label, new=self.old)

    def _say_unmerged_in(self, label):
        return self._say_unmerged(label)

    def _say_split(self, label):
        if self.new:
            return self.env._("A message became %s", self.new)
        return self.env._("Made of a message on %s", self.old)

    def _say_checklist(self, label):
        if (self.detail or {}).get('done'):
            return self.env._("Done: %s", self.new)
        return self.env._("Open again: %s", self.new)

    def _say_recurring(self, label):
        made, skipped = self.env._("Made by the recurring ticket %s", self.new), (self.detail or {}).get('skipped')
        if not skipped:
            return made
        return self.env._("%(made)s; %(count)s missed dates were skipped", made=made, count=skipped)
