"""The tree as the rules see it: modules with their manifests, Python as syntax trees, XML as elements.

Nothing is imported and no Odoo is needed.
"""
import ast
import csv
import functools
import os
import pathlib
import tokenize
from xml.etree import ElementTree

SKIPPED = {'.git', '.local', '__pycache__', '.pytest_cache', '.hypothesis', '.ruff_cache', 'node_modules'}
BINARY = {
    '.png',
    '.jpg',
    '.jpeg',
    '.gif',
    '.ico',
    '.pdf',
    '.xlsx',
    '.gz',
    '.zip',
    '.woff',
    '.woff2',
    '.ttf',
    '.pyc',
    '.eml',
}


class Source:
    """One Python file."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding='utf-8')
        self.lines = self.text.splitlines()
        self.tree = ast.parse(self.text)

    @functools.cached_property
    def comments(self):
        """Return {line number: comment}."""
        with self.path.open('rb') as file:
            return {token.start[0]: token.string for token in tokenize.tokenize(file.readline)
                    if token.type == tokenize.COMMENT}

    def calls(self):
        """Return the calls in the file."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    def strings(self):
        """Return (line, text) of the texts in the file, without docstrings."""
        docstrings = {
            id(node.body[0].value) for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body and isinstance(node.body[0], ast.Expr)}
        return [(node.lineno, node.value) for node in ast.walk(self.tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings]

    def imports(self):
        """Return (line, dotted name) of what is imported; relative names start with as many dots as written."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = '.' * node.level + (node.module or '')
                found.append((node.lineno, base))
                found += [
                    (node.lineno, f'{base}.{alias.name}' if node.module else f'{base}{alias.name}')
                    for alias in node.names
                ]
        return found

    def models(self):
        """Return the Odoo models in the file as ``Model``."""
        return [model for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)
                if (model := Model.read(node)) is not None]


class Model:
    """One class of an Odoo model."""

    def __init__(self, node, kind, values, fields):
        self.node, self.kind, self.fields = node, kind, fields
        self.name = values.get('_name')
        inherit = values.get('_inherit') or []
        self.inherit = [inherit] if isinstance(inherit, str) else list(inherit)
        self.declares = bool(self.name) and self.name not in self.inherit

    @classmethod
    def read(cls, node):
        """Return the model that the class ``node`` declares or extends, None when it is none."""
        kinds = [base.attr for base in node.bases if isinstance(base, ast.Attribute)
                 and base.attr in ('Model', 'TransientModel', 'AbstractModel')]
        if not kinds:
            return None
        values, fields = {}, {}
        for statement in node.body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
                continue
            name, value = statement.targets[0].id, statement.value
            if isinstance(value, ast.Call) and ast.unparse(value.func).startswith('fields.'):
                fields[name] = {word.arg: ast.unparse(word.value) for word in value.keywords}
            elif name.startswith('_'):
                try:
                    values[name] = ast.literal_eval(value)
                except ValueError:
                    continue
        return cls(node, kinds[0], values, fields)


class Module:
    """One add-on."""

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.manifest = ast.literal_eval((path / '__manifest__.py').read_text(encoding='utf-8'))

    @property
    def depends(self):
        return self.manifest.get('depends', ['base'])

    @functools.cached_property
    def sources(self):
        """Return the Python files, tests included."""
        return [Source(path) for path in walk(self.path) if path.suffix == '.py']

    @property
    def code(self):
        """Return the Python files that are no tests."""
        return [source for source in self.sources if 'tests' not in source.path.relative_to(self.path).parts]

    @functools.cached_property
    def xml(self):
        """Return (path, root element) of the XML files that Odoo loads as data."""
        return [(path, ElementTree.parse(path).getroot()) for path in walk(self.path)
                if path.suffix == '.xml' and 'static' not in path.relative_to(self.path).parts]

    def records(self, *models):
        """Return (path, element) of the records of ``models``, or of all."""
        return [(path, record) for path, root in self.xml for record in root.iter('record')
                if not models or record.get('model') in models]

    def access(self):
        """Return the rows of ``ir.model.access.csv`` as dicts."""
        path = self.path / 'security' / 'ir.model.access.csv'
        if not path.exists():
            return []
        with path.open(encoding='utf-8', newline='') as file:
            return list(csv.DictReader(file))

    def files(self, *folders):
        """Return the paths below the module's ``folders``."""
        return [path for path in walk(self.path) if path.relative_to(self.path).parts[0] in folders]


class House:
    """The whole tree."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    @functools.cached_property
    def modules(self):
        """Return the add-ons at the top, by name."""
        return {path.parent.name: Module(path.parent) for path in sorted(self.root.glob('helpdesk_*/__manifest__.py'))}

    @functools.cached_property
    def test_modules(self):
        """Return the add-ons that hold tests only."""
        return {
            path.parent.name: Module(path.parent) for path in sorted(self.root.glob('tests/addons/*/__manifest__.py'))
        }

    @functools.cached_property
    def texts(self):
        """Return the paths of all files that are text."""
        return [path for path in walk(self.root) if path.suffix not in BINARY]

    def below(self, module):
        """Return the names of the modules of ours that ``module`` rests on, itself included."""
        found, todo = set(), [module.name]
        while todo:
            name = todo.pop()
            if name in found or name not in self.modules:
                continue
            found.add(name)
            todo += self.modules[name].depends
        return found

    def place(self, path, line=None):
        """Return ``path`` as a person looks for it."""
        name = path.relative_to(self.root).as_posix()
        return f'{name}:{line}' if line else name


def walk(folder):
    """Return the files below ``folder``, without what git does not keep."""
    found = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - SKIPPED)
        found += [pathlib.Path(base, name) for name in sorted(names)]
    return found


def field(record, name):
    """Return the ``<field name=…>`` of a record, None when it has none."""
    return next((node for node in record.iter('field') if node.get('name') == name), None)


def field_text(record, name):
    """Return the text of a record's field, '' when there is none."""
    node = field(record, name)
    return '' if node is None else ''.join(node.itertext()).strip()
