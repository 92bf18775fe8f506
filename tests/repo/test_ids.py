"""Names of records (design: the house), and mail templates that some test has to name."""
import re

import pytest
from house import field, field_text

VIEWS = 'form|list|kanban|search|calendar|activity|pivot|graph|hierarchy|qweb'
ACTIONS = ('ir.actions.act_window', 'ir.actions.server', 'ir.actions.client', 'ir.actions.report', 'ir.actions.act_url')


def named(record, pattern, model):
    """Tell whether the record's id is ``pattern`` of ``model``; ids of other modules are theirs to choose."""
    name = record.get('id', '')
    return '.' in name or re.fullmatch(pattern.format(model=re.escape(model.replace('.', '_'))), name)


def model_of(record):
    node = field(record, 'model_id')
    if node is not None and node.get('ref'):
        return node.get('ref').split('.')[-1].removeprefix('model_')
    return field_text(record, 'res_model') or field_text(record, 'model')


def id_faults(house):
    faults = []
    for module in house.modules.values():
        for path, record in module.records('ir.ui.view'):
            if field_text(record, 'model') and not named(
                record, rf'{{model}}_view_(?:{VIEWS})(?:_[a-z0-9_]+)?', model_of(record)
            ):
                faults.append(f'{house.place(path)}: view {record.get("id")}')
        for path, record in module.records('ir.rule'):
            if not named(record, r'{model}_rule_[a-z0-9_]+', model_of(record)):
                faults.append(f'{house.place(path)}: rule {record.get("id")}')
    return faults + action_faults(house) + menu_faults(house)


def action_faults(house):
    faults = []
    for module in house.modules.values():
        for path, record in module.records(*ACTIONS):
            model = model_of(record) if record.get('model') != 'ir.actions.client' else ''
            # a settings page is every module's: the action is named after what it sets
            if model in ('', 'res.config.settings'):
                good = named(record, r'helpdesk_[a-z_]+_action(?:_[a-z0-9_]+)?', '')
            else:
                good = named(record, r'{model}_action(?:_[a-z0-9_]+)?', model)
            if not good:
                faults.append(f'{house.place(path)}: action {record.get("id")}')
    return faults


def menu_faults(house):
    faults = []
    for module in house.modules.values():
        models = {
            'helpdesk',
            *(
                model.name.replace('.', '_')
                for other in house.modules.values()
                for source in other.code
                for model in source.models()
                if model.declares
            ),
        }
        for path, root in module.xml:
            menus = [
                *root.iter('menuitem'),
                *(record for record in root.iter('record') if record.get('model') == 'ir.ui.menu'),
            ]
            for menu in menus:
                name = menu.get('id', '')
                if '.' not in name and (name.split('_menu')[0] not in models or '_menu' not in name):
                    faults.append(f'{house.place(path)}: menu {name}')
    return faults


def group_faults(house):
    """Groups are ``group_helpdesk_<x>`` under the one privilege."""
    faults = []
    for module in house.modules.values():
        for path, record in module.records('res.groups'):
            name = record.get('id', '')
            if '.' not in name and not re.fullmatch(r'group_helpdesk_[a-z_]+', name):
                faults.append(f'{house.place(path)}: group {name}')
        for path, record in module.records('res.groups.privilege'):
            if record.get('id') != 'res_groups_privilege_helpdesk':
                faults.append(f'{house.place(path)}: privilege {record.get("id")}')
    return faults


def template_faults(house):
    """Every mail template is named in a test, which looks at its recipient, greeting and language."""
    tests = ''.join(
        path.read_text(encoding='utf-8') for path in house.texts
        if path.suffix == '.py' and path.name.startswith('test_') and 'repo' not in path.parts)
    faults = []
    for module in house.modules.values():
        for path, record in module.records('mail.template'):
            if not re.search(rf'\b{re.escape(record.get("id"))}\b', tests):
                faults.append(f'{house.place(path)}: no test names {record.get("id")}')
    return faults


