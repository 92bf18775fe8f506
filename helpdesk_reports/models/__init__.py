from . import helpdesk_ticket_period
from . import helpdesk_ticket_figure
from . import helpdesk_ticket_reading
from . import helpdesk_backlog
