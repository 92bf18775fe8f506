import re

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.fields import Command


class CatalogueCommon(HelpdeskCommon):
    """A laptop that everybody may order, a key for colleagues, and a machine for Acme; people who may and may not.

    ``carla`` is of Acme, ``stella`` of another house, ``beate`` of Acme with her login in our company B.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        beate = cls.env['res.partner'].create({'name': "Beate", 'parent_id': cls.acme.id, 'email': 'beate@acme.test'})
        for name, partner, company in (
                ('carla', cls.customer, cls.company_a), ('stella', cls.stranger, cls.company_a),
                ('beate', beate, cls.company_b)):
            setattr(cls, name, mail_new_test_user(
                cls.env, login=name, password=name + name, groups='base.group_portal', partner_id=partner.id,
                name=partner.name, email=partner.email, company_id=company.id, company_ids=[(6, 0, company.ids)]))
        cls.employee.password = 'employee-employee'
        cls.agent.password = 'agent-agent'
        cls.items = cls.env['helpdesk.catalogue.item']
        cls.shelf = cls.env['helpdesk.catalogue.category'].create({'name': "Hardware"})
        cls.laptop = cls.item("New laptop", summary="For work on the road", delivery_hours=16, question_ids=[
            Command.create({'name': "Model", 'kind': 'choice', 'required': True, 'sequence': 1, 'choice_ids': [
                Command.create({'name': "14 inch"}), Command.create({'name': "16 inch"})]}),
            Command.create({'name': "Pieces", 'kind': 'number', 'sequence': 2}),
            Command.create({'name': "Needed on", 'kind': 'date', 'sequence': 3}),
            Command.create({'name': "Instead of an old one?", 'kind': 'yesno', 'sequence': 4}),
            Command.create({'name': "Which one", 'kind': 'asset', 'sequence': 5}),
            Command.create({'name': "Reason", 'kind': 'textarea', 'sequence': 6, 'help': "In your own words"}),
            Command.create({'name': "Offer", 'kind': 'file', 'sequence': 7}),
        ])
        (cls.model, cls.pieces, cls.needed, cls.instead, cls.which, cls.reason,
         cls.offer) = cls.laptop.question_ids
        cls.small, cls.large = cls.model.choice_ids
        (cls.which | cls.reason).write({'parent_id': cls.instead.id, 'parent_yesno': 'yes'})
        cls.reason.required = True
        cls.key = cls.item("Key", audience='employees')
        cls.machine = cls.item("Machine", audience='chosen', partner_ids=[Command.set(cls.acme.ids)])
        cls.foreign = cls.item("Laptop B", team=cls.team_b)

    @classmethod
    def item(cls, name, team=None, **values):
        """Create an item of ``team`` (default: Repairs)."""
        return cls.items.create(
            {'name': name, 'category_id': cls.shelf.id, 'team_id': (team or cls.team).id, **values})

    def name_of(self, question):
        return f'q_{question.id}'

    def sent(self, answers):
        """Return a form as browsers send it: {question: text} by the questions' names."""
        return {self.name_of(question): text for question, text in answers.items()}

    def offered(self, user, customer=None):
        return self.items.with_user(user)._offered(customer)

    def make(self, user, item, answers=None, files=None, customer=None, **more):
        """Send the form of ``item`` as ``user``; return (ticket or None, errors)."""
        item = self.offered(user, customer).filtered(lambda one: one == item)
        self.assertTrue(item, "not offered")
        return item._make_request(
            {**self.sent(answers or {}), **more}, {self.name_of(key): value for key, value in (files or {}).items()},
            customer)

    def answers(self, ticket):
        """Return {question as it was asked: answer}."""
        return {answer.name: answer.value for answer in ticket.answer_ids}

    def csrf(self):
        """Return the key that forms carry in the present session."""
        return re.search(r'csrf_token: "([^"]+)"', self.url_open('/web/login?redirect=/my').text).group(1)
