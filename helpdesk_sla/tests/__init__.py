from . import test_helpdesk_sla_choice
from . import test_helpdesk_sla_status
from . import test_helpdesk_sla_tick
