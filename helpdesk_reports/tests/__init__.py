from . import test_helpdesk_dashboard
from . import test_helpdesk_dashboard_access
from . import test_helpdesk_reports_units
from . import test_helpdesk_reports_tours
