from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_datetime


class HelpdeskMailIntakeStory(models.AbstractModel):
    """The way of a mail in a few sentences: received, told apart, decided, answered (N6)."""

    _name = 'helpdesk.mail.intake.story.mixin'
    _description = "Received Mail: Story"

    story = fields.Html(compute='_compute_story', sanitize=False, string="Its Way")

    @api.depends('outcome', 'reason', 'ticket_id', 'kind', 'processed_at', 'attempts', 'original_deleted_at')
    def _compute_story(self):
        for mail in self:
            steps = [*mail._arrived(), *mail._decided(), *mail._afterwards()]
            lines = [Markup('<li><span class="text-muted">%s</span> %s</li>') % (mail._clock(at), words)
                     for at, words in steps]
            mail.story = Markup('<ol class="mb-0 ps-3">%s</ol>') % Markup().join(lines)

    def _clock(self, at):
        return format_datetime(self.env, at, dt_format='short') if at else ''

    def _arrived(self):
        """Yield (moment or None, sentence) of how it came."""
        ways = dict(self._fields['way']._description_selection(self.env))
        way = self.server_id.name or ways.get(self.way, '')
        if self.envelope_to:
            yield self.received_at, self.env._("Received by %(way)s for %(people)s.", way=way, people=self.envelope_to)
        else:
            yield self.received_at, self.env._("Received by %s.", way)

    def _decided(self):
        """Yield what was found out and what became of it."""
        kinds = dict(self._fields['kind']._description_selection(self.env))
        if self.kind and self.kind_reason:
            yield None, self.env._(
                "%(kind)s, as this says: %(header)s.", kind=kinds[self.kind], header=self.kind_reason)
        elif self.kind:
            yield None, self.env._("%s, as far as its headers tell.", kinds[self.kind])
        if self.rule_id:
            yield None, self.env._("The rule “%s” applied.", self.rule_id.name)
        outcomes = dict(self._fields['outcome']._description_selection(self.env))
        result = outcomes[self.outcome] + (f': {self.reason}' if self.reason else '')
        yield self.processed_at, result
        if self.attempts > 1:
            yield None, self.env._("It took %s attempts.", self.attempts)

    def _afterwards(self):
        """Yield what was sent and done because of it."""
        if self.ticket_id:
            yield None, self.env._("Ticket %(number)s of team %(team)s.", number=self.ticket_id.number,
                                   team=self.ticket_id.team_id.name)
        if self.outcome in ('new_ticket', 'possible_follow_up') and self.ticket_id:
            # sudo: whether the sender was told, for those who see the mail
            answer = self.env['helpdesk.mail.answer'].sudo().search(
                [('ticket_id', '=', self.ticket_id.id), ('kind', '=', 'acknowledgement')], limit=1)
            if answer:
                yield answer.sent_at, self.env._("A confirmation was sent to %s.", answer.email)
            elif self.ticket_id.acknowledgement == 'waiting':
                yield None, self.env._("A confirmation to the sender is on its way.")
            else:
                why = self.ticket_id.acknowledgement_reason
                yield None, self.env._("The sender got no confirmation.") + (f' {why}' if why else '')
        if self.original_deleted_at:
            yield self.original_deleted_at, self.env._("The original was deleted, its time was over.")
        if day := self._refused_on():
            yield None, self.env._("It is refused on %s unless somebody decides.", day)
