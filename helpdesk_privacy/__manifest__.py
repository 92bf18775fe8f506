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
        'wizard/helpdesk_ticket_redact_views.xml',
        'wizard/helpdesk_ticket_hold_views.xml',
        'views/helpdesk_ticket_views.xml',
    ],
    'auto_install': True,
}
