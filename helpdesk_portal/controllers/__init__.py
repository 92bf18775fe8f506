from . import helpdesk_help
from . import helpdesk_help_article
from . import helpdesk_help_robots
from . import helpdesk_portal
from . import helpdesk_portal_new
from . import helpdesk_portal_ticket
from . import helpdesk_form
from . import helpdesk_form_confirm
