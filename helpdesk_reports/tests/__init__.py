from . import test_helpdesk_ticket_report
from . import test_helpdesk_sla_report
from . import test_helpdesk_ticket_reading
from . import test_helpdesk_backlog
from . import test_helpdesk_reports_access
from . import test_helpdesk_export
from . import test_helpdesk_staffing
