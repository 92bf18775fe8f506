from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.helpdesk_stage import DONE_STATUSES
from ..models.helpdesk_ticket_merge import MESSAGES


class HelpdeskTicketMergeDialog(models.TransientModel):
    """Asks which ticket goes on, says what will happen, then merges (D5)."""
    _name = 'helpdesk.ticket.merge.dialog'
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_merge_dialog_rel', 'dialog_id', 'ticket_id', string="Tickets",
        required=True, readonly=True, default=lambda self: self.env.context.get('active_ids', []))
    is_several = fields.Boolean(compute='_compute_candidate_ids')
    candidate_ids = fields.Many2many('helpdesk.ticket', compute='_compute_candidate_ids', string="Looks Alike")
    target_id = fields.Many2one(
        'helpdesk.ticket', string="Goes On", compute='_compute_target_id', store=True, readonly=False,
        compute_sudo=False,  # proposed is what the user sees; stored fields are else computed in sudo
        help="The ticket that takes in the others. It keeps its number, subject, stage, assignee and promises.")
    merged_ids = fields.Many2many('helpdesk.ticket', compute='_compute_preview', string="Are Merged")
    tell_customer = fields.Boolean(help="One mail to the customers of the merged tickets, in their language.")
    preview = fields.Char(compute='_compute_preview')
    warning = fields.Text(compute='_compute_preview')
    opening = fields.Text(compute='_compute_preview')
    opening_confirmed = fields.Boolean(string="Merge all the same")

    @api.depends('ticket_ids')
    def _compute_candidate_ids(self):
        for dialog in self:
            tickets = dialog.ticket_ids._origin
            dialog.is_several = len(tickets) > 1
            dialog.candidate_ids = tickets if len(tickets) != 1 else tickets._similar_tickets()

    @api.depends('ticket_ids')
    def _compute_target_id(self):
        """Propose the oldest open one of several; for a single one, the ticket that looks most like it."""
        for dialog in self:
            tickets = dialog.candidate_ids._origin
            if dialog.is_several:
                tickets = tickets.sorted(lambda ticket: (ticket.status in DONE_STATUSES, ticket.id))
            dialog.target_id = dialog.target_id or tickets[:1]

    @api.depends('ticket_ids', 'target_id')
    def _compute_preview(self):
        for dialog in self:
            target, sources = dialog.target_id._origin, dialog.ticket_ids._origin - dialog.target_id._origin
            dialog.merged_ids = sources
            chosen = bool(target and sources)  # a text of no tickets would be their name
            dialog.preview = chosen and dialog._preview_words(target, sources)
            dialog.warning = chosen and '\n'.join(dialog._warnings(target, sources))
            dialog.opening = chosen and dialog._opening_words(target, sources)

    def _preview_words(self, target, sources):
        # sudo: how many messages hang on tickets the agent may change; agents may not ask which are tracked changes
        messages = self.env['mail.message'].sudo().search_count([*MESSAGES[2], (MESSAGES[1], 'in', sources.ids)])
        return self.env._(
            "What was said on %(sources)s (messages: %(count)s), files, followers and activities move to "
            "%(target)s. "
            "Mail to the old numbers arrives there. The merged tickets are archived and their promises end. "
            "You can undo this.",
            sources=', '.join(sources.mapped('number')), count=messages, target=target.number)

    def _warnings(self, target, sources):
        _, words = self.env._, []
        for customer in dict.fromkeys(self._customer(one) for one in sources):
            if customer and customer != self._customer(target):
                words.append(_(
                    "The customer of %(target)s is %(customer)s. What %(other)s wrote can be read there by whoever "
                    "sees that ticket, and %(other)s gets its answers.",
                    target=target.number, customer=self._customer(target) or _("unknown"), other=customer))
        if any(one.team_id.visibility == 'members' and one.team_id != target.team_id for one in sources):
            words.append(_("Everybody who sees the team %s will read the internal notes.", target.team_id.name))
        return words

    def _opening_words(self, target, sources):
        """Return what is said when the talk of tickets that are kept to some groups gets more readers; else ''."""
        # sudo: which groups a type is kept to, asked on behalf of who merges
        readers = target.sudo().type_id.group_ids
        opened = sources.sudo().filtered(  # sudo: as above
            lambda one: one.type_id.group_ids and (not readers or readers - one.type_id.group_ids))
        if not opened:
            return ''
        return self.env._(
            "%(sources)s: only some people may read tickets of the type %(types)s. All that was said there, internal "
            "notes included, will be read by everybody who sees %(target)s. Rather merge into the ticket that is kept "
            "to them.", sources=', '.join(opened.mapped('number')), types=', '.join(opened.type_id.mapped('name')),
            target=target.number)

    @staticmethod
    def _customer(ticket):
        return ticket.partner_id.display_name or ticket.partner_name or ticket.partner_email or ''

    def action_merge(self):
        """Merge, and open the ticket that goes on."""
        self.ensure_one()
        tickets, sources = self.ticket_ids | self.target_id, self.ticket_ids - self.target_id
        if not self.target_id or not sources:
            raise UserError(self.env._("Choose another ticket: one cannot be merged into itself."))
        if self.opening and not self.opening_confirmed:
            raise UserError(self.env._("%s\nTick “Merge all the same” if that is meant.", self.opening))
        sources.merge_into(self.target_id, tell_customer=self.tell_customer)
        return tickets._open_anew({
            'type': 'ir.actions.act_window', 'res_model': 'helpdesk.ticket', 'res_id': self.target_id.id,
            'view_mode': 'form', 'views': [(False, 'form')], 'target': 'main' if self.is_several else 'current'})
