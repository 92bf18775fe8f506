from odoo import models

from .helpdesk_ticket_viewers import SUBCHANNEL

PREFIX = 'helpdesk.ticket.viewers_'
MAX_TICKETS = 1000  # of one client: far more than a screen shows


class IrWebsocket(models.AbstractModel):
    _inherit = 'ir.websocket'

    def _build_bus_channel_list(self, channels):
        """Let people listen to the tickets they work on: clients ask for ``helpdesk.ticket.viewers_<id>,<id>,…``."""
        asked = [channel for channel in channels if isinstance(channel, str) and channel.startswith(PREFIX)]
        if not asked:
            return super()._build_bus_channel_list(channels)
        numbers = [number for channel in asked for number in channel.removeprefix(PREFIX).split(',')]
        ids = {int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 10}
        tickets = self.env['helpdesk.ticket'].browse(sorted(ids)[:MAX_TICKETS])._seen_by_colleagues()
        others = [channel for channel in channels if channel not in asked]
        return super()._build_bus_channel_list([*others, *((ticket, SUBCHANNEL) for ticket in tickets)])
