from . import helpdesk_catalogue_demo
