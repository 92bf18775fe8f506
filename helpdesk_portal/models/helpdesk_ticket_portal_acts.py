from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize, email_normalize_all, formataddr

from ..tools.typed import typed

RATES = {'1': 1, '3': 3, '5': 5}
MOST_COPIES = 20


class HelpdeskTicketPortalActs(models.AbstractModel):
    """What a customer does with a ticket besides writing. Records come as the superuser, with the role in which the
    present user holds them (``_portal_ticket``); each method asks whether the role may."""
    _name = 'helpdesk.ticket.portal.acts.mixin'
    _description = "Ticket: What Customers Do in the Portal"

    def _portal_may(self, role, act):
        """Tell whether ``role`` may do ``act`` ('answer', 'solve', 'reopen', 'rate', 'nudge', 'add') now."""
        if role in ('', 'reader') or self.merged_into_id:
            return False
        done = self.status in ('solved', 'closed')
        return {
            'answer': lambda: True,
            'solve': lambda: not done and role != 'shared' and bool(self._stage_for('solved')),
            'reopen': lambda: done and role != 'shared' and self._is_reopened_by_reply(),
            'rate': lambda: done and role in ('requester', 'link') and not self._portal_rating(),
            'nudge': lambda: not done and (self._portal_nudge_at() or datetime.max) <= self.env.cr.now(),
            'add': lambda: role in ('requester', 'manager'),
        }[act]()

    def _portal_check_may(self, role, act):
        if not self._portal_may(role, act):
            raise AccessError(self.env._("This cannot be done with the ticket now. Open it again to see what can."))

    def _portal_log(self, text):
        self._log_events([{'ticket_id': self.id, 'kind': 'portal', 'new': text,
                           'author_id': self._portal_author().id}])

    def _portal_solve(self, role):
        """The customer says that it is solved."""
        self.lock_for_update()
        self._portal_check_may(role, 'solve')
        self._portal_check_pace()
        self._set_status('solved')
        self._portal_log(self.env._("said that it is solved"))

    def _portal_reopen(self, role):
        """The customer says that it is not, within the team's policy."""
        self.lock_for_update()
        self._portal_check_may(role, 'reopen')
        self._portal_check_pace()
        now = self.env.cr.now()
        self._set_status('open')
        self._write_facts({'unanswered_since': now, 'last_customer_message_at': now})
        self._portal_log(self.env._("took it up again"))

    # ------------------------------------------------------------
    # rating
    # ------------------------------------------------------------

    def _portal_rating(self):
        """Return the rating (maybe empty) of the present solution."""
        done_at = self.solved_at or self.closed_at
        given = self.rating_ids.filtered('consumed').sorted('write_date')[-1:]
        return given if not done_at or (given and given.write_date >= done_at) else given.browse()

    def _portal_rate(self, role, rate, comment):
        """Rate the solution, once.

        :param str rate: '1', '3' or '5'
        :raise UserError: none of these
        :raise AccessError: rated already, or not theirs to rate
        """
        self.lock_for_update()
        self._portal_check_may(role, 'rate')
        if rate not in RATES:
            raise UserError(self.env._("Choose one of the three faces."))
        comment = self._portal_check_text(comment, files=['none needed'])[:2000]
        token = self._rating_get_access_token(self.partner_id)
        self.with_user(SUPERUSER_ID).rating_apply(RATES[rate], token=token, feedback=comment)

    # ------------------------------------------------------------
    # still waiting
    # ------------------------------------------------------------

    def _portal_nudge_at(self):
        """Return from when on (naive UTC) "still waiting" may be said; None: never on this ticket."""
        days = self.team_id.portal_nudge_days
        if not days or self._portal_whose_turn() not in ('us', 'third'):
            return None
        since = max(filter(None, [self.nudged_at, self.unanswered_since or self.last_agent_message_at
                                  or self.create_date]))
        calendar = self.team_id._get_calendar()
        return (calendar and self._end_of_working_day(calendar, since, days)) or since + timedelta(days=days)

    def _portal_nudge(self, role):
        """Mark the ticket and tell its people that the customer still waits; once an interval (N9)."""
        self.lock_for_update()
        self._portal_check_may(role, 'nudge')
        self._write_facts({'nudged_at': self.env.cr.now(), 'is_nudged': True})
        self._log_events([{'ticket_id': self.id, 'kind': 'nudged', 'author_id': self._portal_author().id}])
        if users := self._people_to_tell():
            self.with_user(SUPERUSER_ID).message_notify(
                partner_ids=users.partner_id.ids, subject=self.env._("Still waiting: %s", self.name),
                body=self.env._("The customer asks again: they are still waiting."))

    # ------------------------------------------------------------
    # colleagues
    # ------------------------------------------------------------

    def _portal_add_person(self, role, address):
        """Add somebody to the conversation: a contact of the customer's company sees the ticket too, anybody else gets
        copies by mail.

        :return: the name or address (str) that was added
        :raise UserError: no address, or too many
        """
        self._portal_check_may(role, 'add')
        self._portal_check_pace()
        address = email_normalize(typed(address))
        if not address:
            raise UserError(self.env._("Write one e-mail address, like name@example.com."))
        colleague = self.env['res.partner'].search([
            ('email_normalized', '=', address), ('commercial_partner_id', '=', self.commercial_partner_id.id),
            ('commercial_partner_id', '!=', False)], limit=1)
        if colleague:
            self.write({'portal_partner_ids': [(4, colleague.id)]})
            self.message_subscribe(partner_ids=colleague.ids)
        elif address in self._our_keys([address]):
            raise UserError(self.env._("This is an address of ours: we read all that is written here."))
        else:
            copies = email_normalize_all(self.email_cc or '')
            if len(copies) >= MOST_COPIES:
                raise UserError(self.env._("%s people get copies already. No more can be added.", MOST_COPIES))
            if address not in copies and address != self.partner_email:
                self.write({'email_cc': ', '.join(filter(None, [self.email_cc, formataddr(('', address))]))})
        self._portal_log(self.env._("added %s", address))
        return colleague.name or address

    def _portal_forget_people(self):
        """Whom the former customer added hears no more of it, when the ticket is another house's now."""
        for ticket in self.filtered('portal_partner_ids'):
            gone = ticket.portal_partner_ids.filtered(
                lambda person, ticket=ticket: person.commercial_partner_id != ticket.commercial_partner_id)
            ticket._write_facts({'portal_partner_ids': [Command.unlink(person.id) for person in gone]})
            ticket.message_unsubscribe(gone.ids)
