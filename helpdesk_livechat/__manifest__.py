{
    'name': 'Helpdesk Live Chat',
    'version': '19.0.1.0.0',
    'category': 'Services/Helpdesk',
    'summary': 'Chats become tickets, bots offer articles and hand over, and nothing said in a chat is lost',
    'author': 'The Helpdesk founders',
    'license': 'LGPL-3',
    'depends': ['helpdesk_core', 'im_livechat'],
    'auto_install': True,
    'data': [
        'security/ir.model.access.csv',
        'security/helpdesk_livechat_rules.xml',
        'views/chatbot_script_views.xml',
        'views/discuss_channel_views.xml',
        'views/helpdesk_team_views.xml',
        'views/helpdesk_ticket_views.xml',
        'views/im_livechat_channel_views.xml',
    ],
    'demo': [
        'demo/helpdesk_livechat_demo.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'helpdesk_livechat/static/src/core/**/*',
        ],
        'im_livechat.assets_embed_core': [
            'helpdesk_livechat/static/src/core/common/**/*',
            'helpdesk_livechat/static/src/embed/**/*',
        ],
        'im_livechat.assets_embed_cors': [
            'helpdesk_livechat/static/src/embed_cors/**/*',
        ],
        'im_livechat.assets_livechat_support_tours': [
            'helpdesk_livechat/static/tests/tours/support/**/*',
        ],
        'web.assets_tests': [
            'helpdesk_livechat/static/tests/tours/backend/**/*',
        ],
    },
}
