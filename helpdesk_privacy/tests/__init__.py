from . import test_helpdesk_person
from . import test_helpdesk_privacy_tours
from . import test_helpdesk_retention_rule
from . import test_helpdesk_ticket_redact
