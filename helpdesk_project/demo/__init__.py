from . import helpdesk_project_demo
