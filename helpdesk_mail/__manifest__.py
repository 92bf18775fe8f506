{
    'name': 'Helpdesk Mail',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Team addresses, a ledger of every mail received, replies that find their ticket, LMTP/SMTP receiver',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core'],
    'external_dependencies': {'python': ['aiosmtpd']},
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_mail_rules.xml',
        'data/ir_cron_data.xml',
        'data/mail_layout_data.xml',
        'data/mail_template_data.xml',
    ],
    'post_init_hook': 'post_init_hook',
}
