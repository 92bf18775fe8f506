import logging

from markupsafe import Markup
from odoo import api, fields, models, modules
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError, UserError
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)
TICKET = 'helpdesk.ticket'


class MailScheduledMessage(models.Model):
    """Answers on tickets that leave later: once and not twice, under the rules of one that leaves at once, and what
    cannot leave is given back to its author."""
    _inherit = 'mail.scheduled.message'

    helpdesk_undo = fields.Boolean(
        string="Held for Undo", readonly=True, help="Waits some seconds, so that its author can take it back.")

    def unlink(self):
        """Core removes what it posted; ours have gone with the message, in the same transaction."""
        return super(MailScheduledMessage, self.exists()).unlink()

    def _message_created_hook(self, message):
        super()._message_created_hook(message)
        if self.model == TICKET:
            # not after the commit: a second sender (browser and scheduler) would find it again
            self.unlink()

    def _post_message(self, raise_exception=True):
        """Post as core does. Answers on tickets are locked first: browser and scheduler may come at once."""
        answers = self.filtered(lambda scheduled: scheduled.model == TICKET)
        if others := self - answers:
            super(MailScheduledMessage, others)._post_message(raise_exception=raise_exception)
        for answer in answers:
            if answer.exists().try_lock_for_update():
                answer._post_answer(raise_exception)

    def _post_answer(self, raise_exception):
        """Post one answer. Where nobody waits for the outcome, its author is told what kept it from leaving."""
        commit = not modules.module.current_test
        try:
            if not self.is_note:
                self.env[TICKET].browse(self.res_id)._check_can_be_answered(self.create_date)
            super()._post_message(raise_exception=True)
        except OperationalError:
            if raise_exception:
                raise
            self.env.cr.rollback()  # somebody wrote on the ticket in this moment: the next run looks again
            self.env.ref('mail.ir_cron_post_scheduled_message')._trigger()
        except Exception as error:  # whatever it is, the author must hear of it
            if raise_exception:
                raise
            if commit:
                self.env.cr.rollback()
            self._give_back(error)
            if commit:
                self.env.cr.commit()

    def _give_back(self, error):
        """Tell the author that their message did not leave, why, and what it says; nothing is lost in silence."""
        _logger.info("The scheduled message %s on ticket %s was not sent: %s", self.id, self.res_id, error)
        ticket = self.env[TICKET].browse(self.res_id)
        why = str(error) if isinstance(error, UserError) else self.env._("It could not be sent.")
        files = self.sudo().attachment_ids  # sudo: the author is told all of it, though they may have lost the ticket
        notice = ticket.sudo().message_notify(  # sudo: as above
            partner_ids=self.create_uid.partner_id.ids, attachment_ids=files.ids,
            subject=self.env._("Not sent: your message on %(number)s", number=ticket.number),
            body=Markup('<p>%s</p><p>%s</p><blockquote>%s</blockquote>') % (
                why, self.env._("Your message was not sent. Here it is, to send it again:"), self.body or ''),
        )
        # those that would go with this row go on with the notice, and are read by who reads it
        files.filtered(lambda file: file.res_model == self._name).write(
            {'res_model': notice._name, 'res_id': notice.id})
        self.unlink()

    @api.model
    def _check(self, values=None):
        """Whoever may post on a record may, for core, cancel what others wrote there to be sent later. On tickets its
        author may, and who leads the team."""
        result = super()._check(values)
        others = self.sudo().filtered(  # sudo: as core does
            lambda scheduled: scheduled.model == TICKET and scheduled.create_uid != self.env.user)
        if not self.env.su and not all(self.env[TICKET].browse(other.res_id)._leads() for other in others):
            raise AccessError(self.env._(
                "This message is somebody else's. Ask its author, or who leads the team, to cancel it."))
        return result

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), 'helpdesk_undo', Store.Attr('helpdesk_left_out', _left_out)]


def _left_out(scheduled):
    """Return who does not get the message, for the list of messages that wait."""
    return (scheduled.send_context or {}).get('helpdesk_left_out') or []
