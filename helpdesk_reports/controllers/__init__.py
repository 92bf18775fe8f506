from . import helpdesk_export
