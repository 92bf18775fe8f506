{
    'name': 'Helpdesk CRM',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Tickets and opportunities that know each other; sales requests go to sales; sales sees its customers',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'crm'],
    'auto_install': True,
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_crm_rules.xml',
        'wizard/helpdesk_ticket_pass_views.xml',
        'wizard/helpdesk_ticket_opportunity_views.xml',
        'wizard/helpdesk_lead_link_views.xml',
        'views/helpdesk_team_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/helpdesk_ticket_sales_views.xml',
        'views/crm_lead_views.xml',
        'views/res_partner_views.xml',
    ],
    'demo': [
        'demo/helpdesk_crm_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_crm/static/src/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_crm/static/tests/tours/**/*',
        ],
    },
}
