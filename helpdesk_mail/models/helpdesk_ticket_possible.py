from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import addresses


class HelpdeskTicketPossible(models.AbstractModel):
    """A stranger's mail that names a ticket: a ticket of its own until a person says whether it belongs (N5)."""

    _name = 'helpdesk.ticket.possible.mixin'
    _description = "Ticket: Possible Follow-up"

    possible_of_id = fields.Many2one(
        'helpdesk.ticket', string="May Belong To", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', help="The ticket that the mail names, though its sender does not belong to it.")
    possible_ids = fields.One2many(
        'helpdesk.ticket', 'possible_of_id', string="Possible Follow-ups", readonly=True, copy=False)

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'possible_of_id', 'possible_ids'}

    def action_accept_possible(self):
        """Move the mails of this ticket into the one that they name, and close this one.

        :return: action that opens the other ticket
        :raise AccessError: without the right to write on both
        """
        self.ensure_one()
        target = self._check_possible()
        # sudo: messages, files and the ledger are not the agent's to write; both tickets are
        source, target_sudo = self.sudo(), target.sudo()
        messages = source.message_ids.filtered(lambda message: message.message_type in ('email', 'comment'))
        source._move_messages(messages, target_sudo)
        source._join_sender(target_sudo)
        for message in messages.sorted('id'):
            if message.message_type == 'email' and not message.is_internal and not message.subtype_id.internal:
                target_sudo.with_context(helpdesk_message_at=message.date)._note_message(message, 'customer')
        source._move_rows(target_sudo)
        self._settle_possible(target, self.env._("It belonged to ticket %s; its mails are there.", target.number))
        target.message_post(
            body=self.env._("The mails of ticket %s were taken in here.", self.number), subtype_xmlid='mail.mt_note')
        self._close_emptied()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'view_mode': 'form', 'res_id': target.id,
            'views': [(False, 'form')]}

    def action_refuse_possible(self):
        """Keep this ticket apart from the one that its mail names."""
        self.ensure_one()
        target = self._check_possible()
        self._settle_possible(target, self.env._("It does not belong to ticket %s.", target.number))
        self.related_ids = [Command.unlink(target.id)]

    def _check_possible(self):
        """Return the ticket this one may belong to; the user may write on both."""
        target = self.possible_of_id
        if not target:
            raise UserError(self.env._("Somebody has decided about this ticket already."))
        (self | target).check_access('write')
        return target

    def _settle_possible(self, target, words):
        self.sudo().write({'possible_of_id': False})  # sudo: written by the system alone, checked by the caller
        self.message_post(body=words, subtype_xmlid='mail.mt_note')

    def _move_messages(self, messages, target):
        """Bring ``messages`` and their files to ``target``."""
        messages.write({'res_id': target.id, 'record_name': target.display_name})
        files = messages.attachment_ids.filtered(lambda file: file.res_model == self._name and file.res_id == self.id)
        files.write({'res_id': target.id})

    def _move_rows(self, target):
        """Bring the ledger's rows to ``target``; what was a duplicate or a machine's stays what it was."""
        rows = self.intake_ids
        rows.write({'ticket_id': target.id, 'team_id': target.team_id.id})
        rows.filtered(lambda row: row.outcome == 'possible_follow_up').write({
            'outcome': 'follow_up', 'reason': self.env._(
                "%(who)s took it into ticket %(ticket)s.", who=self.env.user.name, ticket=target.number)})

    def _join_sender(self, target):
        """Whoever wrote gets the answers from now on, and may answer."""
        known = {target.partner_email, *addresses.find(target.email_cc)}
        if self.partner_email and self.partner_email not in known:
            target.email_cc = ', '.join(filter(None, [target.email_cc, self.partner_email]))

    def _close_emptied(self):
        """Close the ticket whose mails went elsewhere; archive it where its team knows no such stage."""
        stage = self._stage_for('closed')
        self.write({'stage_id': stage.id} if stage else {'active': False})
