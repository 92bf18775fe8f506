from . import helpdesk_livechat_demo
