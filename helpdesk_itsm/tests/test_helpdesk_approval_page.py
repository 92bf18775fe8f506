import re
import time
from unittest.mock import patch

from odoo import http
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import HelpdeskItsmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskApprovalPage(HelpdeskItsmCommon, HttpCase):
    """S0-15: people without an account decide by the button in the mail; others on their page in the portal."""

    def asked(self, people, **vals):
        """Return (ticket, approval, the path of the link in the mail)."""
        ticket = self.ticket(partner_id=self.customer.id, **vals)
        with self.at(NOW), self.mock_mail_gateway():
            approval = ticket._request_approval(self.people_path(people))
        return ticket, approval, approval._link().partition('//')[2].partition('/')[2]

    def post(self, path, **data):
        return self.url_open(f'/{path}', data={'csrf_token': http.Request.csrf_token(self), **data})

    def test_link(self):
        """A look decides nothing, a click does, once."""
        ticket, approval, link = self.asked(self.approver, description="<p>A laser cutter</p>")
        ticket.with_user(self.agent).message_post(body="No money for that", subtype_xmlid='mail.mt_note')
        self.authenticate(None, None)
        for _look in range(2):
            page = self.url_open(f'/{link}')
            self.assertEqual(page.status_code, 200)
        self.assertIn("A laser cutter", page.text)
        self.assertNotIn("No money", page.text)
        self.assertEqual(page.headers['Cache-Control'], 'no-store')
        self.assertEqual(approval.state, 'waiting')
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open(f'/{link}', data={'answer': 'approve'}).status_code, 400, "no CSRF token")
        self.assertEqual(self.url_open(f'/{link}?answer=approve').status_code, 200)
        self.assertEqual(approval.state, 'waiting')
        self.assertIn("Say why not", self.post(link, answer='refuse', reason=' ').text)
        self.assertEqual(approval.state, 'waiting')
        self.assertIn("Approved on", self.post(link, answer='approve').text)
        self.assertEqual((approval.state, approval.decided_by_id, ticket.approval_state),
                         ('approved', self.approver, 'approved'))
        event = self.events(ticket, 'approval_given')
        self.assertEqual((event.author_id, event.user_id.id), (self.approver, False))
        again = self.post(link, answer='refuse', reason="Changed my mind")
        self.assertEqual(approval.state, 'approved')
        self.assertNotIn("A laser cutter", again.text)

    def test_changed_while_it_was_read(self):
        """Nobody says yes to a plan that was exchanged behind the open page: neither by link nor logged in."""
        def mark(page):
            return re.search(r'name="read" value="(\w+)"', page.text).group(1)
        ticket, approval, link = self.asked(self.boss, description="<p>A chisel</p>")
        self.authenticate(None, None)
        read = mark(self.url_open(f'/{link}'))
        ticket.with_user(self.agent).description = "<p>A laser cutter</p>"
        page = self.post(link, answer='approve', read=read)
        self.assertEqual((page.status_code, approval.state), (422, 'waiting'))
        self.assertIn("changed while you read it", page.text)
        self.assertIn("A laser cutter", page.text)
        self.employee.password = 'employee-employee'
        self.authenticate(self.employee.login, 'employee-employee')
        mine = f'my/approvals/{approval.id}'
        self.assertEqual(self.post(mine, answer='approve', read=read).status_code, 422)
        self.assertEqual(approval.state, 'waiting')
        self.post(mine, answer='approve', read=mark(self.url_open(f'/{mine}')))
        self.assertEqual(approval.state, 'approved')

    def test_link_days(self):
        """Settings say how long links work, from 1 to 90 days; who may not set them is refused."""
        settings = self.env['res.config.settings']
        _ticket, approval, _link = self.asked(self.approver)

        def days():
            return round((int(approval._link().rpartition('/')[2].partition('.')[0]) - time.time()) / 86400)
        self.assertEqual(days(), 14)
        settings.create({'helpdesk_approval_link_days': 3}).execute()
        self.assertEqual(days(), 3)
        for wrong in (0, 91, -1):
            with self.assertRaisesRegex(ValidationError, "from 1 to 90 days"), self.cr.savepoint():
                settings.create({'helpdesk_approval_link_days': wrong})
        for written, counts in (('0', 1), ('9999', 90), ('soon', 14)):
            self.env['ir.config_parameter'].set_param('helpdesk_itsm.approval_link_days', written)
            self.assertEqual(days(), counts)
        self.assertRefused(settings.with_user(self.leader).create, {'helpdesk_approval_link_days': 5})

    def test_links_that_do_not_work(self):
        """Forged, another's, expired, delegated, cancelled."""
        ticket, approval, link = self.asked(self.approver)
        _other, other, other_link = self.asked(self.boss)
        self.authenticate(None, None)
        token = link.rpartition('/')[2]
        for wrong in (f'helpdesk/approval/{other.id}/{token}', link[:-1] + ('0' if link[-1] != '0' else '1'),
                      f'helpdesk/approval/{approval.id}/9{token}', f'helpdesk/approval/{approval.id}/x',
                      f'helpdesk/approval/{approval.id}/1.é', f'helpdesk/approval/999999999/{token}'):
            answer = self.post(wrong, answer='approve')
            self.assertEqual(answer.status_code, 404, wrong)
            self.assertNotIn("Drill is silent", answer.text)
        with patch('odoo.addons.helpdesk_itsm.models.helpdesk_approval_link.time.time',
                   lambda: time.time_ns() / 1e9 + 15 * 86400):
            old = self.post(link, answer='approve')
        self.assertEqual(old.status_code, 410)
        self.assertIn("too old", old.text)
        with self.mock_mail_gateway():
            approval._delegate(self.boss_2)
        self.assertEqual(self.post(link, answer='approve').status_code, 404)
        other.ticket_id._cancel_approval()
        self.assertEqual(self.post(other_link, answer='approve').status_code, 410)
        self.assertEqual((approval.state, other.state), ('waiting', 'cancelled'))
        self.assertEqual(ticket.approval_state, 'waiting')

    def test_links_of_former_mailboxes(self):
        """A new address makes the links in the old mailbox useless, and so does leaving."""
        _ticket, approval, link = self.asked(self.approver)
        self.authenticate(None, None)
        self.approver.email = 'new@acme.test'
        self.assertEqual(self.post(link, answer='approve').status_code, 404)
        link = approval._link().partition('//')[2].partition('/')[2]
        self.approver.active = False
        self.assertEqual(self.post(link, answer='approve').status_code, 404)
        self.approver.active = True
        self.assertEqual(approval.state, 'waiting')
        self.assertEqual(self.post(link, answer='approve').status_code, 200)
        self.assertEqual(approval.state, 'approved')

    def test_portal(self):
        """A portal user sees and decides theirs alone, and hands on within their company."""
        _ticket, mine, _link = self.asked(self.portal.partner_id, name="A saw")
        _ticket, foreign, _link = self.asked(self.approver, name="A secret")
        self.authenticate('hd_portal', 'hd_portal')
        page = self.url_open('/my/approvals').text
        self.assertIn("A saw", page)
        self.assertNotIn("A secret", page)
        self.assertEqual(self.url_open(f'/my/approvals/{foreign.id}').status_code, 404)
        self.assertEqual(self.post(f'my/approvals/{foreign.id}', answer='approve').status_code, 404)
        self.assertEqual(self.url_open(f'/my/approvals/{mine.id}?answer=approve').status_code, 200)
        self.assertEqual(mine.state, 'waiting')
        wrong = self.post(f'my/approvals/{mine.id}', answer='delegate', address='stella@else.test')
        self.assertIn("no colleague", wrong.text)
        self.assertEqual(self.post(f'my/approvals/{mine.id}', answer='nonsense').status_code, 422)
        done = self.post(f'my/approvals/{mine.id}', answer='delegate', address='colin@acme.test')
        self.assertIn("Handed on", done.text)
        self.assertEqual(mine.decider_id, self.approver)
        self.assertEqual(self.post(f'my/approvals/{mine.id}', answer='approve').status_code, 404)
        _ticket, mine, _link = self.asked(self.portal.partner_id, name="A saw")
        self.post(f'my/approvals/{mine.id}', answer='refuse', reason="We have saws")
        self.assertEqual((mine.state, mine.reason), ('refused', "We have saws"))

    def test_away(self):
        """A portal user lets a colleague decide for some days, and takes it back; nobody else's is touched."""
        foreign = self.env['helpdesk.approval.delegation'].create({
            'partner_id': self.boss.id, 'delegate_id': self.boss_2.id, 'date_from': '2026-03-01',
            'date_to': '2999-03-01'})
        _ticket, mine, _link = self.asked(self.portal.partner_id)
        self.authenticate('hd_portal', 'hd_portal')
        days = {'date_from': '2020-01-01', 'date_to': '2999-12-31'}
        for wrong, said in (({'address': 'stella@else.test', **days}, "no colleague"),
                            ({'address': 'colin@acme.test', 'date_from': 'x', 'date_to': ''}, "first and the last day"),
                            ({'address': 'colin@acme.test', 'date_from': '2026-03-02', 'date_to': '2026-03-01'},
                             "before the first")):
            page = self.post('my/approvals/away', **wrong)
            self.assertEqual(page.status_code, 422)
            self.assertIn(said, page.text)
        self.assertIn("decides in these days", self.post('my/approvals/away', address='colin@acme.test', **days).text)
        self.assertEqual(mine.decider_id, self.approver, "what waits goes along")
        _ticket, mine, _link = self.asked(self.portal.partner_id)
        self.assertEqual(mine.decider_id, self.approver)
        away = self.env['helpdesk.approval.delegation'].search([('partner_id', '=', self.portal.partner_id.id)])
        self.post('my/approvals/away', stop=foreign.id)
        self.post('my/approvals/away', stop=away.id)
        self.assertEqual((foreign.active, away.active), (True, False))
        self.assertEqual(self.url_open('/my/approvals/away').status_code, 405)
