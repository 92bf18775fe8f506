from odoo import models

from ..tools import belonging, mail_kind


class HelpdeskMailIntakeMachines(models.AbstractModel):
    """Mails written by machines: recorded, kept on their ticket, never answered (D14, G8, G9)."""

    _name = 'helpdesk.mail.intake.machines.mixin'
    _description = "Received Mail: Machines"

    def _take_machine_mail(self, case, people, sender):
        """Record a machine's mail; keep it as a note where it answers ticket ``people``. Nobody is answered."""
        if people:
            return self._keep_machine_mail(case, people, sender)
        place = case.places[0] if case.places else None
        team = self.env['helpdesk.team'].browse(place.team_id if place and place.team_id else ())
        if team.machine_mail == 'ticket' and case.verdict.kind == mail_kind.AUTO_GENERATED:
            return self._deliver_new(case, belonging.decide(None, belonging.STRANGER), None)
        self._conclude(
            'auto_reply', self.env._("Written by a machine (%s); it answers no ticket.", case.verdict.because),
            team_id=team.id, company_id=place.company_id if place else False)
        return False

    def _keep_machine_mail(self, case, people, sender):
        ticket = self._ticket_model(people.company_id).browse(people.id).with_context(helpdesk_automatic_mail=True)
        message = self._post(
            case, ticket, 'mail.mt_note', sender.id if sender else False,
            parent_id=case.parent.id if case.in_thread_of(people.id) else False, is_internal=True)
        self._conclude(
            'auto_reply', self.env._("A machine's answer (%s), kept as a note.", case.verdict.because),
            ticket_id=ticket.id, mail_message_id=message.id, team_id=people.team_id, company_id=people.company_id)
        return ticket.id

    def _take_bounce(self, case, bounce):
        """Keep a delivery report on its ticket, and mark the mail it is about as undelivered (RFC 3464)."""
        if case.side:
            return self._take_side_bounce(case, bounce)
        parent = case.parent
        if not parent:
            self._conclude('bounce', self.env._("A delivery report about a mail that is not known here."))
            return False
        ticket = self.env['helpdesk.ticket'].browse(parent.res_id)
        who = ', '.join(bounce.recipients) or self.env._("the recipient")
        text = self._bounce_words(bounce, who)
        message = ticket.with_context(helpdesk_automatic_mail=True).message_post(
            body=text, message_type='notification', subtype_xmlid='mail.mt_note')
        if bounce.action == 'failed':
            self._mark_undelivered(ticket, parent, bounce, text)
        self._conclude(
            'bounce', text, ticket_id=ticket.id, mail_message_id=message.id, team_id=ticket.team_id.id,
            company_id=ticket.company_id.id)
        return ticket.id

    def _bounce_words(self, bounce, who):
        if bounce.action == 'delayed':
            return self.env._("A mail to %(who)s is delayed. %(why)s", who=who, why=bounce.diagnostic)
        if bounce.action != 'failed':
            return self.env._("A mail to %s was delivered.", who)
        return self.env._("A mail to %(who)s was not delivered. %(why)s", who=who, why=bounce.diagnostic)

    def _mark_undelivered(self, ticket, parent, bounce, text):
        """Mark the mail as undelivered, and the contacts it was really sent to; tell the assignee."""
        self._mark_notifications(parent.id, bounce, text)
        if users := ticket._people_to_tell(ticket.user_id):
            ticket.message_notify(
                partner_ids=users.partner_id.ids, body=text, subject=self.env._(
                    "Not delivered: %s", ticket.name))

    def _mark_notifications(self, message_id, bounce, text):
        notifications = self.env['mail.notification'].search([
            ('mail_message_id', '=', message_id), ('notification_type', '=', 'email'),
            '|', ('res_partner_id.email_normalized', 'in', bounce.recipients),
            ('mail_email_address', 'in', bounce.recipients),
        ])
        notifications.write({
            'notification_status': 'bounce', 'failure_type': 'mail_bounce',
            'failure_reason': bounce.diagnostic or text})
        notifications.res_partner_id._helpdesk_mark_undeliverable(bounce.diagnostic or text)
