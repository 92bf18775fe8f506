from functools import partial

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES
from odoo.addons.helpdesk_core.tools import wildcards
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import mail_rule, parsing

FIELDS, HOLD, DROP = 'fields', 'hold', 'drop'
TICKET_FIELDS = ('team_id', 'type_id', 'category_id', 'user_id', 'priority')
TRIED = 200  # mails that "Try It" looks at
KILOBYTE = 1024


class HelpdeskMailRule(models.Model):
    """What becomes of mails with a header, a size or a kind of attachment; the first rule that applies decides."""

    _name = 'helpdesk.mail.rule'
    _description = "Rule for Received Mails"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', default=lambda self: self.env.company, help="Empty: for the teams of all companies.")
    header = fields.Char(help="Name of a header: Subject, From, To, X-Spam-Level …")
    words = fields.Char(
        help="The header has one of these, separated by commas; * stands for anything, small and capital letters are "
        "the same. Empty: the mail has the header.")
    endings = fields.Char(string="Attachments Like", help="Endings of file names, separated by commas: exe, js, docm.")
    kilobytes = fields.Integer(string="At Least (kB)", help="Size of the mail with its attachments.")
    action = fields.Selection(
        [(FIELDS, "Fill in the ticket"), (HOLD, "Hold for an administrator"), (DROP, "Refuse, and keep in the list")],
        required=True, default=FIELDS)
    team_id = fields.Many2one('helpdesk.team', check_company=True)
    type_id = fields.Many2one('helpdesk.type')
    category_id = fields.Many2one('helpdesk.category')
    user_id = fields.Many2one('res.users', string="Assignee", domain=[('share', '=', False)])
    priority = fields.Selection(PRIORITIES)
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags")
    mail_count = fields.Integer(string="Mails", compute='_compute_mail_count')

    def _compute_mail_count(self):
        mails = self.env['helpdesk.mail.intake']
        counts = dict(mails._read_group([('rule_id', 'in', self.ids)], ['rule_id'], ['__count']))
        for rule in self:
            rule.mail_count = counts.get(rule._origin, 0)

    @api.constrains('name', 'header', 'words', 'endings', 'kilobytes')
    def _check_conditions(self):
        for rule in self:
            if not (rule.header or rule.endings or rule.kilobytes > 0):
                raise ValidationError(self.env._("“%s” has no condition: it would apply to every mail.", rule.name))
            if rule.words and not rule.header:
                raise ValidationError(self.env._("In which header should “%s” look for its words?", rule.name))
            problems = {wildcards.problem(rule.words), wildcards.problem(rule.endings)}
            if problems & {wildcards.LONG, wildcards.LINES}:
                raise ValidationError(self.env._("At most %s characters on one line.", wildcards.MAX_PATTERN))

    # ------------------------------------------------------------
    # which rule applies
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _rules(self):
        """Return [(id, company id or False, action, conditions)] in their order; kept until a rule changes."""
        # sudo: rules hold whoever's mail is processed
        return [(rule.id, rule.company_id.id, rule.action, rule._conditions())
                for rule in self.sudo().search([('active', '=', True)])]

    def _conditions(self):
        self.ensure_one()
        words, endings = wildcards.split(self.words), wildcards.split(self.endings)
        return mail_rule.Rule(
            (self.header or '').strip().rstrip(':'), words and partial(_has_word, words),
            endings and partial(_fits_ending, endings), self.kilobytes * KILOBYTE)

    @api.model
    def _find(self, message, size, company_id, actions):
        """Return the first rule of the company (or of all) that applies to a mail and does one of ``actions``."""
        names = None

        def file_names():
            nonlocal names
            names = mail_rule.file_names(message) if names is None else names
            return names

        for rule_id, company, action, conditions in self._rules():
            if company in (company_id, False) and action in actions and mail_rule.applies(
                    conditions, message, size, file_names):
                return self.browse(rule_id)
        return self.browse()

    def _ticket_values(self):
        """Return what the rule fills in, as values for create."""
        self.ensure_one()
        values = {name: self[name].id if self._fields[name].relational else self[name] for name in TICKET_FIELDS}
        values = {name: value for name, value in values.items() if value}
        return dict(values, tag_ids=self.tag_ids.ids) if self.tag_ids else values

    # ------------------------------------------------------------
    # screens
    # ------------------------------------------------------------

    def action_try(self):
        """Show which of the last mails the rule would have applied to, by itself."""
        self.ensure_one()
        mails = self.env['helpdesk.mail.intake'].search(
            [('outcome', '!=', 'other_model'), ('raw_id', '!=', False)], limit=TRIED)
        conditions, found = self._conditions(), []
        for mail in mails:
            # sudo: who sees the row may see its mail
            message = parsing.parse(mail.sudo().raw_id.raw or b'')[0]
            if mail_rule.applies(conditions, message, mail.size, lambda message=message: mail_rule.file_names(message)):
                found.append(mail.id)
        return self._open_mails(
            self.env._("Would apply to %(found)s of the last %(all)s mails", found=len(found), all=len(mails)),
            [('id', 'in', found)])

    def action_open_mails(self):
        """Show the mails that the rule applied to."""
        return self._open_mails(self.env._("Mails of “%s”", self.name), [('rule_id', 'in', self.ids)])

    def _open_mails(self, name, domain):
        return {'type': 'ir.actions.act_window', 'name': name, 'res_model': 'helpdesk.mail.intake',
                'view_mode': 'list,form', 'domain': domain, 'context': {'create': False}}


def _has_word(words, text):
    return any(wildcards.part_in(text, word) for word in words)


def _fits_ending(endings, name):
    return any(wildcards.file_fits(name, '', ending) for ending in endings)
