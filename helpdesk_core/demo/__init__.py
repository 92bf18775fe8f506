from . import helpdesk_demo
from . import merge_demo
