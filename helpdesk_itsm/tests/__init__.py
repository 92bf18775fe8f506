from . import test_helpdesk_priority_rule
from . import test_helpdesk_problem
from . import test_helpdesk_process
from . import test_helpdesk_problem_update
