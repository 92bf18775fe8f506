from . import test_helpdesk_brand
from . import test_helpdesk_portal
from . import test_helpdesk_portal_access
