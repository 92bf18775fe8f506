import ipaddress

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..tools import addresses

BLOCK, ALLOW = 'block', 'allow'


class HelpdeskMailSender(models.Model):
    """An address, a mail domain or a network whose mails are refused, or let through although a filter marked them."""

    _name = 'helpdesk.mail.sender'
    _description = "Blocked or Allowed Sender"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'policy, name'

    name = fields.Char(string="Address, Domain or Network", required=True,
        help="jo@example.com, example.com for all of it, or 203.0.113.0/24 for what this network hands to your mail "
        "server (as the newest Received line with a public address says).")
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
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean(vals))

    @api.model
    def _clean(self, vals):
        if not vals.get('name'):
            return vals
        name = vals['name'].strip().lower().lstrip('@')
        return dict(vals, name=str(_network(name) or name))

    @api.constrains('name')
    def _check_name(self):
        for sender in self:
            if _network(sender.name):
                continue
            address = sender.name if '@' in sender.name else f'x@{sender.name}'
            if '/' in sender.name or addresses.normalise(address) != address or '.' not in addresses.domain(address):
                raise ValidationError(self.env._(
                    "“%s” is no mail address, domain or network. Write jo@example.com, example.com or 203.0.113.0/24.",
                    sender.name))

    @api.model
    def _policy_of(self, address, company_id, origin=None):
        """Return ('block' | 'allow', name) of the entry that decides about ``address``, (None, '') without one.

        An address outranks its domain, that outranks a network, a company's entry one for all.

        :param origin: the network address (of :mod:`ipaddress`) that handed the mail over, None when unknown
        """
        entries, networks = self._entries()
        for name in filter(None, (address, addresses.domain(address))):
            for company in (company_id, False):
                if policy := entries.get((name, company)):
                    return policy, name
        for network, company, policy in networks if origin else ():
            if company in (company_id, False) and origin in network:
                return policy, str(network)
        return None, ''

    @api.model
    @ormcache()
    def _entries(self):
        """Return ({(name, company id or False): policy}, [(network, company id or False, policy)]).

        Asked for each mail, kept until the list changes. The smallest network stands first, a company's before all's.
        """
        # sudo: what was decided about senders holds whoever's mail is processed
        senders = self.sudo().search_fetch([('active', '=', True)], ['name', 'company_id', 'policy'])
        networks = [(network, sender.company_id.id, sender.policy) for sender in senders
                    if (network := _network(sender.name))]
        networks.sort(key=lambda entry: (-entry[0].prefixlen, not entry[1]))
        return {(sender.name, sender.company_id.id): sender.policy for sender in senders}, networks

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


def _network(name):
    """Return the network that ``name`` is, None when it is something else."""
    try:
        return ipaddress.ip_network(name, strict=False)
    except ValueError:
        return None
