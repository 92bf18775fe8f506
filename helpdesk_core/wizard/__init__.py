from . import helpdesk_ticket_checklist
from . import helpdesk_ticket_erase
from . import helpdesk_ticket_freeze
