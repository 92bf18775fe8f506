from . import test_helpdesk_portal
