from odoo.addons.im_livechat.controllers.main import LivechatController
from odoo.addons.im_livechat.controllers.webclient import WebClient
from odoo.http import request, route

from ..tools.visited import clean_pages


class HelpdeskLivechat(LivechatController):
    """What a visitor's browser tells, and what they leave when nobody is there."""

    def _process_extra_channel_params(self, **kwargs):
        passing, kept = super()._process_extra_channel_params(**kwargs)
        pages = clean_pages(kwargs.get('helpdesk_pages')) or clean_pages([request.httprequest.referrer])
        return passing, {**kept, 'helpdesk_pages': pages or False}

    @route('/helpdesk/livechat/message', methods=['POST'], type='jsonrpc', auth='public', cors='*')
    def helpdesk_leave_message(self, channel_id, name='', email='', text='', pages=None, guest_token=None):
        """Take a message of a visitor who found nobody in the chat.

        :return: dict of ``number`` of the ticket, or ``error``: what to do
        """
        del guest_token  # sent along from other sites; who writes here is known by nothing but what they type
        # sudo: visitors have no right on channels; the channel decides
        channels = request.env['im_livechat.channel'].sudo()
        channel = channels.search([('id', '=', channel_id if type(channel_id) is int else 0)])  # True is none
        return channel._helpdesk_take_message(name, email, text, clean_pages(pages))


class HelpdeskLivechatClient(WebClient):

    @classmethod
    def _process_request_for_all(cls, store, name, params):
        super()._process_request_for_all(store, name, params)
        if name == 'init_livechat':
            # sudo: what is offered in the channel is everybody's to know
            channel = request.env['im_livechat.channel'].sudo().search([('id', '=', params)])
            store.add_global_values(helpdesk_offer=channel._helpdesk_offer() if channel else False)
