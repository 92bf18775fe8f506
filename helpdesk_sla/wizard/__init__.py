from . import helpdesk_sla_apply
from . import helpdesk_sla_apply_line
