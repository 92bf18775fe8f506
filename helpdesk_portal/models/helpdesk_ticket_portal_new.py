from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.typed import typed

REQUESTS_AN_HOUR = 10


class HelpdeskTicketPortalNew(models.AbstractModel):
    """New requests of customers who are logged in: what they may choose, and what becomes of it."""
    _name = 'helpdesk.ticket.portal.new.mixin'
    _description = "Ticket: New Requests in the Portal"

    @api.model
    def _portal_topics(self):
        """Return what the present user may ask about: [{'key', 'name', 'text', 'icon', 'team', 'type'}], few."""
        companies = self.env.user.company_ids.ids
        # sudo: what is offered to customers, in lists that they have no rights on
        teams = self.env['helpdesk.team'].sudo().search(
            [('portal_offered', '=', True), ('company_id', 'in', companies)])
        types = self.env['helpdesk.type'].sudo().search(  # sudo: as above
            [('portal_team_id.company_id', 'in', companies), ('portal_team_id.active', '=', True)])
        topics = [{'key': f'type-{kind.id}', 'name': kind.name, 'text': kind.portal_description or '',
                   'icon': kind.portal_icon, 'team': kind.portal_team_id, 'type': kind} for kind in types]
        return topics + [{'key': f'team-{team.id}', 'name': team.name, 'text': team.portal_description or '',
                          'icon': 'fa-comments', 'team': team, 'type': types.browse()} for team in teams]

    @api.model
    def _portal_topic_questions(self, topic):
        """Return the questions (see ``helpdesk.form.questions``) for the team's own fields that a customer fills in."""
        return self.env['helpdesk.form.questions']._field_questions(topic['team'], 'in_portal')

    @api.model
    def _portal_categories(self, topic):
        """Return the categories (superuser) that may be chosen for the topic."""
        return self.env['helpdesk.category'].sudo().search(  # sudo: names of what may be chosen
            ['|', ('team_ids', '=', False), ('team_ids', '=', topic['team'].id)], limit=50)

    @api.model
    def _portal_request(self, key, values, files=()):
        """Make a ticket of what the present user asks in the portal.

        :param str key: of one of ``_portal_topics``
        :param dict values: ``subject``, ``text``, ``category`` (id as text), and the names of the questions for
            the team's own fields; everything else is ignored
        :param files: [(name, content as bytes)]
        :return: the ticket, as the superuser
        :raise UserError: what is missing or refused
        """
        values = {name: typed(value) for name, value in values.items()}
        topic = next((topic for topic in self._portal_topics() if topic['key'] == key), None)
        if not topic:
            raise UserError(self.env._("Choose what your request is about."))
        subject = ' '.join((values.get('subject') or '').split())[:200]
        if not subject:
            raise UserError(self.env._("Say in a few words what it is about."))
        text = self._portal_check_text(values.get('text'))
        self._portal_check_files(files)
        self._portal_check_request_pace()
        vals = {
            'name': subject, 'team_id': topic['team'].id, 'type_id': topic['type'].id, 'channel': 'portal',
            'partner_id': self.env.user.partner_id.id,
            'ticket_properties': self.env['helpdesk.form.answers']._read_fields(
                self._portal_topic_questions(topic), values),
        }
        category = self._portal_categories(topic).filtered(
            lambda category: str(category.id) == str(values.get('category') or ''))
        if category:
            vals['category_id'] = category.id
        # sudo: customers have no right on tickets; what may be given was chosen above
        ticket = self.sudo().create(vals)
        ticket.with_context(helpdesk_new_thread=True)._portal_post(text, files)
        return ticket

    def _portal_check_request_pace(self):
        # sudo: how many the user made within the hour
        recent = self.sudo().search_count([
            ('partner_id', '=', self.env.user.partner_id.id), ('channel', '=', 'portal'),
            ('create_date', '>', self.env.cr.now() - timedelta(hours=1))], limit=REQUESTS_AN_HOUR)
        if recent >= REQUESTS_AN_HOUR:
            raise UserError(self.env._("You made many requests within an hour. Please wait a little, then go on."))
