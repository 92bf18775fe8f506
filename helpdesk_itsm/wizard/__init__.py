from . import helpdesk_ticket_link_problem
from . import helpdesk_approval_answer
from . import helpdesk_approval_request
