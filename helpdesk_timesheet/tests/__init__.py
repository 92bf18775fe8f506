from . import test_account_analytic_line
from . import test_helpdesk_prepaid
from . import test_helpdesk_timer
from . import test_helpdesk_ticket_report
from . import test_helpdesk_timesheet_units
from . import test_helpdesk_team
