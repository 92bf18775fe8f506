from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..tools import addresses

BLOCK, ALLOW = 'block', 'allow'


class HelpdeskMailSender(models.Model):
    """An address or a mail domain whose mails are refused, or let through although a filter marked them."""

    _name = 'helpdesk.mail.sender'
    _description = "Blocked or Allowed Sender"
    _order = 'policy, name'

    name = fields.Char(string="Address or Domain", required=True, help="jo@example.com, or example.com for all of it.")
    policy = fields.Selection(
        [(BLOCK, "Blocked: refused, kept in the list of received mails"),
         (ALLOW, "Allowed: taken although marked as spam")], required=True, default=BLOCK)
    company_id = fields.Many2one(
        'res.company', default=lambda self: self.env.company, help="Empty: for the teams of all companies.")
    note = fields.Char(help="Why, for whoever asks later.")
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "This address or domain is in the list already, perhaps archived.")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(self._clean(vals))

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _clean(self, vals):
        if not vals.get('name'):
            return vals
        return dict(vals, name=vals['name'].strip().lower().lstrip('@'))

    @api.constrains('name')
    def _check_name(self):
        for sender in self:
            address = sender.name if '@' in sender.name else f'x@{sender.name}'
            if addresses.normalise(address) != address or '.' not in addresses.domain(address):
                raise ValidationError(self.env._(
                    "“%s” is neither a mail address nor a domain. Write jo@example.com or example.com.", sender.name))

    @api.model
    def _policy_of(self, address, company_id):
        """Return ('block' | 'allow', name) of the entry that decides about ``address``, (None, '') without one.

        An address outranks its domain, a company's entry one for all.
        """
        entries = self._entries()
        for name in filter(None, (address, addresses.domain(address))):
            for company in (company_id, False):
                if policy := entries.get((name, company)):
                    return policy, name
        return None, ''

    @api.model
    @ormcache()
    def _entries(self):
        """Return {(name, company id or False): policy}; asked for each mail, kept until the list changes."""
        # sudo: what was decided about senders holds whoever's mail is processed
        return {(sender.name, sender.company_id.id): sender.policy for sender in self.sudo().search_fetch(
            [('active', '=', True)], ['name', 'company_id', 'policy'])}

    @api.model
    def _decide_about(self, mails, policy):
        """Put the senders of ledger rows ``mails`` into the list.

        :raise UserError: for mails without a sender, and for colleagues
        """
        names = {mail.sender_email for mail in mails if mail.sender_email}
        if not names:
            raise UserError(self.env._("These mails name no sender."))
        if policy == BLOCK and (own := self.env['res.users'].search(
                [('email_normalized', 'in', list(names)), ('share', '=', False)], limit=1)):
            raise UserError(self.env._("%s is a colleague and is not blocked.", own.name))
        known = self.with_context(active_test=False).search([
            ('name', 'in', list(names)), ('company_id', 'in', [False, self.env.company.id])])
        known.write({'policy': policy, 'active': True})
        self.create([{'name': name, 'policy': policy} for name in sorted(names - set(known.mapped('name')))])
