from . import test_helpdesk_approval
from . import test_helpdesk_approval_delegation
from . import test_helpdesk_approval_page
