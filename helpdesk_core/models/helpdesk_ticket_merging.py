from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .helpdesk_stage import DONE_STATUSES


class Mark(int):
    """Id of the merge that a change follows from, in the context. A caller outside can send a number, never this."""


class HelpdeskTicketMergingMixin(models.AbstractModel):
    """Several tickets become one, and can be several again (D5, N3).

    What moves to the survivor: the talk, files, activities, ratings, followers, people in copy, sub-tickets; its facts
    take in since when the customer waits and who wrote last. What stays: the survivor's own subject, stage, assignee,
    tags, numbers, promises. The other ticket is archived, points to the survivor and is not worked on: its clocks end;
    mail to its number, references or signed addresses lands in the survivor. The log never moves. Which rows moved and
    what was changed is kept in ``helpdesk.ticket.merge``; undoing it puts exactly that back.
    """
    _name = 'helpdesk.ticket.merging.mixin'
    _description = "Ticket: Merge"
    _inherit = ['mail.thread']

    merged_into_id = fields.Many2one(
        'helpdesk.ticket', readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user', help="The ticket that goes on with this one's conversation.")
    merged_ids = fields.One2many(
        'helpdesk.ticket', 'merged_into_id', string="Merged Tickets", readonly=True, copy=False,
        context={'active_test': False}, groups='helpdesk_core.group_helpdesk_user')
    is_merged = fields.Boolean(compute='_compute_is_merged', compute_sudo=True, export_string_translation=False)
    merge_line = fields.Char(
        string="Merged", compute='_compute_merge_line', groups='helpdesk_core.group_helpdesk_user',
        help="Into which ticket, by whom and when.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'merged_into_id', 'merged_ids'}

    @api.depends('merged_into_id')
    def _compute_is_merged(self):
        for ticket in self:
            ticket.is_merged = bool(ticket.merged_into_id)

    @api.depends('merged_into_id')
    def _compute_merge_line(self):
        merged = self.filtered('merged_into_id')
        # sudo: by whom and when, for who reads the ticket
        merges = {merge.source_id.id: merge for merge in merged and self.env['helpdesk.ticket.merge'].sudo().search(
            [('source_id', 'in', merged.ids), ('undone_at', '=', False)])}
        for ticket in self:
            merge = merges.get(ticket.id)
            ticket.merge_line = merge and self.env._(
                "by %(who)s on %(when)s", who=merge.user_id.name,
                when=fields.Date.to_string(fields.Datetime.context_timestamp(self, merge.at)))

    def _survivor(self):
        """Return the ticket that goes on with this one: itself, unless it was merged."""
        ticket = self.sudo()  # sudo: mail and colleagues are led on whatever they may see of the way
        while ticket.merged_into_id:
            ticket = ticket.merged_into_id
        return ticket.with_env(self.env)

    # ------------------------------------------------------------
    # merging
    # ------------------------------------------------------------

    def merge_into(self, target, tell_customer=False):
        """Merge these tickets into ``target`` (ticket or its id); see the class for what that means.

        :param bool tell_customer: send their customers one mail with the old numbers and the one that goes on
        :return: id of ``target``
        :raise AccessError: without the right to change all of them
        :raise UserError: a ticket into itself, into a merged, archived or done one, into its own sub-ticket, across
            companies
        """
        target = self.browse(target) if isinstance(target, int) else target
        target.ensure_one()
        (self | target).check_access('write')
        self._lock_merge(target)
        self._check_merge(target)
        # sudo: messages, files and facts are not the agent's to write; the tickets are
        sources, survivor, merges = self.sudo().sorted('id'), target.sudo(), self.env['helpdesk.ticket.merge'].sudo()
        for source in sources:
            merges |= merges._merge(source, survivor)
        if tell_customer:
            merges._tell_customers()
        return target.id

    def _lock_merge(self, *others):
        """Take these tickets and ``others`` out of everybody else's hands, in one order for all (F5).

        The rows are touched, so that whoever works on a snapshot from before starts anew.
        """
        tickets = self.union(*others)
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "WITH locked AS (SELECT id FROM helpdesk_ticket WHERE id = ANY(%s) ORDER BY id FOR UPDATE)"
            " UPDATE helpdesk_ticket t SET write_date = %s FROM locked WHERE t.id = locked.id",
            tickets.ids, self.env.cr.now()))
        self.env.invalidate_all(flush=False)

    def _check_merge(self, target):
        _ = self.env._
        if not self or target in self:
            raise UserError(_("Choose another ticket: one cannot be merged into itself."))
        if target.merged_into_id:
            raise UserError(_("%(target)s was merged itself. Merge into %(last)s.",
                              target=target.number, last=target._survivor().sudo().number))  # sudo: where it went on
        if not target.active:
            raise UserError(_("%s is archived. Unarchive it first, or choose another ticket.", target.number))
        ancestors = target._ancestors()
        for ticket in self:
            if ticket.merged_into_id:
                raise UserError(_("%s was merged already.", ticket.number))
            if ticket.company_id != target.company_id:
                raise UserError(_("%(ticket)s and %(target)s belong to different companies.",
                                  ticket=ticket.number, target=target.number))
            if ticket in ancestors:
                raise UserError(_("%(target)s is a sub-ticket of %(ticket)s. Merge the other way round.",
                                  ticket=ticket.number, target=target.number))
            if target.status in DONE_STATUSES and ticket.status not in DONE_STATUSES:
                raise UserError(_("%(target)s is done and %(ticket)s is not. Reopen it, or merge the other way round.",
                                  ticket=ticket.number, target=target.number))

    def undo_merge(self):
        """Give these merged tickets back what they brought, to the last field (N3).

        What came to the survivor since stays there, and an internal note says what.

        :raise AccessError: without the right to change both
        :raise UserError: for a ticket that is not merged, and while its survivor is merged itself
        """
        for ticket in self:
            ticket.check_access('write')
            target = ticket.merged_into_id
            if not target:
                raise UserError(self.env._("%s is not merged.", ticket.number))
            target.check_access('write')
            ticket._lock_merge(target)
            if target.merged_into_id:
                raise UserError(self.env._(
                    "%(target)s was merged itself since. Undo that merge first, then this one.", target=target.number))
            # sudo: as in merge_into
            merge = self.env['helpdesk.ticket.merge'].sudo()._active(ticket)
            if not merge:
                raise UserError(self.env._("%s is not merged.", ticket.number))
            merge._undo()

    def _erase_along(self):
        """Prepare these tickets for their end: those merged into them end as well, those they were merged into give
        back what is theirs. Return all that end."""
        tickets, more = self, self
        while more := more.sudo().merged_ids - tickets.sudo():  # sudo: the right to erase is checked on all of them
            tickets |= more.with_env(self.env)
        # sudo: messages and files are not the administrator's to write
        merges = self.env['helpdesk.ticket.merge'].sudo().search([
            ('source_id', 'in', tickets.ids), ('target_id', 'not in', tickets.ids), ('undone_at', '=', False)])
        for merge in merges:
            merge._undo()
        return tickets

    # ------------------------------------------------------------
    # merged tickets are not worked on
    # ------------------------------------------------------------

    def write(self, vals):
        # sudo: who may not read where a ticket went is refused as well
        if not self.env.su and (merged := self.sudo().filtered('merged_into_id')):
            raise self._merged_error(merged[0])
        return super().write(vals)

    def _merged_error(self, ticket):
        return UserError(self.env._(
            "%(ticket)s was merged into %(target)s. Go on there, or undo the merge.",
            ticket=ticket.number, target=ticket._survivor().number))

    def message_post(self, **kwargs):
        """What somebody outside or a job writes on a merged ticket goes to its survivor; colleagues are told to."""
        if len(self) == 1 and self.sudo().merged_into_id:  # sudo: as above
            if not self.env.su and self.env.user._is_internal():
                raise self._merged_error(self.sudo())  # sudo: the numbers alone
            return self._survivor().message_post(**kwargs)
        return super().message_post(**kwargs)

    def _log_events(self, rows):
        """Rows that follow from a merge say so: with its end, clocks forget them."""
        merge_id = self.env.context.get('helpdesk_merge')
        if isinstance(merge_id, Mark):
            rows = [{**row, 'detail': {**(row.get('detail') or {}), 'merge': merge_id}} for row in rows]
        return super()._log_events(rows)
