from . import test_helpdesk_help
from . import test_helpdesk_portal
