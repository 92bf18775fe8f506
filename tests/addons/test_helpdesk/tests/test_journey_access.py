from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import COMMENT, JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyAccess(JourneyCommon):
    """Two brands, two companies, and people who must not see each other's tickets."""

    def assertUnseen(self, ticket, user, word):
        """``user`` finds nothing of ``ticket``: by search, name, count, group, text, message, file, log or ledger."""
        env = self.env(user=user, context={'allowed_company_ids': user.company_ids.ids})
        tickets, here = env['helpdesk.ticket'], [('id', '=', ticket.id)]
        self.assertFalse(tickets.search(here), user.login)
        self.assertFalse(tickets.search_count(here))
        self.assertFalse(tickets.name_search(ticket.number) or tickets.name_search(word))
        self.assertFalse(tickets._read_group(here, ['team_id'], ['__count']))
        for model, domain in (
                ('mail.message', [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)]),
                ('mail.message', [('body', 'ilike', word)]),
                ('ir.attachment', [('res_model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)]),
                ('helpdesk.ticket.event', [('ticket_id', '=', ticket.id)]),
                ('helpdesk.mail.intake', [('ticket_id', '=', ticket.id)])):
            self.assertFalse(env[model].search(domain), f'{user.login} finds {model}')
        for work in (lambda: tickets.browse(ticket.id).read(['name']),
                     lambda: tickets.browse(ticket.id).write({'name': 'mine'}),
                     lambda: tickets.browse(ticket.id).message_post(body='x', subtype_xmlid=COMMENT),
                     lambda: tickets.browse(ticket.id).action_assign_to_me(),
                     lambda: tickets.browse(ticket.id).get_customer_card(),
                     lambda: env['ir.attachment'].browse(ticket.message_ids.attachment_ids.ids).read(['raw']),
                     lambda: env['mail.message'].browse(ticket.message_ids.ids).read(['body'])):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule', 'odoo.models'):
                work()
                env.flush_all()

    def test_two_brands(self):
        """Each brand has its address, sender, signature and people; who is not of the team neither reads, finds nor is
        told of its tickets; who is of both works both in one list (S0-2, S0-17, S0-18, S1-40, S3-6, S4-10)."""
        self.team.visibility = 'members'
        alfa, alfa_mails = self.request(body="Word one walnut.", files=[('alfa.bin', b'alfa')])
        beta, beta_mails = self.request(
            self.team_private, subject="Salary", body="Word two pumpkin.", files=[('beta.bin', b'b')])
        for ticket, mails, team in ((alfa, alfa_mails, self.team), (beta, beta_mails, self.team_private)):
            [mail], brand = mails, team.brand_id.name
            self.assertEqual((ticket.team_id, ticket.brand_id.name), (team, brand))
            self.assertIn(f'help@{brand.lower()}.test', mail['email_from'])
            self.assertIn(f'<{team.alias_name}+t', mail['reply_to'])
        self.assertUnseen(beta, self.agent, 'pumpkin')
        self.assertUnseen(alfa, self.agent_private, 'walnut')
        self.assertUnseen(beta, self.agent_out, 'pumpkin')
        self.members(self.team_private, self.agent_private, self.agent_2)
        both = self.env['helpdesk.ticket'].with_user(self.agent_2).search([('id', 'in', (alfa | beta).ids)])
        self.assertEqual(both, alfa | beta)

    def test_notices_stay_in_the_team(self):
        """A new ticket is told to the team's members and to nobody else (D25, S0-18)."""
        self.team_private.notify_new = 'members'
        _ticket, mails = self.request(self.team_private, subject="Salary")
        inside = [mail for mail in mails if 'helpdesk.test' in str(mail['email_to'])]
        self.assertEqual([mail['email_to'] for mail in inside], [[self.agent_private.partner_id.email_formatted]])

    def test_two_companies(self):
        """The same address in two companies' domains leads to two teams; nobody sees the other company's tickets, and
        answers come back to the company's own domain (S0-18, S1-40)."""
        ours, _mails = self.request(body="Word one walnut.", files=[('a.bin', b'a')])
        theirs, mails = self.request(
            self.team_b, subject="Saw is silent", body="Word two pumpkin.", files=[('b.bin', b'b')])
        self.assertEqual((theirs.team_id, theirs.company_id), (self.team_b, self.company_b))
        self.assertIn('test.mycompany2.com', mails[0]['reply_to'])
        for user in (self.agent, self.leader, self.manager):
            self.assertUnseen(theirs, user, 'pumpkin')
        for user in (self.agent_b, self.manager_b):
            self.assertUnseen(ours, user, 'walnut')

    def test_leader(self):
        """A leader changes the own team and its members, and no other; an agent changes none (S1-31, S1-32, S2-28)."""
        self.team.with_user(self.leader).write({'reopen_days': 3})
        self.team.with_user(self.leader).member_ids[:1].capacity = 2
        for team, user in ((self.team_private, self.leader), (self.team, self.agent)):
            with self.assertRaises(AccessError):
                team.with_user(user).write({'reopen_days': 5})
            with self.assertRaises(AccessError):
                self.env['helpdesk.team.member'].with_user(user).create(
                    {'team_id': team.id, 'user_id': self.agent_out.id})
        with self.assertRaises(AccessError):
            self.env['helpdesk.team'].with_user(self.leader).create({'name': 'Mine'})

    def test_types_for_some(self):
        """Tickets of a type kept for some groups are not there for the others, mails and log included (S4-9, S4-10)."""
        group = self.env['res.groups'].create({'name': 'Contracts', 'user_ids': [(4, self.agent_2.id)]})
        kind = self.env['helpdesk.type'].create(
            {'name': 'Contract', 'nature': 'question', 'group_ids': [(4, group.id)]})
        ticket, _mails = self.request(subject="Our contract", body="Word walnut.", files=[('c.bin', b'c')])
        self.assertTrue(self.env['helpdesk.ticket'].with_user(self.agent).search([('id', '=', ticket.id)]))
        ticket.type_id = kind
        self.env.flush_all()
        self.assertUnseen(ticket, self.agent, 'walnut')
        self.assertTrue(self.env['helpdesk.ticket'].with_user(self.agent_2).search([('id', '=', ticket.id)]))
