from . import test_helpdesk_article
from . import test_helpdesk_article_access
from . import test_helpdesk_article_finding
from . import test_helpdesk_article_flag
from . import test_helpdesk_article_search_quality
from . import test_helpdesk_kb_tours
from . import test_helpdesk_kb_units
from . import test_helpdesk_ticket
