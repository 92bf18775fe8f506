import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

UNDO_PARAMETER = 'helpdesk_core.undo_seconds'
LONGEST_UNDO = 120


class HelpdeskTicketHoldMixin(models.AbstractModel):
    """Answers that wait some seconds before they leave, so that their author can take them back."""
    _name = 'helpdesk.ticket.hold.mixin'
    _description = "Ticket: Held Answers"

    @api.model
    def _undo_seconds(self):
        """Return how long (seconds, 0 = not at all) an answer can be taken back."""
        # sudo: everybody who answers needs the setting
        value = self.env['ir.config_parameter'].sudo().get_param(UNDO_PARAMETER) or '0'
        return min(int(value), LONGEST_UNDO) if value.isdigit() else 0

    def _hold_answer(self, values):
        """Keep an answer for ``_undo_seconds``, then send it: its author's browser does, or a minute later the
        scheduler when that browser has gone.

        :param dict values: what ``message_post`` would get
        :return: a mail.scheduled.message
        :raise AnswerHeldBack: as ``message_post``
        :raise UserError: for what is no answer, an internal note above all: what is held leaves as an answer
        """
        if not self._is_plain_answer(values):
            raise UserError(self.env._("Only an answer to the customer waits. Post an internal note at once."))
        ticket = self.sudo(False)  # as the author: they may or may not answer
        choices, ticket = ticket._take_choices(values)
        ticket._check_may_answer()
        guard = choices.get('helpdesk_guard')
        if guard is not None:
            ticket._hold_back(guard, values.get('body'), choices.get('helpdesk_left_out'))
        return self.env['mail.scheduled.message'].sudo(False).create({
            'model': self._name, 'res_id': self.id, 'is_note': False, 'helpdesk_undo': True,
            'author_id': self.env.user.partner_id.id,
            'body': values.get('body'), 'subject': values.get('subject'),
            'attachment_ids': values.get('attachment_ids') or [],
            'partner_ids': values.get('partner_ids') or [],
            'scheduled_date': fields.Datetime.now() + timedelta(seconds=self._undo_seconds() + 1),
            'send_context': choices,
            'notification_parameters': json.dumps({
                'message_type': 'comment', 'email_add_signature': values.get('email_add_signature', True)}),
        })

    def _is_plain_answer(self, values):
        """Tell whether ``values`` for ``message_post`` say nothing else than that it is an answer."""
        comment_id = self.env['ir.model.data']._xmlid_to_res_id('mail.mt_comment')
        return (
            not values.get('is_internal')
            and values.get('subtype_xmlid') in (None, False, 'mail.mt_comment')
            and values.get('subtype_id') in (None, False, comment_id))

    def undo_answer(self, scheduled_id):
        """Take back an answer that was not sent yet.

        :param int scheduled_id: as ``/helpdesk/answer/hold`` returned it
        :return: what was to be sent, for the composer: {'body', 'attachments': [{'id', 'name', 'mimetype'}],
            'partner_ids', 'choices'}, or False when it is sent already
        :raise AccessError: it is somebody else's
        """
        self.ensure_one()
        self.check_access('read')
        held = self.env['mail.scheduled.message'].search(
            [('id', '=', scheduled_id), ('model', '=', self._name), ('res_id', '=', self.id)])
        if held and held.create_uid != self.env.user:
            raise AccessError(self.env._("Only its author takes back an answer."))
        if not held.try_lock_for_update():
            return False  # being sent this moment
        files = held.attachment_ids
        content = {
            'body': held.body or '', 'partner_ids': held.partner_ids.ids, 'choices': held.send_context or {},
            'attachments': [{'id': file.id, 'name': file.name, 'mimetype': file.mimetype} for file in files],
        }
        # back to the composer: they would go with the held answer
        files.write({'res_model': 'mail.compose.message', 'res_id': 0})
        held.unlink()
        return content

    def _check_can_be_answered(self, since):
        """Refuse what was to be sent later, written at ``since``, when the ticket came to an end in between.
        Solved ones are still talked about."""
        if not self.active or (self.status == 'closed' and (self.closed_at or since) >= since):
            raise UserError(self.env._("The ticket was closed meanwhile. Reopen it to answer."))
