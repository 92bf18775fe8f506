from odoo import SUPERUSER_ID, api, models
from odoo.tools import format_datetime, plaintext2html

from ..tools.upload import clean_name
from .helpdesk_ticket_portal_turn import ANSWERS


class HelpdeskFormIntake(models.AbstractModel):
    """Make a ticket of a sent form. Who is logged in does not count: the form is a stranger's (S4-4)."""
    _name = 'helpdesk.form.intake'
    _description = "Form: Make the Ticket"

    @api.model
    def _make_ticket(self, team, questions, answers, files):
        """Return the new ticket (in sudo).

        Its customer is the name and address as typed, and no contact: what a contact would bring (promises, rules)
        would tell a stranger whether we know the address. The contact comes when the owner confirms.

        :param files: [(name, content as bytes)]
        """
        public = self.env.ref('base.public_user', raise_if_not_found=False)
        # sudo: the public has no right on tickets; the team has switched its form on
        tickets = self.env['helpdesk.ticket'].with_user(public or SUPERUSER_ID).sudo().with_company(team.company_id)
        text = self._text(answers)
        ticket = tickets.with_context(mail_create_nosubscribe=True, helpdesk_routing={
            'body': text, 'files': [(clean_name(name), '') for name, _content in files]}).create({
                **self._ticket_values(team, questions, answers), 'channel': 'web', 'address_unconfirmed': True,
            }).with_env(tickets.env)
        # 'email' and no author: the words of an address, whoever's it is
        ticket.with_context(helpdesk_new_thread=True).message_post(
            body=plaintext2html(text), subtype_xmlid='mail.mt_comment', message_type='email', author_id=False,
            email_from=ticket.partner_email, attachments=[(clean_name(name), content) for name, content in files])
        return ticket

    @api.model
    def _ticket_values(self, team, questions, answers):
        values = {
            'team_id': team.id, 'name': answers['subject'], 'partner_name': answers['name'],
            'partner_email': answers['email'], 'partner_phone': answers.get('phone', False),
            'visitor_lang': self.env.lang}
        for name in ('type', 'category'):
            if name in answers:
                values[f'{name}_id'] = int(answers[name])
        given = self.env['helpdesk.form.answers']._property_values(questions, answers)
        if given:
            values['ticket_properties'] = given
        return values

    @api.model
    def _text(self, answers):
        if not answers.get('company'):
            return answers['text']
        return self.env._("%(text)s\n\nCompany: %(company)s", text=answers['text'], company=answers['company'])

    @api.model
    def _promise(self, ticket):
        """Return the clock (may be empty) of what we promise for ``ticket``; clocks are set as it is written."""
        self.env.flush_all()
        return ticket._portal_promise()

    @api.model
    def _promise_words(self, team, due, metric):
        """Return what the thank-you page says about the promise that is ``due`` (naive UTC), in the team's time."""
        zone = team._get_calendar().tz or 'UTC'
        when = format_datetime(self.env, due, tz=zone, dt_format='EEEE d MMMM, HH:mm')
        if metric in ANSWERS:
            return self.env._("We promise you an answer by %(when)s (%(zone)s).", when=when, zone=zone)
        return self.env._("We promise you a solution by %(when)s (%(zone)s).", when=when, zone=zone)
