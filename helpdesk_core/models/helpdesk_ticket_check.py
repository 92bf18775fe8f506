from odoo import api, fields, models
from odoo.exceptions import AccessError

WRITTEN_BY_TICKING = {'done_at', 'done_by_id'}


class HelpdeskTicketCheck(models.Model):
    """One thing to be done on a ticket (D23)."""
    _name = 'helpdesk.ticket.check'
    _description = "Ticket Checklist Item"
    _order = 'sequence, id'

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, index=True, ondelete='cascade')
    checklist_id = fields.Many2one('helpdesk.checklist', readonly=True, ondelete='set null', index='btree_not_null')
    name = fields.Char(string="What Is to Be Done", required=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        'res.users', string="Who", ondelete='set null',
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_user').id)])
    date_deadline = fields.Date(string="Due")
    is_required = fields.Boolean(
        string="Before Solving", readonly=True, help="The ticket cannot be solved while this is open.")
    done = fields.Boolean(copy=False)
    done_at = fields.Datetime(string="Done At", readonly=True, copy=False)
    done_by_id = fields.Many2one('res.users', string="Done By", readonly=True, copy=False, ondelete='set null')

    @api.model_create_multi
    def create(self, vals_list):
        self._check_facts(vals_list)
        now = self.env.cr.now()
        for vals in vals_list:
            if vals.get('done'):
                vals.update(done_at=now, done_by_id=self.env.uid)
        return super().create(vals_list)

    def write(self, vals):
        self._check_facts([vals])
        if {'is_required', 'ticket_id'} & vals.keys():
            self._check_may_release(self.filtered(lambda check: check.is_required and not check.done))
        ticked = self.filtered(lambda check: check.done != vals['done']) if 'done' in vals else self.browse()
        result = super().write(vals)
        if ticked:
            # sudo: who did it and when is the system's to write; that they may change the items was checked
            super(HelpdeskTicketCheck, ticked.sudo()).write({
                'done_at': vals['done'] and self.env.cr.now(), 'done_by_id': vals['done'] and self.env.uid})
            ticked._log_ticked(bool(vals['done']))
        return result

    def _check_facts(self, vals_list):
        if not self.env.su and any(WRITTEN_BY_TICKING & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("Who did it, and when, is written by the system."))

    def _log_ticked(self, done):
        self.env['helpdesk.ticket.event']._log([
            {'ticket_id': check.ticket_id.id, 'kind': 'checklist', 'new': check.name,
             'detail': {'check_id': check.id, 'done': done}} for check in self])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_required(self):
        self._check_may_release(self.filtered(lambda check: check.is_required and not check.done))

    def _check_may_release(self, checks):
        """What must be done before solving is not dropped by just anybody."""
        strict = checks.filtered(lambda check: not check.ticket_id._leads())
        if strict:
            raise AccessError(self.env._(
                "This must be done before the ticket is solved; only the team's leader and administrators drop it: %s",
                ', '.join(strict.mapped('name'))))
