from odoo import models


class HelpdeskTicketEscalateMixin(models.AbstractModel):
    """What automation rules do with a ticket that goes wrong (S0-5, S1-22)."""
    _name = 'helpdesk.ticket.escalate.mixin'
    _description = "Ticket: Escalation"
    _inherit = ['mail.activity.mixin']

    def tell_leader(self, why):
        """Give the leader of each ticket's team an activity, which tells them; without a leader, whoever is told else.
        Watchers hear of it.

        :param str why: in words, what is the matter; the subject of notice and activity
        :raise AccessError: for who may not change the tickets
        """
        self.check_access('write')
        for ticket in self:
            users = ticket._people_to_tell(ticket.team_id.leader_id) or ticket._people_to_tell()
            if not users:
                continue
            # core tells whoever gets the activity; sudo: that the user may change the ticket was checked
            ticket.sudo().activity_schedule(
                'mail.mail_activity_data_todo', summary=why, user_id=users[:1].id)
            if others := users[1:]:
                ticket.message_notify(
                    partner_ids=others.partner_id.ids,
                    subject=self.env._("%(why)s: %(ticket)s", why=why, ticket=ticket.name),
                    body=self.env._("%(user)s was asked to have a look: %(why)s.", user=users[:1].name, why=why))
