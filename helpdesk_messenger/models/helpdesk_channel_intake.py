from datetime import UTC, timedelta

from odoo import models
from odoo.fields import Command

SUBJECT_LIMIT = 80
FILES_LIMIT = 20
# The clock of a service may be a little ahead of ours, not more.
AHEAD = timedelta(minutes=5)


class HelpdeskChannelIntakeMixin(models.AbstractModel):
    """What a service brings becomes tickets and messages, once each, whatever comes twice or in another order."""
    _name = 'helpdesk.channel.intake.mixin'
    _description = "Messenger Channel: Intake"

    def _moment(self, incoming):
        """Return when the customer wrote (naive UTC): by the service's clock, if that can be."""
        now = self.env.cr.now().replace(microsecond=0)
        if not incoming.at:
            return now
        at = incoming.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        return min(at, now) if at <= now + AHEAD and at.year > 2000 else now

    def _take(self, incoming):
        """Bring one message (:class:`Incoming`) to its ticket. What is known already is left alone.

        :return: the reference of the message
        :raise ValueError: for what no customer of the channel can have sent
        """
        references = self.env['helpdesk.channel.reference']
        known = references._find(self, incoming.service_id)
        if known.outgoing_id:  # held, not left out: what the customer wrote would be lost
            raise ValueError(self.env._("It comes under the name of a message of ours: %s", incoming.service_id))
        if known and known.person_id.sender != incoming.sender:
            raise ValueError(self.env._("It is said to change a message of somebody else."))
        if known:
            if incoming.edited:
                known._reword(incoming)
            return known
        person = self.env['helpdesk.channel.person']._of(self, incoming)
        ticket, earlier = person._ticket_of(incoming)
        if not ticket:
            ticket = self._make_ticket(person, incoming, earlier)
        return references._post(ticket, person, incoming)

    def _make_ticket(self, person, incoming, earlier):
        """Create the ticket that a message opens; ``earlier``: the one it answers, which is done for good."""
        team = self._team()
        vals = {
            'name': self._subject(person, incoming), 'team_id': team.id, 'channel': 'messenger',
            **person._customer_values()}
        if self.brand_id:
            vals['brand_id'] = self.brand_id.id
        if earlier:
            vals['related_ids'] = [Command.link(earlier.id)]
        facts = {'body': incoming.text, 'files': [(file.name, file.mimetype) for file in incoming.files]}
        tickets = person._tickets().with_context(
            active_test=True, helpdesk_message_at=self._moment(incoming), helpdesk_routing=facts)
        return tickets.create(vals).with_env(tickets.env)

    def _team(self):
        """Return the channel's team; another one of the company where it was archived."""
        team = self.team_id
        if not team.active:
            team = team.search([('company_id', '=', self.company_id.id)], limit=1) or team
        return team

    def _subject(self, person, incoming):
        """Return the beginning of what was written, or who wrote where it was a file."""
        line = next(iter(incoming.text.strip().splitlines()), '').strip()
        if not line:
            return self.env._("%(kind)s message from %(name)s", kind=self._kind_label(), name=person.display_name)
        return line if len(line) <= SUBJECT_LIMIT else line[:SUBJECT_LIMIT - 1].rstrip() + '…'

    def _note_receipt(self, receipt):
        """Keep what became of a message of ours."""
        references = self.env['helpdesk.channel.reference']
        known = references._find(self, receipt.service_id)
        if not known and (message := self.env['helpdesk.channel.message']._in_doubt(self, receipt.key)):
            message._settle(receipt.service_id)
            known = references._find(self, receipt.service_id)
        if known.outgoing_id:
            known._note_receipt(receipt)
