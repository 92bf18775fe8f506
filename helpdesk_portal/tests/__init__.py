from . import test_helpdesk_brand
from . import test_helpdesk_form
from . import test_helpdesk_form_confirm
from . import test_helpdesk_form_limit
from . import test_helpdesk_form_portal
from . import test_helpdesk_form_tour
from . import test_helpdesk_portal
from . import test_helpdesk_portal_access
