from . import account_analytic_line
from . import helpdesk_prepaid
from . import helpdesk_sla_policy
from . import helpdesk_ticket
from . import product_template
from . import sale_order
from . import sale_order_line
