"""Menus have an order of their own: no two of one parent share a sequence."""
from collections import defaultdict

import pytest
from house import field, field_text

DEFAULT = '10'  # Odoo's, where none is written


def menus(module):
    """Yield (path, full id, full id of the parent, sequence) of the menus that ``module`` makes."""
    def full(name):
        return name if not name or '.' in name else f'{module.name}.{name}'

    def nested(path, node, parent):
        for menu in node.findall('menuitem'):
            yield (path, full(menu.get('id')), full(menu.get('parent', '')) or parent,
                   menu.get('sequence', DEFAULT))
            yield from nested(path, menu, full(menu.get('id')))

    for path, root in module.xml:
        for node in (root, *root.iter('data')):
            yield from nested(path, node, '')
    for path, record in module.records('ir.ui.menu'):
        if '.' not in record.get('id', ''):
            parent = field(record, 'parent_id')
            yield (path, full(record.get('id')), full(parent.get('ref', '') if parent is not None else ''),
                   field_text(record, 'sequence') or DEFAULT)


def sequence_faults(house):
    found = defaultdict(list)
    for module in house.modules.values():
        for path, name, parent, sequence in menus(module):
            found[parent, int(sequence)].append(f'{house.place(path)} {name}')
    return [f'{parent or "the top"}, sequence {sequence}: {", ".join(places)}'
            for (parent, sequence), places in sorted(found.items()) if len(places) > 1]


def test_tree(house):
    faults = sequence_faults(house)
    assert not faults, '\n'.join(['', *faults])
    found = [menu for module in house.modules.values() for menu in menus(module)]
    assert len(found) > 40, "the rule has seen too few menus"
    assert any(name == 'helpdesk_core.helpdesk_ticket_menu' and parent == 'helpdesk_core.helpdesk_menu_tickets'
               for _path, name, parent, _sequence in found)


CORE = {'helpdesk_core/__manifest__.py': '{}', 'helpdesk_core/views/a.xml': (
    '<odoo><menuitem id="root" sequence="1"><menuitem id="one" sequence="20"/><menuitem id="two"/></menuitem></odoo>')}


@pytest.mark.parametrize(('text', 'count'), [
    ('<menuitem id="three" parent="helpdesk_core.root" sequence="20"/>', 1),
    ('<menuitem id="three" parent="helpdesk_core.root"/>', 1),
    ('<menuitem id="three" parent="helpdesk_core.root" sequence="21"/>', 0),
    ('<menuitem id="three" parent="helpdesk_core.one" sequence="20"/>', 0),
    ('<menuitem id="root" sequence="1"/>', 1),
    ('<record id="three" model="ir.ui.menu"><field name="parent_id" ref="helpdesk_core.root"/>'
     '<field name="sequence">20</field></record>', 1),
    ('<record id="helpdesk_core.one" model="ir.ui.menu"><field name="sequence">1</field></record>', 0),
])
def test_sequence_faults(build, text, count):
    house = build({**CORE, 'helpdesk_kb/__manifest__.py': '{}', 'helpdesk_kb/views/b.xml': f'<odoo>{text}</odoo>'})
    assert len(sequence_faults(house)) == count
