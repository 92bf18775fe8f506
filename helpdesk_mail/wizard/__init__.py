from . import helpdesk_mail_test
from . import helpdesk_mail_setup
from . import helpdesk_ticket_forward
from . import helpdesk_ticket_forward_line
