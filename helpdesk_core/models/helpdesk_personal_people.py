import re
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..tools.redaction import SHORTEST, any_finder, copies_finder, plain, words_finder

SHORT_PHONE = 8  # last digits by which a number is known, however it is written


class Person(NamedTuple):
    """Somebody as our data know them: ids of contacts, names, normalised addresses and phone numbers (lists)."""
    partner_ids: list
    names: list
    emails: list
    phones: list

    def texts(self):
        """Return what names the person wherever it stands."""
        short = [digits[-SHORT_PHONE:] for digits in (re.sub(r'\D', '', phone) for phone in self.phones)
                 if len(digits) >= SHORT_PHONE]
        found = [*self.names, *self.emails, *self.phones, *short]
        return [text for text in dict.fromkeys(found) if sum(map(str.isalnum, text)) >= SHORTEST]

    def like(self):
        """Return patterns that find the person's addresses, and longer ones: ask :meth:`is_in` of what they find."""
        return [f'%{email}%' for email in self.emails]

    def is_in(self, text):
        """Tell whether one of the person's addresses stands in ``text`` (may be empty), not only as part of another."""
        long = [email for email in self.emails if sum(map(str.isalnum, email)) >= SHORTEST]
        return bool(words_finder(long, whole_words=True)(text or ''))

    def parts(self):
        """Return first and last names, as a letter begins with them."""
        return [part for name in self.names for part in name.split() if sum(map(str.isalnum, part)) >= SHORTEST]


