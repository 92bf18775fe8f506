from . import helpdesk_ticket_erase
from . import helpdesk_ticket_freeze
from . import mail_compose_message
