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
        'views/helpdesk_messenger_menus.xml',
    ],
}
