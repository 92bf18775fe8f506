from . import test_helpdesk_ticket_merge
from . import test_helpdesk_ticket_task
from . import test_project_task
