from . import helpdesk_approval
from . import helpdesk_approval_portal
from . import helpdesk_catalogue
