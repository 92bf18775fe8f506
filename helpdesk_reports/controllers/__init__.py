from . import helpdesk_export
from . import report_preview
