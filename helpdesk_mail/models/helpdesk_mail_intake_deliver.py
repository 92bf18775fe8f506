from markupsafe import Markup, escape

from odoo import api, models
from odoo.fields import Command
from odoo.tools import formataddr, html_sanitize, plaintext2html

from odoo.addons.helpdesk_core.tools.subject import strip_tag

from ..tools import addresses, belonging, mail_content, mail_kind
from .helpdesk_mail_intake_process import read_defaults

MAX_PEOPLE = 50          # others in To and Cc that are kept
MAX_PLAIN = 300_000      # characters of plain text that are shown, the rest is in the original


class HelpdeskMailIntakeDeliver(models.AbstractModel):
    """Make the ticket, or write into it. One create, one post; everything is found by then."""
    _name = 'helpdesk.mail.intake.deliver.mixin'
    _description = "Received Mail: Deliver"

    # ------------------------------------------------------------
    # new ticket
    # ------------------------------------------------------------

    def _deliver_new(self, places, arrival, verdict, decision, linked, senders, ours, plain):
        """Make a ticket of a mail: one, in the first team it was sent to, and one per further company.

        :return: id of the first ticket
        """
        first, done = False, set()
        for place in places:
            if place.company_id in done:
                continue
            done.add(place.company_id)
            sender = next((s for s in senders if s.company_id in (None, place.company_id)), None)
            if place.contact != 'everyone' and not sender:
                if not first:
                    self._conclude('refused', self.env._("The address takes mail from known contacts only."),
                                   team_id=place.team_id, company_id=place.company_id)
                continue
            if other := self._taken_already(place.company_id):
                first = first or self._conclude_taken(other)
                continue
            ticket, message = self._make_ticket(place, arrival, verdict, linked, sender, ours, plain)
            if not first:
                self._conclude_new(ticket, message, decision, linked)
            first = first or ticket.id
        return first

    def _taken_already(self, company_id):
        """Return the ledger's row by which the same mail, brought to another of its addresses, was taken in the company."""
        if not self.env.context.get('helpdesk_mail_twin'):
            return self.browse()
        return self.search([
            ('content_digest', '=', self.content_digest), ('id', '!=', self.id), ('company_id', '=', company_id),
            ('outcome', 'in', ('new_ticket', 'follow_up', 'possible_follow_up'))], limit=1)

    def _conclude_taken(self, other):
        self._conclude('duplicate', self.env._("The same mail came by another of its addresses and was taken then."),
                       duplicate_of_id=other.id, ticket_id=other.ticket_id.id, team_id=other.team_id.id,
                       company_id=other.company_id.id)
        return other.ticket_id.id

    def _make_ticket(self, place, arrival, verdict, linked, sender, ours, plain):
        ticket_model = self._ticket_model(place.company_id)
        values = read_defaults(place.defaults, ticket_model._fields)
        team = self.env['helpdesk.team'].browse(place.team_id or ())
        if not team:  # an alias that was made by hand, or that of an archived team
            team = team.browse(values.get('team_id') or ()).exists()
        if not team.active:
            team = team.search([('company_id', '=', (team.company_id or self.env.company).id)], limit=1)
        partner_id = sender.id if sender else self._new_contact(team, arrival, verdict)
        values.update(
            name=strip_tag(arrival.subject) or self.env._("(no subject)"), team_id=team.id, channel='email',
            partner_id=partner_id, **self._people_values(team, arrival, ours))
        if not partner_id:
            values.update(partner_name=arrival.sender_name or False, partner_email=arrival.sender or False)
        if linked and linked.company_id == team.company_id.id:
            values['related_ids'] = [Command.link(linked.id)]
        if verdict.answerable and team.acknowledge:
            values['acknowledgement'] = 'waiting'
        ticket = ticket_model.create(values)
        self._follow(ticket, team, arrival, ours)
        message = self._post(
            ticket.with_context(helpdesk_new_thread=True), arrival, 'mail.mt_comment', partner_id, plain, ours)
        if values.get('acknowledgement'):
            ticket._wake_answers()
        return ticket, message

    def _ticket_model(self, company_id):
        """Return the ticket model in the company, at the moment the mail came."""
        company = self.env['res.company'].browse(company_id) if company_id else self.env.company
        return self.env['helpdesk.ticket'].with_company(company).with_context(
            helpdesk_message_at=self.received_at, mail_notify_force_send=False)

    def _conclude_new(self, ticket, message, decision, linked):
        outcome, reason = 'new_ticket', self.env._("A new request.")
        if decision.action == belonging.POSSIBLE:
            outcome = 'possible_follow_up'
            reason = self.env._("It names ticket %s, but the sender does not belong to it.", linked.number)
        elif decision.action == belonging.NEW_LINKED:
            reason = self.env._("It answers ticket %s, which is done; its team starts a follow-up ticket then.", linked.number)
        self._conclude(outcome, reason, ticket_id=ticket.id, mail_message_id=message.id,
                       team_id=ticket.team_id.id, company_id=ticket.company_id.id)

    def _new_contact(self, team, arrival, verdict):
        """Return the id of a new contact of the one company that has the sender's mail domain, or False."""
        if not (arrival.sender and team.create_contacts and verdict.kind == mail_kind.GENUINE and verdict.answerable):
            return False
        company_id = self._find_company(arrival.sender, team.company_id.id)
        if not company_id:
            return False
        parent = self.env['res.partner'].browse(company_id)
        return parent.with_context(tracking_disable=True, mail_create_nolog=True).create({
            'name': arrival.sender_name, 'email': arrival.sender, 'parent_id': parent.id,
            'company_id': parent.company_id.id, 'lang': parent.lang,
        }).id

    # ------------------------------------------------------------
    # other people in the mail
    # ------------------------------------------------------------

    @api.model
    def _others(self, arrival, ours):
        """Return [(name, address)] of To and Cc without us and without the sender."""
        return [(name, address) for name, address in arrival.people
                if address not in ours and address != arrival.sender][:MAX_PEOPLE]

    def _people_values(self, team, arrival, ours):
        others = self._others(arrival, ours)
        if not others or team.cc_policy == 'none':
            return {}
        if team.cc_policy == 'followers':
            known = set(self._contacts_of(others).mapped('email_normalized'))
            others = [(name, address) for name, address in others if address not in known]
        return {'email_cc': _formatted(others)} if others else {}

    def _follow(self, ticket, team, arrival, ours):
        """Let known contacts in To and Cc follow the ticket, where the team has it so."""
        if team.cc_policy == 'followers' and (others := self._others(arrival, ours)):
            contacts = self._contacts_of(others).filtered(lambda p: p.company_id.id in (False, ticket.company_id.id))
            ticket.message_subscribe((contacts - ticket.partner_id).ids)

    def _contacts_of(self, people):
        return self.env['res.partner'].search([('email_normalized', 'in', [address for _name, address in people])])

    def _join_people(self, ticket, arrival, ours):
        """Keep people whom a follow-up brings into the conversation, by the team's setting."""
        team = ticket.team_id
        kept = {ticket.partner_email, *addresses.find(ticket.email_cc)}
        values = self._people_values(team, arrival._replace(
            people=[(name, address) for name, address in arrival.people if address not in kept]), ours)
        if values:
            ticket.email_cc = ', '.join(filter(None, [ticket.email_cc, values['email_cc']]))
        self._follow(ticket, team, arrival, ours)

    # ------------------------------------------------------------
    # into a ticket
    # ------------------------------------------------------------

    def _deliver_into(self, people, decision, arrival, parent, sender, ours, plain):
        """Write a mail into the ticket it answers; return the ticket's id."""
        if other := self._taken_already(people.company_id):
            return self._conclude_taken(other)
        ticket = self._ticket_model(people.company_id).browse(people.id)
        internal = decision.action == belonging.NOTE
        if decision.action == belonging.FOLLOW_UP:
            self._join_people(ticket, arrival, ours)
        in_thread = parent and parent.model == 'helpdesk.ticket' and parent.res_id == ticket.id
        notify = [parent.author_id] if internal and in_thread and parent.author_id else []
        message = self._post(
            ticket, arrival, 'mail.mt_note' if internal else 'mail.mt_comment', sender.id if sender else False, plain, ours,
            parent_id=parent.id if in_thread else False, is_internal=internal, partner_ids=notify)
        self._conclude('follow_up', self._reason(decision, people), ticket_id=ticket.id, mail_message_id=message.id,
                       team_id=people.team_id, company_id=people.company_id)
        return ticket.id

    def _reason(self, decision, people):
        """Say in plain words why a mail went into ticket ``people``."""
        _ = self.env._
        return {
            'reply_to_note': _("It answers an internal note and stays internal."),
            'agent_number': _("An agent's mail that names the ticket by its number only: kept as an internal note."),
            'agent_reference': _("An agent's answer by mail; it went to the customer."),
        }.get(decision.reason) or (
            _("It answers one of our mails, and the sender belongs to ticket %s.", people.number)
            if decision.reason.endswith(belonging.REFERENCE)
            else _("It carries the number of ticket %s, and the sender belongs to it.", people.number))

    def _take_machine_mail(self, arrival, verdict, people, sender, places, parent, plain, ours):
        """Record a machine's mail; keep it as a note where it answers a ticket. Nobody is answered."""
        if people:
            ticket = self._ticket_model(people.company_id).browse(people.id).with_context(helpdesk_automatic_mail=True)
            in_thread = parent and parent.model == 'helpdesk.ticket' and parent.res_id == ticket.id
            message = self._post(ticket, arrival, 'mail.mt_note', sender.id if sender else False, plain, ours,
                                 parent_id=parent.id if in_thread else False, is_internal=True)
            self._conclude('auto_reply', self.env._("A machine's answer (%s), kept as a note.", verdict.because),
                           ticket_id=ticket.id, mail_message_id=message.id, team_id=people.team_id,
                           company_id=people.company_id)
            return ticket.id
        place = places[0] if places else None
        team = self.env['helpdesk.team'].browse(place.team_id if place else ())
        if team.machine_mail == 'ticket' and verdict.kind == mail_kind.AUTO_GENERATED:
            return self._deliver_new(places, arrival, verdict, belonging.decide(None, belonging.STRANGER), None,
                                     [sender] if sender else [], ours, plain)
        self._conclude('auto_reply', self.env._("Written by a machine (%s); it answers no ticket.", verdict.because),
                       team_id=place.team_id if place else False, company_id=place.company_id if place else False)
        return False

    def _take_bounce(self, arrival, bounce, parent):
        """Keep a delivery report on its ticket, and mark the mail it is about as undelivered."""
        if not parent or parent.model != 'helpdesk.ticket':
            self._conclude('bounce', self.env._("A delivery report about a mail that is not known here."))
            return False
        ticket = self.env['helpdesk.ticket'].browse(parent.res_id)
        who = ', '.join(bounce.recipients) or self.env._("the recipient")
        text = self.env._("A mail to %(who)s was not delivered. %(why)s", who=who, why=bounce.diagnostic)
        message = ticket.with_context(helpdesk_automatic_mail=True).message_post(
            body=text, message_type='notification', subtype_xmlid='mail.mt_note')
        self.env['mail.notification'].search([
            ('mail_message_id', '=', parent.id), ('notification_type', '=', 'email'),
            '|', ('res_partner_id.email_normalized', 'in', bounce.recipients), ('mail_email_address', 'in', bounce.recipients),
        ]).write({'notification_status': 'bounce', 'failure_type': 'mail_bounce', 'failure_reason': bounce.diagnostic or text})
        self._conclude('bounce', text, ticket_id=ticket.id, mail_message_id=message.id, team_id=ticket.team_id.id,
                       company_id=ticket.company_id.id)
        return ticket.id

    # ------------------------------------------------------------
    # the message
    # ------------------------------------------------------------

    def _post(self, ticket, arrival, subtype_xmlid, author_id, plain, ours, **extra):
        """Post the mail on ``ticket`` and return the message. Attachments stay as they came, to the byte."""
        body, attachments = self._words(arrival, plain)
        others = self._others(arrival, ours)
        sender = formataddr((arrival.sender_name if arrival.sender_name != arrival.sender else '', arrival.sender)) \
            if arrival.sender else self.env._("Unknown sender")
        address = next((a.address for a in ours.values() if a.team_id and a.team_id == ticket.team_id.id), None)
        if address:
            extra['reply_to'] = ticket._format_reply_to(address)
        thread = ticket.with_context(
            mail_create_nosubscribe=True,
            mail_post_autofollow_author_skip=not author_id, attachments_mime_plainxml=True, image_no_postprocess=True)
        return thread.message_post(
            body=body, subject=arrival.subject or False, message_type='email', subtype_xmlid=subtype_xmlid,
            author_id=author_id or False, email_from=sender, date=arrival.date,
            message_id=arrival.message_id or f'<{self.content_digest[:40]}@message-id.missing>',
            incoming_email_to=_formatted(others) or False, attachments=attachments, **extra)

    def _words(self, arrival, plain):
        """Return (body as Markup, attachments for message_post) of a mail.

        :param bool plain: show readable text only and add the original: the mail was too broken for more
        """
        content = mail_content.read(arrival.message)
        attachments = [(a.name, a.content, {'cid': a.cid} if a.cid else {}) for a in content.attachments]
        notice = ''
        if plain or content.problems:
            notice = Markup("<p><em>%s</em></p>") % self.env._("This mail could not be shown in full. The original is attached.")
            attachments.append(('original.eml', self.raw_id.raw or b'', {}))
        if plain:
            text = content.plain or mail_content.html_to_text(content.html)
            return notice + Markup('<pre>%s</pre>') % escape(text[:MAX_PLAIN]), attachments
        if content.html:
            return notice + Markup(html_sanitize(content.html, sanitize_tags=False, strip_classes=True)), attachments  # noqa: S704 sanitised
        return notice + plaintext2html(content.plain[:MAX_PLAIN]), attachments


def _formatted(people):
    return ', '.join(formataddr((name if name != address else '', address)) for name, address in people)


