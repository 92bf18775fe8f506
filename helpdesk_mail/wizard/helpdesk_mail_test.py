from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import signature

STATES = [('waiting', "Not yet"), ('done', "Done"), ('failed', "Failed")]


class HelpdeskMailTest(models.TransientModel):
    """One mail sent through the whole loop: out, in by whatever way, ticket, confirmation (S3-6)."""

    _name = 'helpdesk.mail.test'
    _description = "Mail Test"

    team_id = fields.Many2one('helpdesk.team', required=True, readonly=True, ondelete='cascade')
    address = fields.Char(readonly=True)
    sender = fields.Char(readonly=True)
    message_id = fields.Char(readonly=True, index=True)
    sent_state = fields.Selection(STATES, string="Sent", compute='_compute_hops')
    sent_text = fields.Char(compute='_compute_hops')
    received_state = fields.Selection(STATES, string="Received", compute='_compute_hops')
    received_text = fields.Char(compute='_compute_hops')
    ticket_state = fields.Selection(STATES, string="Ticket", compute='_compute_hops')
    ticket_text = fields.Char(compute='_compute_hops')
    answer_state = fields.Selection(STATES, string="Confirmation", compute='_compute_hops')
    answer_text = fields.Char(compute='_compute_hops')
    ticket_id = fields.Many2one('helpdesk.ticket', string="Test Ticket", compute='_compute_hops')
    failure = fields.Char(readonly=True)

    @api.model
    def _start(self, team):
        """Send a mail from the present user to the address of ``team``; return the test."""
        user = self.env.user
        if not team.alias_email:
            raise UserError(self.env._("The team %s has no mail address yet. Set it in the step before.", team.name))
        if not user.email_normalized:
            raise UserError(
                self.env._("You have no mail address. Set it in your preferences, the confirmation goes there.")
            )
        # answers come to a tagged address; what delivers those delivers the plain one as well
        address = signature.tag_address(team.alias_email, 'test') if team._sign_reply_address() else team.alias_email
        # sudo: a mail of the system's, from a person who may set up mail
        mail = (
            self.env['mail.mail']
            .sudo()
            .create(
                {
                    'subject': self.env._("Helpdesk test"),
                    'body_html': self.env._("<p>This mail tests the way to the helpdesk and back.</p>"),
                    'email_from': user.email_formatted,
                    'email_to': address,
                    'reply_to': user.email_formatted,
                    'auto_delete': False,
                }
            )
        )
        message_id = mail.message_id
        mail.send()
        failure = mail.failure_reason if mail.state == 'exception' else False
        test = self.create(
            {
                'team_id': team.id,
                'address': address,
                'sender': user.email_normalized,
                'message_id': message_id,
                'failure': failure,
            }
        )
        fetcher = self.env.ref('mail.ir_cron_mail_gateway_action', raise_if_not_found=False)
        if fetcher:
            fetcher.sudo()._trigger()  # sudo: do not wait five minutes for the mailbox to be looked at
        return test

    def _compute_hops(self):
        """Look how far the mail has come."""
        for test in self:
            # sudo: who set up mail sees the way of their own test mail
            row = (
                self.env['helpdesk.mail.intake']
                .sudo()
                .search([('message_id', '=', test.message_id), ('outcome', '!=', 'duplicate')], limit=1)
                if test.message_id
                else self.env['helpdesk.mail.intake']
            )
            ticket = row.ticket_id
            test.ticket_id = ticket
            test.update(dict(zip(('sent_state', 'sent_text'), test._sent_hop(row), strict=True)))
            test.update(dict(zip(('received_state', 'received_text'), test._received_hop(row), strict=True)))
            test.update(dict(zip(('ticket_state', 'ticket_text'), test._ticket_hop(row, ticket), strict=True)))
            test.update(dict(zip(('answer_state', 'answer_text'), test._answer_hop(ticket), strict=True)))

    def _sent_hop(self, row):
        if self.failure and not row:
            return 'failed', self.env._("The outgoing mail server refused it: %s", self.failure)
        return 'done', self.env._("From %(sender)s to %(address)s.", sender=self.sender, address=self.address)

    def _received_hop(self, row):
        if not row:
            hint = self.env._(
                "Not here yet. It takes as long as your mail server takes; a mailbox is looked at every five minutes."
            )
            if self.env['helpdesk.team']._sign_reply_address():
                hint += ' ' + self.env._(
                    "If it never comes, your mail server may not deliver addresses with a plus: choose the plain "
                    "address for answers in the settings and test again.")
            return 'waiting', hint
        way = dict(row._fields['way']._description_selection(self.env))[row.way]
        return 'done', self.env._("Came by %(way)s and was kept with its original.", way=way)

    def _ticket_hop(self, row, ticket):
        if not row or row.outcome == 'received':
            return 'waiting', ''
        if not ticket:
            return 'failed', row.reason
        return 'done', self.env._("Became ticket %s.", ticket.number)

    def _answer_hop(self, ticket):
        if not ticket or ticket.acknowledgement == 'waiting':
            return 'waiting', ''
        if ticket.acknowledgement != 'sent':
            return 'failed', ticket.acknowledgement_reason or self.env._("The team sends no confirmation.")
        # sudo: the state of one's own test mail; the queue is no agent's to read
        mail = self.env['mail.mail'].sudo().search(
            [('mail_message_id', 'in', ticket.automatic_mail_ids.mail_message_id.ids)], limit=1)
        if mail.state == 'exception':
            return 'failed', mail.failure_reason
        if mail.state == 'outgoing':
            return 'waiting', self.env._("It waits to be sent.")
        return 'done', self.env._("Sent to %s. Look into your mailbox.", self.sender)
