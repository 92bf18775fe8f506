from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class HelpdeskCatalogueItemReaders(models.AbstractModel):
    """Who is offered what, decided here alone. Customers and colleagues have no right on the models: pages read as the
    superuser, within what this class says (S0-32)."""
    _name = 'helpdesk.catalogue.item.readers.mixin'
    _description = "Catalogue Item: Who Sees It"

    @api.model
    def _offered_domain(self, partner, users):
        """Return the items (Domain) that may be ordered for ``partner``, whose logins are ``users`` (maybe none)."""
        partner, users = partner.sudo(), users.sudo()  # sudo: groups and tags decide what is offered
        companies = self.env.user.company_ids
        if users:
            companies &= users.company_ids
        chosen = (
            Domain('group_ids', 'in', users.all_group_ids.ids)
            | Domain('partner_ids', 'in', (partner | partner.commercial_partner_id).ids)
            | Domain('partner_tag_ids', 'in', (partner | partner.commercial_partner_id).category_id.ids))
        offered = Domain('audience', '=', 'all') | (Domain('audience', '=', 'chosen') & chosen)
        if any(not user.share for user in users):
            offered |= Domain('audience', '=', 'employees')
        if brand := self.env.user.share and self.env['helpdesk.brand']._at_address():
            offered &= Domain('brand_ids', '=', False) | Domain('brand_ids', 'in', brand.ids)
        return offered & Domain([
            ('active', '=', True), ('company_id', 'in', companies.ids), ('team_id.active', '=', True),
            ('category_id.active', '=', True)])

    @api.model
    def _offered(self, customer=None, domain=Domain.TRUE, **kwargs):
        """Return the items (superuser) that the present user may order, for ``customer`` (see ``_customer``) or
        for themselves; ``kwargs`` as of ``search``."""
        user = self.env.user
        if user._is_public():
            return self.sudo().browse()  # sudo: empty
        partner, users = user.partner_id, user
        if customer:
            partner, users = customer, customer.sudo().user_ids  # sudo: which logins the customer has
        # sudo: nobody but agents has rights on items; the domain says what is offered
        return self.sudo().search(self._offered_domain(partner, users) & Domain(domain), **kwargs)

    @api.model
    def _customer(self, customer_id):
        """Return the contact that the present user orders for; None: for themselves.

        :param customer_id: id as text, as it stands in an address; '' for none
        :raise AccessError: the user is no agent, or may not see the contact
        """
        if not customer_id:
            return None
        partners = self.env['res.partner']
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._("Only agents order for others."))
        if not (isinstance(customer_id, str) and customer_id.isascii() and customer_id.isdigit()):
            raise AccessError(self.env._("There is no such customer."))
        partner = partners.browse(int(customer_id[:10])).exists()
        if not partner or not partner.has_access('read'):
            raise AccessError(self.env._("There is no such customer."))
        return None if partner == self.env.user.partner_id else partner

    @api.model
    def _search_words(self, text):
        """Return the domain of the items about ``text``: each word stands in the name, the line below or the text."""
        domain = Domain.TRUE
        for word in text.split()[:8]:
            domain &= (Domain('name', 'ilike', word) | Domain('summary', 'ilike', word)
                       | Domain('description', 'ilike', word) | Domain('category_id.name', 'ilike', word))
        return domain

    def _readable_articles(self):
        """Return the articles (superuser) beside the form that the present user may read as a customer does."""
        articles = self.env['helpdesk.article']
        # sudo: of which articles the item speaks; what is shown of them is asked next
        ids = self.sudo().article_ids.ids
        return articles._readable([('id', 'in', ids)], articles._page_audience()) if ids else articles
