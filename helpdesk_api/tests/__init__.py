from . import test_helpdesk_api
from . import test_helpdesk_api_access
from . import test_helpdesk_api_events
from . import test_helpdesk_api_http
