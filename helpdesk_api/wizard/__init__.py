from . import helpdesk_api_setup
