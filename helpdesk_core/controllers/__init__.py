from . import export
from . import helpdesk_brand
