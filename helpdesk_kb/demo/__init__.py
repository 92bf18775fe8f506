from . import helpdesk_article_demo
