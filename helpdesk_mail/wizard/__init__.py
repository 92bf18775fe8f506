from . import helpdesk_mail_test
from . import helpdesk_mail_setup
