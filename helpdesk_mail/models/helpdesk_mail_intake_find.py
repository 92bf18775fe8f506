from odoo import api, models
from odoo.tools import SQL

from ..tools import addresses, signature
from ..tools.case import Address, Parent, People, Sender


class HelpdeskMailIntakeFind(models.AbstractModel):
    """Look up what a mail names: our addresses, the message it answers, tickets, people. One query each."""

    _name = 'helpdesk.mail.intake.find.mixin'
    _description = "Received Mail: Find"

    @api.model
    def _find_addresses(self, candidates):
        """Return {address: :class:`Address`} of those ``candidates`` (normalised) that are ours, in one query.

        Team addresses first of all; other applications' aliases, catch-all, bounce and brand addresses as well.
        """
        wanted = {}
        for address in candidates:
            for name in {address, addresses.without_tag(address)}:
                wanted.setdefault(name, []).append(address)
        if not wanted:
            return {}
        full = tuple(wanted)
        local = tuple({address.partition('@')[0] for address in full})
        self.env['mail.alias'].flush_model(['alias_full_name', 'alias_name', 'alias_incoming_local', 'alias_model_id'])
        self.env['helpdesk.team'].flush_model(['alias_id', 'active', 'company_id'])
        rows = self.env.execute_query(
            SQL(
                """
            SELECT a.alias_full_name, a.alias_name, a.alias_incoming_local, m.model, t.id, t.company_id,
                   a.alias_defaults, a.alias_contact
              FROM mail_alias a
              JOIN ir_model m ON m.id = a.alias_model_id
         LEFT JOIN helpdesk_team t ON t.alias_id = a.id AND t.active
             WHERE a.alias_full_name IN %(full)s OR (a.alias_incoming_local AND a.alias_name IN %(local)s)
         UNION ALL
            SELECT own.address, NULL, FALSE, NULL, NULL, NULL, NULL, NULL
              FROM mail_alias_domain d
        CROSS JOIN LATERAL (VALUES (d.bounce_alias || '@' || d.name), (d.catchall_alias || '@' || d.name),
                                   (CASE WHEN d.default_from LIKE '%%@%%' THEN d.default_from
                                         ELSE d.default_from || '@' || d.name END)) own (address)
             WHERE own.address IN %(full)s
         UNION ALL
            SELECT lower(b.sender_email), NULL, FALSE, NULL, NULL, NULL, NULL, NULL
              FROM helpdesk_brand b WHERE lower(b.sender_email) IN %(full)s
        """,
                full=full,
                local=local,
            )
        )
        found = {}
        for name, alias, by_local, model, team_id, company_id, defaults, contact in rows:
            given = list(wanted.get(name, ()))
            if by_local:
                given += [address for address in candidates if address.partition('@')[0] == alias]
            for address in given:
                if model or address not in found:
                    found[address] = Address(address, model, team_id, company_id, defaults, contact)
        return {address: found[address] for address in candidates if address in found}

    @api.model
    def _our_addresses(self):
        """Return (addresses, domains): two frozensets of all that mail may be sent to here, and of our domains."""
        rows = self.env.execute_query(
            SQL("""
            SELECT alias_full_name FROM mail_alias WHERE alias_full_name LIKE '%%@%%'
         UNION SELECT a.alias_name || '@' || d.name FROM mail_alias a CROSS JOIN mail_alias_domain d
                WHERE a.alias_incoming_local AND a.alias_name IS NOT NULL
         UNION SELECT own.local || '@' || d.name FROM mail_alias_domain d
           CROSS JOIN LATERAL (VALUES (d.bounce_alias), (d.catchall_alias), (split_part(d.default_from, '@', 1)))
                      own (local)
         UNION SELECT sender_email FROM helpdesk_brand WHERE sender_email IS NOT NULL""")
        )
        domains = self.env.execute_query(SQL("SELECT name FROM mail_alias_domain"))
        return (frozenset(row[0].lower() for row in rows if row[0]), frozenset(row[0].lower() for row in domains))

    @api.model
    def _find_parent(self, message_ids, own_id=''):
        """Look up the message that a mail answers.

        :param message_ids: Message-Ids it names, the closest first
        :param str own_id: its own Message-Id
        :return: (:class:`Parent` or None, True when ``own_id`` is that of a mail we sent ourselves)
        """
        wanted = tuple(filter(None, [*message_ids, own_id]))
        if not wanted:
            return None, False
        self.env['mail.message'].flush_model(
            ['message_id', 'model', 'res_id', 'subtype_id', 'is_internal', 'author_id', 'message_type']
        )
        rows = self.env.execute_query(
            SQL(
                """
            SELECT m.message_id, m.id, m.model, m.res_id,
                   COALESCE(m.is_internal, FALSE) OR s.id IS NULL OR COALESCE(s.internal, FALSE), m.author_id,
                   m.message_type
              FROM mail_message m LEFT JOIN mail_message_subtype s ON s.id = m.subtype_id
             WHERE m.message_id IN %s AND m.model IS NOT NULL AND m.res_id IS NOT NULL
          ORDER BY m.model = 'helpdesk.ticket', m.id""",
                wanted,
            )
        )
        known = {row[0]: Parent(*row[1:6]) for row in rows}
        own_copy = any(
            row[0] == own_id and row[2] in ('helpdesk.ticket', 'helpdesk.side.thread') and row[6] != 'email'
            for row in rows)
        return next((known[name] for name in message_ids if name in known), None), own_copy

    @api.model
    def _signing_secret(self):
        """Return the text that signs what names a ticket in our mails, see :mod:`signature`."""
        # sudo: the database's secret, used and never shown
        return self.env['ir.config_parameter'].sudo().get_param('database.secret')

    @api.model
    def _find_signed(self, arrival):
        """Return {ticket id: True for an internal note}, what our signature in Message-Ids and addresses names."""
        secret = self._signing_secret()
        by_id = signature.in_message_ids(secret, arrival.parent_ids)
        by_address = signature.in_addresses(secret, arrival.recipients)
        return {**by_address, **by_id} | {ticket_id: True for ticket_id, note in by_address.items() if note}

    @api.model
    def _find_tickets(self, ticket_ids, numbers):
        """Return [:class:`People`] of the tickets with these ids or numbers, those by id first, in one query; one more
        where some of them were merged."""
        if not ticket_ids and not numbers:
            return []
        people = self._read_people(ticket_ids, numbers)
        order = {ticket_id: position for position, ticket_id in enumerate(ticket_ids)}
        numbers = list(numbers)
        people.sort(
            key=lambda row: order.get(row.id, len(order) + (numbers.index(row.number) if row.number in numbers else 0)))
        if any(row.merged_into_id for row in people):
            people = [one for row in people for one in self._led_on(row)]
        return people

    @api.model
    def _read_people(self, ticket_ids, numbers):
        ticket = self.env['helpdesk.ticket']
        ticket.flush_model(['number', 'team_id', 'company_id', 'partner_id', 'commercial_partner_id', 'partner_email',
                            'email_cc', 'merged_into_id'])
        self.env['mail.followers'].flush_model(['res_model', 'res_id', 'partner_id'])
        rows = self.env.execute_query(SQL("""
            SELECT t.id, t.number, t.team_id, t.company_id, t.partner_id, t.commercial_partner_id, t.partner_email,
                   t.email_cc, ARRAY(SELECT f.partner_id FROM mail_followers f
                          WHERE f.res_model = 'helpdesk.ticket' AND f.res_id = t.id), t.merged_into_id
              FROM helpdesk_ticket t WHERE t.id = ANY(%s) OR t.number = ANY(%s)""",
            list(ticket_ids), list(numbers)))
        return [People(*row) for row in rows]

    @api.model
    def _led_on(self, row):
        """Return ``row``; for a merged ticket the one that goes on, with its own people and with those of ``row``."""
        if not row.merged_into_id:
            return [row]
        [last] = self._read_people([self.env['helpdesk.ticket'].browse(row.id)._survivor().id], [])
        named = {'merged_id': row.id, 'old_number': row.number}
        return [last._replace(**named), row._replace(
            id=last.id, number=last.number, team_id=last.team_id, company_id=last.company_id, **named)]

    @api.model
    def _find_senders(self, address):
        """Return the contacts ([:class:`Sender`]) with the normalised ``address``: our own people first, those who
        merely say that it is theirs last, users before others, then the oldest."""
        if not address:
            return []
        self.env['res.partner'].flush_model(
            ['email_normalized', 'commercial_partner_id', 'company_id', 'active', 'helpdesk_from_mail',
             'helpdesk_undeliverable_at', 'helpdesk_email_unproven']
        )
        self.env['res.users'].flush_model(['partner_id', 'active', 'share'])
        rows = self.env.execute_query(SQL("""
            SELECT DISTINCT ON (p.id) p.id, p.commercial_partner_id, p.company_id, u.id, COALESCE(NOT u.share, FALSE),
                   COALESCE(p.helpdesk_from_mail, FALSE), p.helpdesk_undeliverable_at IS NOT NULL,
                   COALESCE(p.helpdesk_email_unproven, FALSE)
              FROM res_partner p LEFT JOIN res_users u ON u.partner_id = p.id AND u.active
             WHERE p.email_normalized = %s AND p.active
          ORDER BY p.id, u.share NULLS LAST""", address))
        senders = []
        for row in rows:
            sender = Sender(*row[:6], undeliverable=row[6], unproven=row[7])
            if sender.internal:
                user = self.env['res.users'].browse(sender.user_id)
                sender = sender._replace(agent=user.has_group('helpdesk_core.group_helpdesk_user'))
            senders.append(sender)
        return sorted(senders, key=lambda sender: (
            not sender.internal, sender.unproven, not sender.user_id, sender.id))

    @api.model
    def _find_company(self, address, company_id):
        """Return the id of the one company whose people have mail addresses in the domain of ``address``, or None.

        Public mail providers say nothing about a company. Two companies with the domain: nobody is guessed.
        """
        domain = addresses.domain(address)
        if not domain or addresses.is_free_mail(address):
            return None
        self.env['res.partner'].flush_model(['email_normalized', 'commercial_partner_id', 'company_id', 'active'])
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT c.id
              FROM res_partner p JOIN res_partner c ON c.id = p.commercial_partner_id
             WHERE p.email_normalized IS NOT NULL AND split_part(p.email_normalized, '@', 2) = %s
               AND p.active AND c.active AND c.is_company
               AND (c.company_id IS NULL OR c.company_id = %s)
             LIMIT 2""",
                domain,
                company_id,
            )
        )
        return rows[0][0] if len(rows) == 1 else None
