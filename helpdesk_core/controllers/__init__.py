from . import export
from . import helpdesk_brand
from . import thread
