from . import helpdesk_person
