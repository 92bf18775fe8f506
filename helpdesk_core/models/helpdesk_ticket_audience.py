from odoo import api, models
from odoo.tools import email_normalize, email_normalize_all
from odoo.tools.mail import email_split_tuples

from ..tools.houses import same_house

HOW = {'customer': 'to', 'cc': 'cc', 'follower': 'cc', 'added': 'to', 'colleague': 'to'}


class HelpdeskTicketAudienceMixin(models.AbstractModel):
    """Who would get an answer, worked out by the code that sends it, before it is sent (N4, D1)."""
    _name = 'helpdesk.ticket.audience.mixin'
    _description = "Ticket: Audience"
    _inherit = ['mail.thread']

    @api.readonly
    def get_answer_recipients(self, partner_ids=(), emails=(), left_out=()):
        """Tell who gets an answer of the user, and who no longer does. Everybody gets a mail of their own: Cc says
        why somebody is on the list, not that the others see their address.

        :param partner_ids: ids of the contacts that the user chose
        :param emails: addresses without a contact that they chose
        :param left_out: keys (below) of those who are to be left out
        :return: {'recipients': [person], 'removed': [person], 'newest_id': id of the newest public message or 0}; a
            person has ``key`` (bare address, else the contact's id as text), ``name``, ``address``, ``partner_id``,
            ``kind`` ('customer' | 'cc' | 'follower' | 'colleague' | 'added'), ``how`` ('to' | 'cc' | 'inbox'),
            ``new`` (was not in the conversation), ``external`` (of another house than the customer and than us),
            ``problem`` (why a mail would not arrive, or '') and, among the removed, ``left_out`` (the user's doing).
        :raise AccessError: the ticket is not the user's to work on
        """
        self.ensure_one()
        self.check_access('read')
        self._check_may_answer()
        ticket = self.sudo()  # sudo: contacts of the ticket's people, whatever company they belong to
        data = ticket._draft_recipients(list(partner_ids), list(emails), list(left_out))
        talked_to = ticket._conversation_people()
        recipients = [ticket._person(item, partner_ids, talked_to) for item in data]
        recipients += ticket._unreachable(partner_ids, recipients, left_out)
        newest = ticket._public_messages([], limit=1)
        return {
            'recipients': sorted(recipients, key=lambda person: list(HOW).index(person['kind'])),
            'removed': ticket._removed(talked_to, recipients, left_out),
            'newest_id': newest.id or 0,
        }

    def _draft_recipients(self, partner_ids, emails, left_out):
        """Return core's recipient data of an answer that the user has not sent yet."""
        draft = self.with_context(helpdesk_not_to=left_out)
        partner_ids, outgoing = draft._answer_recipients(partner_ids, ', '.join(emails))
        return draft._notify_get_recipients(self.env['mail.message'], {
            'message_type': 'comment',
            'subtype_id': self.env['ir.model.data']._xmlid_to_res_id('mail.mt_comment'),
            'author_id': self.env.user.partner_id.id, 'partner_ids': partner_ids, 'outgoing_email_to': outgoing,
            'incoming_email_to': False, 'incoming_email_cc': False,
        })

    # ------------------------------------------------------------
    # keys
    # ------------------------------------------------------------

    @api.model
    def _recipient_key(self, address, partner_id):
        """Return what names a person among recipients: the address, which contacts may share, else the contact."""
        return email_normalize(address) or str(partner_id or '')

    def _customer_key(self):
        return self._recipient_key(self.partner_id.email or self.partner_email, self.partner_id.id)

    def _reach_key(self):
        """Return what names the customer where an answer gets to them, the same for all their tickets; '' where nothing
        does. By mail; modules with another way add theirs."""
        return self._customer_key() if self.partner_id.email_normalized or self.partner_email else ''

    def _without_left_out(self, recipients):
        """Leave out of core's ``recipients`` data whom the author of the message left out."""
        left_out = self.env.context.get('helpdesk_not_to')
        if not left_out:
            return recipients
        return [data for data in recipients
                if self._recipient_key(data['email_normalized'], data['id']) not in left_out]

    # ------------------------------------------------------------
    # people
    # ------------------------------------------------------------

    def _person(self, data, chosen_ids, talked_to):
        """Return a recipient of core's ``data`` for people (see ``get_answer_recipients``)."""
        partner = self.env['res.partner'].browse(data['id'] or ())
        address = data['email_normalized'] or ''
        kind = self._recipient_kind(data, partner, address, chosen_ids)
        key = self._recipient_key(address, partner.id)
        inside = bool(partner) and not data['share']
        customer = kind == 'customer'
        return {
            'key': key, 'name': partner.name or data['name'], 'address': address, 'partner_id': partner.id,
            'kind': kind, 'how': 'inbox' if data['notif'] == 'inbox' else HOW[kind],
            'new': bool(talked_to) and not inside and not customer and key not in talked_to,
            'external': not inside and not customer and not self._is_of_customers_house(partner, address),
            'problem': self._delivery_problem(partner, address) if data['notif'] == 'email' else '',
        }

    def _recipient_kind(self, data, partner, address, chosen_ids):
        if (partner and partner == self.partner_id) or (address and address == email_normalize(self.partner_email)):
            return 'customer'
        if partner and not data['share']:
            return 'colleague'
        if address and address in email_normalize_all(self.email_cc or ''):
            return 'cc'
        return 'added' if not data['is_follower'] or partner.id in chosen_ids else 'follower'

    def _is_of_customers_house(self, partner, address):
        company = self.partner_id.commercial_partner_id
        return (bool(partner) and bool(company) and partner.commercial_partner_id == company) or same_house(
            address, self._customer_key())

    def _delivery_problem(self, partner, address):
        """Return why a mail to the contact (or, without one, the address) would not arrive; '' when it should."""
        if partner and not partner.active:
            return self.env._("archived contact")
        return '' if address else self.env._("no valid address")

    def _unreachable(self, chosen_ids, recipients, left_out):
        """Return the archived contacts who would be written to: core passes over them in silence."""
        reached = {person['partner_id'] for person in recipients}
        wanted = self.partner_id | self.env['res.partner'].browse(chosen_ids)
        lost = wanted.filtered(lambda partner: not partner.active and partner.id not in reached)
        return [{
            **self._named(partner.name, partner.email, partner.id),
            'kind': 'customer' if partner == self.partner_id else 'added', 'how': 'to', 'new': False,
            'external': False, 'problem': self._delivery_problem(partner, partner.email_normalized),
        } for partner in lost if self._recipient_key(partner.email, partner.id) not in (left_out or ())]

    def _named(self, name, address, partner_id=False):
        address = email_normalize(address) or ''
        return {'key': self._recipient_key(address, partner_id), 'name': name or address, 'address': address,
                'partner_id': partner_id}

    # ------------------------------------------------------------
    # those who were there before
    # ------------------------------------------------------------

    def _conversation_people(self):
        """Return who was on the customer's last message and on the last answer, as {key: person}; none of ours."""
        people = {}
        events = self.env['helpdesk.ticket.event']
        for kind in ('customer_message', 'agent_message'):
            last = events.search([('ticket_id', '=', self.id), ('kind', '=', kind)], limit=1).message_id
            for person in self._people_of(last):
                people.setdefault(person['key'], person)
        return {key: person for key, person in people.items() if key not in self._our_keys(people)}

    def _people_of(self, message):
        """Return author and recipients of ``message``."""
        author = message.author_id
        named = [self._named(author.name, author.email, author.id)] if author else []
        named += [self._named(partner.name, partner.email, partner.id) for partner in message.partner_ids]
        for text in (message.email_from if not author else '', message.incoming_email_to, message.incoming_email_cc,
                     message.outgoing_email_to):
            named += [self._named(name, address) for name, address in email_split_tuples(text or '')]
        return [person for person in named if person['key']]

    def _our_keys(self, keys):
        """Return those of ``keys`` that are our own: aliases, companies' addresses, colleagues."""
        addresses = [key for key in keys if '@' in key]
        found = self.env['mail.alias.domain']._find_aliases(addresses) if addresses else []
        partners = self.env['res.partner'].search(
            ['|', ('email_normalized', 'in', addresses), ('id', 'in', [int(key) for key in keys if key.isdigit()])])
        found += [self._recipient_key(partner.email, partner.id) for partner in partners
                  if not partner.partner_share and partner != self.partner_id]
        return {*found, *email_normalize_all(', '.join(filter(None, (
            self.company_id.email, self.brand_id.sender_email))))}

    def _removed(self, talked_to, recipients, left_out):
        """Return who gets nothing though they were there before, or would if the user had not left them out."""
        reached = {person['key'] for person in recipients}
        usual = {}
        if left_out:
            for data in self._draft_recipients([], [], []):
                person = self._person(data, (), talked_to)
                usual[person['key']] = person
        gone = {key: person for key, person in {**talked_to, **usual}.items() if key not in reached}
        customer = self._customer_key()
        return [{
            'kind': 'customer' if key == customer else 'added', 'external': False, **person,
            'new': False, 'problem': '', 'left_out': key in (left_out or ()),
        } for key, person in gone.items()]
