from odoo import api, fields, models

from ..tools import addresses
from .helpdesk_ticket_answers import STATES

MAILS = {'warned': 'silence_warning', 'closed': 'silence_closed'}


class HelpdeskTicketSilence(models.AbstractModel):
    """The two mails to a customer who does not answer: "do you still need us?" and "we closed it" (D22).

    Flagged where the ticket's timer runs, sent by the job of the automatic answers, like those counted and limited.
    """

    _name = 'helpdesk.ticket.silence.mail.mixin'
    _description = "Ticket: Mails to Silent Customers"

    silence_warning = fields.Selection(STATES, string="Asked Once More", readonly=True, copy=False)
    silence_warning_reason = fields.Char(string="Asked Once More: Why Not", readonly=True, copy=False)
    silence_closed = fields.Selection(STATES, string="Closing Mail", readonly=True, copy=False)
    silence_closed_reason = fields.Char(string="Closing Mail: Why Not", readonly=True, copy=False)

    _silence_warning_idx = models.Index("(id) WHERE silence_warning = 'waiting'")
    _silence_closed_idx = models.Index("(id) WHERE silence_closed = 'waiting'")

    @api.model
    def _guarded_fields(self):
        names = MAILS.values()
        return super()._guarded_fields() | {*names, *(f'{name}_reason' for name in names)}

    def _can_be_asked(self):
        return super()._can_be_asked() and bool(addresses.normalise(self.partner_email))

    def _tell_silent(self, what):
        """Flag the mail. Closing is one event: where the team means Solved by it, no second mail says so."""
        super()._tell_silent(what)
        facts = {MAILS[what]: 'waiting', f'{MAILS[what]}_reason': False}
        if what == 'closed' and self.solved_mail == 'waiting':
            facts.update(solved_mail=False, solved_mail_reason=False)
        self._write_facts(facts)
        self._wake_answers()

    @api.model
    def _cron_send_answers(self):
        result = super()._cron_send_answers()
        for name in MAILS.values():
            self._run_timer([(name, '=', 'waiting')], f'_send_{name}', 'id')
        return result

    def _skip_timer(self, domain):
        if domain and domain[0][0] in MAILS.values():
            name = domain[0][0]
            return self._write_facts({
                name: 'skipped', f'{name}_reason': self.env._("The mail could not be made; see the server's log.")})
        return super()._skip_timer(domain)

    def _send_silence_warning(self):
        team = self.team_id
        self._answer('silence_warning', 'silence_warning', team._silence_template('silence_warning'), self._is_silent())

    def _send_silence_closed(self):
        team = self.team_id
        self._answer(
            'silence_closed', 'silence_closed', team._silence_template('silence_closed'),
            team.tell_silence_closed and self.status in ('solved', 'closed'))
