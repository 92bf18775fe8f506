from . import helpdesk_problem_demo
