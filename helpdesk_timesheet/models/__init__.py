from . import account_analytic_line
from . import helpdesk_prepaid
from . import helpdesk_team
from . import helpdesk_ticket_timer
from . import helpdesk_ticket
from . import helpdesk_timer
from . import res_partner
