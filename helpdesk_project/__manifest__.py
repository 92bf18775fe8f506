{
    'name': 'Helpdesk and Projects',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Tickets and tasks side by side: make one of the other, see how both stand, hear when they are done',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'project'],
    'auto_install': True,
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_project_rules.xml',
        'wizard/helpdesk_ticket_task_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/helpdesk_team_views.xml',
        'views/project_task_views.xml',
    ],
    'demo': [
        'demo/project_task_demo.xml',
    ],
}
