from odoo import http
from odoo.addons.mail.controllers.thread import ThreadController
from odoo.addons.mail.tools.discuss import Store
from werkzeug.exceptions import NotFound


class HelpdeskThreadController(ThreadController):

    @http.route('/helpdesk/answer/hold', methods=['POST'], type='jsonrpc', auth='user')
    def helpdesk_answer_hold(self, thread_id, post_data):
        """Take an answer as ``/mail/message/post`` does, and send it some seconds later.

        :return: {'id': of the held answer, 'seconds': until it leaves, 'store_data'}
        :raise AnswerHeldBack, AccessError: as posting does
        """
        ticket = self._get_thread_with_access_for_post('helpdesk.ticket', thread_id)
        if not ticket:
            raise NotFound()
        held = ticket._hold_answer(self._prepare_message_data(post_data, thread=ticket, from_create=True))
        return {'id': held.id, 'seconds': ticket._undo_seconds(),
                'store_data': Store().add(ticket, [], as_thread=True, request_list=['scheduledMessages']).get_result()}
