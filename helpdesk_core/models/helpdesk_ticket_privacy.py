from odoo import SUPERUSER_ID, fields, models


class HelpdeskTicketPrivacyMixin(models.AbstractModel):
    """Internal talk is not found out by way of the ticket (promise 2).

    Core lets a search by message or activity go past their record rules, and reads the next activity as the
    superuser: who raised a ticket could find out, word by word, what is said about it.
    """
    _name = 'helpdesk.ticket.privacy.mixin'
    _description = "Ticket: Privacy"
    _inherit = ['mail.activity.mixin', 'mail.thread']

    message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)
    activity_type_id = fields.Many2one(related_sudo=False)
    activity_type_icon = fields.Char(related_sudo=False)

    def _hidden_from_reader(self):
        """Return those of these tickets that the reader must not see, where Odoo names them all the same: it shows the
        name of a linked record by the rights on the record that links it. The number is no secret, the subject is."""
        if not self.env.su or self.env.uid == SUPERUSER_ID or self.env.user._is_public():
            return self.browse()
        stored = self.filtered('id')
        return stored - stored.sudo(False)._filtered_access('read')
