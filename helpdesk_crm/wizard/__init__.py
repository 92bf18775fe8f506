from . import helpdesk_lead_link
from . import helpdesk_ticket_opportunity
from . import helpdesk_ticket_pass
