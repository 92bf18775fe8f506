from . import test_helpdesk_overview
from . import test_helpdesk_ticket
from . import test_helpdesk_ticket_event
from . import test_helpdesk_ticket_facts
from . import test_helpdesk_ticket_phone
from . import test_helpdesk_ticket_thread
from . import test_helpdesk_ticket_timers
from . import test_helpdesk_tours
