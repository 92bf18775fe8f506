from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class HelpdeskMacroRun(models.TransientModel):
    """Shows what a macro will do to the chosen tickets, and does it when told to (S1-25); or only shows it."""
    _name = 'helpdesk.macro.run'
    _description = "Run a Macro"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_macro_run_ticket_rel', 'run_id', 'ticket_id', string="Tickets",
        default=lambda self: self._default_ticket_ids())
    ticket_count = fields.Integer(compute='_compute_ticket_count')
    is_trial = fields.Boolean(string="Only Show It")
    sample_id = fields.Many2one(
        'helpdesk.ticket', string="For Example", compute='_compute_sample_id', store=True, readonly=False,
        compute_sudo=False, help="The ticket whose words are shown.")
    lang = fields.Selection(
        lambda self: self.env['res.lang'].get_installed(), string="Language", compute='_compute_lang', store=True,
        readonly=False, compute_sudo=False, help="The customer's, unless you choose another one to look at.")
    offered_macro_ids = fields.Many2many('helpdesk.macro', compute='_compute_offered_macro_ids')
    macro_id = fields.Many2one(
        'helpdesk.macro', string="Macro", required=True, domain="[('id', 'in', offered_macro_ids)]")
    macro_description = fields.Char(related='macro_id.description', related_sudo=False, string="What It Is For")
    # by the rights of the user: ids in a dialog come from the client, and stored fields are else computed in sudo
    reply = fields.Html(
        compute='_compute_reply', store=True, readonly=False, compute_sudo=False, sanitize='email_outgoing')
    has_reply = fields.Boolean(compute='_compute_preview')
    summary = fields.Html(string="What Happens", compute='_compute_preview', sanitize=False)
    remarks = fields.Html(string="Please Note", compute='_compute_preview', sanitize=False)

    @api.model
    def _default_ticket_ids(self):
        if self.env.context.get('active_model', 'helpdesk.ticket') != 'helpdesk.ticket':
            return []
        return self.env.context.get('active_ids', [])

    @api.depends('ticket_ids')
    def _compute_ticket_count(self):
        for run in self:
            run.ticket_count = len(run.ticket_ids)

    @api.depends('ticket_ids', 'is_trial', 'macro_id')
    def _compute_sample_id(self):
        """Words are shown for the first chosen ticket; to try a macro, for the newest that it is for."""
        for run in self:
            tickets = run.ticket_ids
            if not tickets and run.is_trial and not run.sample_id:
                macro = run.macro_id
                teams = [('team_id', 'in', macro.team_ids.ids)] if macro.scope == 'teams' else []
                tickets = self.env['helpdesk.ticket'].search(
                    [*teams, ('status', 'in', ('new', 'open'))], order='id desc', limit=1)
            run.sample_id = tickets[:1]._origin or run.sample_id

    @api.depends('sample_id')
    def _compute_lang(self):
        for run in self:
            run.lang = self.env['helpdesk.macro']._usable_lang(run.sample_id.customer_lang)

    @api.depends('ticket_ids')
    def _compute_offered_macro_ids(self):
        for run in self:
            macros = self.env['helpdesk.macro']
            run.offered_macro_ids = macros.search(macros._domain_for(run.ticket_ids._origin))

    @api.depends('macro_id', 'sample_id', 'lang')
    def _compute_reply(self):
        for run in self:
            macro, ticket = run.macro_id._origin, run.sample_id._origin
            run.reply = macro._render_reply(ticket, run.lang) if macro and ticket else False

    def _shown_tickets(self):
        return self.ticket_ids._origin or self.sample_id._origin

    @api.depends('macro_id', 'ticket_ids', 'sample_id')
    def _compute_preview(self):
        """Work out what running the macro would do, by the same plan that running it follows."""
        for run in self:
            macro, tickets = run.macro_id._origin, run._shown_tickets()
            plans = macro._plan(tickets) if macro and tickets else []
            run.summary = macro._preview(plans)
            run.remarks = Markup().join(
                Markup('<div>%s</div>') % sentence for sentence in macro._preview_remarks(plans))
            run.has_reply = any(plan.reply for plan in plans)

    def action_run(self):
        """Run the macro on the tickets; with the words as they stand here where there is one ticket only."""
        self.ensure_one()
        if self.is_trial:
            raise UserError(self.env._("This only shows what would happen. Run the macro from a ticket."))
        single = len(self.ticket_ids) == 1
        reply = self.reply if single and self.has_reply else None
        result = self.ticket_ids.apply_macro(self.macro_id, '' if reply is not None and is_html_empty(reply) else reply)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'warning' if result['remarks'] else 'success',
                'message': ' '.join([self._spoken_result(result), *result['remarks']]),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def _spoken_result(self, result):
        name = self.macro_id.name
        if result['done'] == 1:
            return self.env._("%s: done.", name)
        return self.env._("%(macro)s: done on %(count)s tickets, %(sent)s replies sent.",
                          macro=name, count=result['done'], sent=result['sent'])
