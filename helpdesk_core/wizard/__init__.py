from . import helpdesk_ticket_erase
