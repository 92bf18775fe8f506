import logging
import re

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import DONE_STATUSES, OPEN_STATUSES
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, email_normalize, formataddr

from ..tools import wire

_logger = logging.getLogger(__name__)
NAMES_BATCH = 100
NAME_LIMIT = 100


class HelpdeskChannelPerson(models.Model):
    """Somebody who writes by a channel, known by the service's id for them. Nobody else joins their conversation: ids
    of one channel say nothing about another (promise 3)."""
    _name = 'helpdesk.channel.person'
    _description = "Person on a Messenger"
    _order = 'last_message_at desc, id desc'

    channel_id = fields.Many2one('helpdesk.channel', required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(related='channel_id.company_id', store=True, precompute=True)
    sender = fields.Char(string="Known There As", required=True, readonly=True)
    name = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    partner_id = fields.Many2one(
        'res.partner', string="Contact", index='btree_not_null', ondelete='set null', readonly=True,
        help="Matched by a number or address that the service vouches for, or chosen by an agent on a ticket.")
    last_message_at = fields.Datetime(string="Last Wrote", readonly=True)
    name_wanted = fields.Boolean(readonly=True)
    ticket_ids = fields.One2many('helpdesk.ticket', 'channel_person_id', string="Tickets", readonly=True)

    _name_wanted_idx = models.Index("(id) WHERE name_wanted")
    _sender_uniq = models.UniqueIndex("(channel_id, sender)", "A person is known once on a channel.")

    @api.depends('name', 'sender')
    def _compute_display_name(self):
        for person in self:
            person.display_name = person.name or person.sender

    @api.model
    def _of(self, channel, incoming):
        """Return the person who sent ``incoming`` by ``channel``, their row locked: what they write at the same moment
        goes to one ticket. Somebody new is noted."""
        # nobody else sees a new row before we are through: whoever notes the same person waits, and finds it
        self.env.execute_query(SQL("""
            INSERT INTO helpdesk_channel_person (channel_id, company_id, sender, create_uid, create_date, write_uid,
                                                 write_date)
            VALUES (%(channel)s, %(company)s, %(sender)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
            ON CONFLICT DO NOTHING RETURNING id""", channel=channel.id, company=channel.company_id.id,
            sender=incoming.sender, uid=self.env.uid, now=self.env.cr.now()))
        [[person_id]] = self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_channel_person WHERE channel_id = %s AND sender = %s FOR NO KEY UPDATE",
            channel.id, incoming.sender))
        person = self.browse(person_id)
        person._learn(incoming)
        return person

    def _learn(self, incoming):
        """Keep what the service tells about the person, and who that is among our contacts."""
        # they stand in the headers of mails: nothing of them may end a line
        told = {'name': wire.line(incoming.sender_name, NAME_LIMIT), 'phone': wire.line(incoming.sender_phone, 64),
                'email': wire.line(incoming.sender_email, 254)}
        vals = {name: value for name, value in told.items() if value and value != self[name]}
        at = self.channel_id._moment(incoming)
        if not self.last_message_at or at > self.last_message_at:
            vals['last_message_at'] = at
        if not self.name and not vals.get('name') and hasattr(self.channel_id._adapter(), 'profile'):
            vals['name_wanted'] = True
            self.env['helpdesk.channel.file']._wake()
        if not self.partner_id and vals.keys() & {'phone', 'email'}:
            vals['partner_id'] = self._find_contact(incoming.sender_phone, incoming.sender_email).id
        if vals:
            self.write(vals)

    @api.model
    def _find_contact(self, phone, email):
        """Return the one contact with the number or address that the service vouches for. None where several have it,
        and never a colleague: whoever writes from a colleague's phone would speak in the house's name."""
        address = email_normalize(email)
        for domain in ([('id', 'in', self._contacts_with(phone))] if phone else None,
                       [('email_normalized', '=', address)] if address else None):
            if domain:
                found = self.env['res.partner'].search(
                    [*domain, ('company_id', 'in', [False, self.env.company.id])], limit=2)
                if len(found) == 1 and not found.user_ids.filtered(lambda user: user._is_internal()):
                    return found
        return self.env['res.partner']

    @api.model
    def _contacts_with(self, phone):
        """Return the ids (list) of contacts with a number, however it is written: by an index (see res.partner)."""
        number = re.sub(r'[^0-9+]', '', self.env.company._phone_format(number=phone) or phone)
        rows = self.env.execute_query(SQL(
            "SELECT id FROM res_partner WHERE phone_sanitized IS NOT NULL"
            " AND regexp_replace(phone_sanitized, '[^0-9+]', '', 'g') = %s LIMIT 10", number))
        return [row[0] for row in rows]

    # ------------------------------------------------------------
    # names that the service tells when it is asked
    # ------------------------------------------------------------

    @api.model
    def _cron_names(self):
        """Ask for the names of people who are known by a number alone."""
        progress = self.env['ir.cron']
        people = self.search([('name_wanted', '=', True)], limit=NAMES_BATCH, order='id')
        if people:
            progress._commit_progress(remaining=len(people))
        for person in people:
            person.name_wanted = False  # asked once: a name is no reason to ask for ever
            if name := person._ask_name():
                person._call(name)
            if not progress._commit_progress(1):
                break

    def _sender_line(self, ticket):
        """Return who wrote, as a sender of mails: colleagues get notices from the house's address, since the person
        has none; on screen the name alone is shown."""
        name = f'{self.display_name} ({self.channel_id._kind_label()})'
        company = ticket.company_id
        address = email_normalize(company.email) or email_normalize(company.default_from_email)
        return formataddr((name, address)) if address else name

    def _ask_name(self):
        channel = self.channel_id
        try:
            answer, _stopped = channel._go_through(channel._adapter().profile(channel._credentials(), self.sender))
            return answer and channel._adapter().named(answer.status, answer.headers, answer.body)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # a service has many ways to answer nonsense
            _logger.info("The name of person %s on a messenger is not known", self.id, exc_info=True)
            return ''

    def _call(self, name):
        """Give the person and their tickets the name."""
        self.name = wire.line(name, NAME_LIMIT)
        unnamed = self.ticket_ids.filtered(lambda ticket: not ticket.partner_id and ticket.partner_name == self.sender)
        unnamed.write({'partner_name': self.name})

    # ------------------------------------------------------------
    # the ticket
    # ------------------------------------------------------------

    def _ticket_of(self, incoming):
        """Return (the ticket that a message goes on with, the one that a new ticket is to be linked with); either may
        be empty."""
        at, tickets = self.channel_id._moment(incoming), self._tickets()
        if incoming.reply_to:
            # only what stands in their own conversation: numbers can be guessed
            answered = self.env['helpdesk.channel.reference'].search([
                ('channel_id', '=', self.channel_id.id), ('service_id', '=', incoming.reply_to),
                ('person_id', '=', self.id)], limit=1).ticket_id._survivor()
            if answered and answered.active:
                return (answered, tickets.browse()) if answered._is_reopened_by_reply(at) else (
                    tickets.browse(), answered)
        return self._latest(at)

    def _latest(self, at):
        tickets = self._tickets()
        mine = [('channel_person_id', '=', self.id), '|', ('active', '=', True), ('merged_into_id', '!=', False)]
        if ticket := tickets.search([
                *mine, ('status', 'in', OPEN_STATUSES), ('merged_into_id', '=', False)], order='id desc', limit=1):
            return ticket, tickets
        done = tickets.search([*mine, '|', ('status', 'in', DONE_STATUSES), ('merged_into_id', '!=', False)],
                              order='id desc', limit=1)._survivor()
        if done and done.active and done._is_reopened_by_reply(at):
            return done, tickets
        return tickets, done

    def _customer_values(self):
        """Return the values of a ticket that say that it is this person's."""
        values = {'channel_person_id': self.id, 'partner_id': self.partner_id.id}
        if not self.partner_id:
            values.update(partner_name=self.display_name, partner_phone=self.phone, partner_email=self.email)
        return values

    def _tickets(self):
        """Return the model of tickets: also archived ones, as merged tickets are."""
        return self.env['helpdesk.ticket'].with_company(self.company_id).with_context(active_test=False)
