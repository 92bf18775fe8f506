import base64
from datetime import datetime
from unittest.mock import patch

from odoo.addons.helpdesk_api.models.helpdesk_api_gate import BadParameter
from odoo.addons.helpdesk_api.tools import contract
from odoo.exceptions import ConcurrencyError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ApiCommon

PDF = b'%PDF-1.4 nothing'


def file(name="slip.pdf", content=PDF):
    return {'name': name, 'content': base64.b64encode(content).decode()}


@tagged('post_install', '-at_install')
class TestHelpdeskApi(ApiCommon):
    """S0-41: what other systems read and write."""

    def made(self, user=None, **values):
        return self.call('create_ticket', user, **{'subject': "Silent", 'team_id': self.team.id, **values})

    def assertBad(self, words, method, **values):
        with self.assertRaises(BadParameter) as caught:
            self.call(method, **values)
        self.assertIn(words, str(caught.exception))

    # ------------------------------------------------------------
    # create
    # ------------------------------------------------------------

    def test_create_all(self):
        """Every parameter arrives on the ticket, the channel is the API's, and the customer waits (C3)."""
        kind = self.env['helpdesk.type'].create({'name': "Breakdown", 'nature': 'incident'})
        category = self.env['helpdesk.category'].create({'name': "Drills"})
        tags = self.env['helpdesk.tag'].create([{'name': "Api 100%"}, {'name': "Api_vip"}])
        result = self.made(
            subject="  Drill\r\nBcc: all@acme.test  ", text="Line <1>\nLine 2", customer_id=self.customer.id,
            priority='urgent', type_id=kind.id, category_id=category.id, tags=["api 100%", "API_VIP"],
            attachments=[file()])
        ticket = self.env['helpdesk.ticket'].browse(result['ticket']['id'])
        self.assertTrue(result['created'])
        self.assertRecordValues(ticket, [{
            'name': "Drill Bcc: all@acme.test", 'channel': 'api', 'priority': '3', 'partner_id': self.customer.id,
            'type_id': kind.id, 'category_id': category.id, 'tag_ids': tags.ids, 'create_uid': self.agent.id}])
        self.assertIn("Line &lt;1&gt;<br>Line 2", str(ticket.description).replace('<br/>', '<br>'))
        self.assertTrue(ticket.unanswered_since)
        shown = result['ticket']
        self.assertEqual(
            (shown['subject'], shown['priority'], shown['channel'], shown['status'], sorted(shown['tags'])),
            ("Drill Bcc: all@acme.test", 'urgent', 'api', 'new', ["Api 100%", "Api_vip"]))
        self.assertEqual(shown['customer'], {
            'id': self.customer.id, 'name': "Carla Customer", 'email': 'carla@acme.test',
            'phone': self.customer.phone, 'company': {'id': self.acme.id, 'name': "Acme"}})
        attached = self.env['ir.attachment'].search([('res_model', '=', ticket._name), ('res_id', '=', ticket.id)])
        self.assertEqual([(one.name, one.raw) for one in attached], [("slip.pdf", PDF)])

    def test_create_by_address(self):
        """A contact with the address is found; of others name, address and phone are kept."""
        ticket = self.made(customer_email='CARLA@acme.test', customer_name="Somebody")['ticket']
        self.assertEqual(ticket['customer']['id'], self.customer.id)
        ticket = self.made(customer_email='New@Else.test', customer_name="Ned New", customer_phone="12 34")['ticket']
        self.assertEqual(ticket['customer'], {
            'id': None, 'name': "Ned New", 'email': 'new@else.test', 'phone': "12 34", 'company': None})

    def test_create_html_is_cleaned(self):
        result = self.made(text='<p onclick="x()">Hi<script>alert(1)</script></p>', format='html')
        ticket = self.env['helpdesk.ticket'].browse(result['ticket']['id'])
        self.assertEqual(str(ticket.description), '<p>Hi</p>')

    def test_create_default_team(self):
        ticket = self.call('create_ticket', subject="Where to")['ticket']
        self.assertEqual(ticket['team']['id'], self.team.id)

    def test_created_once(self):
        """The same external id twice is one ticket; of another user it is another's."""
        first = self.made(external_id='order-7')
        second = self.made(external_id='order-7', subject="Other words")
        self.assertEqual((first['created'], second['created']), (True, False))
        self.assertEqual(second['ticket']['id'], first['ticket']['id'])
        self.assertEqual(second['ticket']['external_id'], 'order-7')
        other = self.made(self.agent_2, external_id='order-7')
        self.assertTrue(other['created'])
        self.assertNotEqual(other['ticket']['id'], first['ticket']['id'])
        self.assertEqual(self.call('get_ticket', external_id='order-7')['id'], first['ticket']['id'])
        self.assertIsNone(self.call('get_ticket', self.agent_2, ticket_id=first['ticket']['id'])['external_id'])

    def test_created_at_the_same_time(self):
        """Of two calls at once the second is run again by Odoo, and then finds the first one's ticket."""
        self.made(external_id='order-8')
        blind = patch.object(self.registry['helpdesk.api.reference'], '_find',
                             lambda self, made, external_id: self.browse())
        with blind, self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
            self.made(external_id='order-8')
        self.assertFalse(self.made(external_id='order-8')['created'])

    def test_erased(self):
        """With a ticket that is erased for privacy its external id is gone as well."""
        first = self.made(external_id='jo@acme.test')['ticket']
        self.env['helpdesk.ticket'].browse(first['id']).with_user(self.manager).erase("Wish of the customer")
        with self.assertRaises(MissingError):
            self.call('get_ticket', external_id='jo@acme.test')
        self.assertTrue(self.made(external_id='jo@acme.test')['created'])

    def test_create_refuses(self):
        """Each error names the parameter and says what is expected."""
        self.assertBad("“subject” of create_ticket must be text, 1 to 500 characters", 'create_ticket')
        self.assertBad("“colour” is no parameter of create_ticket. It takes only: subject", 'create_ticket',
                       subject="x", colour="red")
        self.assertBad("must be one of low, normal, high, urgent; it is 'now'", 'create_ticket',
                       subject="x", priority='now')
        self.assertBad("must be a whole number, at least 1; it is True", 'create_ticket', subject="x", team_id=True)
        self.assertBad("“subject”", 'create_ticket', subject="nul\x00")
        self.assertBad("“subject”", 'create_ticket', subject="half \ud800")
        self.assertBad("“subject”", 'create_ticket', subject="   ")
        self.assertBad("“attachments[0].content”", 'create_ticket', subject="x",
                       attachments=[{'name': "x", 'content': "no base64!"}])
        self.assertBad("“type_id”: there is no Ticket Type with the id 2147483647", 'create_ticket',
                       subject="x", type_id=contract.LARGEST_ID)
        self.assertBad("“tags”: there is no tag “Nowhere”", 'create_ticket', subject="x", tags=["Nowhere"])
        self.assertBad("one only: customer_id, customer_email", 'create_ticket', subject="x",
                       customer_id=self.customer.id, customer_email='a@b.test')
        with patch('odoo.addons.helpdesk_api.models.helpdesk_api_gate.MOST_BYTES', 10):
            self.assertBad("“attachments” are larger", 'create_ticket', subject="x", attachments=[file()])

    # ------------------------------------------------------------
    # talk
    # ------------------------------------------------------------

    def test_whose_address_is_ours(self):
        """S0-41: who writes by a messenger is named without the house's address, which stands in for theirs."""
        ticket = self.tickets['open']
        self.company_a.email = 'house@a.test'
        for sender in ('"Jo (Messenger)" <house@a.test>', '"Eva" <eva@new.test>'):
            ticket.message_post(body="Hello", message_type='email', subtype_xmlid='mail.mt_comment', author_id=False,
                                email_from=sender)
        said = self.call('get_messages', ticket_id=ticket.id)['messages'][-2:]
        self.assertEqual([one['author'] for one in said], [
            {'id': None, 'name': "Jo (Messenger)", 'email': None},
            {'id': None, 'name': "Eva", 'email': 'eva@new.test'}])

    def test_reply_and_note(self):
        """S0-28: a reply goes to the customer, a note stays inside with its file; both are told apart when read."""
        ticket = self.tickets['open']
        with self.mock_mail_gateway():
            reply = self.call('reply', ticket_id=ticket.id, text="Try <this>", attachments=[file()])['message']
        self.assertEqual([mail['email_to'] for mail in self._mails], [['"Carla Customer" <carla@acme.test>']])
        self.assertEqual((reply['public'], reply['text'], reply['author']['name'], reply['attachments'][0]['size']),
                         (True, "Try <this>", self.agent.name, len(PDF)))
        self.assertEqual(reply['author']['email'], 'agent@helpdesk.test')
        self.assertTrue(ticket.last_agent_message_at)
        with self.mock_mail_gateway():
            note = self.call('note', ticket_id=ticket.id, text="<b>he pays late</b>", format='html',
                             attachments=[file("secret.pdf")])['message']
        self.assertFalse(self._mails)
        self.assertEqual((note['public'], note['html']), (False, '<b>he pays late</b>'))
        self.assertEqual(self.events(ticket, 'agent_message', 'internal_note').mapped('kind'),
                         ['agent_message', 'internal_note'])
        def told(visibility):
            page = self.call('get_messages', ticket_id=ticket.id, visibility=visibility)
            return [message['id'] for message in page['messages']]
        self.assertEqual((told('all'), told('public'), told('internal')),
                         ([reply['id'], note['id']], [reply['id']], [note['id']]))

    def test_reply_once(self):
        """A reply that is sent again for safety's sake reaches the customer once."""
        ticket = self.tickets['open']
        first = self.call('reply', ticket_id=ticket.id, text="Done", external_id='a')
        with self.mock_mail_gateway():
            second = self.call('reply', ticket_id=ticket.id, text="Done", external_id='a')
        self.assertFalse(self._mails)
        self.assertEqual((second['created'], second['message']['id']), (False, first['message']['id']))
        self.assertTrue(self.call('note', ticket_id=ticket.id, text="Done", external_id='a')['created'])
        self.assertBad("was used for something else", 'reply', ticket_id=self.tickets['mine'].id, text="Done",
                       external_id='a')

    def test_messages_in_pages(self):
        ticket = self.tickets['open']
        made = [self.call('note', ticket_id=ticket.id, text=f"Note {number}")['message']['id'] for number in range(3)]
        page = self.call('get_messages', ticket_id=ticket.id, limit=2)
        self.assertEqual([message['id'] for message in page['messages']], made[:2])
        page = self.call('get_messages', ticket_id=ticket.id, limit=2, cursor=page['next_cursor'])
        self.assertEqual(([message['id'] for message in page['messages']], page['next_cursor']), (made[2:], None))

    def test_attachment(self):
        message = self.call('note', ticket_id=self.tickets['open'].id, text="See", attachments=[file()])['message']
        got = self.call('get_attachment', attachment_id=message['attachments'][0]['id'])
        self.assertEqual((got['name'], base64.b64decode(got['content']), got['size']), ("slip.pdf", PDF, len(PDF)))
        with patch('odoo.addons.helpdesk_api.models.helpdesk_api_reading.MOST_BYTES', 3):
            self.assertBad("larger than", 'get_attachment', attachment_id=got['id'])

    # ------------------------------------------------------------
    # work
    # ------------------------------------------------------------

    def test_set_status(self):
        """By meaning or by stage; what the stage means is told back."""
        ticket = self.tickets['open']
        self.assertEqual(self.call('set_status', ticket_id=ticket.id, status='solved')['status'], 'solved')
        self.assertTrue(ticket.solved_at)
        shown = self.call('set_status', ticket_id=ticket.id, stage_id=self.stages['waiting_customer'].id)
        self.assertEqual((shown['status'], shown['reopen_count']), ('waiting_customer', 1))
        self.assertBad("one only: status, stage_id", 'set_status', ticket_id=ticket.id)
        self.team.stage_ids = [Command.unlink(self.stages['closed'].id)]
        with self.assertRaisesRegex(UserError, "no stage meaning “Closed”"):
            self.call('set_status', ticket_id=ticket.id, status='closed')
        with self.assertRaisesRegex(UserError, "does not use the stage"):
            self.call('set_status', ticket_id=ticket.id, stage_id=self.stages['closed'].id)

    def test_assign(self):
        """By id, by login, to nobody; never to somebody who does not work there."""
        ticket = self.tickets['open']
        self.assertEqual(self.call('assign', ticket_id=ticket.id, user_id=self.agent_2.id)['assignee'],
                         {'id': self.agent_2.id, 'name': self.agent_2.name})
        self.call('assign', ticket_id=ticket.id, login='hd_agent')
        self.assertEqual(ticket.user_id, self.agent)
        self.assertIsNone(self.call('assign', ticket_id=ticket.id, user_id=None)['assignee'])
        self.assertFalse(ticket.user_id)
        for user in (self.agent_b, self.employee, self.portal):
            self.assertBad("nobody who works on the tickets of the team Repairs", 'assign', ticket_id=ticket.id,
                           user_id=user.id)
        self.assertBad("one only: user_id, login", 'assign', ticket_id=ticket.id, user_id=None, login='hd_agent')

    def test_get_ticket(self):
        """C20: state and promised time are part of it where promises are kept, and null where not."""
        ticket = self.tickets['open']
        ticket.description = "<p>It does <b>not</b> start</p>"
        shown = self.call('get_ticket', number=ticket.number.lower())
        self.assertEqual((shown['id'], shown['text'], shown['team']['name'], shown['company']['id']),
                         (ticket.id, "It does *not* start", "Repairs", self.company_a.id))
        if 'sla_state' in ticket._fields:
            self.assertEqual(shown['sla']['state'], ticket.sla_state)
        else:
            self.assertIsNone(shown['sla'])
        with self.assertRaisesRegex(MissingError, "no ticket HD9 that you may see"):
            self.call('get_ticket', number='HD9')
        with self.assertRaises(MissingError):
            self.call('get_ticket', external_id='never')
        self.assertBad("one only: ticket_id, number, external_id", 'get_ticket')

    def test_choices(self):
        """What can be chosen is what the user works with: their teams with stages and meaning, no hidden types."""
        self.env['helpdesk.category'].create([
            {'name': "Of others", 'team_ids': [Command.set(self.team_b.ids)]},
            {'name': "Of ours", 'team_ids': [Command.set(self.team.ids)]}])
        found = self.call('get_choices')
        ours = self.teams.filtered(lambda team: team.id in [one['id'] for one in found['teams']])
        self.assertEqual(ours, self.team)
        [team] = [one for one in found['teams'] if one['id'] == self.team.id]
        self.assertEqual([(stage['id'], stage['status']) for stage in team['stages']],
                         [(stage.id, stage.status) for stage in self.team.stage_ids])
        self.assertNotIn(self.secret_type.id, [kind['id'] for kind in found['types']])
        self.assertIn(self.secret_type.id, [kind['id'] for kind in self.call('get_choices', self.agent_2)['types']])
        names = [category['name'] for category in found['categories']]
        self.assertIn("Of ours", names)
        self.assertNotIn("Of others", names)
        of_manager = [one['id'] for one in self.call('get_choices', self.manager)['teams']]
        self.assertEqual(self.teams.filtered(lambda team: team.id in of_manager), self.team | self.team_private)

    def test_merged_ticket(self):
        """A merged ticket says where it went, and is not worked on."""
        source, target = self.tickets['open'], self.tickets['mine']
        source.with_user(self.manager).merge_into(target)
        shown = self.call('get_ticket', ticket_id=source.id)
        self.assertEqual((shown['merged_into'], shown['archived']), ({'id': target.id, 'number': target.number}, True))
        with self.assertRaisesRegex(UserError, "was merged into"):
            self.call('reply', ticket_id=source.id, text="Hello")

    def test_search(self):
        """Each filter finds what it says, and all of them together what fits all."""
        with self.at(datetime(2026, 3, 4, 9, 0)):
            ticket = self.ticket(name="Quokka", priority='2', user_id=self.agent.id, partner_id=self.customer.id,
                                 tag_ids=[Command.create({'name': "Api searched"})])
        self.env.flush_all()
        self.env.cr.execute("UPDATE helpdesk_ticket SET create_date = '2020-03-04 09:00:00' WHERE id = %s", [ticket.id])
        filters = {
            'text': "quokka acme", 'team_ids': [self.team.id], 'statuses': ['new', 'open'],
            'assignee_id': self.agent.id, 'customer_id': self.acme.id, 'customer_email': 'carla@acme.test',
            'priorities': ['high'], 'tags': ['api SEARCHED'], 'created_from': '2020-03-04T10:00:00+01:00',
            'created_before': '2020-03-04T09:00:01Z'}
        wrong = {
            'text': "quokka nowhere", 'team_ids': [self.team_b.id], 'statuses': ['solved'], 'assignee_id': None,
            'customer_id': self.stranger.id, 'customer_email': 'x@acme.test', 'priorities': ['low'],
            'created_from': '2020-03-04T10:00:01+01:00', 'created_before': '2020-03-04T09:00:00Z'}
        def found(**values):
            return [one['id'] for one in self.call('search_tickets', **values)['tickets']]
        self.assertEqual(found(**filters), [ticket.id])
        for name, value in wrong.items():
            self.assertEqual(found(**{**filters, name: value}), [], name)
            self.assertIn(ticket.id, found(**{name: filters[name]}), name)
        self.assertBad("“created_from” of search_tickets must be a time", 'search_tickets',
                       created_from='2020-03-04T10:00:00')

    def test_search_in_pages(self):
        tickets = [self.ticket(name=f"Paged {number}").id for number in range(5)]
        found, cursor = [], None
        while True:
            page = self.call('search_tickets', text="paged", limit=2, **({'cursor': cursor} if cursor else {}))
            found.append([one['id'] for one in page['tickets']])
            cursor = page['next_cursor']
            if not cursor:
                break
        self.assertEqual(found, [tickets[4:2:-1], tickets[2:0:-1], tickets[:1]])

    def test_search_asks_as_much_for_many(self):
        """A page of twenty costs as many queries as one of two (no query for each)."""
        self.env['helpdesk.ticket'].create([
            {'name': f"Many {number}", 'team_id': self.team.id, 'partner_id': partner.id}
            for number, partner in enumerate([self.customer, self.colleague] * 10)])
        def queries(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.call('search_tickets', text="many", limit=limit)
            return self.env.cr.sql_log_count - before
        queries(2)
        self.assertEqual(queries(2), queries(20))

    def test_context_is_not_heeded(self):
        """What the caller writes into a context changes nothing."""
        api = self.env['helpdesk.api'].with_user(self.agent).with_context(
            default_user_id=self.agent_2.id, default_priority='3', helpdesk_request=True, import_file=True)
        shown = api.create_ticket(subject="Plain", team_id=self.team.id)['ticket']
        self.assertEqual((shown['assignee'], shown['priority'], shown['channel'], shown['customer']['id']),
                         (None, 'normal', 'api', None))
