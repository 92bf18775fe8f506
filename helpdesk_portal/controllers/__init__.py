from . import helpdesk_portal
from . import helpdesk_portal_new
from . import helpdesk_portal_ticket
