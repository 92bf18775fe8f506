from odoo import fields, models


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=[('passed', "Passed to sales"), ('opportunity', "Opportunity")],
        ondelete={'passed': lambda events: None, 'opportunity': lambda events: None})

    def _say_opportunity(self, label):
        """Say what became of an opportunity; its name is for who may see it."""
        _, detail = self.env._, self.detail or {}
        leads = self.env['crm.lead']
        name = self.new or self.old or ''
        if leads.has_access('read'):
            name = leads.browse(detail.get('lead_id') or ()).exists()._filtered_access('read').name or name
        words = {
            'linked': _("Opportunity linked: %s", name), 'unlinked': _("Opportunity no longer linked: %s", name),
            'won': _("Opportunity won: %s", name), 'lost': _("Opportunity lost: %s", name),
            'open': _("Opportunity open again: %s", name)}
        return words.get(detail.get('what'), label)
