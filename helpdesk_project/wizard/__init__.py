from . import helpdesk_ticket_task
