from . import helpdesk_person_export
from . import helpdesk_person
from . import helpdesk_ticket_hold
from . import helpdesk_ticket_redact
from . import privacy_lookup_wizard
from . import privacy_lookup_wizard_line
