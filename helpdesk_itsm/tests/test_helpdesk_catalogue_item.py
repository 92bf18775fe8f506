from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_catalogue import CatalogueCommon


@tagged('post_install', '-at_install')
class TestHelpdeskCatalogueItem(CatalogueCommon):
    """What is on offer, and to whom (S0-13, S0-16, S0-32)."""

    def test_offered_to(self):
        ours = self.laptop | self.key | self.machine | self.foreign
        for user, items in (
                (self.carla, self.laptop | self.machine), (self.stella, self.laptop), (self.beate, self.foreign),
                (self.employee, self.laptop | self.key), (self.agent_b, self.foreign),
                (self.user_public, self.items.browse())):
            with self.subTest(user=user.login):
                self.assertEqual(self.offered(user) & ours, items)

    def test_chosen_by_group_and_by_tag(self):
        """Tags of the company count for its people; a group counts for its members alone (S0-16)."""
        tag = self.env['res.partner.category'].create({'name': "Premium"})
        group = self.env['res.groups'].create({'name': "Fitters", 'user_ids': [Command.set(self.employee_2.ids)]})
        by_tag = self.item("Hotline", audience='chosen', partner_tag_ids=[Command.set(tag.ids)])
        by_group = self.item("Crane", audience='chosen', group_ids=[Command.set(group.ids)])
        nobody = self.item("Draft", audience='chosen')
        self.acme.category_id = tag
        self.assertIn(by_tag, self.offered(self.carla))
        self.assertNotIn(by_tag, self.offered(self.stella))
        self.assertIn(by_group, self.offered(self.employee_2))
        self.assertNotIn(by_group, self.offered(self.employee) | self.offered(self.carla))
        self.assertNotIn(nobody, self.offered(self.employee_2) | self.offered(self.carla))

    def test_brands(self):
        """At a brand's address customers are offered what is for every brand or for this one; the request is the
        brand's."""
        ours, theirs = self.env['helpdesk.brand'].create([{'name': "Ours"}, {'name': "Theirs"}])
        self.laptop.brand_ids = ours
        with patch.object(self.env.registry['helpdesk.brand'], '_at_address', lambda brands: theirs.sudo()):
            self.assertNotIn(self.laptop, self.offered(self.carla))
            self.assertIn(self.machine, self.offered(self.carla))
        ticket, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
        self.assertEqual(ticket.brand_id, ours)
        self.laptop.brand_ids = ours | theirs
        with patch.object(self.env.registry['helpdesk.brand'], '_at_address', lambda brands: theirs.sudo()):
            ticket, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
        self.assertEqual(ticket.brand_id, theirs)

    def test_not_offered_any_more(self):
        """An archived item, team or shelf takes it off the catalogue."""
        for record in (self.laptop, self.shelf, self.team):
            self.assertIn(self.laptop, self.offered(self.carla))
            record.active = False
            self.assertNotIn(self.laptop, self.offered(self.carla))
            record.active = True

    def test_search(self):
        found = self.items._offered(None, self.items._search_words("road laptop"))
        self.assertIn(self.laptop, self.items.browse(found.ids))
        self.assertFalse(self.items.with_user(self.carla)._offered(None, self.items._search_words("laptop moon")))

    def test_delivery_in_working_time(self):
        """16 hours are two days of eight; the weekend and the night do not count."""
        self.assertEqual(self.laptop._delivery_words(), "2 working days")
        friday = datetime(2026, 3, 6, 15, 0)  # 16:00 in Brussels; open 8 to 12 and 13 to 17
        self.team.resource_calendar_id = self.env['resource.calendar'].create({
            'name': "Eight hours", 'tz': 'Europe/Brussels', 'company_id': self.company_a.id})
        self.assertEqual(self.laptop._delivered_by(friday), datetime(2026, 3, 10, 15, 0))
        self.laptop.delivery_hours = 0
        self.assertEqual((self.laptop._delivery_words(), self.laptop._delivered_by(friday)), ('', False))

    def test_copy_keeps_conditions(self):
        """The copy's questions hang on each other as those of the original, not on them."""
        twin = self.laptop.copy()
        self.assertEqual(twin.name, "New laptop (copy)")
        model, _pieces, _needed, instead, which, reason, _offer = twin.question_ids
        self.assertEqual((which.parent_id, reason.parent_id, reason.parent_yesno), (instead, instead, 'yes'))
        self.assertEqual(model.choice_ids.mapped('name'), ["14 inch", "16 inch"])
        self.assertFalse(model.choice_ids & self.model.choice_ids)

    def test_conditions(self):
        with self.assertRaises(ValidationError):
            self.instead.write({'parent_id': self.reason.id})  # a circle, and a text
        with self.assertRaises(ValidationError):
            self.pieces.parent_id = self.env['helpdesk.catalogue.question'].create(
                {'name': "Other", 'kind': 'yesno', 'item_id': self.key.id})
        self.offer.write({'parent_id': self.model.id, 'parent_choice_id': self.large.id})
        self.assertEqual(self.offer.condition, "Only if “Model” is “16 inch”.")
        self.large.unlink()  # wanted by nobody now
        self.assertEqual(self.offer._wanted()[0], 'none')

    def test_used_item_is_archived_instead(self):
        self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.laptop.unlink()
        self.machine.unlink()
        self.assertFalse(self.machine.exists())

    def test_rights(self):
        """Agents read the catalogue, administrators write it, nobody else has a right on it; companies stay apart."""
        self.assertEqual(self.laptop.with_user(self.agent).name, "New laptop")
        self.laptop.with_user(self.manager).name = "Laptop"
        refused = [
            lambda: self.laptop.with_user(self.agent).write({'name': "Mine"}),
            lambda: self.laptop.with_user(self.carla).read(['name']),
            lambda: self.laptop.with_user(self.employee).read(['name']),
            lambda: self.laptop.with_user(self.manager_b).read(['name']),
            lambda: self.model.with_user(self.manager_b).read(['name']),
            lambda: self.small.with_user(self.manager_b).read(['name']),
            lambda: self.model.with_user(self.agent).write({'required': False}),
        ]
        for act in refused:
            with self.assertRaises(AccessError), mute_logger(
                    'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                act()

    def test_changes_are_audited(self):
        self.laptop.with_user(self.manager).price = "900 €"
        row = self.env['helpdesk.admin.log'].search(
            [('model', '=', 'helpdesk.catalogue.item'), ('res_id', '=', self.laptop.id)], limit=1)
        self.assertEqual((row.user_id, row.changes[0]['new']), (self.manager, "900 €"))
