from . import helpdesk_channel_demo
