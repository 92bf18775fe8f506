from . import test_helpdesk_channel_access
from . import test_helpdesk_channel_file
from . import test_helpdesk_channel_graph
from . import test_helpdesk_channel_http
from . import test_helpdesk_channel_intake
from . import test_helpdesk_channel_sending
from . import test_helpdesk_channel_units
from . import test_helpdesk_channel_whatsapp
