from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    _name = 'helpdesk.ticket'
    _inherit = [
        'helpdesk.ticket.form.mixin',
        'helpdesk.ticket.portal.links.mixin',
        'helpdesk.ticket.portal.scope.mixin',
        'helpdesk.ticket.portal.turn.mixin',
        'helpdesk.ticket.portal.page.mixin',
        'helpdesk.ticket.portal.acts.mixin',
        'helpdesk.ticket.portal.talk.mixin',
        'helpdesk.ticket.portal.new.mixin',
        'portal.mixin',
        'helpdesk.ticket',
    ]

    # with it anybody opens the ticket: never in a list, an export or an answer of the API
    access_token = fields.Char(groups='base.group_system')
    portal_partner_ids = fields.Many2many(
        'res.partner', 'helpdesk_ticket_portal_partner_rel', 'ticket_id', 'partner_id', string="Shown To",
        copy=False, help="Contacts who see the ticket in the portal besides the customer: they were added to it there.")
    nudged_at = fields.Datetime(
        string="Customer Asked Again", readonly=True, copy=False,
        help="When the customer last pressed “Still waiting” in the portal.")
    is_nudged = fields.Boolean(
        string="Asked Again", readonly=True, copy=False,
        help="The customer pressed “Still waiting” and nobody has answered since.")

    _nudged_idx = models.Index("(id) WHERE is_nudged IS TRUE")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'nudged_at', 'is_nudged', 'portal_partner_ids', 'access_token'}

    def write(self, vals):
        """Who was the customer until now loses the links they were sent."""
        if 'partner_id' in vals or 'partner_email' in vals:
            before = {ticket.id: (ticket.partner_id.id, ticket.partner_email) for ticket in self}
            result = super().write(vals)
            moved = self.filtered(lambda ticket: (ticket.partner_id.id, ticket.partner_email) != before[ticket.id])
            moved.sudo()._portal_forget_links()  # sudo: links are the system's to make and to withdraw
            moved.sudo()._portal_forget_people()  # sudo: as above
            return result
        return super().write(vals)

    def _note_agent_message(self, at):
        """Whoever asked again has their answer."""
        super()._note_agent_message(at)
        if self.is_nudged:
            self._write_facts({'is_nudged': False})

    def _status_facts(self, old, new, now):
        facts = super()._status_facts(old, new, now)
        if facts and self.is_nudged:
            facts['is_nudged'] = False
        return facts
