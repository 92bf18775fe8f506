from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request

from .helpdesk_portal_ticket import read_files


class HelpdeskPortalNew(CustomerPortal):
    """A new request: what it is about, then only the fields that this needs."""

    @http.route('/my/tickets/new', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def helpdesk_new(self, topic='', **kw):
        topics = request.env['helpdesk.ticket']._portal_topics()
        if len(topics) == 1:
            topic = topics[0]['key']
        return self._form(topics, topic, {})

    @http.route('/my/tickets/new', type='http', auth='user', website=True, methods=['POST'], sitemap=False)
    def helpdesk_new_send(self, topic='', **values):
        tickets = request.env['helpdesk.ticket']
        files = read_files(request.httprequest.files.getlist('files'))
        try:
            with request.env.cr.savepoint():
                ticket = tickets._portal_request(topic, values, files)
        except UserError as error:
            response = self._form(tickets._portal_topics(), topic, values, error=str(error))
            response.status_code = 422
            return response
        request.env['helpdesk.article.search']._page_note_ticket(values.get('found'), values.get('suggested'))
        return request.redirect(f'/my/tickets/{ticket.id}?said=new')

    def _form(self, topics, key, values, error=''):
        tickets = request.env['helpdesk.ticket']
        topic = next((topic for topic in topics if topic['key'] == key), None)
        questions = tickets._portal_topic_questions(topic) if topic else []
        errors = request.env['helpdesk.form.answers']._read(questions, values)[1] if error else {}
        return request.render('helpdesk_portal.portal_new_ticket', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_new', 'topics': topics, 'topic': topic,
            'values': values, 'error': error, 'max_mb': tickets._portal_max_bytes() // 1024 // 1024,
            'categories': tickets._portal_categories(topic) if topic else [],
            'questions': questions, 'errors': errors, 'first_error': next(iter(errors), ''),
        })
