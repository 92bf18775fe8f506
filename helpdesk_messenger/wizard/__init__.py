from . import helpdesk_channel_secret
