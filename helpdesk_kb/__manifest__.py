{
    'name': 'Helpdesk Knowledge Base',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Articles that answer before anybody asks: search, suggestions beside tickets, what to improve',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core'],
    'data': [
        'security/helpdesk_kb_groups.xml',
        'security/ir.model.access.csv',
        'security/helpdesk_kb_rules.xml',
        'data/helpdesk_article_category_data.xml',
        'data/helpdesk_article_synonym_data.xml',
        'data/ir_cron_data.xml',
        'views/helpdesk_article_revision_views.xml',
        'views/helpdesk_article_vote_views.xml',
        'views/helpdesk_article_use_views.xml',
        'views/helpdesk_article_views.xml',
        'views/helpdesk_article_search_views.xml',
        'views/helpdesk_article_category_views.xml',
        'views/helpdesk_article_synonym_views.xml',
        'views/helpdesk_article_flag_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/helpdesk_kb_menus.xml',
    ],
    'demo': [
        'demo/helpdesk_article_category_demo.xml',
        'demo/helpdesk_article_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_kb/static/src/**/*',
        ],
        'web.assets_unit_tests': [
            'helpdesk_kb/static/tests/**/*.test.js',
        ],
        'web.assets_tests': [
            'helpdesk_kb/static/tests/tours/**/*',
        ],
    },
}
