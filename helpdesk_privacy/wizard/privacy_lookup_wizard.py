from odoo import models
from odoo.tools import SQL, email_normalize

# Rows that go with their ticket, or that nobody deletes one by one
NOT_LISTED = ['helpdesk.ticket.event', 'helpdesk.ticket.merge', 'helpdesk.retention.run']


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's own look-up finds tickets and mails by the address of somebody who is no contact, too."""
    _inherit = 'privacy.lookup.wizard'

    def _get_query_models_blacklist(self):
        return [*super()._get_query_models_blacklist(), *(name for name in NOT_LISTED if name in self.env)]

    def _get_query(self):
        query, email = super()._get_query(), email_normalize(self.email)
        name = self.name.strip()
        for model_name, column in self.env['helpdesk.personal.data']._address_columns():
            model = self.env[model_name]
            also = SQL(" OR partner_name ILIKE %s", name) if 'partner_name' in model else SQL()
            # what the contact finds is in the list already
            known = SQL(" AND partner_id IS NULL") if 'partner_id' in model else SQL()
            query = SQL(
                "%s UNION ALL SELECT %s AS res_model_id, id AS res_id, %s AS is_active FROM %s WHERE (%s = %s%s)%s",
                query, self.env['ir.model']._get_id(model_name),
                SQL.identifier('active') if 'active' in model else True, SQL.identifier(model._table),
                SQL.identifier(column), email, also, known)
        return query

    def action_helpdesk_person(self):
        """Open the helpdesk's own dialog for this person: export, anonymise, delete."""
        self.ensure_one()
        return self.env['helpdesk.person']._open({'default_name': self.name, 'default_email': self.email})
