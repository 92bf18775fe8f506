from . import test_digest_digest
from . import test_helpdesk_report_content
from . import test_helpdesk_report_schedule
