from . import test_helpdesk_webhook
from . import test_helpdesk_webhook_access
from . import test_helpdesk_webhook_delivery
from . import test_helpdesk_webhook_queue
from . import test_helpdesk_webhook_tours
from . import test_helpdesk_webhook_workers
from . import test_helpdesk_webhook_hostile
