{
    'name': 'Helpdesk Reports',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Ticket and SLA reports, dashboards, backlog history, staffing, reports by mail',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'helpdesk_sla', 'digest'],
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_reports_rules.xml',
        'data/ir_cron_data.xml',
        'data/mail_layout_data.xml',
        'data/mail_template_data.xml',
        'report/helpdesk_report_document_templates.xml',
        'report/helpdesk_ticket_report_views.xml',
        'report/helpdesk_sla_report_views.xml',
        'views/helpdesk_ticket_period_views.xml',
        'views/helpdesk_backlog_views.xml',
        'wizard/helpdesk_staffing_views.xml',
        'views/helpdesk_dashboard_views.xml',
        'views/helpdesk_report_sent_views.xml',
        'views/helpdesk_report_schedule_views.xml',
        'views/digest_digest_views.xml',
        'views/helpdesk_reports_menus.xml',
    ],
    'demo': [
        'demo/helpdesk_reports_demo.xml',
        'demo/helpdesk_report_schedule_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_reports/static/src/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_reports/static/tests/tours/**/*',
        ],
        'web.assets_unit_tests': [
            'helpdesk_reports/static/tests/**/*.test.js',
        ],
    },
    'uninstall_hook': 'give_back_menu',
}
