from . import test_helpdesk_channel_intake
