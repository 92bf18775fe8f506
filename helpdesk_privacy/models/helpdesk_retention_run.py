import hashlib
import json
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import consteq, hmac

from .helpdesk_retention_rule import ACTIONS

SIGNED = 2000  # lines that are read at once
_logger = logging.getLogger(__name__)


class HelpdeskRetentionRun(models.Model):
    """The report of one run of a retention rule: how many, which numbers, signed (N14).

    The signature is an HMAC with the secret of this database over the report and all its lines: who changes one of
    them afterwards, in the database too, is found out by :meth:`action_verify`.
    """
    _name = 'helpdesk.retention.run'
    _inherit = ['helpdesk.export.mixin']
    _description = "Privacy Run"
    _order = 'id desc'
    _rec_name = 'rule_name'

    rule_id = fields.Many2one('helpdesk.retention.rule', readonly=True, index='btree_not_null', ondelete='set null')
    rule_name = fields.Char(string="Name", required=True, readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    months = fields.Integer(readonly=True)
    started_at = fields.Datetime(string="Started", required=True, readonly=True)
    finished_at = fields.Datetime(string="Finished", readonly=True)
    user_id = fields.Many2one('res.users', string="By", readonly=True)
    line_ids = fields.One2many('helpdesk.retention.run.line', 'run_id', string="Tickets", readonly=True)
    ticket_count = fields.Integer(string="Number of Tickets", readonly=True)
    file_count = fields.Integer(string="Files", readonly=True)
    held_count = fields.Integer(string="On Legal Hold", readonly=True, help="Tickets that were old enough and stayed.")
    failed_count = fields.Integer(string="Failed", readonly=True)
    trouble = fields.Text(readonly=True, help="What could not be done, and why. The next run tries again.")
    last_ticket_id = fields.Integer(readonly=True, export_string_translation=False)
    digest = fields.Char(
        string="Fingerprint", readonly=True, help="SHA-256 over the numbers and the hashed ids of all tickets.")
    signature = fields.Char(readonly=True, help="HMAC of the report with the secret of this database.")

    _unfinished_idx = models.UniqueIndex("(rule_id) WHERE finished_at IS NULL", "The rule is running already.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Reports are written by the rules that run, never by hand."))
        return super().create(vals_list)

    # ------------------------------------------------------------
    # running
    # ------------------------------------------------------------

    @api.model
    def _begin(self, rule):
        """Return a new report for ``rule``; self is in sudo."""
        return self.create({
            'rule_id': rule.id, 'rule_name': rule.name, 'company_id': rule.company_id.id, 'action': rule.action,
            'months': rule.months, 'started_at': fields.Datetime.now(), 'user_id': self.env.uid})

    def _deal_with(self, tickets):
        """Do with ``tickets`` (sudo) what the rule says; those that cannot be dealt with are named in the report."""
        engine = self.env['helpdesk.personal.data']
        families = {ticket: engine._family(ticket) for ticket in tickets}
        held = tickets.filtered(lambda ticket: any(families[ticket].mapped('is_held')))
        due = [families[ticket] for ticket in tickets - held]
        self.held_count += len(held)
        try:
            with self.env.cr.savepoint():
                self._act(tickets.union(*due) - held if due else tickets.browse())
        except Exception:  # one of them: see which
            _logger.info("A batch of retention failed, its tickets are tried one by one", exc_info=True)
            self.env.invalidate_all(flush=False)
            for family in due:
                self._act_alone(family)

    def _act_alone(self, family):
        numbers = ', '.join(family.mapped('number'))
        try:
            with self.env.cr.savepoint():
                self._act(family)
        except Exception as error:  # whatever it is, the others are dealt with and somebody reads of it
            self.env.invalidate_all(flush=False)
            self.failed_count += 1
            self.trouble = '\n'.join(filter(None, [self.trouble, f'{numbers}: {error}'[:500]]))
            _logger.info("Retention failed for %s", numbers, exc_info=True)

    def _act(self, tickets):
        if not tickets:
            return
        lines = [{'run_id': self.id, 'number': ticket.number, 'fingerprint': _fingerprint(ticket)}
                 for ticket in tickets.sorted('id')]
        files = getattr(self, f'_act_{self.action}')(tickets, self.env._("Retention rule: %s", self.rule_name))
        self.env['helpdesk.retention.run.line'].create(lines)
        self.write({'ticket_count': self.ticket_count + len(lines), 'file_count': self.file_count + files})

    def _act_anonymise(self, tickets, reason):
        engine = self.env['helpdesk.personal.data']
        files = len(engine._rows(tickets).get('ir.attachment', ()))
        engine._anonymise(tickets, reason)
        return files

    def _act_erase(self, tickets, reason):
        engine = self.env['helpdesk.personal.data']
        names = engine._all_files(engine._rows(tickets).get('ir.attachment', ())).mapped('store_fname')
        tickets._erase(reason)
        engine._purge_soon(names)
        return len(names)

    def _act_files(self, tickets, reason):
        return self._delete_files(tickets, reason, originals=False)

    def _act_originals(self, tickets, reason):
        return self._delete_files(tickets, reason, originals=True)

    def _delete_files(self, tickets, reason, originals):
        engine, count = self.env['helpdesk.personal.data'], 0
        for ticket in tickets:
            ids = engine._rows(ticket).get('ir.attachment', ())
            kept = engine._original_ids(ids)
            gone = engine._all_files(sorted(kept if originals else set(ids) - kept))
            if not gone:
                continue
            engine._remove_files(gone)
            ticket._log_events([{'ticket_id': ticket.id, 'kind': 'redacted', 'detail': {
                'places': 0, 'files': len(gone), 'reason': reason}}])
            count += len(gone)
        return count

    def _finish(self):
        """Sign and close these reports."""
        for run in self:
            run.finished_at = fields.Datetime.now()
            run.digest = run._digest()
            run.signature = run._sign()

    # ------------------------------------------------------------
    # proof
    # ------------------------------------------------------------

    def _digest(self):
        """Return the SHA-256 (hex) of all lines, in order, read in pieces."""
        whole, last_id, lines = hashlib.sha256(), 0, self.env['helpdesk.retention.run.line'].sudo()  # sudo: all of them
        while found := lines.search([('run_id', '=', self.id), ('id', '>', last_id)], order='id', limit=SIGNED):
            for line in found:
                whole.update(f'{line.number} {line.fingerprint}\n'.encode())
            last_id = found[-1].id
            found.invalidate_recordset()
        return whole.hexdigest()

    def _sign(self):
        report = [self.id, self.rule_name, self.company_id.id, self.action, self.months, self.ticket_count,
                  self.file_count, self.held_count, self.failed_count, fields.Datetime.to_string(self.started_at),
                  fields.Datetime.to_string(self.finished_at), self.digest]
        return hmac(self.env(su=True), 'helpdesk.retention.run', json.dumps(report))

    def _is_genuine(self):
        """Tell whether the report and its lines are as they were when it was signed."""
        self.ensure_one()
        self.invalidate_recordset()
        return bool(self.signature) and self._digest() == self.digest and consteq(self._sign(), self.signature)

    def action_verify(self):
        """Say whether somebody changed the report since it was signed."""
        self.ensure_one()
        self.check_access('read')
        if not self.finished_at:
            kind, message = 'warning', self.env._("The run is not finished, so its report is not signed yet.")
        elif self._is_genuine():
            kind, message = 'success', self.env._(
                "Genuine: the report and its %s lines are as they were signed.", self.ticket_count)
        else:
            kind, message = 'danger', self.env._("Changed: this is not the report that was signed.")
        return {'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
            'type': kind, 'message': message, 'sticky': kind == 'danger'}}


def _fingerprint(ticket):
    return hashlib.sha256(f'helpdesk.ticket,{ticket.id}'.encode()).hexdigest()
