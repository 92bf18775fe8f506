from dataclasses import replace
from typing import NamedTuple

from odoo import api, models
from odoo.addons.helpdesk_core.tools import outbound

from ..tools.adapter import Sent

PRIVATE_HOSTS = 'helpdesk_messenger.private_hosts'
# Files of many megabytes take a while.
PATIENCE = outbound.Limits(connect=5, read=15, total=60)


class Fetched(NamedTuple):
    """A file that was fetched, or why not (``reason``, and whether to ``retry``)."""
    content: bytes = b''
    mimetype: str = ''
    reason: str = ''
    retry: bool = False


class HelpdeskChannelNetworkMixin(models.AbstractModel):
    """Makes the calls that adapters prepare: by the one client that reaches nothing inside (threats: SSRF)."""
    _name = 'helpdesk.channel.network.mixin'
    _description = "Messenger Channel: Network"

    def _ask(self, call):
        """Make ``call``, and those that it prepares, and return what the adapter says about the last
        (:class:`Sent`)."""
        answer, sent = self._go_through(call)
        return sent or self._what_was_said(answer, call)

    def _what_was_said(self, answer, call):
        """Return what the adapter says about the answer to ``call``. Services repeat the key that they refuse."""
        sent = self._adapter().sent(answer.status, answer.headers, answer.body)
        return replace(sent, reason=self._masked(sent.reason, call))

    def _go_through(self, call, body_limit=outbound.BODY_LIMIT):
        """Make ``call`` and what follows it.

        :return: (answer of the last one, None), or (None, :class:`Sent` that says what stopped it)
        """
        while True:
            try:
                limit = outbound.BODY_LIMIT if call.then else body_limit
                answer = self._request(call, limit)
            except outbound.OutboundError as error:
                # what only prepares another call reached nobody
                unclear = error.left and call.method == 'POST' and not call.then
                return None, Sent(False, reason=self._masked(str(error), call), retry=error.retry, unclear=unclear)
            if not call.then:
                return answer, None
            sent = self._what_was_said(answer, call)
            if not sent.ok:
                return None, sent
            try:
                call = call.following(sent.service_id)
            except ValueError as error:
                return None, Sent(False, reason=str(error))

    def _request(self, call, body_limit):
        target = outbound.check_url(call.url)
        return outbound.request(
            call.method, call.url, call.body, call.headers, limits=PATIENCE, body_limit=body_limit,
            allow_private=self._is_private_allowed(target))

    @api.model
    def _masked(self, text, call):
        for secret in call.secrets:
            text = text.replace(secret, '•••') if secret else text
        return text

    def _fetch(self, reference, limit):
        """Bring the file ``reference`` (text, the service's), at most ``limit`` bytes of it (:class:`Fetched`)."""
        try:
            call = self._adapter().fetch(self._credentials(), reference)
        except ValueError as error:
            return Fetched(reason=str(error))
        answer, stopped = self._go_through(call, limit + 1)
        if stopped:
            return Fetched(reason=stopped.reason, retry=stopped.retry)
        if not answer.ok:
            return Fetched(reason=self.env._("The service answered with the status %s.", answer.status),
                           retry=answer.status >= 500 or answer.status in (408, 425, 429))
        if len(answer.body) > limit:
            return Fetched(reason=self.env._("It is larger than %s MB.", limit // 1_000_000))
        if not answer.complete:
            return Fetched(reason=self.env._("It did not arrive as a whole."), retry=True)
        return Fetched(answer.body, answer.headers.get('content-type', '').partition(';')[0].strip())

    @api.model
    def _is_private_allowed(self, target):
        """Tell whether a system administrator listed the host of ``target``, with or without its port."""
        # sudo: a parameter; nobody but system administrators writes it
        listed = self.env['ir.config_parameter'].sudo().get_param(PRIVATE_HOSTS) or ''
        hosts = {host.strip().lower() for host in listed.replace(';', ',').replace('\n', ',').split(',')}
        shown = f'[{target.host}]' if ':' in target.host else target.host
        return bool(hosts & {target.host, f'{shown}:{target.port}'})
