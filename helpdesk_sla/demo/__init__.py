from . import helpdesk_sla_demo
