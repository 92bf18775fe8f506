"""What a module has to look like: manifest, files that are really loaded, tests that really run."""
import ast
import re

import pytest

LINES = 450
VERSION = re.compile(r'19\.0\.\d+\.\d+\.\d+')
LOADED = {'data', 'security', 'views', 'demo', 'wizard', 'report'}
# Python packages of a module in which every file has to be imported
PACKAGES = ('models', 'wizard', 'report', 'controllers', 'tests')


def manifest_faults(house):
    faults = []
    for module in house.modules.values():
        manifest = module.manifest
        wrong = [
            ('license', manifest.get('license') != 'LGPL-3'),
            ('version', not VERSION.fullmatch(manifest.get('version', ''))),
            ('category', manifest.get('category') != 'Services/Helpdesk'),
            ('author', not manifest.get('author')),
            ('name', not manifest.get('name')),
            ('summary', not manifest.get('summary')),
            (
                'excludes',
                module.name == 'helpdesk_core'
                and not {'helpdesk', 'helpdesk_mgmt'} <= set(manifest.get('excludes', [])),
            ),
        ]
        faults += [f'{module.name}: {key} of the manifest' for key, bad in wrong if bad]
    return faults


def listed_faults(house):
    """Every file that a manifest names exists, and every data file that exists is named."""
    faults = []
    for module in house.modules.values():
        listed = [*module.manifest.get('data', []), *module.manifest.get('demo', [])]
        faults += [f'{module.name}: {name} is not there' for name in listed if not (module.path / name).is_file()]
        faults += [f'{module.name}: {name} is listed twice' for name in set(listed) if listed.count(name) > 1]
        present = [
            path.relative_to(module.path).as_posix()
            for path in module.files(*LOADED)
            if path.suffix in ('.xml', '.csv')
        ]
        faults += [f'{module.name}: {name} is not listed' for name in present if name not in listed]
    return faults


def asset_faults(house):
    """Every pattern of the assets finds files, and every file of the client is found by one."""
    faults = []
    for module in house.modules.values():
        found = set()
        for bundle, entries in module.manifest.get('assets', {}).items():
            for entry in entries:
                pattern = entry if isinstance(entry, str) else entry[-1]
                if not pattern.startswith(f'{module.name}/'):  # another module's, or a bundle that is included
                    continue
                files = {path for path in house.root.glob(pattern) if path.is_file()}
                if not files:
                    faults.append(f'{module.name}: {pattern} in {bundle} finds nothing')
                found |= files
        client = [path for path in module.files('static') if path.relative_to(module.path).parts[1] in ('src', 'tests')
                  and path.suffix in ('.js', '.xml', '.scss', '.css')]
        faults += [f'{house.place(path)} is in no bundle' for path in client if path not in found]
    return faults


def import_faults(house):
    """Odoo skips what is not imported, without a word: models, wizards, controllers, and tests as well."""
    faults = []
    for module in [*house.modules.values(), *house.test_modules.values()]:
        for package in PACKAGES:
            folder = module.path / package
            names = [path.stem for path in folder.glob('*.py') if path.stem not in ('__init__', 'common')]
            if package == 'tests':
                names = [name for name in names if name.startswith('test_')]
            if not names:
                continue
            start = folder / '__init__.py'
            imported = imported_names(start.read_text(encoding='utf-8')) if start.exists() else set()
            faults += [f'{house.place(folder / name)}.py is not imported' for name in names if name not in imported]
            above = imported_names((module.path / '__init__.py').read_text(encoding='utf-8'))
            if package != 'tests' and package not in above:
                faults.append(f'{house.place(folder)} is not imported')
    return faults


def imported_names(text):
    return {alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.level == 1
            for alias in node.names} | {
        node.module.split('.')[0] for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module}


