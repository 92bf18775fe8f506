"""The reference in docs/api.md, made from the contract."""
from .contract import METHODS, MODEL, SCHEMAS
from .openapi import ERRORS
from .schema import described

BEGIN, END = '<!-- made of helpdesk_api/tools/contract.py -->', '<!-- end -->'


def reference():
    """Return the reference as Markdown."""
    parts = ['## Methods', '', f'Each is `POST /json/2/{MODEL}/<method>`. What is **bold** must be given.', '']
    for name, method in METHODS.items():
        parts += method_lines(name, method)
    parts += ['## Objects', '', 'Every property is always there. Later versions may add some: leave aside what you do '
              'not know.', '']
    for name, schema in SCHEMAS.items():
        parts += [f'### {name}', '', schema['description'], '', *property_table(schema)]
    parts += ['## Errors', '', '| status | what it means |', '|---|---|',
              *[f'| {status} | {meaning} |' for status, meaning in ERRORS.items()], '']
    return '\n'.join(parts)


def method_lines(name, method):
    """The lines about one method."""
    result = method['result']
    if '$ref' in result:
        back = [f'Gives {linked(result)}.', '']
    else:
        own = {key: part for key, part in result['properties'].items() if key not in inherited(result)}
        more = f'Gives all of {" and ".join(sorted(set(inherited(result).values())))}, and:' if inherited(
            result) else 'Gives:'
        back = [more, '', *property_table({**result, 'properties': own}, with_required=False)]
    takes = property_table(method['parameters']) if method['parameters']['properties'] else ['Takes nothing.', '']
    return [f'### {name}', '', f'{method["summary"]} {method["description"]}', '', *takes, *back]


def inherited(result):
    """{property: link to the object it is taken over from}, for results that are an object and more."""
    for name, schema in SCHEMAS.items():
        if schema['properties'].items() and all(
                result['properties'].get(key) is part for key, part in schema['properties'].items()):
            return dict.fromkeys(schema['properties'], f'[{name}](#{name.lower()})')
    return {}


def property_table(schema, with_required=True):
    """A table of properties, what they may be, and what they mean."""
    required = set(schema.get('required', ())) if schema.get('additionalProperties') is False else set()
    lines = ['| name | what it is | |', '|---|---|---|']
    for name, part in schema['properties'].items():
        shown = f'**{name}**' if with_required and name in required else name
        default = f' Default: `{part["default"]}`.' if 'default' in part else ''
        lines.append(f'| {shown} | {linked(part)} | {part.get("description", "")}{default} |')
    return [*lines, '']


def linked(schema):
    """Say what a value may be, with links to the objects."""
    if '$ref' in schema:
        name = described(schema)
        return f'[{name}](#{name.lower()})'
    if 'anyOf' in schema:
        return ' or '.join(linked(choice) for choice in schema['anyOf'])
    if schema.get('type') == 'array' and '$ref' in schema.get('items', {}):
        return f'list of {linked(schema["items"])}'
    if schema.get('type') in ('object', ['object', 'null']) and schema.get('properties'):
        return 'an object of ' + ', '.join(f'`{name}` ({described(part)})' for name, part in
                                           schema['properties'].items())
    if schema.get('type') == 'array' and schema.get('items', {}).get('properties'):
        most = f', at most {schema["maxItems"]}' if 'maxItems' in schema else ''
        return f'list of {linked(schema["items"])}{most}'
    return described(schema)


def filled_in(page):
    """Return the page (Markdown) with the reference of today between its two marks."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f'{head}{BEGIN}\n\n{reference()}{END}{tail}'