class HelpdeskPersonalPeople(models.AbstractModel):
    """One person's data: where they are, and how they go while other people's stay (D21)."""
    _name = 'helpdesk.personal.people.mixin'
    _description = "Personal Data: People"

    # ------------------------------------------------------------
    # who and where
    # ------------------------------------------------------------

    @api.model
    def _person(self, partner, name='', email='', phone=''):
        """Return the :class:`Person` of a contact (may be empty) with what else is known of them."""
        # sudo: contacts of one person in several companies; who asks was checked by the caller
        partners = partner.sudo()
        emails = {email_normalize(text) for text in (email, *partners.mapped('email')) if text} - {False}
        if emails:
            partners |= partners.with_context(active_test=False).search([
                ('email_normalized', 'in', list(emails)), ('is_company', '=', False),
                ('company_id', 'in', [False, *self.env.companies.ids])])  # what another company knows is its own
        names = {text.strip() for text in (name, *partners.mapped('name')) if text and '@' not in text}
        phones = {text.strip() for text in (phone, *partners.mapped('phone')) if text and text.strip()}
        return Person(partners.ids, sorted(names), sorted(emails), sorted(phones))

    @api.model
    def _address_columns(self):
        """Return [(model, field)] of columns with one address of somebody from outside; modules add theirs."""
        return [('helpdesk.ticket', 'partner_email')]

    @api.model
    def _own_tickets(self, person):
        """Return the domain of the tickets whose customer the person is."""
        return Domain('partner_id', 'in', person.partner_ids) | Domain('partner_email', 'in', person.emails)

    @api.model
    def _other_ticket_ids(self, person):
        """Return the ids of tickets with words of the person, or with their address in copy; own ones may be there."""
        rows = self.env.execute_query(SQL(
            """SELECT res_id, NULL FROM mail_message WHERE model = 'helpdesk.ticket' AND author_id = ANY(%(partners)s)
                UNION SELECT res_id, email_from FROM mail_message
                 WHERE model = 'helpdesk.ticket' AND email_from ILIKE ANY(%(like)s)
                UNION SELECT id, email_cc FROM helpdesk_ticket WHERE email_cc ILIKE ANY(%(like)s)
                UNION SELECT res_id, NULL FROM mail_followers WHERE res_model = 'helpdesk.ticket'
                  AND partner_id = ANY(%(partners)s)""", partners=person.partner_ids, like=person.like()))
        return {number for number, text in rows if number and (text is None or person.is_in(text))}

    @api.model
    def _person_rows(self, person):
        """Return {model: ids} of rows that are about the person alone and hang on no ticket; modules add theirs."""
        return {}

    @api.model
    def _forget_elsewhere(self, person, ticket_ids=()):
        """Empty the person's rows that hang on no ticket, and what programs left behind on their way: dialogs about the
        person or about the tickets ``ticket_ids``. Return {model: number of rows}."""
        self.env.flush_all()
        texts = person.texts()
        self._sweep_traces(words_finder(texts, whole_words=True), texts, {
            'res.partner': person.partner_ids, 'helpdesk.ticket': ticket_ids})
        rows = self._person_rows(person)
        for found in (self._loose_rows(texts), rows):
            self._blacken(found, words_finder(texts, whole_words=True))
        self._remove_files(self._all_files(self._file_ids(rows)))
        self._forget_rows(rows)
        self.env.invalidate_all()
        return {name: len(ids) for name, ids in rows.items() if ids}

    # ------------------------------------------------------------
    # forgetting
    # ------------------------------------------------------------

    @api.model
    def _forget_person(self, ticket, person, own, reason):
        """Take one person out of ``ticket`` (sudo): their words, files, originals, name, addresses and numbers, also
        where others quoted or named them. What others wrote stays.

        :param bool own: the person is its customer, so subject, description and files of the house go as well
        """
        self.env.flush_all()
        rows = self._rows(self._family(ticket))
        messages = self._messages_of(rows.get('mail.message', ()), person)
        find = self._person_finder(person, own, rows, messages)
        mine = {'mail.message': list(messages), **self._rows_by(person, rows)}
        if own:
            mine['helpdesk.ticket'] = rows['helpdesk.ticket']
        rows['ir.attachment'] = self._remove_persons_files(rows, messages, own, person)
        self._forget_rows(mine)
        fates = self._file_fates(rows['ir.attachment'], find)
        self._blacken(rows, find)
        self._apply_file_fates(fates)
        self._unlink_people(rows, SQL("(SELECT unnest(%s::int[]))", person.partner_ids))
        self.env.invalidate_all()
        self._log_anonymised(self._family(ticket), reason)

    def _messages_of(self, ids, person):
        """Return {id: body} of the messages ``ids`` that the person wrote."""
        rows = self.env.execute_query(SQL(
            "SELECT id, body, author_id = ANY(%s), email_from FROM mail_message"
            " WHERE id = ANY(%s) AND (author_id = ANY(%s) OR email_from ILIKE ANY(%s))",
            person.partner_ids, list(ids), person.partner_ids, person.like()))
        return {number: body for number, body, mine, sender in rows if mine or person.is_in(sender)}

    def _rows_by(self, person, rows):
        """Return {model: ids} of those of ``rows``, messages aside, that the person has made; modules add theirs."""
        return {'rating.rating': [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM rating_rating WHERE id = ANY(%s) AND partner_id = ANY(%s)",
            list(rows.get('rating.rating', ())), person.partner_ids))]}

    def _person_finder(self, person, own, rows, messages):
        """Return a finder of the person's names, addresses and numbers, and of what was copied from their words."""
        said = [plain(body) for body in messages.values() if body]
        names = person.texts()
        if own:
            said += [plain(row['description'] or '') for row in self._read_columns(
                self.env['helpdesk.ticket'], {'description': 'html'}, rows['helpdesk.ticket'])]
            names += person.parts() + self._subjects(rows)
        return any_finder(words_finder(names, whole_words=True), copies_finder(said))

    def _subjects(self, rows):
        """Return what the tickets in ``rows`` are and were called: answers repeat it."""
        found = self.env.execute_query(SQL(
            """SELECT name FROM helpdesk_ticket WHERE id = ANY(%s) UNION SELECT unnest(ARRAY[old, new])
                 FROM helpdesk_ticket_event WHERE id = ANY(%s) AND kind = 'subject'""",
            list(rows['helpdesk.ticket']), list(rows.get('helpdesk.ticket.event', ()))))
        return [row[0].strip() for row in found if row[0] and sum(map(str.isalnum, row[0])) >= SHORTEST]

    def _remove_persons_files(self, rows, messages, own, person):
        """Remove what the person sent, on their own tickets also what others of the house attached; return the ids of
        the files that stay."""
        ids = set(rows.get('ir.attachment', ()))
        others = {row[0] for row in self.env.execute_query(SQL(
            """SELECT rel.attachment_id FROM message_attachment_rel rel JOIN mail_message m ON m.id = rel.message_id
                 LEFT JOIN res_partner p ON p.id = m.author_id
                WHERE m.id = ANY(%s) AND m.id != ALL(%s) AND (%s OR p.partner_share IS TRUE)""",
            list(rows.get('mail.message', ())), list(messages), not own))}
        keep = (others | self._originals_of_others(ids, person)) & ids
        if not own:
            sent = {row[0] for row in self.env.execute_query(SQL(
                "SELECT attachment_id FROM message_attachment_rel WHERE message_id = ANY(%s)", list(messages)))}
            keep |= ids - sent - self._originals_of(ids, person)
        self._remove_files(self._all_files(sorted(ids - keep)))
        return sorted(keep)

    @api.model
    def _original_ids(self, ids):
        """Return those (set) of the files ``ids`` that are original mails; modules say which."""
        return set()

    @api.model
    def _with_originals(self):
        """Return the domain of the tickets that have original mails."""
        return Domain.FALSE

    @api.model
    def _exported(self, person):
        """Return ({key: list of dicts for JSON}, [(path in the archive, attachment)]) of what a module keeps of the
        person besides tickets."""
        return {}, []

    def _originals_of(self, ids, person):
        """Return those (set) of the files ``ids`` that are original mails of the person; modules say which."""
        return set()

    def _originals_of_others(self, ids, person):
        """Return those (set) of the files ``ids`` that are original mails of other people; modules say which."""
        return set()
