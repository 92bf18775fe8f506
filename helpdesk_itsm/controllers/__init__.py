from . import helpdesk_approval
from . import helpdesk_approval_portal
