from . import test_helpdesk_ticket
from . import test_helpdesk_ticket_event
from . import test_helpdesk_ticket_facts
from . import test_helpdesk_ticket_thread
