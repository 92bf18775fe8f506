{
    'name': 'Helpdesk Portal',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Customers see their tickets, write to us and ask anew; a public form for everybody else',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'helpdesk_sla', 'portal'],
    'data': [
        'security/ir.model.access.csv',
    ],
    'demo': [],
    'assets': {
        'web.assets_frontend': [
            'helpdesk_portal/static/src/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_portal/static/tests/tours/**/*',
        ],
    },
}
