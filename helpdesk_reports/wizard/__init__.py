from . import helpdesk_staffing
