from . import helpdesk_ticket_link_problem
