from . import helpdesk_ticket_hold
from . import helpdesk_ticket_redact
