from . import helpdesk_ticket_event
from . import helpdesk_ticket
from . import res_partner
