"""Who may know whom (design: the house). The lower a module, the less it knows."""
import re
import sys

import pytest

CORE_APPS = {'mail', 'rating', 'resource', 'base_automation'}
# module -> (what it depends on, what it may depend on besides)
LAYERS = {
    'helpdesk_core': (CORE_APPS, set()),
    'helpdesk_sla': ({'helpdesk_core'}, set()),
    'helpdesk_mail': ({'helpdesk_core'}, set()),
    'helpdesk_kb': ({'helpdesk_core'}, set()),
    'helpdesk_webhook': ({'helpdesk_core'}, set()),
    'helpdesk_api': ({'helpdesk_core'}, set()),
    'helpdesk_portal': ({'helpdesk_core', 'helpdesk_kb', 'helpdesk_sla', 'portal'}, set()),
    'helpdesk_reports': ({'helpdesk_core', 'helpdesk_sla', 'digest'}, {'spreadsheet_dashboard'}),
}
# module -> those it may know by the names of their models, and does without where they are not installed
SOFT = {'helpdesk_reports': {'helpdesk_kb'}, 'helpdesk_livechat': {'helpdesk_kb'}}
FOREIGN = ('crm', 'project', 'im_livechat', 'website', 'hr', 'sale')
FOREIGN_NAME = re.compile(rf'(?:{"|".join(FOREIGN)})(?:_[a-z_]+)?\.[a-z_][a-z_.]*')
FOREIGN_REF = re.compile(rf"""ref\(['"]({FOREIGN_NAME.pattern})""")


def is_bridge(name):
    return name not in LAYERS


def dependency_faults(house):
    faults = []
    for module in house.modules.values():
        depends = set(module.depends)
        bridges = {name for name in depends if name in house.modules and is_bridge(name)}
        if bridges and not is_bridge(module.name):  # a bridge may lead on from another: projects, time, sold time
            faults.append(f'{module.name} depends on the bridge {", ".join(sorted(bridges))}')
        if is_bridge(module.name):
            foreign = {name for name in depends if not name.startswith('helpdesk_')}
            if 'helpdesk_core' not in house.below(module) or len(foreign) != 1:
                faults.append(f'{module.name} is a bridge: it depends on helpdesk_core and one foreign app')
            if not module.manifest.get('auto_install'):
                faults.append(f'{module.name} is a bridge: it installs itself')
            continue
        wanted, allowed = LAYERS[module.name]
        if depends - wanted - allowed:
            faults.append(f'{module.name} must not depend on {", ".join(sorted(depends - wanted - allowed))}')
        if wanted - depends:
            faults.append(f'{module.name} has to depend on {", ".join(sorted(wanted - depends))}')
    return faults


def foreign_faults(house):
    """A foreign app is named in its bridge only: as a model, in an XML id, in an import."""
    faults = []
    for module in house.modules.values():
        if is_bridge(module.name):
            continue
        for source in module.sources:
            named = [(line, text) for line, text in source.strings() if FOREIGN_NAME.fullmatch(text)]
            named += [(line, name) for line, name in source.imports()
                      if re.match(rf'odoo\.addons\.(?:{"|".join(FOREIGN)})\b', name)]
            faults += [f'{house.place(source.path, line)} names {text}' for line, text in named]
        for path, root in module.xml:
            for node in root.iter():
                texts = [*node.attrib.values(), (node.text or '').strip()]
                named = [text for text in texts if FOREIGN_NAME.fullmatch(text) or FOREIGN_REF.search(text)]
                faults += [f'{house.place(path)} names {text}' for text in named if '.xml' not in text]
    return faults


def upward_faults(house):
    """A module names no model, no XML id and no Python of ours that it does not rest on."""
    faults = []
    owners = {model.name: module.name for module in house.modules.values() for source in module.code
              for model in source.models() if model.declares}
    for module in house.modules.values():
        others = set(house.modules) - house.below(module)
        upper = [name for name, owner in owners.items() if owner in others - SOFT.get(module.name, set())]
        if not others:
            continue
        by_id = re.compile(rf'\b(?:{"|".join(sorted(others))})\.[a-z]')
        for source in module.code:
            faults += [f'{house.place(source.path, line)} names {text}' for line, text in source.strings()
                       if text in upper or by_id.match(text)]
            faults += [f'{house.place(source.path, line)} imports {name}' for line, name in source.imports()
                       if re.match(rf'odoo\.addons\.(?:{"|".join(sorted(others))})\b', name)]
        for path, root in module.xml:
            for node in root.iter():
                faults += [f'{house.place(path)} names {value}' for value in [*node.attrib.values(), node.text or '']
                           if value in upper or by_id.search(value)]
    return faults


def tools_faults(house):
    """``tools`` are pure Python: the standard library and each other, nothing else."""
    faults = []
    for module in house.modules.values():
        for source in module.sources:
            if source.path.parent != module.path / 'tools':
                continue
            for line, name in source.imports():
                top = name.split('.')[0]
                beside = name.startswith('.') and not name.startswith('..')
                if not beside and top not in sys.stdlib_module_names:
                    faults.append(f'{house.place(source.path, line)} imports {name}')
    return faults


