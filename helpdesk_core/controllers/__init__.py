from . import helpdesk_brand
