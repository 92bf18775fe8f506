import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.http import request
from odoo.tools import ormcache

from ..tools import contrast

HOST = re.compile(r'(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?')


class HelpdeskBrand(models.Model):
    """The look of customer pages: logo, and colours that everybody can read (WCAG 2.2 AA)."""
    _name = 'helpdesk.brand'
    _inherit = ['helpdesk.brand', 'helpdesk.known.mixin']

    portal_host = fields.Char(
        string="Address of Customer Pages", copy=False, index='btree_not_null',
        help="Customer pages opened at this address look like the brand, for example support.example.com. It has to "
             "lead to this server. Pages of a team or a ticket that has a brand look like that one at every address.")
    contrast_warning = fields.Char(compute='_compute_contrast_warning', export_string_translation=False)

    _portal_host_uniq = models.Constraint('UNIQUE (portal_host)', "Another brand's customer pages have this address.")

    @api.model
    def _known_fields(self):
        return {'portal_host', 'active'}

    @api.depends('color_primary')
    def _compute_contrast_warning(self):
        for brand in self:
            brand.contrast_warning = brand._contrast_words()

    def _contrast_words(self):
        """Return what customers would not read well in the main colour, and what is done about it; False: nothing."""
        main = self.color_primary
        if not contrast.is_colour(main):
            return False
        found = contrast.ratio(main, contrast.WHITE)
        if found >= contrast.ENOUGH:
            return False
        return self.env._(
            "The main colour is hard to read on white, and white on it: the contrast is %(found)s to 1, people need "
            "4.5. Customer pages write %(text)s on it, and links in the darker %(link)s.",
            found=f'{found:.1f}', text=contrast.text_on(main), link=contrast.readable(main, contrast.TINTED))

    @api.constrains('color_primary', 'color_secondary')
    def _check_colors(self):
        for brand in self:
            for colour in (brand.color_primary, brand.color_secondary):
                if colour and not contrast.is_colour(colour):
                    raise ValidationError(self.env._("%s is no colour. Write it as #714B67.", colour))

    @api.constrains('portal_host')
    def _check_portal_host(self):
        for brand in self.filtered('portal_host'):
            if not HOST.fullmatch(brand.portal_host):
                raise ValidationError(self.env._(
                    "%s is no address. Write it as support.example.com, in small letters, without https:// and without "
                    "a path.", brand.portal_host))

    @api.model
    def _page_look(self, brand=None):
        """Return how a customer page looks: that of ``brand``, else of the brand whose address the page is opened at.

        :param brand: the brand (maybe empty) of the team or ticket that the page is about
        :return: None (nothing of its own), else {'name': str, 'logo': address or False, 'style': CSS variables}; the
            style holds checked colours and nothing else
        """
        # sudo: how a page looks is everybody's to see; nothing else of the brand is shown
        brand = (brand or self._at_address()).sudo()
        if not brand:
            return None
        stamp = int(brand.write_date.timestamp())
        return {
            'name': brand.name, 'style': brand._page_style(),
            'logo': brand.logo and f'/helpdesk/brand/{brand.id}/logo?unique={stamp}'}

    @api.model
    def _at_address(self):
        """Return the brand (superuser, maybe empty) whose customer pages are at the address of the present request."""
        brands = self.sudo()  # sudo: which brand an address belongs to is no secret
        host = request.httprequest.host.rsplit(':', 1)[0].lower() if request else ''
        return brands.browse(self._hosts().get(host, ()))

    @api.model
    @ormcache()
    def _hosts(self):
        """Return {address: id of the brand whose customer pages are there}; visitors send any address they like."""
        brands = self.sudo().search([('portal_host', '!=', False)])  # sudo: as above
        return {brand.portal_host: brand.id for brand in brands}

    def _page_base(self):
        """Return where the customer pages of this brand are, without a path; for no brand where all are."""
        base = self.get_base_url()
        host = self.sudo().portal_host  # sudo: as above
        return f'{base.partition("://")[0]}://{host}' if host else base

    def _page_style(self):
        main = self.color_primary
        if not contrast.is_colour(main):
            main = self._fields['color_primary'].default(self)
        values = {'brand': main, 'on-brand': contrast.text_on(main), 'link': contrast.readable(main, contrast.TINTED)}
        return ';'.join(f'--helpdesk-{name}:{value}' for name, value in values.items())
