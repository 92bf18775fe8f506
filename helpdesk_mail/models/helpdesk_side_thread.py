from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_split_tuples

WAITING, ANSWERED, FAILED, CLOSED = 'waiting', 'answered', 'failed', 'closed'
STATES = [
    (WAITING, "Waiting for an answer"),
    (ANSWERED, "Answered"),
    (FAILED, "Not delivered"),
    (CLOSED, "Closed"),
]
# what people may change; the rest is written by what happens
CHANGEABLE = {'name', 'partner_ids', 'email_to', 'reopen_ticket', 'message_main_attachment_id'}
EXCERPT = 120  # characters


class HelpdeskSideThread(models.Model):
    """A private conversation with a third party about a ticket (S0-29, S2-37, D6).

    Its messages are its own: the customer, the portal, exports and the followers of the ticket never meet them.
    """

    _name = 'helpdesk.side.thread'
    _description = "Side Conversation"
    _inherit = ['helpdesk.side.thread.mail.mixin', 'helpdesk.export.mixin']
    _order = 'id desc'
    _mail_post_access = 'read'

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    team_id = fields.Many2one(related='ticket_id.team_id', related_sudo=True, export_string_translation=False)
    brand_id = fields.Many2one(related='ticket_id.brand_id', related_sudo=True, export_string_translation=False)
    company_id = fields.Many2one(related='ticket_id.company_id', store=True, index='btree_not_null')
    name = fields.Char(string="Subject", required=True, help="The subject of its mails; the third party reads it.")
    partner_ids = fields.Many2many(
        'res.partner', 'helpdesk_side_thread_partner_rel', 'thread_id', 'partner_id', string="Third Party",
        help="Contacts who get what is sent in this conversation, and whose answers arrive in it.")
    email_to = fields.Char(
        string="Further Addresses", help="Mail addresses without a contact, separated by commas.")
    people = fields.Char(string="With", compute='_compute_people')
    state = fields.Selection(STATES, required=True, readonly=True, default=WAITING, copy=False)
    notice = fields.Char(
        readonly=True, copy=False, help="What a machine said about it: out of office, not delivered.")
    user_id = fields.Many2one('res.users', string="Begun By", readonly=True, index='btree_not_null')
    last_sent_at = fields.Datetime(string="Last Sent", readonly=True, copy=False)
    last_answer_at = fields.Datetime(string="Last Answer", readonly=True, copy=False)
    last_words = fields.Char(string="Last Words", readonly=True, copy=False)
    reopen_ticket = fields.Boolean(
        string="Back to Open When Answered", default=True,
        help="When the last side conversation that waits is answered, a ticket that waits for a third party goes back "
        "to Open.")
    held_ids = fields.One2many(
        'helpdesk.mail.intake', 'side_thread_id', string="Answers to Decide About", readonly=True,
        domain=[('outcome', '=', 'held')])

    _waiting_idx = models.Index("(ticket_id) WHERE state = 'waiting'")

    @api.depends('partner_ids', 'email_to')
    def _compute_people(self):
        for thread in self:
            # sudo: who is written to is shown to all who read the conversation, whatever company they belong to
            names = [partner.name or partner.email for partner in thread.sudo().partner_ids]
            names += [name or address for name, address in email_split_tuples(thread.email_to or '')]
            thread.people = ', '.join(names)

    @api.depends('name', 'people')
    def _compute_display_name(self):
        for thread in self:
            thread.display_name = f'{thread.people}: {thread.name}' if thread.people else thread.name

    # ------------------------------------------------------------
    # who may write what
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Side conversations are begun by forwarding a ticket."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (guarded := vals.keys() - CHANGEABLE):
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(guarded))))
        if 'partner_ids' not in vals or self.env.su:
            return super().write(vals)
        # sudo: whoever is in it already, whatever company they belong to
        before = {thread: thread.sudo().partner_ids for thread in self}
        result = super().write(vals)
        for thread, partners in before.items():
            new = thread.sudo().partner_ids - partners  # sudo: as above
            new.sudo(False).check_access('read')  # nobody names a contact that they may not see
        return result

    @api.constrains('partner_ids', 'email_to')
    def _check_people(self):
        for thread in self:
            thread.ticket_id._check_third_party(thread.sudo().partner_ids, thread.email_to)  # sudo: addresses alone

    @api.ondelete(at_uninstall=False)
    def _unlink_except_erased(self):
        if not self.env.context.get('helpdesk_erase') or not self.env.su:
            raise UserError(self.env._(
                "Side conversations are not deleted: close them. They go with their ticket when it is erased."))

    def _addresses(self):
        """Return the normalised addresses (set) of its people."""
        # sudo: the addresses of its people, whatever company they belong to
        known = set(self.sudo().partner_ids.mapped('email_normalized')) - {False}
        return known | {email_normalize(address) or address for _n, address in email_split_tuples(self.email_to or '')}

    # ------------------------------------------------------------
    # what happens
    # ------------------------------------------------------------

    def action_open(self):
        """Open the conversation."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [(False, 'form')]}

    def action_reply(self):
        """Open the composer to the third party, over whatever is on the screen."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("To %s – the customer does not see this", self.people),
            'res_model': 'mail.compose.message', 'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new',
            'context': {
                'default_model': self._name, 'default_res_ids': self.ids, 'default_composition_mode': 'comment',
                'default_subtype_xmlid': 'mail.mt_comment', 'default_partner_ids': self.partner_ids.ids,
                'default_subject': self._message_compute_subject()}}

    def action_close(self):
        """Nothing more is expected of the third party. An answer opens the conversation again."""
        self.check_access('write')
        # sudo: the state is the system's to write; that the user may change these was checked
        self.sudo().write({'state': CLOSED})
        for thread in self:
            thread.sudo()._return_ticket()  # sudo: as above

    def _note_sent(self, message):
        """An agent wrote to the third party."""
        # sudo: facts, written by the system; the author may post here
        thread = self.sudo()
        thread.write({
            'state': WAITING, 'last_sent_at': self.env.cr.now(), 'notice': False, 'last_words': _excerpt(message)})
        thread.ticket_id._log_events([{
            'ticket_id': thread.ticket_id.id, 'kind': 'forwarded', 'new': thread.people, 'author_id':
            message.author_id.id, 'user_id': self.env.uid, 'detail': {'side_thread_id': self.id}}])

    def _note_answer(self, message, at):
        """The third party answered at ``at`` (naive UTC): it is our turn, nobody outside is told."""
        self.write({'state': ANSWERED, 'last_answer_at': at, 'notice': False, 'last_words': _excerpt(message)})
        self.ticket_id._log_events([{
            'ticket_id': self.ticket_id.id, 'kind': 'side_reply', 'at': at, 'new': message.author_id.name
            or message.email_from, 'author_id': message.author_id.id, 'detail': {'side_thread_id': self.id}}])
        self._return_ticket()
        self._tell(self.env._("%(who)s answered: %(subject)s", who=self.people, subject=self.name),
                   html2plaintext(message.body or '')[:1000])

    def _note_machine(self, notice, failed=False):
        """A machine said something: it is shown, told, and answers nothing."""
        self.write({
            'notice': notice[:250], 'last_words': notice[:EXCERPT], **({'state': FAILED} if failed else {})})
        if failed:
            self._return_ticket()  # nobody will answer: it is our turn
        self._tell(
            self.env._("Side conversation with %(who)s: %(subject)s", who=self.people, subject=self.name), notice)

    def _return_ticket(self):
        """Bring a ticket that waits for third parties back to Open when the last of them has answered."""
        ticket = self.ticket_id
        if not self.reopen_ticket or ticket.status != 'waiting_third_party':
            return
        if self.search_count([('ticket_id', '=', ticket.id), ('state', '=', WAITING)], limit=1):
            return
        if values := ticket._stage_vals('open'):
            ticket._write_message_facts(values)

    def _tell(self, subject, words):
        """Tell the ticket's assignee, else who began the conversation, else the team."""
        ticket = self.ticket_id
        team = ticket.team_id
        candidates = (
            users.filtered(lambda user: user.active and user._helpdesk_works_on(ticket))
            for users in (ticket.user_id, self.user_id, team.leader_id, team.member_user_ids))
        if users := next(filter(None, candidates), None):
            self.message_notify(
                partner_ids=users.partner_id.ids, subject=subject, body=words, email_from=ticket._get_sender() or None,
                author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'))


def _excerpt(message):
    """Return the first words of a message, for lists."""
    return ' '.join(html2plaintext(message.body or '').split())[:EXCERPT]
