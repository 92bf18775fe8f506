from . import helpdesk_timesheet_demo
