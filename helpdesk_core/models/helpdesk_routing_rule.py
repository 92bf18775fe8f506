from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.safe_eval import safe_eval

from ..tools import routing, wildcards
from ..tools.routing import SETS
from .helpdesk_ticket import CHANNELS, PRIORITIES

PATTERNS = ('addresses', 'senders', 'words', 'files')
CONDITIONS = ('channel', 'team_ids', 'addresses', 'senders', 'partner_tag_ids', 'lang_ids', 'words', 'files')
WORDS_IN = [
    (routing.BOTH, "Subject or text"),
    (routing.SUBJECT, "Subject"),
    (routing.BODY, "Text"),
]
PLACEHOLDER_SENDER = 'nobody@example.com'
MAX_WANTED = 60  # characters of a condition that the log keeps


class HelpdeskRoutingRule(models.Model):
    """Sends new requests where they belong: where all conditions hold, it fills in the ticket (S0-19, S2-2, S2-3)."""
    _name = 'helpdesk.routing.rule'
    _description = "Routing Rule"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        string="On", default=True, help="Switched off, the rule looks at no ticket. It can still be tried.")
    company_id = fields.Many2one(
        'res.company', default=lambda self: self.env.company, index=True,
        help="Looks at the tickets of this company's teams. Empty: at those of all companies.")
    channel = fields.Selection(CHANNELS, string="It comes by", help="Empty: by any channel.")
    team_ids = fields.Many2many(
        'helpdesk.team', 'helpdesk_routing_rule_team_rel', 'rule_id', 'team_id', string="It comes to",
        ondelete='restrict', domain="company_id and [('company_id', '=', company_id)] or []",
        help="The team it comes to, or that a rule before this one has sent it to. Empty: to any team.")
    addresses = fields.Char(
        string="It was sent to",
        help="Mail addresses, separated by commas; * stands for anything: billing@*, support@example.com.")
    senders = fields.Char(
        string="The sender is",
        help="Mail addresses or domains, separated by commas; * stands for anything: eva@acme.example, acme.example, "
             "*.acme.example.")
    partner_tag_ids = fields.Many2many(
        'res.partner.category', 'helpdesk_routing_rule_partner_tag_rel', 'rule_id', 'tag_id',
        ondelete='restrict', string="The contact has a tag",
        help="One of these is enough; the tags of the contact's company count too.")
    lang_ids = fields.Many2many(
        'res.lang', 'helpdesk_routing_rule_lang_rel', 'rule_id', 'lang_id', ondelete='restrict',
        string="The contact's language is")
    words = fields.Char(
        string="It has the words",
        help="Words, separated by commas; one of them is enough. * stands for anything, ? for one character: invoice*, "
             "order*late, INV-????. “bill” alone does not find “billing”. Small and capital letters are the same.")
    words_in = fields.Selection(WORDS_IN, string="Where", required=True, default=routing.BOTH)
    files = fields.Char(
        string="It has a file like",
        help="Endings or media types of attachments, separated by commas: pdf, docx, image/*. * alone: any attachment.")
    domain = fields.Char(
        string="And the ticket fulfils", help="Asked last, of the new ticket as the rules before have filled it in.")
    team_id = fields.Many2one(
        'helpdesk.team', string="Team", index='btree_not_null',
        domain="company_id and [('company_id', '=', company_id)] or []")
    type_id = fields.Many2one('helpdesk.type', string="Type")
    category_id = fields.Many2one('helpdesk.category', string="Category")
    user_id = fields.Many2one(
        'res.users', string="Assignee", index='btree_not_null',
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_user').id)])
    priority = fields.Selection(PRIORITIES)
    tag_ids = fields.Many2many(
        'helpdesk.tag', 'helpdesk_routing_rule_tag_rel', 'rule_id', 'tag_id', string="Tags",
        help="Added to those that the ticket has.")
    stop = fields.Boolean(
        string="Stop here", help="When the rule applies, no rule after it looks at the ticket.")
    ticket_count = fields.Integer(string="Tickets", compute='_compute_ticket_count')

    # ------------------------------------------------------------
    # what may be saved
    # ------------------------------------------------------------

    @api.constrains('name', *CONDITIONS, 'domain')
    def _check_conditions(self):
        for rule in self:
            if not rule._has_domain() and not any(rule[name] for name in CONDITIONS):
                raise ValidationError(self.env._(
                    "“%s” has no condition: it would apply to every ticket. Fill in one under When.", rule.name))

    @api.constrains('company_id', 'team_id', 'team_ids')
    def _check_company_id(self):
        for rule in self:
            company = rule.company_id or rule.team_id.company_id
            # sudo: that a team is another company's is said to who may not see it, its name is not
            foreign = (rule.team_id | rule.team_ids).sudo().filtered(lambda t, own=company: own and t.company_id != own)
            if foreign:
                raise ValidationError(self.env._(
                    "“%s” would send tickets from one company to another: choose teams of one company.", rule.name))

    @api.constrains('name', *SETS, 'stop')
    def _check_sets(self):
        for rule in self:
            if not rule.stop and not any(rule[name] for name in SETS):
                raise ValidationError(self.env._(
                    "“%s” does nothing. Choose under Then what the ticket gets, or that it stops here.", rule.name))

    @api.constrains(*PATTERNS)
    def _check_patterns(self):
        for rule in self:
            for name in PATTERNS:
                problem = wildcards.problem(rule[name])
                if problem == wildcards.EMPTY and name != 'words':
                    problem = ''  # any address, any file
                if problem:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(rule._pattern_error(problem, label))

    def _pattern_error(self, problem, label):
        _, values = self.env._, {'field': label, 'limit': wildcards.MAX_PATTERN}
        if problem == wildcards.LONG:
            return _("“%(field)s” takes at most %(limit)s characters. Make two rules of it.", **values)
        if problem == wildcards.LINES:
            return _("“%(field)s” takes one line: separate by commas.", **values)
        return _("“%(field)s” needs letters beside * and ?: it would find everything.", **values)

    @api.constrains('domain')
    def _check_domain(self):
        """Refuse a condition that cannot be asked of a new ticket: found out now, not when a request comes."""
        for rule in self.filtered('domain'):
            try:
                domain = self._domain_of(rule.domain)
                tickets = self.env['helpdesk.ticket']
                tickets.search(domain, limit=1)
                # sudo: asked as it will be, of a ticket that is nobody's yet
                tickets.sudo().new({'name': 'x', 'partner_email': PLACEHOLDER_SENDER}).filtered_domain(domain)
            except Exception as error:
                raise ValidationError(self.env._(
                    "“%(name)s”: this cannot be asked of a ticket (%(error)s). Choose the condition again.",
                    name=rule.name, error=error)) from error

    def _has_domain(self):
        """Tell whether the rule has a free condition; the widget leaves '[]' where there is none."""
        self.ensure_one()
        return (self.domain or '').strip() not in ('', '[]')

    @api.model
    def _domain_of(self, text):
        """Return a free condition, the text that the widget writes, as a domain on tickets."""
        return Domain(safe_eval(text or '[]', {'uid': self.env.uid}))

    # ------------------------------------------------------------
    # the rules as they are gone through
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _rules(self):
        """Return [``tools.routing.Rule``] of what is switched on, in order; kept until a rule changes."""
        # sudo: rules hold whoever makes the ticket
        return self.sudo().search([('active', '=', True)])._plain_rules()

    def _plain_rules(self):
        """Return these rules as [``tools.routing.Rule``]."""
        return [rule._plain_rule() for rule in self]

    def _plain_rule(self):
        """Return the rule as plain values. One that sends to a team looks at the tickets of that team's company."""
        self.ensure_one()
        sets = {name: self[name].id if self._fields[name].type == 'many2one' else self[name]
                for name in SETS if name != routing.TAGS and self[name]}
        if self.tag_ids:
            sets[routing.TAGS] = self.tag_ids.ids
        wanted = {
            'channel': self.channel, 'team': ', '.join(self.team_ids.mapped('name')), 'address': self.addresses,
            'sender': self.senders, 'partner_tags': ', '.join(self.partner_tag_ids.mapped('name')),
            'lang': ', '.join(self.lang_ids.mapped('code')), 'files': self.files, 'words': self.words,
        }
        return routing.Rule(
            id=self.id, name=self.name, company=(self.company_id or self.team_id.company_id).id or 0,
            channel=self.channel or '', teams=frozenset(self.team_ids.ids),
            address=tuple(wildcards.split(self.addresses)), sender=tuple(wildcards.split(self.senders)),
            partner_tags=frozenset(self.partner_tag_ids.ids), langs=frozenset(self.lang_ids.mapped('code')),
            files=tuple(wildcards.split(self.files)), words=tuple(wildcards.split(self.words)), words_in=self.words_in,
            domain=self.domain if self._has_domain() else '', sets=sets, stop=self.stop,
            wanted={name: text[:MAX_WANTED] for name, text in wanted.items() if text})

    # ------------------------------------------------------------
    # screens
    # ------------------------------------------------------------

    def _compute_ticket_count(self):
        """Count the tickets that the reader sees, all rules in one query."""
        counts = dict(self.env['helpdesk.ticket'].with_context(active_test=False)._read_group(
            [('routing_rule_ids', 'in', self.ids)], ['routing_rule_ids'], ['__count']))
        for rule in self:
            rule.ticket_count = counts.get(rule._origin, 0)

    def action_view_tickets(self):
        """Open the tickets that the rule applied to."""
        return self._open_tickets(
            self.env._("Tickets of “%s”", self.name), [('routing_rule_ids', 'in', self.ids)])

    def action_try(self):
        """Ask for how many days the rule is to be tried, and show what it would have applied to."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_routing_try_action')
        action['context'] = {'default_rule_id': self.id}
        return action

    def _open_tickets(self, name, domain):
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action.update(name=name, display_name=name, domain=domain, context={'create': False, 'active_test': False})
        return action
