from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ('acknowledgement', "Confirmation"), ('solved', "Solved"), ('silence_warning', "Asked once more"),
    ('silence_closed', "Closed for silence")]


class HelpdeskMailAnswer(models.Model):
    """One automatic mail that left for a customer. Counted here, so that a loop has an end (D14, threats section 2)."""

    _name = 'helpdesk.mail.answer'
    _description = "Automatic Answer"
    _order = 'id desc'
    _rec_name = 'email'

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='ticket_id.company_id', store=True, index='btree_not_null')
    kind = fields.Selection(KINDS, required=True, readonly=True)
    email = fields.Char(string="Sent To", required=True, readonly=True)
    sent_at = fields.Datetime(string="Sent", required=True, readonly=True, default=fields.Datetime.now)
    mail_message_id = fields.Many2one(
        'mail.message', string="Message", readonly=True, index='btree_not_null', ondelete='set null'
    )

    _email_idx = models.Index("(email, sent_at)")
    _once = models.UniqueIndex("(ticket_id) WHERE kind = 'acknowledgement'", "The ticket was confirmed already.")

    @api.model
    def _limit_reached(self, email):
        """Tell whether the address had its number of automatic answers within the last 24 hours.

        Addresses of one person count together: 'a+x@b' and 'a@b' (A36).
        """
        # sudo: a setting that everybody's mails obey
        limit = int(self.env['ir.config_parameter'].sudo().get_param('helpdesk_mail.answers_per_day', 20))
        since = fields.Datetime.now() - timedelta(days=1)
        self.flush_model(['email', 'sent_at'])
        [[count]] = self.env.execute_query(SQL(
            "SELECT count(*) FROM (SELECT 1 FROM helpdesk_mail_answer"
            " WHERE email = %s AND sent_at > %s LIMIT %s) recent",
            email, since, limit))
        return count >= limit
