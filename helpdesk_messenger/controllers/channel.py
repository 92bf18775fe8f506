import logging

from odoo import http
from odoo.http import request
from werkzeug.exceptions import RequestEntityTooLarge

from ..tools import wire

_logger = logging.getLogger(__name__)
# Bytes of one call. Files do not come with it, but are fetched; Meta's calls hold up to 3 MB.
CALL_LIMIT = wire.BODY_LIMIT


class HelpdeskChannelController(http.Controller):
    """Where services bring what customers write. The address is a secret; what comes is signed all the same."""

    @http.route('/helpdesk/channel/<string:token>', type='http', auth='public', methods=['GET', 'POST'], csrf=False,
                save_session=False, sitemap=False, readonly=False, max_content_length=CALL_LIMIT + 1)
    def channel(self, token, **_query):
        """Answer the service's question whether the address is ours (GET), or keep a call of it (POST)."""
        # sudo: whoever calls is nobody's user; the channel is known by its secret address
        channel = request.env['helpdesk.channel'].sudo()._by_address(token)
        if not channel:
            return request.make_response("Not found", status=404)
        if request.httprequest.method != 'POST':  # HEAD comes along with GET
            answer = channel._handshake(dict(request.httprequest.args))
            return _plain(answer, 200) if answer is not None else _plain("Forbidden", 403)
        return self._take(channel)

    def _take(self, channel):
        try:
            body = request.httprequest.get_data(cache=False)  # no more than the route's limit, told before or not
        except RequestEntityTooLarge:
            return _plain("Too large", 413)
        if len(body) > CALL_LIMIT:
            return _plain("Too large", 413)
        headers = {name.lower(): value for name, value in request.httprequest.headers.items()}
        if not channel._verify(headers, body):
            _logger.info("Messenger channel %s: a call with a wrong signature was refused", channel.id)
            channel._count_refused()
            return _plain("Forbidden", 403)
        channel._keep_call(body)
        return _plain("OK", 200)


def _plain(text, status):
    return request.make_response(
        text, status=status, headers=[('Content-Type', 'text/plain; charset=utf-8'), ('Cache-Control', 'no-store')])
