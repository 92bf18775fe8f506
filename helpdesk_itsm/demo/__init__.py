from . import helpdesk_catalogue_demo
from . import helpdesk_problem_demo
