from . import helpdesk_api
