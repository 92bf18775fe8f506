from . import helpdesk_team
from . import helpdesk_ticket
from . import helpdesk_ticket_event
from . import helpdesk_ticket_merge
from . import project_project
from . import project_task
