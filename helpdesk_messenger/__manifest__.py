{
    'name': 'Helpdesk Messengers',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Telegram, WhatsApp, Messenger, Instagram, SMS and any other service in the one queue',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'sms'],
    'auto_install': True,
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_messenger_rules.xml',
        'data/ir_cron_data.xml',
        'wizard/helpdesk_channel_secret_views.xml',
        'wizard/helpdesk_channel_template_send_views.xml',
        'views/helpdesk_channel_template_views.xml',
        'views/helpdesk_channel_message_views.xml',
        'views/helpdesk_channel_call_views.xml',
        'views/helpdesk_channel_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/res_config_settings_views.xml',
        'views/helpdesk_messenger_menus.xml',
    ],
    'demo': [
        'demo/helpdesk_channel_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_messenger/static/src/**/*',
        ],
        'web.assets_unit_tests': [
            'helpdesk_messenger/static/tests/**/*.test.js',
        ],
    },
}