def one_model_faults(house):
    """One model, one file, and the file is named after it, or after what it extends."""
    faults = []
    for module in house.modules.values():
        for source in module.code:
            if source.path.parent.name not in ('models', 'wizard', 'report'):
                continue
            models = source.models()
            if len(models) > 1:
                faults.append(f'{house.place(source.path)} holds {len(models)} models')
            for model in models[:1]:
                names = {(name or '').replace('.', '_').removesuffix('_mixin') for name in [model.name, *model.inherit]}
                if not any(name and (source.path.stem + '_').startswith(short(name) + '_') for name in names):
                    faults.append(f'{house.place(source.path)} is not named after {model.name or model.inherit}')
    return faults


def short(name):
    """Return what a file of the model may be called at least: wizards of core have endless names."""
    return '_'.join(name.split('_')[:3])


def long_faults(house):
    faults = []
    for path in house.texts:
        if path.suffix in ('.py', '.js', '.scss') or path.parent in (house.root / 'setup', house.root / '.ci'):
            count = len(path.read_text(encoding='utf-8').splitlines())
            if count > LINES:
                faults.append(f'{house.place(path)} has {count} lines')
    return faults


RULES = [manifest_faults, listed_faults, asset_faults, import_faults, one_model_faults, long_faults]


@pytest.mark.parametrize('rule', RULES)
def test_tree(house, rule):
    faults = rule(house)
    assert not faults, '\n'.join(['', *faults])


GOOD_MANIFEST = {
    'name': "Helpdesk",
    'version': '19.0.1.2.3',
    'category': 'Services/Helpdesk',
    'summary': "s",
    'author': "a",
    'license': 'LGPL-3',
    'depends': ['mail'],
    'excludes': ['helpdesk', 'helpdesk_mgmt'],
    'data': ['views/x_views.xml', 'security/ir.model.access.csv'],
    'demo': ['demo/x_demo.xml'],
    'assets': {
        'web.assets_backend': ['helpdesk_core/static/src/**/*', ('include', 'web.other'), ('remove', 'web/static/x.js')]
    },
}
GOOD = {
    'helpdesk_core/__manifest__.py': repr(GOOD_MANIFEST),
    'helpdesk_core/__init__.py': 'from . import models\n',
    'helpdesk_core/models/__init__.py': 'from . import helpdesk_x\nfrom . import helpdesk_x_facts\n',
    'helpdesk_core/models/helpdesk_x.py': "class X(models.Model):\n    _name = 'helpdesk.x'\n    a = fields.Char()\n",
    'helpdesk_core/models/helpdesk_x_facts.py': "class F(models.Model):\n    _name = 'helpdesk.x.facts.mixin'\n",
    'helpdesk_core/tests/__init__.py': 'from . import test_x\n',
    'helpdesk_core/tests/test_x.py': '',
    'helpdesk_core/tests/common.py': '',
    'helpdesk_core/views/x_views.xml': '<odoo/>',
    'helpdesk_core/demo/x_demo.xml': '<odoo/>',
    'helpdesk_core/security/ir.model.access.csv': 'id\n',
    'helpdesk_core/static/src/x.js': '',
}


def changed(**values):
    return repr({**GOOD_MANIFEST, **values})


def test_good_module(build):
    good = build(GOOD)
    assert [fault for rule in RULES for fault in rule(good)] == []


@pytest.mark.parametrize(('values', 'key'), [
    ({'license': 'AGPL-3'}, 'license'), ({'version': '1.0'}, 'version'), ({'version': '18.0.1.0.0'}, 'version'),
    ({'version': '19.0.1.0'}, 'version'), ({'category': 'Services'}, 'category'), ({'author': ''}, 'author'),
    ({'excludes': ['helpdesk']}, 'excludes'), ({'summary': None}, 'summary'),
])
def test_manifest_faults(build, values, key):
    assert manifest_faults(build({**GOOD, 'helpdesk_core/__manifest__.py': changed(**values)})) == [
        f'helpdesk_core: {key} of the manifest']


