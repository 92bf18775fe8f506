from . import test_helpdesk_catalogue_item
from . import test_helpdesk_catalogue_order
from . import test_helpdesk_catalogue_portal
from . import test_helpdesk_sla_policy_catalogue
