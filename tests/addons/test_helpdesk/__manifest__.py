{
    'name': 'Helpdesk: Journeys (tests)',
    'version': '19.0.1.0.0',
    'category': 'Hidden/Tests',
    'summary': 'Tests over all helpdesk modules together',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': [
        'helpdesk_api', 'helpdesk_core', 'helpdesk_crm', 'helpdesk_itsm', 'helpdesk_kb', 'helpdesk_mail',
        'helpdesk_portal', 'helpdesk_privacy', 'helpdesk_reports', 'helpdesk_sla', 'helpdesk_webhook',
    ],
    'assets': {'web.assets_tests': ['test_helpdesk/static/tests/tours/**/*']},
}
