"""What the code of a module must not do: sudo without a reason, unbounded searches, SQL put together as text."""
import ast

import pytest

SEARCHES = ('search', 'search_fetch', 'search_read', 'web_search_read')


def sudo_faults(house):
    """Every ``sudo()`` says why: in a comment on its line, above it, or above the statement it stands in."""
    faults = []
    for module in house.modules.values():
        for source in module.code:
            starts = {}
            for node in ast.walk(source.tree):
                if isinstance(node, ast.stmt):
                    for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                            starts[line] = max(starts.get(line, 0), node.lineno)  # the innermost statement
            for call in source.calls():
                ends_it = bool(call.args) and ast.unparse(call.args[0]) == 'False'
                if isinstance(call.func, ast.Attribute) and call.func.attr == 'sudo' and not ends_it:
                    line = call.func.end_lineno
                    near = {line, line - 1, starts.get(line, line) - 1, starts.get(line, line)}
                    if not any('sudo' in source.comments.get(number, '') for number in near):
                        faults.append(house.place(source.path, line))
    return sorted(set(faults))


def page_sudo_faults(house):
    """Every ``sudo()`` in a page or a mail says why: in an XML comment on its line or the line above."""
    faults = []
    for module in house.modules.values():
        for path, _root in module.xml:
            lines = ['', *path.read_text().splitlines()]
            faults += [house.place(path, number) for number, line in enumerate(lines)
                       if '.sudo()' in line and '<!-- sudo: ' not in lines[number - 1] + line]
    return faults


def search_faults(house):
    """No search without a condition: what is a dozen records today is a million tomorrow."""
    faults = []
    for module in house.modules.values():
        for source in module.code:
            for call in source.calls():
                if not isinstance(call.func, ast.Attribute) or call.func.attr not in SEARCHES:
                    continue
                domain = call.args[0] if call.args else next(
                    (word.value for word in call.keywords if word.arg == 'domain'), None)
                if (
                    isinstance(domain, ast.List)
                    and not domain.elts
                    and not any(word.arg == 'limit' for word in call.keywords)
                ):
                    faults.append(house.place(source.path, call.lineno))
    return faults


def put_together(node):
    """Tell whether the text ``node`` is made of pieces."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return not (isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ('format', 'join')


def sql_faults(house):
    """SQL goes to the database as an ``SQL`` object (in tests also as a plain text), never put together as text."""
    faults = []
    for module in house.modules.values():
        for source in module.sources:
            for call in source.calls():
                name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, 'id', '')
                if not call.args:
                    continue
                first = call.args[0]
                if name == 'SQL' and put_together(first):
                    faults.append(f'{house.place(source.path, call.lineno)} puts SQL together')
                if name in ('execute', 'execute_query', 'execute_query_dict') and isinstance(call.func, ast.Attribute):
                    bare = isinstance(first, ast.Constant) and source in module.code
                    if bare or put_together(first):
                        faults.append(f'{house.place(source.path, call.lineno)} executes a text')
    return faults


RULES = [sudo_faults, page_sudo_faults, search_faults, sql_faults]


@pytest.mark.parametrize('rule', RULES)
def test_tree(house, rule):
    faults = rule(house)
    assert not faults, '\n'.join(['', *faults])


def faults_of(build, rule, text, path='helpdesk_core/models/x.py'):
    return rule(build({'helpdesk_core/__manifest__.py': '{}', path: text}))


@pytest.mark.parametrize('text', [
    'a = b.sudo().c  # sudo: everybody may',
    '# sudo: everybody may\na = b.sudo().c',
    '# sudo: everybody may\na = f(\n    1,\n    b.sudo().c)',
    'a = f(  # sudo: everybody may\n    1,\n    b.sudo().c)',
    'for a in b:\n    # sudo: everybody may\n    c = (\n        a\n        .sudo()\n    )',
    'a = b.sudo(False)',
    'a = 1',
])
def test_good_sudo(build, text):
    assert faults_of(build, sudo_faults, text) == []


@pytest.mark.parametrize('text', [
    'a = b.sudo().c',
    '# everybody may\na = b.sudo().c',
    '# sudo: everybody may\n\na = b.sudo().c',
    '# sudo: everybody may\na = b.sudo().c\nd = 1\ne = b.sudo()',
    '# sudo: for the whole\nfor a in b:\n    c = 1\n    a.sudo()',
    '# sudo: for the whole\ndef f():\n    pass\n    return b.sudo()',
    'a = "# sudo: no comment"; c = b.sudo()',
])
def test_sudo_faults(build, text):
    assert len(faults_of(build, sudo_faults, text)) == 1


@pytest.mark.parametrize(('text', 'count'), [
    ('<odoo><!-- sudo: a name -->\n<t t-out="a.sudo().name"/></odoo>', 0),
    ('<odoo><t t-out="a.sudo().name"/></odoo>', 1),
    ('<odoo><!-- sudo: a name -->\n\n<t t-out="a.sudo().name"/></odoo>', 1),
])
def test_page_sudo_faults(build, text, count):
    assert len(faults_of(build, page_sudo_faults, text, 'helpdesk_core/views/x.xml')) == count


def test_sudo_in_tests_needs_no_reason(build):
    assert faults_of(build, sudo_faults, 'a = b.sudo()', 'helpdesk_core/tests/test_x.py') == []


@pytest.mark.parametrize(
    ('text', 'count'),
    [
        ('a.search([])', 1),
        ('a.sudo().search(domain=[])', 1),
        ('a.search_read([], ["name"])', 1),
        ('a.search([], order="id")', 1),
        ('a.search([], limit=1)', 0),
        ('a.search([("id", "=", 1)])', 0),
        ('a.search(domain)', 0),
        ('re.search("x", "y")', 0),
    ],
)
def test_search_faults(build, text, count):
    assert len(faults_of(build, search_faults, text)) == count


@pytest.mark.parametrize(('text', 'count'), [
    ('cr.execute(SQL("SELECT %s", a))', 0),
    ('cr.execute(query)', 0),
    ('env.execute_query(SQL("SELECT 1"))', 0),
    ('cr.execute("SELECT 1")', 1),
    ('cr.execute("SELECT %s" % a)', 1),
    ('cr.execute("SELECT " + a)', 1),
    ('cr.execute(f"SELECT {a}")', 1),
    ('cr.execute("SELECT {}".format(a))', 1),
    ('cr.execute(" ".join(parts))', 1),
    ('env.execute_query(f"SELECT {a}")', 1),
    ('SQL(f"SELECT {a}")', 1),
    ('SQL("SELECT " + a)', 1),
    ('SQL("SELECT %s" % a)', 1),
    ('SQL("SELECT " "1")', 0),
    ('cron.execute()', 0),
])
def test_sql_faults(build, text, count):
    assert len(faults_of(build, sql_faults, text)) == count


def test_sql_in_tests(build):
    path = 'helpdesk_core/tests/test_x.py'
    assert faults_of(build, sql_faults, 'cr.execute("SELECT 1")', path) == []
    assert len(faults_of(build, sql_faults, 'cr.execute(f"SELECT {a}")', path)) == 1
