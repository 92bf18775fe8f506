import json
import re

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

SECRET = "Drill is silent"


class HelpdeskPortalAccessCommon(HelpdeskCommon, HttpCase):
    """A ticket of Acme with public and internal talk, and everybody who must not get at it.

    ``carla`` asked; ``colin`` is her colleague without a right; ``stella`` is a customer of another house; ``beate``
    has a contact at Acme and her login in our company B.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beate_partner = cls.env['res.partner'].create(
            {'name': "Beate", 'parent_id': cls.acme.id, 'email': 'beate@acme.test'})
        for name, partner, company in (
                ('carla', cls.customer, cls.company_a), ('colin', cls.colleague, cls.company_a),
                ('stella', cls.stranger, cls.company_a), ('beate', cls.beate_partner, cls.company_b)):
            setattr(cls, name, mail_new_test_user(
                cls.env, login=name, password=name + name, groups='base.group_portal', partner_id=partner.id,
                name=partner.name, email=partner.email, company_id=company.id, company_ids=[(6, 0, company.ids)]))
        cls.employee.password = cls.agent_b.password = 'employee-agent_b'
        cls.repair = cls.env['helpdesk.ticket'].create({
            'name': SECRET, 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'channel': 'portal'})
        cls.public = cls.repair.with_user(cls.agent).message_post(
            body="Have you tried the switch?", subtype_xmlid='mail.mt_comment', message_type='comment',
            attachments=[('manual.txt', b'press it')])
        cls.note = cls.repair.with_user(cls.agent).message_post(
            body="HUSH talk", subtype_xmlid='mail.mt_note', message_type='comment',
            attachments=[('hush.txt', b'HUSH')])
        cls.url = f'/my/tickets/{cls.repair.id}'
        # login -> password of those who have no part in the ticket; None: no login
        cls.others = {None: None, 'colin': 'colincolin', 'stella': 'stellastella', 'beate': 'beatebeate',
                      'hd_employee': 'employee-agent_b', 'hd_agent_b': 'employee-agent_b'}

    def held(self, user):
        """Return (ticket, role) as ``user`` holds it in the portal."""
        return self.env['helpdesk.ticket'].with_user(user)._portal_ticket(self.repair.id)

    def csrf(self):
        """Return the key that forms carry in the present session."""
        return re.search(r'csrf_token: "([^"]+)"', self.url_open('/web/login?redirect=/my').text).group(1)

    def rpc(self, url, **params):
        """Call a JSON route and return the text of its answer."""
        with mute_logger('odoo.http', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'):
            return self.url_open(url, data=json.dumps({'params': params}),
                                 headers={'Content-Type': 'application/json'}).text

    def call(self, method, *args, model='helpdesk.ticket', **kwargs):
        """Call a public method as a browser may, and return the text of the answer."""
        return self.rpc('/web/dataset/call_kw', model=model, method=method, args=list(args), kwargs=kwargs)

    def assertRefused(self, act, *args, **kwargs):
        with self.assertRaises(AccessError), mute_logger(
                'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
            act(*args, **kwargs)
