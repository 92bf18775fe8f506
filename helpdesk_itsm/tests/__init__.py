from . import test_helpdesk_approval
from . import test_helpdesk_approval_delegation
from . import test_helpdesk_approval_page
from . import test_helpdesk_itsm_tours
from . import test_helpdesk_ticket_change
from . import test_helpdesk_ticket_asset
