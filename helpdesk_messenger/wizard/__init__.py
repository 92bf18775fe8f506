from . import helpdesk_channel_secret
from . import helpdesk_channel_template_send
from . import helpdesk_channel_template_send_line
