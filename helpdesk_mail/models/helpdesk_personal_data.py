from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools.redaction import BLOCK, addresses_finder
from odoo.fields import Domain
from odoo.tools import SQL

LEDGER, SIDE = 'helpdesk.mail.intake', 'helpdesk.side.thread'


class HelpdeskPersonalData(models.AbstractModel):
    """The ledger, side conversations and the list of senders hold words and addresses of people too."""

    _inherit = 'helpdesk.personal.data'

    def _add_own(self, rows):
        super()._add_own(rows)
        ledger = self.env[LEDGER]
        rows[LEDGER].update(self._linked_ids(ledger, 'side_thread_id', rows[SIDE]))
        # a mail brought twice is two rows with one original
        rows[LEDGER].update(self._linked_ids(ledger, 'duplicate_of_id', rows[LEDGER]))

    def _remove_files(self, files):
        """The ledger says when an original went."""
        # sudo: the ledger has no writers among users; the caller has checked the right to remove the files
        mails = self.env[LEDGER].sudo().search([('raw_id', 'in', files.ids)]) if files else None
        super()._remove_files(files)
        if mails:
            mails.write({'raw_id': False, 'original_deleted_at': self.env.cr.now()})

    # ------------------------------------------------------------
    # people
    # ------------------------------------------------------------

    @api.model
    def _blanked(self):
        return {
            **super()._blanked(),
            LEDGER: dict.fromkeys(('sender', 'sender_email', 'recipients', 'envelope_from', 'envelope_to', 'subject',
                                   'traceback', 'gateway')),
            SIDE: {'name': BLOCK, 'email_to': None, 'notice': None, 'last_words': None},
            'helpdesk.mail.answer': {'email': BLOCK},
        }

    @api.model
    def _address_columns(self):
        return [*super()._address_columns(), (LEDGER, 'sender_email'), ('helpdesk.mail.answer', 'email'),
                ('helpdesk.mail.sender', 'name')]

    @api.model
    def _other_ticket_ids(self, person):
        """Also those with mails of the person, and those about which they were asked as a third party."""
        rows = self.env.execute_query(SQL(
            """SELECT ticket_id, NULL FROM helpdesk_mail_intake WHERE sender_email = ANY(%(emails)s)
                UNION SELECT ticket_id, email_to FROM helpdesk_side_thread WHERE email_to ILIKE ANY(%(like)s)
                UNION SELECT t.ticket_id, NULL FROM helpdesk_side_thread t
                  JOIN helpdesk_side_thread_partner_rel p ON p.thread_id = t.id
                 WHERE p.partner_id = ANY(%(partners)s)""",
            emails=person.emails, like=person.like(), partners=person.partner_ids))
        return super()._other_ticket_ids(person) | {
            number for number, text in rows if number and (text is None or person.is_in(text))}

    @api.model
    def _person_rows(self, person):
        """Also mails of the person that came to no ticket: held, refused, automatic ones."""
        rows = super()._person_rows(person)
        rows[LEDGER] = [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_mail_intake WHERE sender_email = ANY(%s) AND ticket_id IS NULL AND %s",
            person.emails, self._in_companies()))]
        return rows

    @api.model
    def _forget_elsewhere(self, person, ticket_ids=()):
        """The list of blocked and allowed senders forgets the address; that of a domain says nothing of a person."""
        # sudo: the caller has checked the right; the list is the administrators'
        senders = self.env['helpdesk.mail.sender'].sudo().with_context(active_test=False).search(
            [('name', 'in', person.emails), ('company_id', 'in', [False, *self.env.companies.ids])])
        count = len(senders)
        senders.unlink()  # first: the administration log names what was deleted, and is gone through next
        forgotten = super()._forget_elsewhere(person, ticket_ids)
        return {**forgotten, 'helpdesk.mail.sender': count} if count else forgotten

    def _rows_by(self, person, rows):
        return {**super()._rows_by(person, rows), LEDGER: [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_mail_intake WHERE id = ANY(%s) AND sender_email = ANY(%s)",
            list(rows.get(LEDGER, ())), person.emails))]}

    def _forget_rows(self, rows):
        """What the ledger gives as a reason may name an address."""
        super()._forget_rows(rows)
        self._blacken({LEDGER: list(rows.get(LEDGER, ()))}, addresses_finder())

    def _unlink_people(self, rows, people):
        super()._unlink_people(rows, people)
        self.env.cr.execute(SQL(
            "DELETE FROM helpdesk_side_thread_partner_rel WHERE thread_id = ANY(%s) AND partner_id IN %s",
            list(rows.get(SIDE, ())), people))

    # ------------------------------------------------------------
    # originals
    # ------------------------------------------------------------

    @api.model
    def _original_ids(self, ids):
        return super()._original_ids(ids) | self._originals(ids, SQL("TRUE"))

    @api.model
    def _with_originals(self):
        return super()._with_originals() | Domain('intake_ids', 'any', [('raw_id', '!=', False)])

    def _originals_of(self, ids, person):
        mine = SQL("sender_email = ANY(%s)", person.emails)
        return super()._originals_of(ids, person) | self._originals(ids, mine)

    def _originals_of_others(self, ids, person):
        foreign = SQL("sender_email IS NOT NULL AND sender_email != ALL(%s)", person.emails)
        return super()._originals_of_others(ids, person) | self._originals(ids, foreign)

    def _originals(self, ids, condition):
        return {row[0] for row in self.env.execute_query(SQL(
            "SELECT raw_id FROM helpdesk_mail_intake WHERE raw_id = ANY(%s) AND %s", list(ids), condition))}

    @api.model
    def _exported(self, person):
        """The mails that the person sent, with their originals."""
        data, files = super()._exported(person)
        # sudo: also mails that were held or refused; the caller has checked the right
        mails = self.env[LEDGER].sudo().search([
            ('sender_email', 'in', person.emails), ('company_id', 'in', [False, *self.env.companies.ids])], order='id')
        data['received_mails'] = [{
            'received_at': fields.Datetime.to_string(mail.received_at), 'from': mail.sender, 'to': mail.recipients,
            'subject': mail.subject, 'message_id': mail.message_id, 'ticket': mail.ticket_id.number or None,
            'original': f'originals/{mail.id}.eml' if mail.raw_id else None} for mail in mails]
        files += [(f'originals/{mail.id}.eml', mail.raw_id) for mail in mails if mail.raw_id]
        return data, files