@pytest.mark.parametrize(
    ('files', 'fault'),
    [
        (
            {
                'helpdesk_core/__manifest__.py': changed(
                    data=['views/x_views.xml', 'security/ir.model.access.csv', 'data/y.xml']
                )
            },
            'helpdesk_core: data/y.xml is not there',
        ),
        ({'helpdesk_core/__manifest__.py': changed(demo=[])}, 'helpdesk_core: demo/x_demo.xml is not listed'),
        ({'helpdesk_core/views/y_views.xml': '<odoo/>'}, 'helpdesk_core: views/y_views.xml is not listed'),
        ({'helpdesk_core/data/sub/y.csv': 'id'}, 'helpdesk_core: data/sub/y.csv is not listed'),
        (
            {'helpdesk_core/__manifest__.py': changed(demo=['demo/x_demo.xml', 'views/x_views.xml'])},
            'helpdesk_core: views/x_views.xml is listed twice',
        ),
    ],
)
def test_listed_faults(build, files, fault):
    assert listed_faults(build({**GOOD, **files})) == [fault]


@pytest.mark.parametrize(
    ('files', 'fault'),
    [
        (
            {
                'helpdesk_core/__manifest__.py': changed(
                    assets={'web.assets_backend': ['helpdesk_core/static/src/**/*', 'helpdesk_core/static/old/*']}
                )
            },
            'helpdesk_core: helpdesk_core/static/old/* in web.assets_backend finds nothing',
        ),
        ({'helpdesk_core/static/tests/x.test.js': ''}, 'helpdesk_core/static/tests/x.test.js is in no bundle'),
    ],
)
def test_asset_faults(build, files, fault):
    assert asset_faults(build({**GOOD, **files})) == [fault]


@pytest.mark.parametrize(('files', 'fault'), [
    ({'helpdesk_core/tests/test_y.py': ''}, 'helpdesk_core/tests/test_y.py is not imported'),
    ({'helpdesk_core/models/res_users.py': ''}, 'helpdesk_core/models/res_users.py is not imported'),
    ({'helpdesk_core/controllers/main.py': '', 'helpdesk_core/controllers/__init__.py': 'from . import main'},
     'helpdesk_core/controllers is not imported'),
    ({'helpdesk_core/tests/__init__.py': '# from . import test_x'}, 'helpdesk_core/tests/test_x.py is not imported'),
    ({'tests/addons/test_helpdesk/__manifest__.py': '{}', 'tests/addons/test_helpdesk/__init__.py': '',
      'tests/addons/test_helpdesk/tests/test_z.py': ''}, 'tests/addons/test_helpdesk/tests/test_z.py is not imported'),
])
def test_import_faults(build, files, fault):
    assert import_faults(build({**GOOD, **files})) == [fault]


def test_one_model_faults(build):
    two = "class X(models.Model):\n    _name = 'helpdesk.x'\nclass Y(models.Model):\n    _name = 'helpdesk.y'\n"
    assert one_model_faults(build({**GOOD, 'helpdesk_core/models/helpdesk_x.py': two})) == [
        'helpdesk_core/models/helpdesk_x.py holds 2 models']
    wrong = {'helpdesk_core/models/helpdesk_x.py': "class X(models.Model):\n    _name = 'helpdesk.other'\n"}
    assert one_model_faults(build({**GOOD, **wrong})) == [
        'helpdesk_core/models/helpdesk_x.py is not named after helpdesk.other'
    ]


def test_long_faults(build):
    assert long_faults(build({**GOOD, 'helpdesk_core/static/src/x.js': '\n' * LINES})) == []
    assert long_faults(build({**GOOD, 'helpdesk_core/static/src/x.js': '\n' * (LINES + 1)})) == [
        f'helpdesk_core/static/src/x.js has {LINES + 1} lines']
    assert long_faults(build({**GOOD, 'setup/run': '\n' * (LINES + 1), 'helpdesk_core/static/src/x.js': ''})) == [
        f'setup/run has {LINES + 1} lines']
