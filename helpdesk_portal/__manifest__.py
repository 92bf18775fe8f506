{
    'name': 'Helpdesk Portal',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Customers see their tickets, whose turn it is, write to us and ask anew',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'helpdesk_kb', 'helpdesk_sla', 'portal'],
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_rules.xml',
        'views/helpdesk_layout_templates.xml',
        'views/helpdesk_brand_views.xml',
        'views/helpdesk_form_templates.xml',
        'views/helpdesk_help_templates.xml',
        'views/helpdesk_help_article_templates.xml',
        'views/helpdesk_help_suggest_templates.xml',
        'views/helpdesk_form_refusal_views.xml',
        'views/helpdesk_portal_list_templates.xml',
        'views/helpdesk_portal_ticket_templates.xml',
        'views/helpdesk_portal_new_templates.xml',
        'views/helpdesk_team_views.xml',
        'views/helpdesk_type_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/res_partner_views.xml',
    ],
    'demo': [
        'demo/helpdesk_portal_demo.xml',
        'demo/helpdesk_form_demo.xml',
    ],
    'assets': {
        'web.assets_frontend': [
            'helpdesk_portal/static/src/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_portal/static/tests/tours/**/*',
        ],
    },
}
