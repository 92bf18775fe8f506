from odoo import fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_bulk import QUIET_STAGE
from odoo.addons.helpdesk_core.models.helpdesk_ticket_solving import TOLD_SOLVED
from odoo.addons.helpdesk_core.tools.ours import OURS

STATES = [('waiting', "Waits"), ('sent', "Sent"), ('quiet', "On the ticket; mailed with another"),
          ('left_out', "Left out")]


class HelpdeskProblemUpdateLine(models.Model):
    """What becomes of an update on one ticket."""
    _name = 'helpdesk.problem.update.line'
    _description = "Update to All Customers: Ticket"
    _order = 'update_id, id'
    _rec_name = 'ticket_id'

    update_id = fields.Many2one('helpdesk.problem.update', required=True, index=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one(related='update_id.company_id', store=True)
    ticket_id = fields.Many2one('helpdesk.ticket', required=True, index=True, ondelete='cascade', readonly=True)
    customer_key = fields.Char(readonly=True, help="Who gets the mail: the same person, the same key.")
    lang = fields.Char(string="Language", readonly=True)
    state = fields.Selection(STATES, required=True, default='waiting', readonly=True)
    reason = fields.Selection(
        lambda self: list(self.env['helpdesk.problem.update']._reasons().items()), string="Why", readonly=True)
    error = fields.Char(readonly=True)
    message_id = fields.Many2one('mail.message', readonly=True, index='btree_not_null', ondelete='set null')

    _ticket_uniq = models.Constraint('UNIQUE (update_id, ticket_id)', "A ticket hears an update once.")
    _waiting_idx = models.Index("(update_id) WHERE state = 'waiting'")

    def _skip(self, reason, error=''):
        self.write({'state': 'left_out', 'reason': reason, 'error': error})

    def _send(self):
        """Post on this ticket as the author of the update; mail it unless the customer has had it already."""
        update = self.update_id
        ticket = self.ticket_id.with_user(update.user_id).with_company(update.company_id).with_context(
            allowed_company_ids=update.company_id.ids)
        if reason := update._left_out(ticket):
            return self._skip(reason)
        known = ticket.sudo()  # sudo: address and language of a customer, whatever company they belong to
        self.customer_key, self.lang = known._reach_key(), self.env['helpdesk.macro']._usable_lang(
            known.customer_lang)
        mailed = not self.search_count([
            ('update_id', '=', update.id), ('customer_key', '=', self.customer_key), ('state', '=', 'sent'),
            ('id', '!=', self.id)], limit=1)
        stage = (update.solve and ticket._stage_for('solved')) or ticket.stage_id.browse()
        if stage and (refused := ticket._refusals(stage)):
            return self._skip('process', ' '.join(refused))
        self.message_id = self._post(ticket, stage, mailed)
        self.state = 'sent' if mailed else 'quiet'

    def _post(self, ticket, stage, mailed):
        body = self.env['helpdesk.macro'].with_user(ticket.env.user)._render_words(
            self.update_id._text_for(self.lang).body, ticket.with_context(lang=self.lang))
        quiet = ticket.with_context(
            helpdesk_problem_update=OURS, helpdesk_problem_mailed=mailed, mail_notify_force_send=False,
            mail_post_autofollow=False, helpdesk_customer_told=None if mailed else OURS)
        with quiet._answering_with(stage):
            message = quiet.message_post(body=body, message_type='comment', subtype_xmlid='mail.mt_comment')
        if stage and ticket.stage_id != stage:
            if not mailed:  # they read it in their other ticket, and are asked there how it was
                self.env.cr.precommit.data.setdefault(TOLD_SOLVED, set()).add(ticket.id)
            self.env.cr.precommit.data.setdefault(QUIET_STAGE, set()).add(ticket.id)
            ticket.write({'stage_id': stage.id})
        return message.id
