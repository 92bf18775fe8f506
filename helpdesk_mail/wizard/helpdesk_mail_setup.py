from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.helpdesk_mail_intake_keep import UNDECIDED


class HelpdeskMailSetup(models.TransientModel):
    """The page "Set up your helpdesk", its mail part: what is there, what is missing, a test of it all (S3-6)."""

    _name = 'helpdesk.mail.setup'
    _description = "Mail Set-up"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    is_system = fields.Boolean(compute='_compute_is_system')
    domain_name = fields.Char(
        string="Mail Domain",
        default=lambda self: self.env.company.alias_domain_id.name,
        help="What stands after the @ in your addresses.",
    )
    team_ids = fields.Many2many('helpdesk.team', string="Teams", default=lambda self: self._default_team_ids())
    fetch_server_ids = fields.Many2many('fetchmail.server', compute='_compute_servers', compute_sudo=True)
    mail_server_ids = fields.Many2many('ir.mail_server', compute='_compute_servers', compute_sudo=True)
    troubled_count = fields.Integer(compute='_compute_health')
    health_text = fields.Char(compute='_compute_health')
    domain_done = fields.Boolean(compute='_compute_done')
    teams_done = fields.Boolean(compute='_compute_done')
    incoming_done = fields.Boolean(compute='_compute_done')
    incoming_text = fields.Char(compute='_compute_done')
    outgoing_done = fields.Boolean(compute='_compute_done')
    test_team_id = fields.Many2one(
        'helpdesk.team', string="Send It To", default=lambda self: self._default_team_ids()[:1]
    )
    test_id = fields.Many2one('helpdesk.mail.test', readonly=True)
    sent_state = fields.Selection(related='test_id.sent_state')
    sent_text = fields.Char(related='test_id.sent_text')
    received_state = fields.Selection(related='test_id.received_state')
    received_text = fields.Char(related='test_id.received_text')
    ticket_state = fields.Selection(related='test_id.ticket_state')
    ticket_text = fields.Char(related='test_id.ticket_text')
    answer_state = fields.Selection(related='test_id.answer_state')
    answer_text = fields.Char(related='test_id.answer_text')
    test_ticket_id = fields.Many2one(related='test_id.ticket_id', string="Test Ticket")

    @api.model
    def _default_team_ids(self):
        return self.env['helpdesk.team'].search([('company_id', '=', self.env.company.id)])

    def _compute_display_name(self):
        for setup in self:
            setup.display_name = self.env._("Mail Set-up")

    @api.depends_context('uid')
    def _compute_is_system(self):
        self.is_system = self.env.user.has_group('base.group_system')

    def _compute_servers(self):
        for setup in self:
            setup.fetch_server_ids = self.env['fetchmail.server'].search([('active', '=', True)])
            setup.mail_server_ids = self.env['ir.mail_server'].search([('active', '=', True)])

    @api.depends('domain_name', 'team_ids.alias_name')
    def _compute_done(self):
        for setup in self:
            setup.domain_done = bool(setup.company_id.alias_domain_id)
            setup.teams_done = bool(setup.team_ids) and all(team.alias_email for team in setup.team_ids)
            # sudo: that mail comes in at all, not what is in it
            latest = self.env['helpdesk.mail.intake'].sudo().search_fetch([('id', '!=', False)], ['way'], limit=200)
            ways = set(latest.mapped('way'))
            # sudo: servers belong to the system's administrators; here only whether one fetches
            fetching = setup.sudo().fetch_server_ids.filtered(lambda server: server.state == 'done')
            setup.incoming_done = bool(fetching or ways & {'lmtp', 'smtp', 'pipe'})
            setup.incoming_text = setup._incoming_words(fetching, ways)
            # sudo: whether mail can leave; without a server record the one of the configuration file is used
            setup.outgoing_done = bool(setup.sudo().mail_server_ids) or bool(
                self.env['mail.mail'].sudo().search_count([('state', '=', 'sent')], limit=1)
            )

    def _compute_health(self):
        """Count what came within a day and what waits for a person, of the mails that the reader may see."""
        mails = self.env['helpdesk.mail.intake']
        since = fields.Datetime.now() - timedelta(days=1)
        came = mails.search_count([('received_at', '>=', since)])
        counts = dict(mails._read_group([('outcome', 'in', UNDECIDED)], ['outcome'], ['__count']))
        failed, held, waiting = (counts.get(name, 0) for name in UNDECIDED)
        for setup in self:
            setup.troubled_count = failed + held
            setup.health_text = self.env._(
                "%(came)s mails came within 24 hours. %(failed)s failed, %(held)s are held, %(waiting)s wait to be "
                "processed.", came=came, failed=failed, held=held, waiting=waiting)

    def action_open_troubled(self):
        """Show the mails that need a person."""
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_mail.helpdesk_mail_intake_action')
        return dict(action, context={'search_default_attention': 1})

    def _incoming_words(self, fetching, ways):
        """Say how mail comes in: by ``fetching`` mailboxes, or by the ``ways`` it came lately."""
        if fetching:
            return self.env._("Mail is fetched from %s.", ', '.join(fetching.mapped('name')))
        if ways & {'lmtp', 'smtp'}:
            return self.env._("Mail has come through the receiver.")
        if 'pipe' in ways:
            return self.env._("Mail has come through a mail program.")
        return self.env._("No mailbox is fetched and nothing has come through the receiver yet.")

    def action_set_domain(self):
        """Use the mail domain for the company and its teams; it is made where it does not exist."""
        self.ensure_one()
        name = (self.domain_name or '').strip().lower().removeprefix('@')
        if not name or '.' not in name:
            raise UserError(self.env._("A mail domain looks like example.com."))
        domain = self.env['mail.alias.domain'].search([('name', '=', name)], limit=1) or self.env[
            'mail.alias.domain'
        ].create({'name': name})
        self.company_id.alias_domain_id = domain
        teams = (
            self.env['helpdesk.team'].with_context(active_test=False).search([('company_id', '=', self.company_id.id)])
        )
        teams.filtered(lambda team: team.alias_domain_id != domain).alias_domain_id = domain
        self.domain_name = name
        return self._reload()

    def action_add_fetch_server(self):
        """Open a new incoming mail server."""
        return self._open('fetchmail.server', self.env._("Incoming Mail Server"))

    def action_add_mail_server(self):
        """Open a new outgoing mail server."""
        return self._open('ir.mail_server', self.env._("Outgoing Mail Server"))

    def action_test(self):
        """Send a mail to the chosen team and show how far it comes."""
        self.ensure_one()
        if not self.test_team_id:
            raise UserError(self.env._("Choose a team to send the test to."))
        self.test_id = self.env['helpdesk.mail.test']._start(self.test_team_id)
        return self._reload()

    def action_look_again(self):
        """Look how far the test mail has come by now."""
        return self._reload()

    def action_open_test_ticket(self):
        """Open the ticket that the test mail became."""
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'helpdesk.ticket',
            'view_mode': 'form',
            'res_id': self.test_ticket_id.id,
        }

    @api.model
    def action_open(self):
        """Open the page."""
        setup = self.create({'team_ids': [Command.set(self._default_team_ids().ids)]})
        return setup._reload()

    def _reload(self):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Set Up Your Helpdesk"),
            'res_model': self._name,
            'view_mode': 'form',
            'res_id': self.id,
            'target': 'current',
        }

    def _open(self, model, name):
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'view_mode': 'form',
            'target': 'current',
        }