@pytest.mark.parametrize('rule', [dependency_faults, foreign_faults, upward_faults, tools_faults])
def test_tree(house, rule):
    faults = rule(house)
    assert not faults, '\n'.join(['', *faults])
    assert house.modules, "the rules have seen nothing"


def manifest(**values):
    return repr({'name': "x", 'depends': ['helpdesk_core'], **values})


CORE = {'helpdesk_core/__manifest__.py': manifest(depends=sorted(CORE_APPS))}


@pytest.mark.parametrize(('files', 'fault'), [
    ({'helpdesk_core/__manifest__.py': manifest(depends=[*CORE_APPS, 'crm'])}, 'helpdesk_core must not depend on crm'),
    ({'helpdesk_core/__manifest__.py': manifest(depends=['mail', 'rating', 'resource'])},
     'helpdesk_core has to depend on base_automation'),
    ({**CORE, 'helpdesk_sla/__manifest__.py': manifest(depends=['helpdesk_core', 'helpdesk_mail']),
      'helpdesk_mail/__manifest__.py': manifest()}, 'helpdesk_sla must not depend on helpdesk_mail'),
    ({**CORE, 'helpdesk_crm/__manifest__.py': manifest(depends=['helpdesk_core', 'crm', 'sale'], auto_install=True)},
     'helpdesk_crm is a bridge: it depends on helpdesk_core and one foreign app'),
    ({**CORE, 'helpdesk_crm/__manifest__.py': manifest(depends=['helpdesk_core', 'crm'])},
     'helpdesk_crm is a bridge: it installs itself'),
    ({**CORE, 'helpdesk_crm/__manifest__.py': manifest(depends=['helpdesk_core', 'crm'], auto_install=True),
      'helpdesk_kb/__manifest__.py': manifest(depends=['helpdesk_core', 'helpdesk_crm'])},
     'helpdesk_kb depends on the bridge helpdesk_crm'),
])
def test_dependency_faults(build, files, fault):
    assert fault in dependency_faults(build(files))


def test_good_layers(build):
    good = build({
        **CORE, 'helpdesk_mail/__manifest__.py': manifest(),
        'helpdesk_crm/__manifest__.py': manifest(depends=['helpdesk_core', 'crm'], auto_install=True),
        'helpdesk_crm/models/crm_lead.py': "env['crm.lead']",
        'helpdesk_crm_sale/__manifest__.py': manifest(depends=['helpdesk_crm', 'sale_crm'], auto_install=True),
        'helpdesk_core/models/x.py': "a = 'projects. and more'; b = 'website_url'; c = 'person@sale.example.com'"})
    assert dependency_faults(good) + foreign_faults(good) + upward_faults(good) == []


@pytest.mark.parametrize(('path', 'text'), [
    ('helpdesk_core/models/x.py', "env['crm.lead'].search(domain)"),
    ('helpdesk_core/models/x.py', "env.ref('project.menu_main_pm')"),
    ('helpdesk_core/models/x.py', "from odoo.addons.sale.models import sale_order"),
    ('helpdesk_core/models/x.py', "env['hr.employee']"),
    ('helpdesk_core/models/x.py', "env['website.page']"),
    ('helpdesk_core/views/x.xml', '<odoo><record id="a" model="crm.lead"/></odoo>'),
    ('helpdesk_core/views/x.xml', '<odoo><field name="inherit_id" ref="im_livechat.view"/></odoo>'),
    ('helpdesk_core/views/x.xml', '''<odoo><field name="g" eval="[(4, ref('hr.group'))]"/></odoo>'''),
    ('helpdesk_core/views/x.xml', '<odoo><field name="model">sale.order</field></odoo>'),
])
def test_foreign_faults(build, path, text):
    assert len(foreign_faults(build({**CORE, path: text}))) >= 1


@pytest.mark.parametrize(('path', 'text'), [
    ('helpdesk_core/models/x.py', "env['helpdesk.mail.intake']"),
    ('helpdesk_core/models/x.py', "env.ref('helpdesk_mail.template')"),
    ('helpdesk_core/models/x.py', "from odoo.addons.helpdesk_mail.tools import headers"),
    ('helpdesk_core/views/x.xml', '<odoo><field name="inherit_id" ref="helpdesk_mail.view"/></odoo>'),
    ('helpdesk_core/views/x.xml', '<odoo><field name="model">helpdesk.mail.intake</field></odoo>'),
])
def test_upward_faults(build, path, text):
    files = {**CORE, 'helpdesk_mail/__manifest__.py': manifest(), 'helpdesk_mail/models/y.py': """
        class Intake(models.Model):
            _name = 'helpdesk.mail.intake'
    """}
    assert upward_faults(build(files)) == []
    assert len(upward_faults(build({**files, path: text}))) >= 1


@pytest.mark.parametrize(
    'text',
    [
        'import odoo',
        'from odoo.tools import SQL',
        'import lxml.html',
        'from ..models import x',
        'from helpdesk_core.tools import y',
    ],
)
def test_tools_faults(build, text):
    pure = 'import re\nfrom email.header import decode_header\nfrom . import x\nfrom .y import z\n'
    good = {**CORE, 'helpdesk_core/tools/good.py': pure}
    assert tools_faults(build(good)) == []
    assert len(tools_faults(build({**good, 'helpdesk_core/tools/bad.py': text}))) >= 1
