{
    'name': 'Helpdesk API',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Stable methods for other systems over JSON-2, described in OpenAPI, and events to follow',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core'],
    'data': [
        'security/ir.model.access.csv',
        'wizard/helpdesk_api_setup_views.xml',
    ],
    'uninstall_hook': 'uninstall_hook',
}
