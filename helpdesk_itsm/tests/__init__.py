from . import test_helpdesk_approval
from . import test_helpdesk_approval_delegation
from . import test_helpdesk_approval_page
from . import test_helpdesk_catalogue_approval
from . import test_helpdesk_catalogue_item
from . import test_helpdesk_catalogue_order
from . import test_helpdesk_catalogue_portal
from . import test_helpdesk_sla_policy_catalogue
