from . import test_helpdesk_sla_access
from . import test_helpdesk_sla_assign
from . import test_helpdesk_sla_choice
from . import test_helpdesk_sla_hours
from . import test_helpdesk_sla_status
from . import test_helpdesk_sla_tick
from . import test_helpdesk_sla_units
from . import test_helpdesk_sla_whatif
