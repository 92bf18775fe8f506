{
    'name': 'Helpdesk Webhooks',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Tell Slack, Mattermost, Teams or your own programs what happens to tickets: signed, never lost',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core'],
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_webhook_rules.xml',
        'data/helpdesk_webhook_topic_data.xml',
        'data/ir_cron_data.xml',
        'wizard/helpdesk_webhook_secret_views.xml',
        'views/helpdesk_webhook_delivery_views.xml',
        'views/helpdesk_webhook_views.xml',
        'views/res_config_settings_views.xml',
        'views/helpdesk_webhook_menus.xml',
    ],
    'demo': [
        'demo/helpdesk_webhook_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_webhook/static/src/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_webhook/static/tests/tours/**/*',
        ],
    },
}
