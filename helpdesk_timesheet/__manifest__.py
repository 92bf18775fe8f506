{
    'name': 'Helpdesk Time',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Time on tickets in the same timesheets as projects: timer, billable time, prepaid hours',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'helpdesk_reports', 'helpdesk_project', 'hr_timesheet'],
    'auto_install': True,
    'data': [
        'security/helpdesk_timesheet_groups.xml',
        'security/ir.model.access.csv',
        'security/helpdesk_timesheet_rules.xml',
        'wizard/helpdesk_timer_stop_views.xml',
        'views/account_analytic_line_views.xml',
        'views/helpdesk_prepaid_views.xml',
        'views/helpdesk_team_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/res_partner_views.xml',
        'views/helpdesk_timesheet_menus.xml',
        'report/helpdesk_ticket_report_views.xml',
    ],
    'demo': [
        'demo/helpdesk_prepaid_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_timesheet/static/src/**/*',
        ],
        'web.assets_unit_tests': [
            'helpdesk_timesheet/static/tests/**/*.test.js',
        ],
    },
}
