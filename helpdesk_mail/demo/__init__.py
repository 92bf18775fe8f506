from . import helpdesk_demo
from . import helpdesk_demo_side
