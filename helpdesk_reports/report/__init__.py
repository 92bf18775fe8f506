from . import helpdesk_report_export
from . import helpdesk_report_people
from . import helpdesk_report_mixin
from . import helpdesk_ticket_report
from . import helpdesk_sla_report
from . import report_helpdesk_reports_document
