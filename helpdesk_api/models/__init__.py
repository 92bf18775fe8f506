from . import helpdesk_api_reference
from . import helpdesk_ticket_event
from . import helpdesk_api_gate
from . import helpdesk_api_data
from . import helpdesk_api_events
from . import helpdesk_api_reading
from . import helpdesk_api
