from odoo import api, fields, models
from odoo.fields import Command


class HelpdeskChannelTemplateSend(models.TransientModel):
    """An agent answers with an approved template: chooses it, fills it in, and sees what the customer will see."""
    _name = 'helpdesk.channel.template.send'
    _description = "Answer with a Template"

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, ondelete='cascade')
    offered_ids = fields.Many2many('helpdesk.channel.template', compute='_compute_offered')
    note = fields.Char(compute='_compute_offered')
    recipient = fields.Char(string="To", compute='_compute_offered')
    template_id = fields.Many2one(
        'helpdesk.channel.template', required=True, compute='_compute_template', store=True, readonly=False,
        precompute=True, compute_sudo=False, ondelete='cascade', domain="[('id', 'in', offered_ids)]")
    line_ids = fields.One2many(
        'helpdesk.channel.template.send.line', 'send_id', string="Fill In", compute='_compute_lines', store=True,
        readonly=False, compute_sudo=False)
    preview = fields.Html(compute='_compute_preview', sanitize=False, compute_sudo=False)

    @api.depends('ticket_id')
    def _compute_offered(self):
        for send in self:
            ticket = send.ticket_id
            templates, in_language = ticket._offered_templates()
            person = ticket.sudo().channel_person_id  # sudo: the customer of a ticket that the user may read
            send.offered_ids = templates.sudo(False)
            send.recipient = f'{person.display_name} ({person.channel_id.name})'
            send.note = False if in_language else self.env._(
                "No approved template is in the customer's language (%s): mind the language of the one you choose.",
                ticket.customer_lang)

    @api.depends('ticket_id')
    def _compute_template(self):
        for send in self:
            offered, _in_language = send.ticket_id._offered_templates()
            send.template_id = send.template_id or offered[:1].sudo(False)

    @api.depends('template_id')
    def _compute_lines(self):
        for send in self:
            send.line_ids = [Command.clear()] + [
                Command.create({'part': one.part, 'name': one.name, 'example': one.example,
                                'value': one._value(send.ticket_id)})
                for one in send.template_id.placeholder_ids]

    @api.depends('template_id', 'line_ids.value')
    def _compute_preview(self):
        for send in self:
            send.preview = send.template_id._as_html(send._values())

    def _values(self):
        return {part: {line.name: line.value or '' for line in self.line_ids if line.part == part}
                for part in ('header', 'body')}

    def action_send(self):
        """Send it; it stands in the ticket as the agent's answer.

        :raise AccessError: for who does not work on the ticket
        :raise UserError: when the service would not take it
        """
        self.ensure_one()
        self.ticket_id._answer_by_template(self.template_id, self._values())
        return {'type': 'ir.actions.act_window_close'}