RULES = [id_faults, group_faults, template_faults]


@pytest.mark.parametrize('rule', RULES)
def test_tree(house, rule):
    faults = rule(house)
    assert not faults, '\n'.join(['', *faults])


def tree(xml, **more):
    return {
        'helpdesk_core/__manifest__.py': '{}',
        'helpdesk_core/views/x_views.xml': f'<odoo>{xml}</odoo>',
        'helpdesk_core/models/helpdesk_ticket.py': "class T(models.Model):\n    _name = 'helpdesk.ticket'\n",
        **more,
    }


def view(name, model='helpdesk.ticket'):
    return f'<record id="{name}" model="ir.ui.view"><field name="model">{model}</field></record>'


def action(name, model='helpdesk.ticket', kind='act_window'):
    return f'<record id="{name}" model="ir.actions.{kind}"><field name="res_model">{model}</field></record>'


def rule(name):
    return f'<record id="{name}" model="ir.rule"><field name="model_id" ref="model_helpdesk_ticket"/></record>'


@pytest.mark.parametrize(
    'xml',
    [
        view('helpdesk_ticket_view_form'),
        view('helpdesk_ticket_view_form_request'),
        view('res_partner_view_form', 'res.partner'),
        view('mail.other'),
        action('helpdesk_ticket_action'),
        action('helpdesk_ticket_action_my'),
        action('helpdesk_settings_action', 'res.config.settings'),
        action('helpdesk_overview_action', '', 'client'),
        rule('helpdesk_ticket_rule_user'),
        '<menuitem id="helpdesk_menu_root"/>',
        '<menuitem id="helpdesk_ticket_menu_my"/>',
        '<menuitem id="helpdesk_ticket_menu"/>',
        '<menuitem id="base.menu_x"/>',
    ],
)
def test_good_ids(build, xml):
    assert id_faults(build(tree(xml))) == []


@pytest.mark.parametrize(
    'xml',
    [
        view('view_ticket_form'),
        view('helpdesk_ticket_form_view'),
        view('helpdesk_team_view_form'),
        view('helpdesk_ticket_view_tree'),
        view('helpdesk_ticket_view'),
        action('action_ticket'),
        action('helpdesk_team_action'),
        action('open_tickets', '', 'client'),
        action('res_config_settings_action', 'res.config.settings'),
        rule('ticket_rule'),
        rule('helpdesk_ticket_rule'),
        rule('helpdesk_team_rule_user'),
        '<menuitem id="menu_ticket"/>',
        '<menuitem id="helpdesk_other_menu"/>',
        '<menuitem id="helpdesk_ticket"/>',
        '<record id="menu_x" model="ir.ui.menu"/>',
    ],
)
def test_id_faults(build, xml):
    assert len(id_faults(build(tree(xml)))) == 1


def test_group_faults(build):
    good = '<record id="group_helpdesk_user" model="res.groups"/><record id="base.group_x" model="res.groups"/>' \
           '<record id="res_groups_privilege_helpdesk" model="res.groups.privilege"/>'
    assert group_faults(build(tree(good))) == []
    bad = '<record id="group_user" model="res.groups"/><record id="privilege" model="res.groups.privilege"/>'
    assert len(group_faults(build(tree(bad)))) == 2


def test_template_faults(build):
    template = '<record id="mail_template_solved" model="mail.template"/>'
    fault = ['helpdesk_core/views/x_views.xml: no test names mail_template_solved']
    assert template_faults(build(tree(template))) == fault
    other = {'helpdesk_core/tests/test_x.py': "ref('helpdesk_core.mail_template_solved_again')"}
    assert template_faults(build(tree(template, **other))) == fault
    named_in = {'helpdesk_core/tests/test_x.py': "ref('helpdesk_core.mail_template_solved')"}
    assert template_faults(build(tree(template, **named_in))) == []
