from . import helpdesk_routing_try
from . import helpdesk_ticket_erase
from . import helpdesk_ticket_freeze
