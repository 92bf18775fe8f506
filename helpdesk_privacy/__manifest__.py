{
    'name': 'Helpdesk Privacy',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Redaction everywhere it lives, export and erasure of a person, retention rules with proof, legal hold',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'privacy_lookup'],
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_privacy_rules.xml',
        'data/ir_cron_data.xml',
        'wizard/helpdesk_ticket_redact_views.xml',
        'wizard/helpdesk_ticket_hold_views.xml',
        'wizard/helpdesk_person_views.xml',
        'wizard/privacy_lookup_wizard_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/res_partner_views.xml',
        'views/helpdesk_retention_rule_views.xml',
        'views/helpdesk_retention_run_views.xml',
        'views/helpdesk_privacy_menus.xml',
    ],
    'demo': [
        'demo/helpdesk_retention_rule_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_privacy/static/src/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_privacy/static/tests/tours/**/*',
        ],
    },
    'auto_install': True,
}
