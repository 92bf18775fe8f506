from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .helpdesk_stage import DONE_STATUSES


class HelpdeskTicketChecklistMixin(models.AbstractModel):
    """What is to be done on a ticket, and that it is done before the ticket is solved where that matters (D23)."""
    _name = 'helpdesk.ticket.checklist.mixin'
    _description = "Ticket: Checklist"

    check_ids = fields.One2many(
        'helpdesk.ticket.check', 'ticket_id', string="Checklist", copy=False,
        groups='helpdesk_core.group_helpdesk_user')
    check_progress = fields.Char(
        string="Checklist Progress", compute='_compute_check_progress', help="Items done, of all.")

    @api.depends('check_ids.done')
    @api.depends_context('uid')
    def _compute_check_progress(self):
        """Count in one query for all tickets shown."""
        counts, ids = {}, self._origin.ids
        if ids and self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            # sudo: whoever reads a ticket as an agent reads its checklist; counted without the rules' joins
            rows = self.env['helpdesk.ticket.check'].sudo()._read_group(
                [('ticket_id', 'in', ids)], ['ticket_id', 'done'], ['__count'])
            for ticket, done, count in rows:
                counts.setdefault(ticket.id, {})[done] = count
        for ticket in self:
            done, todo = (counts.get(ticket._origin.id, {}).get(key, 0) for key in (True, False))
            ticket.check_progress = f'{done}/{done + todo}' if done + todo else False

    def _open_required_checks(self):
        """Return the items without which these tickets cannot be solved."""
        # sudo: what must be done must be done, also where its reader lacks the right to see it
        return self.env['helpdesk.ticket.check'].sudo().search(
            [('ticket_id', 'in', self.ids), ('is_required', '=', True), ('done', '=', False)])

    def _check_checklists(self):
        """Refuse people to solve what is not done. The system is not stopped: its steps ask for themselves."""
        done = self.filtered(lambda ticket: ticket.status in DONE_STATUSES)
        for ticket, checks in done._open_required_checks().grouped('ticket_id').items():
            raise UserError(self.env._(
                "%(ticket)s cannot be solved yet. Still to be done on its checklist: %(items)s",
                ticket=ticket.number, items=', '.join(checks.mapped('name'))))

    # ------------------------------------------------------------
    # create, write, copy
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._add_own_checklists()
        return tickets

    def write(self, vals):
        leaving = self.browse()
        if 'stage_id' in vals and not self.env.su:
            leaving = self.filtered(lambda ticket: ticket.status not in DONE_STATUSES)
        result = super().write(vals)
        leaving._check_checklists()  # afterwards: the same write may tick the last item
        if {'team_id', 'type_id'} & vals.keys():
            self._add_own_checklists()
        return result

    def _add_own_checklists(self):
        """Add the checklists that belong to tickets of this team and type."""
        checklists = self.env['helpdesk.checklist']
        if not checklists._added_by_itself():
            return
        # sudo: set up by administrators, for whoever makes the ticket; in the language of the company's people
        for ticket in self.sudo():
            if ids := ticket.status not in DONE_STATUSES and checklists._ids_for(ticket):
                checklists.browse(ids).with_env(ticket.env)._add_to(ticket)

    def copy_data(self, default=None):
        """A copy has the same things to do, none of them done: what was done already is left out."""
        vals_list = super().copy_data(default=default)
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            return vals_list
        for ticket, vals in zip(self, vals_list, strict=True):
            if checks := ticket.check_ids.filtered(lambda check: not check.done):
                vals['check_ids'] = [Command.create(check_vals) for check_vals in (
                    {name: value for name, value in data.items() if name != 'ticket_id'}
                    for data in checks.copy_data())]
        return vals_list
