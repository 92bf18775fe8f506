from datetime import timedelta

from odoo import api, fields, models

TRIED = 5000  # tickets that are looked at, the newest first


class HelpdeskRoutingTry(models.TransientModel):
    """Runs a routing rule on the tickets of the last days without touching any (N11)."""
    _name = 'helpdesk.routing.try'
    _description = "Try a Routing Rule"

    rule_id = fields.Many2one('helpdesk.routing.rule', required=True, readonly=True, ondelete='cascade')
    days = fields.Integer(string="Tickets of the last (days)", required=True, default=7)
    result = fields.Char(compute='_compute_ticket_ids')
    ticket_ids = fields.Many2many('helpdesk.ticket', string="Tickets", compute='_compute_ticket_ids')

    _days_positive = models.Constraint('CHECK (days > 0)', "Choose at least one day.")

    @api.depends('rule_id', 'days')
    def _compute_ticket_ids(self):
        for wizard in self:
            tickets = wizard._tickets()
            wizard.ticket_ids = tickets._routing_dry_run(wizard._rules(), wizard.rule_id.id)
            wizard.result = self.env._(
                "“%(rule)s” would have touched %(count)s of %(all)s tickets", rule=wizard.rule_id.name,
                count=len(wizard.ticket_ids), all=len(tickets))
            if len(tickets) == TRIED:
                wizard.result = self.env._("%s (only the newest were looked at)", wizard.result)

    def _tickets(self):
        """Return the tickets of the last days that the reader sees, archived ones too."""
        begin = self.env.cr.now() - timedelta(days=max(0, self.days))
        return self.env['helpdesk.ticket'].with_context(active_test=False).search(
            [('create_date', '>=', begin)], order='id desc', limit=TRIED)

    def _rules(self):
        """Return the rules that are switched on and this one, in order: what those before it set and stop counts."""
        self.rule_id.check_access('read')
        # sudo: what other rules do before is part of the answer; only the tickets that this one touches are shown
        rules = self.env['helpdesk.routing.rule'].sudo()
        rules = rules.search([('active', '=', True)]) | rules.browse(self.rule_id.id)
        return rules.sorted(lambda rule: (rule.sequence, rule.id))._plain_rules()

    def action_open(self):
        """Open the list of the tickets that the rule would have touched."""
        self.ensure_one()
        return self.rule_id._open_tickets(self.result, [('id', 'in', self.ticket_ids.ids)])
