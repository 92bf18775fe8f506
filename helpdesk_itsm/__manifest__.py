{
    'name': 'Helpdesk Service Desk',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Incidents, requests, problems and changes, each with its own process; catalogue, approvals, assets',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'helpdesk_portal', 'maintenance'],
    'auto_install': True,
    'data': [
        'security/ir.model.access.csv',
        'views/helpdesk_itsm_menus.xml',
    ],
}
