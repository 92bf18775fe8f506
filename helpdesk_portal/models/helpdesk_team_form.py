import re
import unicodedata

from markupsafe import escape
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import origins
from .helpdesk_form_field import ASKED_TYPES

ASKED = [('no', "Not asked"), ('optional', "Asked"), ('required', "Required")]


class HelpdeskTeamForm(models.Model):
    """The public form of a team (S4-4)."""
    _inherit = 'helpdesk.team'

    form_enabled = fields.Boolean(
        string="Public Form", help="Anybody with the link can send the team a request, without logging in.")
    form_slug = fields.Char(
        string="Address", copy=False,
        help="Stands in the form's link: small letters, digits and hyphens. Empty: made of the team's name.")
    form_url = fields.Char(string="Link", compute='_compute_form_url')
    form_title = fields.Char(
        string="Title", translate=True, help="Stands above the form. Empty: How can we help you?")
    form_intro = fields.Html(string="Introduction", translate=True, help="Visitors read it before they write.")
    form_phone = fields.Selection(ASKED, string="Visitor's Phone", required=True, default='optional')
    form_company = fields.Selection(ASKED, string="Visitor's Company", required=True, default='optional')
    form_files = fields.Boolean(string="Files", default=True, help="Visitors may add files.")
    form_type_ids = fields.Many2many(
        'helpdesk.type', 'helpdesk_team_form_type_rel', string="Types Offered", domain=[('group_ids', '=', False)],
        help="Visitors choose one of these. Empty: they are not asked. Types kept to some groups are never offered.")
    form_category_ids = fields.Many2many(
        'helpdesk.category', 'helpdesk_team_form_category_rel', string="Categories Offered",
        domain="['|', ('team_ids', '=', False), ('team_ids', '=', id)]",
        help="Visitors choose one of these. Empty: they are not asked.")
    form_field_ids = fields.One2many('helpdesk.form.field', 'team_id', string="Fields Customers Fill In")
    form_origins = fields.Text(
        string="Allowed Sites",
        help="One a line, for example https://www.example.com. Browsers show the form inside no other site.")
    form_embed = fields.Text(string="Snippet", compute='_compute_form_url')

    _form_slug_uniq = models.Constraint('UNIQUE (form_slug)', "Another team's form has this address already.")

    @api.depends('form_slug', 'form_enabled', 'form_title', 'form_origins')
    def _compute_form_url(self):
        base = self.get_base_url()
        for team in self:
            slug = team.form_slug or team._origin.id
            team.form_url = f'{base}/helpdesk/{slug}/new' if team.form_enabled and slug else False
            team.form_embed = team._embed_code(base) if team.form_url and team.form_origins else False

    def _public_form_url(self):
        return self.form_url

    def _embed_code(self, base):
        """Return the HTML that shows the form inside another site, as high as it needs to be."""
        title = escape(self.form_title or self.env._("Write to us"))
        return (
            f'<iframe id="helpdesk-form" src="{self.form_url}?embed=1" title="{title}"'
            ' style="width:100%;min-height:45rem;border:0"></iframe>\n'
            '<script>addEventListener("message", function (event) {'
            f' if (event.origin === "{base}" && event.data && event.data.helpdeskFormHeight)'
            ' document.getElementById("helpdesk-form").style.height = Number(event.data.helpdeskFormHeight) + "px";'
            ' });</script>')

    @api.constrains('form_slug')
    def _check_form_slug(self):
        for team in self.filtered('form_slug'):
            if not re.fullmatch(r'[a-z][a-z0-9-]{0,59}', team.form_slug):
                raise ValidationError(self.env._(
                    "The form's address begins with a letter and has small letters, digits and hyphens alone."))

    @api.constrains('form_origins')
    def _check_form_origins(self):
        for team in self:
            _good, wrong = origins.read(team.form_origins)
            if wrong:
                raise ValidationError(self.env._(
                    "%s is no site. Write it as https://www.example.com, without a path.", wrong[0]))

    @api.constrains('form_type_ids')
    def _check_form_type_ids(self):
        hidden = self.form_type_ids.filtered('group_ids')
        if hidden:
            raise ValidationError(self.env._(
                "%s is kept to some groups, so a public form cannot offer it.", hidden[0].name))

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams.filtered('form_enabled')._prepare_form()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if vals.get('form_enabled'):
            self._prepare_form()
        return result

    def _prepare_form(self):
        """Give a form that is switched on its address and the ticket fields it can ask for."""
        for team in self.filtered(lambda team: not team.form_slug):
            plain = unicodedata.normalize('NFKD', team.name).encode('ascii', 'ignore').decode().lower()
            slug = re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:50]
            slug = slug if slug[:1].isalpha() else f'team-{slug}'.strip('-')
            # sudo: the addresses of all companies' forms are one set
            taken = self.sudo().with_context(active_test=False).search_count([('form_slug', '=', slug)], limit=1)
            team.form_slug = f'{slug}-{team.id}' if taken else slug
        self.action_take_form_fields()

    def action_take_form_fields(self):
        """Take in the team's ticket fields that nobody has decided on yet.

        :raise AccessError: for who may not change the team
        """
        self.check_access('write')
        self.env['helpdesk.form.field'].create([
            {'team_id': team.id, 'property_name': one['name']}
            for team in self for one in team.ticket_properties or []
            if one['type'] in ASKED_TYPES and one['name'] not in team.form_field_ids.mapped('property_name')])

    @api.model
    def _form_team(self, slug):
        """Return the team (in sudo) whose public form has the address or id ``slug``; empty where there is none."""
        domain = [('form_slug', '=', slug)]
        if slug.isascii() and slug.isdigit() and len(slug) < 10:
            domain = [('id', '=', int(slug))]
        # sudo: the form is public, its team is not
        return self.sudo().search([*domain, ('form_enabled', '=', True)], limit=1)

    def _form_headers(self):
        """Return the headers that say which sites may show the form."""
        return origins.frame_headers(origins.read(self.form_origins)[0])
