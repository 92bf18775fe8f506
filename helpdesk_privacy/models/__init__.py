from . import helpdesk_ticket_event
from . import helpdesk_ticket
from . import helpdesk_personal_data
from . import helpdesk_retention_rule
from . import helpdesk_retention_run
from . import helpdesk_retention_run_line
from . import ir_attachment
from . import res_partner
