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
        'security/helpdesk_catalogue_rules.xml',
        'views/helpdesk_itsm_menus.xml',
        'views/helpdesk_catalogue_category_views.xml',
        'views/helpdesk_catalogue_question_views.xml',
        'views/helpdesk_catalogue_item_views.xml',
        'views/helpdesk_catalogue_answer_views.xml',
        'views/helpdesk_catalogue_templates.xml',
        'views/helpdesk_ticket_catalogue_views.xml',
        'views/helpdesk_sla_policy_catalogue_views.xml',
        'views/res_partner_catalogue_views.xml',
        'views/helpdesk_catalogue_menus.xml',
    ],
    'assets': {
        'web.assets_frontend': [
            'helpdesk_itsm/static/src/scss/helpdesk_catalogue.scss',
        ],
    },
}
