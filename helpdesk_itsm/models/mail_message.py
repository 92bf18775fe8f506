import re

from odoo import api, models

LINK = re.compile(r'(?i)(helpdesk(?:/|%2F)approval(?:/|%2F)(\d{1,9})(?:/|%2F))(\d{1,15}\.[0-9a-f]{16,})')


class MailMessage(models.Model):
    _inherit = 'mail.message'

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever answers or passes on the mail that asks for an approval quotes its link, and people on the other side
        read it: it is taken out, and what was sent with it decides nothing any more."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            body = vals.get('body')
            if body and vals.get('model') != 'helpdesk.approval' and (quoted := LINK.findall(body)):
                vals['body'] = type(body)(LINK.sub(r'\1', body))
                self.env['helpdesk.approval']._forget_quoted({(int(number), token) for _, number, token in quoted})
        return super().create(vals_list)
