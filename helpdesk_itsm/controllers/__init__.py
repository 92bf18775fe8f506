from . import helpdesk_catalogue
