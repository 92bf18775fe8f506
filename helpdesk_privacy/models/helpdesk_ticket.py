from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    """What must be kept is neither erased nor changed, whatever a rule or a person asks for (D21, N14)."""
    _inherit = 'helpdesk.ticket'

    legal_hold = fields.Boolean(
        readonly=True, copy=False, tracking=True, groups='helpdesk_core.group_helpdesk_user',
        help="Nothing of this ticket is erased, anonymised or redacted until the hold ends.")
    legal_hold_reason = fields.Char(
        string="Held Because", readonly=True, copy=False, groups='helpdesk_core.group_helpdesk_user')
    is_held = fields.Boolean(
        string="On Legal Hold", compute='_compute_is_held', search='_search_is_held', compute_sudo=True,
        help="By its own hold, or by that of its customer.")

    anonymised_at = fields.Datetime(
        string="Anonymised", readonly=True, copy=False, groups='helpdesk_core.group_helpdesk_user')

    _legal_hold_idx = models.Index("(id) WHERE legal_hold IS TRUE")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'legal_hold', 'legal_hold_reason', 'anonymised_at'}

    @api.depends('legal_hold', 'partner_id.helpdesk_legal_hold', 'commercial_partner_id.helpdesk_legal_hold')
    def _compute_is_held(self):
        for ticket in self:
            ticket.is_held = (ticket.legal_hold or ticket.partner_id.helpdesk_legal_hold
                              or ticket.commercial_partner_id.helpdesk_legal_hold)

    def _search_is_held(self, operator, value):
        if operator != 'in':
            return NotImplemented
        on_hold = Domain('helpdesk_legal_hold', '=', True)
        return (Domain('legal_hold', '=', True) | Domain('partner_id', 'any', on_hold)
                | Domain('commercial_partner_id', 'any', on_hold))

    def set_legal_hold(self, hold, reason):
        """Begin (``hold`` true) or end the legal hold of these tickets; ``reason`` is kept in the log.

        :raise AccessError: for everybody but helpdesk administrators
        """
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            raise AccessError(self.env._("Only helpdesk administrators put tickets on legal hold."))
        if not (reason or '').strip():
            raise UserError(self.env._("Say why. The reason is kept in the log."))
        self.check_access('write')
        # sudo: written here alone; the right was checked
        self.sudo().filtered(lambda ticket: ticket.legal_hold != bool(hold))._set_legal_hold(hold, reason.strip())

    def _set_legal_hold(self, hold, reason):
        """Write the hold on these tickets (sudo), and log it."""
        self.write({'legal_hold': bool(hold), 'legal_hold_reason': reason if hold else False})
        self._log_events([{
            'ticket_id': ticket.id, 'kind': 'held' if hold else 'released', 'new': reason} for ticket in self])

    def write(self, vals):
        if 'partner_id' not in vals:
            return super().write(vals)
        held = self._held_by_customer()
        result = super().write(vals)
        held._keep_hold()
        return result

    def _held_by_customer(self):
        """Return those of these tickets (sudo) on hold by their customer alone: :meth:`_keep_hold` must follow what
        gives them another one."""
        # sudo: whoever changes the customer need not see who is on hold
        return self.sudo().filtered(lambda ticket: ticket.is_held and not ticket.legal_hold)

    def _keep_hold(self):
        """Put these tickets (sudo) on hold themselves where their new customer is on none: what a contact's hold kept
        stays kept, until an administrator ends it on the ticket."""
        self.invalidate_recordset(['is_held'])
        freed = self.filtered(lambda ticket: not ticket.is_held)
        if freed:
            freed._set_legal_hold(True, self.env._("That of the customer it had before"))

    def _check_not_held(self):
        """Raise UserError when one of these tickets has to be kept as it is."""
        if held := self.sudo().filtered('is_held'):  # sudo: also where only the customer's contact says so
            raise UserError(self.env._(
                "On legal hold, so nothing of it may go: %s. Have the hold ended first.",
                ', '.join(held[:10].mapped('number'))))

    def _message_update_content(self, message, /, **kwargs):
        """What was written stays as it was written: authors neither change nor empty their messages."""
        self._check_not_held()
        return super()._message_update_content(message, **kwargs)

    def _erase(self, reason):
        self._check_not_held()
        return super()._erase(reason)
