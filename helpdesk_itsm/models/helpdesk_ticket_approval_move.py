from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError


class Decided(NamedTuple):
    """Why a ticket moves, in the context: what was decided and by whom (id of a contact). A caller outside cannot send
    one."""
    outcome: str
    partner_id: int


class HelpdeskTicket(models.Model):
    """The outcome of an approval moves the ticket on, where the step that it waits in says whereto (S0-15)."""
    _inherit = 'helpdesk.ticket'

    def _approval_decided(self, outcome, reason):
        super()._approval_decided(outcome, reason)
        for ticket in self:
            ticket._move_decided(outcome)

    def _move_decided(self, outcome):
        """Move to the stage that the present step names for ``outcome``; where that one needs more, stay, and say so in
        a note."""
        step = self.process_id._step(self.stage_id)
        stage = self.env['helpdesk.stage'].browse((step and step.stage_after[outcome]) or ())
        if not stage:
            return
        try:
            with self.env.cr.savepoint():
                if refused := self._refusals(stage):
                    raise UserError(' '.join(refused))
                self._enter_decided(stage, outcome)
        except UserError as error:
            self._note_stays(stage, outcome, str(error))

    def _enter_decided(self, stage, outcome):
        decided = self.approval_ids.filtered(lambda one: one.run == self.approval_run and one.state == outcome)
        decider = decided.sorted('decided_at')[-1:].decided_by_id
        if decider:  # nobody, where a path asked nobody
            self._track_set_author(decider)
        self.with_context(helpdesk_decided=Decided(outcome, decider.id)).write({'stage_id': stage.id})
        self.flush_recordset()

    def _note_stays(self, stage, outcome, why):
        """Tell the team, in the language of who works on it, why the ticket did not move."""
        speaker = self.user_id or self.team_id.leader_id
        _ = self.with_context(lang=speaker.lang or self.company_id.partner_id.lang).env._
        words = (_("Approved, but it stays in “%(now)s” and does not go to “%(stage)s”. %(why)s")
                 if outcome == 'approved' else
                 _("Refused, but it stays in “%(now)s” and does not go to “%(stage)s”. %(why)s"))
        self.message_post(
            subtype_xmlid='mail.mt_note', author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'),
            body=words % {'now': self.stage_id.name, 'stage': stage.name, 'why': why})

    def _log_events(self, rows):
        """What moved by a decision says so, and by whose."""
        decided = self.env.context.get('helpdesk_decided')
        if isinstance(decided, Decided):
            rows = [self._with_decided(row, decided) for row in rows]
        return super()._log_events(rows)

    @staticmethod
    def _with_decided(row, decided):
        row = {**row, 'detail': {**(row.get('detail') or {}), 'approval': decided.outcome}}
        return {**row, 'author_id': decided.partner_id} if decided.partner_id else row
