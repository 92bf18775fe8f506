from . import helpdesk_approval_answer
from . import helpdesk_approval_request
