import json
from datetime import datetime, timedelta

from odoo.addons.helpdesk_api.tools.contract import METHODS
from odoo.addons.helpdesk_api.tools.openapi import document
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ApiCommon


@tagged('post_install', '-at_install')
class TestHelpdeskApiHttp(ApiCommon, HttpCase):
    """S0-41 over HTTP: JSON-2 with a key, and the document that describes it."""

    def post(self, called, user=None, /, key=None, body=None, **values):
        """Return (status, what JSON says) of a call with a key of ``user``."""
        key = key or (user or self.agent).with_user(user or self.agent).env['res.users.apikeys']._generate(
            'rpc', 'test', datetime.now() + timedelta(hours=1))
        with mute_logger('odoo.http'):
            answer = self.url_open(
                f'/json/2/helpdesk.api/{called}', data=json.dumps(values) if body is None else body,
                headers={'Authorization': f'bearer {key}', 'Content-Type': 'application/json'})
        return answer.status_code, answer.json()

    def test_calls(self):
        """A ticket is made, answered and read over HTTP; the methods that only read do not write."""
        status, made = self.post('create_ticket', subject="By wire", team_id=self.team.id, customer_id=self.customer.id)
        self.assertEqual((status, made['ticket']['channel']), (200, 'api'))
        ticket_id = made['ticket']['id']
        self.assertEqual(self.post('reply', ticket_id=ticket_id, text="Hello")[0], 200)
        self.assertEqual(self.post('get_ticket', ticket_id=ticket_id)[1]['status'], 'open')
        self.assertEqual(self.post('list_events', cursor='0.0')[0], 200)

    def test_statuses(self):
        """Each kind of refusal has its status, and says what to do."""
        self.assertEqual(self.post('get_ticket', key='wrong', ticket_id=1)[0], 401)
        status, told = self.post('get_ticket', self.portal, ticket_id=1)
        self.assertEqual((status, told['name']), (403, 'odoo.exceptions.AccessError'))
        self.assertIn("Helpdesk: Agent", told['message'])
        status, told = self.post('get_ticket', ticket_id=self.tickets['b'].id)
        self.assertEqual(status, 404)
        status, told = self.post('create_ticket', subject="x", priority=3)
        self.assertEqual((status, told['message'].partition(';')[0]),
                         (422, "“priority” of create_ticket must be one of low, normal, high, urgent"))
        self.assertEqual(self.post('create_ticket', body='{"subject"')[0], 400)
        for body in ('[]', 'null', '7', '"x"'):
            self.assertEqual(self.post('search_tickets', body=body)[0], 422, body)
        self.assertEqual(self.post('create_ticket', ids=[1], subject="x")[0], 422)
        self.assertEqual(self.post('_enter', method='reply', values={})[0], 403)

    def test_reading_is_read_only(self):
        """Methods that the contract calls readonly run on a read-only cursor; the others do not."""
        api = self.registry['helpdesk.api']
        for name, method in METHODS.items():
            self.assertEqual(getattr(getattr(api, name), '_readonly', False), method['readonly'], name)

    def test_document(self):
        """Anybody may read what the API is; nothing in it is of this database."""
        answer = self.url_open('/helpdesk/api/openapi.json')
        self.assertEqual((answer.status_code, answer.headers['Content-Type']),
                         (200, 'application/json; charset=utf-8'))
        self.assertEqual(answer.json(), document())
        self.assertEqual(set(answer.json()['paths']), {f'/json/2/helpdesk.api/{name}' for name in METHODS})

    def test_setup_page(self):
        """The page tells the reader's own keys, and nobody else's."""
        for user in (self.agent, self.agent_2):
            user.with_user(user).env['res.users.apikeys']._generate(
                'rpc', f'of {user.login}', datetime.now() + timedelta(hours=1))
        setup = self.env['helpdesk.api.setup'].with_user(self.agent).create({})
        self.assertEqual(setup.key_ids.mapped('name'), ['of hd_agent'])
        self.assertTrue(setup.openapi_url.endswith('/helpdesk/api/openapi.json'))
        self.assertIn(f'{setup.address}/create_ticket', setup.example)
        self.assertRefused(self.env['helpdesk.api.setup'].with_user(self.employee).create, {})
