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
    ],
}
