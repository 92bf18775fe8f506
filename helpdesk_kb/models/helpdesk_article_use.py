from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.likeness import kept_share
from ..tools.plain import plain_text

HOW = [('text', "Text inserted"), ('link', "Link inserted"), ('opened', "Opened")]
PENDING_HOURS = 12


class HelpdeskArticleUse(models.Model):
    """An agent used an article while working on a ticket (S2-27, S4-17). Kept with the ticket for good."""
    _name = 'helpdesk.article.use'
    _inherit = ['helpdesk.export.mixin']
    _description = "Article Use"
    _order = 'at desc, id desc'
    _log_access = False

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    article_id = fields.Many2one('helpdesk.article', required=True, readonly=True, index=True, ondelete='cascade')
    how = fields.Selection(HOW, required=True, readonly=True)
    user_id = fields.Many2one('res.users', string="By", readonly=True, index='btree_not_null')
    at = fields.Datetime(string="When", required=True, readonly=True, default=lambda self: self.env.cr.now())
    reopen_count = fields.Integer(readonly=True, help="How often the ticket had been reopened by then.")
    revision_number = fields.Integer(string="Version", readonly=True)
    message_id = fields.Many2one(
        'mail.message', string="Sent With", readonly=True, index='btree_not_null', ondelete='set null')
    kept_share = fields.Float(
        string="Sent Unchanged", readonly=True, aggregator='avg',
        help="Which share of the inserted text was still in the answer that was sent.")

    _at_idx = models.Index("(at)")
    _pending_idx = models.Index("(ticket_id, user_id) WHERE how = 'text' AND message_id IS NULL")

    @api.model
    def _note_sent(self, ticket, message):
        """An answer of an agent was sent: see how much of the texts that they had inserted is still in it."""
        since = fields.Datetime.subtract(self.env.cr.now(), hours=PENDING_HOURS)
        pending = self.search(Domain([
            ('ticket_id', '=', ticket.id), ('user_id', '=', self.env.uid), ('how', '=', 'text'),
            ('message_id', '=', False), ('at', '>=', since)]))
        sent = plain_text(message.body) if pending else ''
        for use in pending:
            use.write({'message_id': message.id, 'kept_share': kept_share(plain_text(use.article_id.body), sent)})
