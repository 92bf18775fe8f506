{
    'name': 'Helpdesk and Sold Services',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'What a customer bought decides what they are promised: contracts, prepaid hours, billable time',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_timesheet', 'helpdesk_sla', 'sale_timesheet'],
    'auto_install': True,
    'data': [
        'data/ir_cron_data.xml',
        'views/helpdesk_prepaid_views.xml',
        'views/helpdesk_sla_policy_views.xml',
        'views/product_template_views.xml',
        'views/sale_order_views.xml',
        'views/account_analytic_line_views.xml',
    ],
    'demo': [
        'demo/sale_order_demo.xml',
    ],
}
