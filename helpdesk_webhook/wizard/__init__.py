from . import helpdesk_webhook_secret
