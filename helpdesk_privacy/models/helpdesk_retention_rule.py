from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

ACTIONS = [
    ('anonymise', "Anonymise: the figures stay, words and people go"),
    ('erase', "Erase the whole ticket"),
    ('files', "Delete attached files"),
    ('originals', "Delete original mails"),
]
BATCH = 100
LISTED = 1000  # tickets that a dry run lists



class HelpdeskRetentionRule(models.Model):
    """How long tickets are kept, and what goes then (D21). What is on legal hold stays, whatever a rule says."""
    _name = 'helpdesk.retention.rule'
    _description = "Retention Rule"
    _order = 'sequence, id'

    name = fields.Char(required=True, help="Stands in the log of what it erases.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    team_ids = fields.Many2many('helpdesk.team', string="Teams", help="Empty: all teams of the company.")
    type_ids = fields.Many2many('helpdesk.type', string="Types", help="Empty: all types.")
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags", help="Tickets with one of these. Empty: all.")
    brand_ids = fields.Many2many('helpdesk.brand', string="Brands", help="Empty: all brands.")
    months = fields.Integer(
        string="After", required=True, default=36, help="Months since a ticket was closed, or solved and never closed.")
    action = fields.Selection(ACTIONS, string="Then", required=True, default='anonymise')
    run_ids = fields.One2many('helpdesk.retention.run', 'rule_id', string="Runs", readonly=True)
    checked_at = fields.Datetime(string="Last Looked", readonly=True, copy=False)
    ticket_count = fields.Integer(
        string="Tickets It Would Touch", compute='_compute_ticket_count', help="Today, if it ran now.")

    _months_positive = models.Constraint('CHECK (months > 0)', "A ticket is kept for at least one month.")

    @api.constrains('company_id', 'team_ids', 'brand_ids')
    def _check_company(self):
        for rule in self:
            teams = rule.team_ids.sudo()  # sudo: the company alone
            if teams.company_id - rule.company_id or rule.brand_ids.company_id - rule.company_id:
                raise ValidationError(self.env._(
                    "%s names teams or brands of another company. Make a rule for each company.", rule.name))

    @api.depends('company_id', 'team_ids', 'type_ids', 'tag_ids', 'brand_ids', 'months', 'action')
    def _compute_ticket_count(self):
        for rule in self:
            # sudo: a number, of tickets in a company that the reader of the rule administers; a new one may name any
            known = rule.company_id in self.env.companies
            rule.ticket_count = known and rule.months > 0 and rule._tickets().search_count(rule._domain())

    # ------------------------------------------------------------
    # which tickets
    # ------------------------------------------------------------

    def _tickets(self):
        # sudo: a rule holds for all tickets of its company, whatever its reader may see
        return self.env['helpdesk.ticket'].sudo().with_context(active_test=False)

    def _domain(self):
        """Return the domain of the tickets that are due: done long enough, on no legal hold, not dealt with before."""
        return self._old_enough() & ~Domain('is_held', '=', True)

    def _old_enough(self):
        self.ensure_one()
        before = fields.Datetime.now() - relativedelta(months=self.months)
        domain = Domain([
            ('company_id', '=', self.company_id.id), ('status', 'in', ('solved', 'closed')),
            ('merged_into_id', '=', False)])
        domain &= Domain('closed_at', '<', before) | (
            Domain('closed_at', '=', False) & Domain('solved_at', '<', before))
        for name, values in (('team_id', self.team_ids), ('type_id', self.type_ids), ('tag_ids', self.tag_ids),
                             ('brand_id', self.brand_ids)):
            if values:
                domain &= Domain(name, 'in', values._origin.ids or values.ids)
        return domain & self._not_done()

    def _not_done(self):
        if self.action == 'anonymise':
            return Domain('anonymised_at', '=', False)
        if self.action == 'originals':
            return self.env['helpdesk.personal.data']._with_originals()
        if self.action == 'files':
            return Domain.custom(to_sql=lambda model, alias, query: SQL(
                "EXISTS (SELECT FROM ir_attachment WHERE res_model = 'helpdesk.ticket' AND res_field IS NULL"
                " AND res_id = %s)", SQL.identifier(alias, 'id')))
        return Domain.TRUE

    def action_dry_run(self):
        """Show which tickets the rule would touch if it ran now, and change nothing."""
        self.ensure_one()
        self.check_access('read')
        tickets, domain = self._tickets(), self._domain()
        count = tickets.search_count(domain)
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        name = self.env._("%(rule)s: would touch %(count)s tickets", rule=self.name, count=count)
        if count > LISTED:
            name = self.env._("%(name)s, here are the oldest %(some)s", name=name, some=LISTED)
        ids = tickets.search(domain, order='id', limit=LISTED).ids
        action.update(
            name=name, display_name=name, domain=[('id', 'in', ids)], context={'active_test': False},
            view_mode='list,form', views=[(False, 'list'), (False, 'form')],
            help=self.env._("Nothing is old enough, or what is old enough has been dealt with."))
        return action

    def action_run(self):
        """Have the rules run right after this, in the background."""
        self._check_manager()
        if archived := self.filtered(lambda rule: not rule.active):
            raise UserError(self.env._("%s is archived. Unarchive it first.", archived[0].name))
        # sudo: the job belongs to the system
        self.env.ref('helpdesk_privacy.ir_cron_retention').sudo()._trigger()
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'info', 'message': self.env._("All active rules run now. Their reports are the privacy runs.")}}

    def action_view_runs(self):
        """Open the reports of this rule's runs."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_privacy.helpdesk_retention_run_action')
        return {**action, 'domain': [('rule_id', '=', self.id)], 'context': {}}

    def _check_manager(self):
        self.check_access('write')
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            raise AccessError(self.env._("Only helpdesk administrators run retention rules."))

    # ------------------------------------------------------------
    # running
    # ------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Run all active rules in batches, each committed; goes on where it stopped (in the next run of the job)."""
        progress = self.env['ir.cron']
        rules = self.search([('active', '=', True)]).filtered(lambda rule: not rule._looked_today())
        progress._commit_progress(remaining=sum(rule._remaining() for rule in rules))
        for rule in rules:
            while done := rule._run_batch():
                self.env.invalidate_all()
                if not progress._commit_progress(done):
                    return
            rule._finish()
            progress._commit_progress(0)

    def _looked_today(self):
        """True when the rule has been through today: a job that goes on later does not begin with it again."""
        unfinished = self.run_ids.filtered(lambda run: not run.finished_at)
        return not unfinished and self.checked_at and self.checked_at > fields.Datetime.now() - relativedelta(
            hours=1)

    def _remaining(self):
        return self._tickets().search_count(self._domain() & Domain('id', '>', self._open_run().last_ticket_id))

    def _open_run(self):
        """Return the run (sudo) that is not through yet, empty for none."""
        # sudo: reports are the system's to write
        return self.env['helpdesk.retention.run'].sudo().search(
            [('rule_id', '=', self.id), ('finished_at', '=', False)], limit=1)

    def _run_batch(self):
        """Deal with the next BATCH tickets, in the order of their ids; return how many were looked at."""
        run = self._open_run()
        tickets = self._tickets().search(
            self._domain() & Domain('id', '>', run.last_ticket_id), order='id', limit=BATCH)
        if not tickets:
            return 0
        run = run or run._begin(self)
        last_id = tickets[-1].id
        run._deal_with(tickets)
        run.last_ticket_id = last_id
        return len(tickets)

    def _finish(self):
        if run := self._open_run():
            run.held_count += self._tickets().search_count(self._old_enough() & Domain('is_held', '=', True))
            run._finish()
        self.sudo().checked_at = fields.Datetime.now()  # sudo: written by the job alone
