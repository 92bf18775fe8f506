{
    'name': 'Helpdesk SLA',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Promises to customers: working-time clocks that can be explained, warnings, escalation',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core'],
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_sla_rules.xml',
        'data/ir_cron_data.xml',
        'views/helpdesk_sla_status_views.xml',
        'wizard/helpdesk_sla_apply_views.xml',
        'views/helpdesk_sla_policy_views.xml',
        'views/helpdesk_sla_target_views.xml',
        'views/helpdesk_sla_whatif_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/helpdesk_type_views.xml',
        'views/res_partner_views.xml',
        'views/helpdesk_sla_menus.xml',
    ],
    'demo': [
        'demo/helpdesk_sla_policy_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_sla/static/src/**/*',
        ],
        'web.assets_unit_tests': [
            'helpdesk_sla/static/tests/**/*.test.js',
        ],
    },
}
