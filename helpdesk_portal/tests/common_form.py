import re
import time

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.tests import HttpCase
from odoo.tools import hmac

from ..tools import form_pass

LONG_AGO = 60  # seconds: a person has typed meanwhile


class HelpdeskFormCommon(HelpdeskCommon, HttpCase):
    """A team with a public form that asks for everything, and a visitor who fills it in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({'form_enabled': True, 'form_slug': 'repairs', 'ticket_properties': [
            {'name': 'serial', 'type': 'char', 'string': "Serial Number"},
            {'name': 'warranty', 'type': 'boolean', 'string': "Under Warranty"},
            {'name': 'bought', 'type': 'date', 'string': "Bought On"},
            {'name': 'pieces', 'type': 'integer', 'string': "Pieces"},
            {'name': 'colour', 'type': 'selection', 'string': "Colour", 'selection': [['r', "Red"], ['b', "Blue"]]},
            {'name': 'boss', 'type': 'many2one', 'string': "Boss", 'comodel': 'res.partner'},
        ]})
        cls.team.action_take_form_fields()
        cls.lines = {line.property_name: line for line in cls.team.form_field_ids}
        cls.lines['bought'].write(
            {'required': True, 'parent_id': cls.lines['warranty'].id, 'parent_value': "Yes"})
        cls.kind = cls.env['helpdesk.type'].create({'name': "Broken"})
        cls.hidden_kind = cls.env['helpdesk.type'].create(
            {'name': "Salary", 'group_ids': [(6, 0, cls.group_user.ids)]})
        cls.category = cls.env['helpdesk.category'].create({'name': "Drills"})
        cls.url = '/helpdesk/repairs/new'
        cls.words = {'name': "Vera Visitor", 'email': 'vera@visitor.test', 'subject': "Drill smokes",
                     'text': "It smokes\nand smells."}

    def setUp(self):
        super().setUp()
        self.nonce = 0
        self.authenticate(None, None)

    def form_pass(self, team=None, age=LONG_AGO):
        """Return a pass that was made ``age`` seconds ago; each is another one."""
        self.nonce += 1
        env = self.env(su=True)
        return form_pass.issue(
            lambda text: hmac(env, 'helpdesk_form_pass', text), (team or self.team).id, time.time() - age,
            f'{self._testMethodName}{self.nonce}'.replace('_', ''))

    def hidden(self, page, name):
        """Return the value of a hidden field of ``page``."""
        return re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1)

    def send(self, url=None, files=None, headers=None, **values):
        """Fill in the form as a visitor does; return the answer, redirects followed."""
        url = url or self.url
        page = self.url_open(url)
        sent = {**self.words, 'csrf_token': self.hidden(page, 'csrf_token'), 'pass': self.form_pass(), **values}
        return self.url_open(url, data={name: value for name, value in sent.items() if value is not None},
                             files=files, headers=headers)

    def made(self):
        """Return the tickets that came by the form, newest first."""
        return self.env['helpdesk.ticket'].search(
            [('channel', '=', 'web'), ('team_id', 'in', self.teams.ids)], order='id desc')

    def refusals(self):
        """Return {reason: how many attempts were refused}."""
        self.env.invalidate_all()
        found = self.env['helpdesk.form.refusal'].search([('team_id', 'in', self.teams.ids)])
        return {one.reason: one.count for one in found}
