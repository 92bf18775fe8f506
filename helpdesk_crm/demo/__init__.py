from . import helpdesk_crm_demo
