from collections import Counter

from lxml import etree
from odoo.tests import tagged

from .common_access import HelpdeskAccessCommon

# what the web client and the chatter use on a form themselves: saving, leaving, pager, menus, activity, search
CLIENT_KEYS = {'s', 'j', 'c', 'p', 'n', 'b', 'u', 'h', 'k', 'q', 'm', 'shift+m', 'shift+a', 'shift+u', 'shift+q', 'v'}


@tagged('post_install', '-at_install')
class TestHelpdeskTicketKeyboard(HelpdeskAccessCommon):
    """Everything frequent without the mouse: each key once, and a ticket by its number."""

    def test_each_key_has_one_meaning_on_the_form(self):
        arch = etree.fromstring(self.env['helpdesk.ticket'].get_view(view_type='form')['arch'])
        keys = {}
        for node in arch.iter('button'):
            if key := node.get('data-hotkey'):
                keys.setdefault(key, []).append(node)
        self.assertFalse(keys.keys() & CLIENT_KEYS, "the web client's own")
        for key, nodes in keys.items():
            # the same button in two looks, or its opposite: never both at once
            names = Counter(node.get('name') for node in nodes)
            conditions = {node.get('invisible') for node in nodes}
            self.assertEqual(len(conditions), len(nodes), f"{key}: {names}")
            self.assertLessEqual(len(nodes), 2, f"{key}: {names}")
        for name in ('action_assign_to_me', 'action_solve', 'action_reopen', 'action_unfreeze'):
            self.assertTrue(arch.xpath(f'//header/button[@name="{name}"][@data-hotkey]'), name)

    def test_a_ticket_by_its_number(self):
        ticket = self.tickets['open']
        digits = str(int(ticket.number.removeprefix('HD')))
        answer = [{'id': ticket.id, 'number': ticket.number, 'name': ticket.name}]
        find = self.env['helpdesk.ticket'].with_user(self.agent).find_by_number
        for text in (ticket.number, f'#{ticket.number}', ticket.number.lower(), f' # {ticket.number} ', f'hd{digits}',
                     digits, f'000{digits}'):
            self.assertEqual(find(text), answer, text)
        for text in ('', None, '#', 'HD', '²', 'HD99999999', f'{ticket.number}0', "' OR 1=1", '1' * 21):
            self.assertEqual(find(text), [], text)
        ticket.active = False
        self.assertEqual(find(digits), answer, "archived ones as well: who knows the number wants that one")

    def test_numbers_of_another_make(self):
        sequence = self.env.ref('helpdesk_core.helpdesk_ticket_sequence')
        sequence.write({'prefix': 'case-', 'padding': 3})
        ticket = self.ticket()
        self.assertTrue(ticket.number.startswith('case-'))
        find = self.env['helpdesk.ticket'].with_user(self.agent).find_by_number
        for text in (ticket.number.upper(), ticket.number.removeprefix('case-')):
            self.assertEqual([found['id'] for found in find(text)], ticket.ids)

    def test_a_number_opens_nothing_that_one_may_not_read(self):
        for user, names in self.readers.items():
            if user.has_group('base.group_portal') or user.has_group('base.group_public'):
                self.assertRefused(self.env['helpdesk.ticket'].with_user(user).find_by_number, '1')
                continue
            find = self.env['helpdesk.ticket'].with_user(user).find_by_number
            found = {name for name, ticket in self.tickets.items() if find(ticket.number)}
            self.assertEqual(found, names, user.login)
