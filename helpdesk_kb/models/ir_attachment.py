import re

from odoo import models
from odoo.exceptions import AccessError

SHOWN = re.compile(r'/web/(?:image|content)/(\d+)')


class IrAttachment(models.Model):
    _inherit = 'ir.attachment'

    def _check_access(self, operation):
        """Files of the conversation about an article are for agents, as the conversation is: whoever may read the
        article gets those that are attached to it for its readers, or shown in its text (promise 2)."""
        result = super()._check_access(operation)
        if self.env.su or self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            return result
        refused = result[0] if result else self.browse()
        talk = (self - refused)._of_article_talk()
        if not talk:
            return result
        return refused | talk, lambda: AccessError(self.env._("This file belongs to a conversation among agents."))

    def _of_article_talk(self):
        """Return those that hang on an article but are no part of what its readers see."""
        # sudo: what they hang on decides
        found = self.sudo().filtered(lambda file: file.res_model == 'helpdesk.article' and not file.res_field)
        if not found:
            return self.browse()
        articles = self.env['helpdesk.article'].sudo().browse(found.mapped('res_id')).exists()  # sudo: as above
        shown = {article.id: {*article.attachment_ids.ids, *map(int, SHOWN.findall(str(article.body or '')))}
                 for article in articles}
        return self.browse([file.id for file in found if file.id not in shown.get(file.res_id, ())])
