from . import test_crm_lead
from . import test_helpdesk_crm_tours
from . import test_helpdesk_ticket_merge
from . import test_helpdesk_ticket_opportunities
from . import test_helpdesk_ticket_sales
from . import test_helpdesk_ticket_sales_readers
from . import test_helpdesk_ticket_sales_privacy
