from odoo import api, models
from odoo.tools import SQL

from ..tools.redaction import BLOCK, addresses_finder, redact_json

# Kinds of log rows whose texts name people or are free words; the others name stages, teams and numbers.
WORDY_KINDS = ('subject', 'customer', 'frozen', 'forwarded', 'side_reply', 'checklist', 'watch', 'confirmed')
# Tracked changes that say nothing of a person
IMPERSONAL = ('stage_id', 'team_id', 'user_id', 'priority', 'legal_hold')
# What is only there to be sent, done or shown, and goes as a whole
DELETED = ('mail.mail', 'mail.scheduled.message', 'mail.activity', 'mail.message.link.preview')
BLANKED = {
    'helpdesk.ticket': {
        'name': BLOCK, 'description': None, 'partner_name': None, 'partner_email': None, 'partner_phone': None,
        'email_cc': None, 'ticket_properties': None, 'frozen_reason': None, 'deadline_reason': None,
        'search_text': None},
    'helpdesk.ticket.check': {'name': BLOCK},
    'mail.message': {'body': '', 'subject': None, 'email_from': None, 'reply_to': None},
    'mail.notification': {'failure_reason': None},
    'mail.message.translation': {'body': ''},
    'rating.rating': {'feedback': None, 'publisher_comment': None, 'res_name': None, 'parent_res_name': None},
}


class HelpdeskPersonalBlank(models.AbstractModel):
    """A ticket without words and people: what happened when stays, for the figures (D21)."""
    _name = 'helpdesk.personal.blank.mixin'
    _description = "Personal Data: Anonymise"

    @api.model
    def _blanked(self):
        """Return {model: {field: what stands there instead}} of what is emptied; modules add theirs."""
        return BLANKED

    @api.model
    def _anonymise(self, tickets, reason, log=True):
        """Take all words, files and people from outside out of ``tickets`` (sudo), for good.

        Stage, team, assignee, times, promises, tags, ratings (without their words) and the log's kinds and moments
        stay. The caller has checked the right to do so, and that nothing has to be kept.
        """
        self.env.flush_all()
        rows = self._rows(tickets)
        self._remove_files(self._all_files(rows.pop('ir.attachment', ())))
        self._forget_rows(rows)
        self._forget_outsiders(rows)
        self._forget_log(rows.get('helpdesk.ticket.event', ()))
        self.env.invalidate_all()
        if log:
            self._log_anonymised(tickets, reason)

    def _log_anonymised(self, tickets, reason):
        tickets._log_events([
            {'ticket_id': ticket.id, 'kind': 'anonymised', 'detail': {'reason': reason}} for ticket in tickets])

    def _all_files(self, ids):
        # sudo: files of notes and of others' messages too; the caller has checked the right
        return self.env['ir.attachment'].sudo().browse(ids).exists()

    def _forget_rows(self, rows):
        """Empty what ``_blanked`` names in ``rows``: {model: ids}, and delete what is of no use without words."""
        for name in DELETED:
            if rows.get(name):
                self._delete_rows(self.env[name], list(rows[name]))
        for name, values in self._blanked().items():
            if rows.get(name):
                self._write_all(self.env[name], rows[name], values)
        self._forget_tracking(rows.get('mail.tracking.value', ()))
        for row_id in rows.get('helpdesk.ticket.merge', ()):
            self._forget_merge(row_id)

    def _write_all(self, model, ids, values):
        self.env.cr.execute(SQL("UPDATE %s SET %s WHERE id = ANY(%s)", SQL.identifier(model._table), SQL(', ').join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items() if name in model._fields),
            list(ids)))

    def _forget_tracking(self, ids):
        """Empty the tracked changes ``ids``, save those of stage, team and the like."""
        self.env.cr.execute(SQL(
            """UPDATE mail_tracking_value SET old_value_char = NULL, new_value_char = NULL, old_value_text = NULL,
                  new_value_text = NULL WHERE id = ANY(%s) AND NOT EXISTS (
                      SELECT FROM ir_model_fields f WHERE f.id = field_id AND f.name IN %s)""", list(ids), IMPERSONAL))

    def _forget_merge(self, row_id):
        """Take the addresses out of what a merge keeps to be undone."""
        merges = self.env['helpdesk.ticket.merge']
        [row] = self._read_columns(merges, {'undo': 'json'}, [row_id])
        undo, count = redact_json(row['undo'], addresses_finder())
        if count:
            self._write_columns(merges, row_id, {'undo': undo})

    def _forget_outsiders(self, rows):
        """Unlink everybody who is no colleague, and the customers, from ``rows``: tickets, messages, ratings, log."""
        customers = [row[0] for row in self.env.execute_query(SQL(
            "SELECT DISTINCT partner_id FROM helpdesk_ticket WHERE id = ANY(%s) AND partner_id IS NOT NULL",
            list(rows.get('helpdesk.ticket', ()))))]
        self._unlink_people(rows, SQL(
            "(SELECT id FROM res_partner WHERE partner_share IS TRUE OR id = ANY(%s))", customers))

    def _unlink_people(self, rows, people):
        """Unlink the contacts that ``people`` (SQL: a set of ids) gives from ``rows``."""
        ids = {name: list(rows.get(name, ())) for name in (
            'helpdesk.ticket', 'mail.message', 'rating.rating', 'helpdesk.ticket.event')}
        statements = [
            # the company stays, for the figures, unless it is the person
            SQL("UPDATE helpdesk_ticket SET partner_id = NULL, commercial_partner_id ="
                " CASE WHEN commercial_partner_id = partner_id THEN NULL ELSE commercial_partner_id END"
                " WHERE id = ANY(%s) AND partner_id IN %s",
                ids['helpdesk.ticket'], people),
            SQL("DELETE FROM mail_followers WHERE res_model = 'helpdesk.ticket' AND res_id = ANY(%s)"
                " AND partner_id IN %s", ids['helpdesk.ticket'], people),
            SQL("UPDATE mail_message SET author_id = NULL, author_guest_id = NULL WHERE id = ANY(%s)"
                " AND author_id IN %s", ids['mail.message'], people),
            SQL("DELETE FROM mail_notification WHERE mail_message_id = ANY(%s) AND res_partner_id IN %s",
                ids['mail.message'], people),
            SQL("DELETE FROM mail_message_res_partner_rel WHERE mail_message_id = ANY(%s) AND res_partner_id IN %s",
                ids['mail.message'], people),
            SQL("UPDATE rating_rating SET partner_id = NULL WHERE id = ANY(%s) AND partner_id IN %s",
                ids['rating.rating'], people),
            SQL("UPDATE helpdesk_ticket_event SET author_id = NULL WHERE id = ANY(%s) AND author_id IN %s",
                ids['helpdesk.ticket.event'], people),
        ]
        self.env['helpdesk.ticket.event']._maintain('redact')
        for statement in statements:
            self.env.cr.execute(statement)
        self.env['helpdesk.ticket.event']._maintain('')

    def _forget_log(self, ids):
        """Take the free words out of the log rows ``ids``; numbers, stages, teams and moments stay."""
        log = self.env['helpdesk.ticket.event']
        log._maintain('redact')
        self.env.cr.execute(SQL(
            "UPDATE helpdesk_ticket_event SET old = NULL, new = NULL WHERE id = ANY(%s) AND kind IN %s",
            list(ids), WORDY_KINDS))
        self.env.cr.execute(SQL(
            "UPDATE helpdesk_ticket_event SET detail = NULL WHERE id = ANY(%s) AND detail::text LIKE %s",
            list(ids), '%@%'))
        log._maintain('')
