from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext, is_html_empty

APPROVAL_STATES = [('none', "Not asked"), ('waiting', "Waiting"), ('approved', "Approved"), ('refused', "Refused")]
GUARDED = {'approval_state', 'approval_path_id', 'approval_run', 'approval_changed_at'}
DONE_STATUSES = ('solved', 'closed')
LONGEST_REQUEST = 5000


class HelpdeskTicket(models.Model):
    """Approvals of a ticket: one path at a time, its steps one after another.

    For other features: :meth:`_request_approval` asks, ``approval_state`` says how it stands, and
    :meth:`_approval_decided` is called once when the path ends.
    """
    _inherit = 'helpdesk.ticket'

    approval_state = fields.Selection(
        APPROVAL_STATES, string="Approval", readonly=True, copy=False, default='none', required=True)
    approval_path_id = fields.Many2one(
        'helpdesk.approval.path', string="Approval Path", readonly=True, copy=False, ondelete='set null')
    approval_run = fields.Integer(readonly=True, copy=False)
    approval_changed_at = fields.Datetime(string="Approval Changed", readonly=True, copy=False)
    approval_ids = fields.One2many(
        'helpdesk.approval', 'ticket_id', string="Approvals", readonly=True,
        groups='helpdesk_core.group_helpdesk_user')
    approval_words = fields.Char(
        string="Approval in Words", compute='_compute_approval_words', groups='helpdesk_core.group_helpdesk_user')

    _approval_idx = models.Index("(approval_state, id) WHERE approval_state <> 'none'")

    @api.depends('approval_state', 'approval_ids.state', 'approval_ids.decider_id')
    def _compute_approval_words(self):
        for ticket in self:
            ticket.approval_words = ticket._approval_sentence()

    def _approval_sentence(self):
        """Return how the approval stands (str): who is waited for, or what came of it; '' when nobody was asked."""
        self.ensure_one()
        _, ticket = self.env._, self.sudo()  # sudo: names of approvers, for who may know how it stands
        if ticket.approval_state == 'waiting':
            waiting = ticket._approvals_waiting()
            return _("%(step)s: waiting for %(people)s", step=waiting[:1].step_name or '',
                     people=', '.join(waiting.decider_id.mapped('name')))
        if ticket.approval_state == 'approved':
            return _("Approved")
        return _("Refused") if ticket.approval_state == 'refused' else ''

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | GUARDED

    def _approvals_waiting(self):
        return self.approval_ids.filtered(lambda approval: approval.state == 'waiting')

    # ------------------------------------------------------------
    # asking
    # ------------------------------------------------------------

    def action_request_approval(self, path_id):
        """Ask for the approval of ``path_id`` (id of a helpdesk.approval.path), as one who works on the tickets.

        :raise AccessError: the tickets or the path are not the user's
        """
        self.check_access('write')
        path = self.env['helpdesk.approval.path'].browse(path_id)
        path.check_access('read')
        self._request_approval(path)

    def _request_approval(self, path):
        """Ask the people of ``path``'s first step; the caller checked that the user may.

        While a path runs on a ticket nothing more is asked there. After it ended, it can be asked anew.

        :return: the approvals (superuser) that wait
        :raise UserError: the path belongs to another company, or nobody is left who could approve
        """
        path = path.sudo()  # sudo: as the methods below, the system's to write
        for ticket in self.sudo():
            if ticket.approval_state == 'waiting':
                continue
            if path.company_id and path.company_id != ticket.company_id:
                raise UserError(self.env._(
                    "The approval path %(path)s is for tickets of %(company)s.", path=path.name,
                    company=path.company_id.name))
            ticket._write_facts({
                'approval_state': 'waiting', 'approval_path_id': path.id, 'approval_run': ticket.approval_run + 1,
                'approval_changed_at': self.env.cr.now()})
            ticket._begin_approval_step(self.env['helpdesk.approval.step'])
        return self.sudo()._approvals_waiting()  # sudo: as above

    def _approval_path(self):
        """Return the path (maybe empty) that this ticket's approval usually takes; features know more."""
        return self.env['helpdesk.approval.path']

    def _requesters(self):
        """Return the contacts (superuser) of who asks: the customer, without one whoever made the ticket, and everybody
        with the same e-mail address. That is the same person by another contact or login."""
        self.ensure_one()
        ticket = self.sudo()  # sudo: compared alone
        person, address = ticket.partner_id, email_normalize(ticket.partner_email or '')
        if not person and not address:
            person = ticket.create_uid.partner_id
        address = person.email_normalized or address
        return person | person.search([('email_normalized', '=', address)]) if address else person

    def _begin_approval_step(self, after):
        """Ask the people of the step after ``after`` that somebody has to decide; the last one ends the path."""
        self.ensure_one()
        for step in self.approval_path_id._steps_after(after):
            people, own = step._people_to_ask(self)
            if own:
                self._create_approvals(step, own[:1])._skip_own()
                continue
            if not people:
                raise UserError(self.env._(
                    "Nobody is left who could approve the step “%s”. Name other people in the approval path.",
                    step.name))
            approvals = self._create_approvals(step, people)
            self._log_events([approval._log_row('approval_asked', new=approval.decider_id.name)
                              for approval in approvals])
            return approvals._ask()
        return self._end_approval('approved', '')

    def _create_approvals(self, step, people):
        """Return a waiting approval for each of ``people``, or for who stands in for them."""
        delegations, requesters, rows = self.env['helpdesk.approval.delegation'], self._requesters(), []
        taken = requesters | people
        for partner in people:
            decider = partner
            if partner not in requesters:
                decider = delegations._delegate_of(partner, taken - partner)
            taken |= decider
            rows.append({
                'ticket_id': self.id, 'path_id': self.approval_path_id.id, 'step_id': step.id, 'step_name': step.name,
                'run': self.approval_run, 'needed': step._needed_of(len(people)), 'partner_id': partner.id,
                'decider_id': decider.id, 'trail_ids': [(4, partner.id)] if decider != partner else []})
        return self.env['helpdesk.approval'].create(rows)

    # ------------------------------------------------------------
    # what came of it
    # ------------------------------------------------------------

    def _end_approval(self, outcome, reason):
        """End the path with ``outcome`` ('approved' or 'refused'), tell people, and let features go on."""
        self._write_facts({'approval_state': outcome, 'approval_changed_at': self.env.cr.now()})
        self._log_events([{'ticket_id': self.id, 'kind': 'approval_done', 'old': self.approval_path_id.name,
                           'new': reason, 'detail': {'outcome': outcome}}])
        self._tell_approval(outcome, reason)
        self._approval_decided(outcome, reason)

    def _approval_decided(self, outcome, reason):
        """Hook: the path ended with ``outcome`` ('approved' or 'refused'); ``reason`` is the refuser's, or ''.

        Called once for each path that ends, as the superuser, not for one that is cancelled.
        """

    def _tell_approval(self, outcome, reason):
        """Tell whoever works on the ticket."""
        _, users = self.env._, self._people_to_tell()
        if not users:
            return
        title = _("Approved: %s", self.display_name) if outcome == 'approved' else _("Refused: %s", self.display_name)
        body = reason or _("Everybody who was asked has approved. The work can go on.")
        self.message_notify(partner_ids=users.partner_id.ids, subject=title, body=body)

    def action_cancel_approval(self):
        """Ask nobody any more, as one who works on the tickets; what was decided stays in the log.

        :raise AccessError: the tickets are not the user's to change
        """
        self.check_access('write')
        self.sudo()._cancel_approval()  # sudo: the right was checked; approvals are written by the system

    def _cancel_approval(self):
        for ticket in self.filtered(lambda ticket: ticket.approval_state == 'waiting'):
            ticket._approvals_waiting()._close('cancelled')
            ticket._write_facts({'approval_state': 'none', 'approval_changed_at': self.env.cr.now()})
            ticket._log_events([{
                'ticket_id': ticket.id, 'kind': 'approval_cancelled', 'new': ticket.approval_path_id.name}])

    def _follow_changes(self, before, context, linked, archived):
        super()._follow_changes(before, context, linked, archived)
        # nobody is asked about what is done already
        self.filtered(lambda ticket: ticket.approval_state == 'waiting'
                      and (ticket.status in DONE_STATUSES or not ticket.active))._cancel_approval()

    # ------------------------------------------------------------
    # what an approver is told
    # ------------------------------------------------------------

    def _approval_facts(self, moment):
        """Return [{'label', 'text'}] of what approvers of this ticket see; features add what they know.

        :param moment: function (naive UTC → text in the approver's time zone)
        """
        _ = self.env._
        rows = [(_("Subject"), self.name),
                (_("Asked by"), self.partner_id.name or self.partner_name or self.partner_email),
                (_("Company"), self.commercial_partner_id.name
                    if self.commercial_partner_id != self.partner_id else ''),
                (_("Received"), moment(self.create_date)),
                (_("Type"), self.type_id.name),
                (_("Request"), self._approval_request_text())]
        return [{'label': label, 'text': text} for label, text in rows if text]

    def _approval_request_text(self):
        """Return what the customer wrote at first (Markup or str): the description, else their first message."""
        if not is_html_empty(self.description):
            return self.description
        first = self.env['helpdesk.ticket.event'].search(
            [('ticket_id', '=', self.id), ('kind', '=', 'customer_message'), ('message_id', '!=', False)],
            order='at, id', limit=1)
        return html2plaintext(first.message_id.body or '')[:LONGEST_REQUEST]
