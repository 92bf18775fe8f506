from datetime import timedelta

from odoo import api, fields, models

from ..models.helpdesk_ticket_sending import AnswerHeldBack


class MailComposeMessage(models.TransientModel):
    """The large composer sends answers on tickets under the rules of the small one (N4)."""
    _inherit = 'mail.compose.message'

    helpdesk_seen_id = fields.Integer(default=-1, help="The newest message that the author has read; -1: not known.")
    helpdesk_offered = fields.Json(help="Ids of the contacts that were offered as recipients.")
    helpdesk_left_out = fields.Json(help="Keys of those who do not get the answer.")
    helpdesk_emails = fields.Json(help="Addresses without a contact that get the answer.")
    helpdesk_confirmed = fields.Json(help="Reasons against sending that the author has seen.")
    helpdesk_reasons = fields.Json(help="Why the answer was not sent at once.")
    helpdesk_audience = fields.Json(string="Goes To", compute='_compute_helpdesk_audience')

    helpdesk_stage_id = fields.Many2one(
        'helpdesk.stage', string="Then Set To", domain="[('id', 'in', helpdesk_stage_ids)]", ondelete='set null',
        help="The stage that the ticket gets with the answer, in one go.")
    helpdesk_stage_ids = fields.Many2many('helpdesk.stage', compute='_compute_helpdesk_stage_ids')

    @api.depends('model', 'res_ids', 'subtype_id')
    def _compute_helpdesk_stage_ids(self):
        for wizard in self:
            ticket = wizard._helpdesk_ticket()
            wizard.helpdesk_stage_ids = [stage['id'] for stage in ticket.get_answer_stages()] if ticket else False

    @api.depends('model', 'res_ids', 'partner_ids', 'subtype_id', 'helpdesk_left_out', 'helpdesk_emails')
    def _compute_helpdesk_audience(self):
        for wizard in self:
            ticket = wizard._helpdesk_ticket()
            wizard.helpdesk_audience = ticket and ticket.get_answer_recipients(
                wizard.partner_ids.ids, wizard.helpdesk_emails or (), wizard._helpdesk_all_left_out(ticket))

    def _helpdesk_ticket(self):
        """Return the ticket that this is an answer to, where its author works on it; else none."""
        nothing = self.env['helpdesk.ticket']
        if self.model != nothing._name or self.composition_mode != 'comment' or self.subtype_is_log:
            return nothing
        ids = self._evaluate_res_ids() or []
        ticket = nothing.browse(ids) if len(ids) == 1 else nothing
        return ticket if ticket and self.env.user._helpdesk_works_on(ticket) else nothing

    def _helpdesk_all_left_out(self, ticket):
        """Return the keys of those left out: by a click on them, or by taking an offered contact off the list."""
        gone = self.env['res.partner'].browse(self.helpdesk_offered or ()) - self.partner_ids._origin
        back = {ticket._recipient_key(partner.email, partner.id) for partner in self.partner_ids}
        keys = {*(self.helpdesk_left_out or ()), *(ticket._recipient_key(p.email, p.id) for p in gone)}
        return sorted(keys - back)

    def _helpdesk_choices(self, ticket):
        """Return the context under which the answer is posted (see ``helpdesk.ticket.message_post``)."""
        return {
            'helpdesk_guard': {
                'seen_id': None if self.helpdesk_seen_id < 0 else self.helpdesk_seen_id,
                'confirmed': self.helpdesk_confirmed or []},
            'helpdesk_left_out': self._helpdesk_all_left_out(ticket), 'helpdesk_emails': self.helpdesk_emails or [],
            'helpdesk_stage_id': self.helpdesk_stage_id.id,
        }

    # ------------------------------------------------------------
    # sending
    # ------------------------------------------------------------

    def action_send_mail(self):
        try:
            return super().action_send_mail()
        except AnswerHeldBack as held:
            return self._helpdesk_ask_again(held)

    def action_helpdesk_send(self):
        """Send an answer as the small composer does: it can be taken back for some seconds, where that is set."""
        ticket = self._helpdesk_ticket()
        seconds = ticket._undo_seconds() if ticket else 0
        if not seconds:
            return self.action_send_mail()
        self.scheduled_date = fields.Datetime.to_string(fields.Datetime.now() + timedelta(seconds=seconds + 1))
        try:
            held = self.with_context(helpdesk_held=True)._action_schedule_message()
        except AnswerHeldBack as held_back:
            self.scheduled_date = False
            return self._helpdesk_ask_again(held_back)
        return {
            'type': 'ir.actions.client', 'tag': 'helpdesk_answer_held',
            'params': {'id': held.id, 'seconds': seconds, 'ticket_id': ticket.id, 'name': ticket.display_name}}

    def action_schedule_message(self):
        try:
            return super().action_schedule_message()
        except AnswerHeldBack as held:
            return self._helpdesk_ask_again(held)

    def _helpdesk_ask_again(self, held):
        """Show what came in between; who sends once more has read it."""
        reasons = held.context['reasons']
        newest = [reason['newest_id'] for reason in reasons if reason['kind'] == 'meanwhile']
        self.write({
            'helpdesk_reasons': reasons,
            'helpdesk_confirmed': sorted({*(self.helpdesk_confirmed or []), *(reason['kind'] for reason in reasons)}),
            'helpdesk_seen_id': max([self.helpdesk_seen_id, *newest]),
        })
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [[False, 'form']], 'target': 'new', 'name': self.env._("Read this before you send"),
            'context': self.env.context,
        }

    def _action_send_mail_comment(self, res_ids):
        ticket = self._helpdesk_ticket()
        if ticket:
            self = self.with_context(**self._helpdesk_choices(ticket))  # noqa: PLW0642
        return super()._action_send_mail_comment(res_ids)

    def _prepare_schedule_message_post_values(self, post_values):
        """Keep what was chosen; when it leaves, whoever writes in between holds it back."""
        values = super()._prepare_schedule_message_post_values(post_values)
        ticket = self._helpdesk_ticket()
        if ticket:
            choices = self._helpdesk_choices(ticket)
            ticket._hold_back(choices['helpdesk_guard'], values['body'], choices['helpdesk_left_out'])
            choices['helpdesk_guard'] = {
                'seen_id': ticket._public_messages([], limit=1).id or 0, 'confirmed': ['quote', 'customer']}
            values['send_context'] = {**values['send_context'], **choices}
            values['helpdesk_undo'] = bool(self.env.context.get('helpdesk_held'))
        return values
