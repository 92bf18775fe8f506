"""The part of JSON Schema (2020-12) that the contract is written in, and the check of a value against it."""
import base64
import binascii
import re
from datetime import datetime

#: what PostgreSQL keeps in an id
LARGEST_ID = 2**31 - 1
TYPES = {'string': str, 'boolean': bool, 'array': list, 'object': dict, 'null': type(None)}
WORDS = {'string': 'text', 'boolean': 'true or false', 'array': 'a list', 'object': 'an object', 'null': 'null',
         'integer': 'a whole number'}
SHOWN = 60


class Invalid(ValueError):
    """A value that the contract does not allow.

    ``path`` says where it stands ('attachments[0].name'), ``expected`` what is expected there, in English.
    """

    def __init__(self, path, expected, value=None):
        super().__init__(f'{path}: {expected}')
        self.path = path
        self.expected = expected
        self.shown = shown(value)


def shown(value):
    """Return ``value`` as a short text that can be stored and sent anywhere."""
    text = repr(value).encode('utf-8', 'backslashreplace').decode()
    return text if len(text) <= SHOWN else f'{text[:SHOWN]}…'


def check(schema, value, path=''):
    """Compare ``value`` (as JSON gives it) with ``schema``.

    :return: the value as it is meant: 3.0 as the number 3
    :raise Invalid: for the first thing that does not fit
    """
    kind = kind_of(value)
    if 'anyOf' in schema:
        return any_of(schema, value, path)
    kinds = schema.get('type', [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and kind not in kinds:
        raise Invalid(path, described(schema), value)
    if 'enum' in schema and value not in schema['enum']:
        raise Invalid(path, described(schema), value)
    return CHECKS.get(kind, lambda schema, value, path: value)(schema, value, path)


def any_of(schema, value, path):
    """The first of the schemas that fits."""
    for choice in schema['anyOf']:
        try:
            return check(choice, value, path)
        except Invalid as invalid:
            last = invalid
    raise Invalid(path, described(schema), value) from last


def kind_of(value):
    """Return the JSON type of ``value``: a truth value is no number, and 3.0 is a whole one."""
    if isinstance(value, bool):
        return 'boolean'
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return 'integer'
    return next((name for name, kind in TYPES.items() if isinstance(value, kind)), 'number')


def check_integer(schema, value, path):
    if not schema.get('minimum', value) <= value <= schema.get('maximum', value):
        raise Invalid(path, described(schema), value)
    return int(value)


def check_string(schema, value, path):
    if '\x00' in value or any('\ud800' <= letter <= '\udfff' for letter in value):
        raise Invalid(path, 'text without the character U+0000 and without halves of surrogate pairs', value)
    fits = schema.get('minLength', 0) <= len(value) <= schema.get('maxLength', len(value))
    if not fits or not re.search(schema.get('pattern', ''), value):
        raise Invalid(path, described(schema), value)
    if schema.get('format') == 'date-time':
        moment(value, path)
    if schema.get('contentEncoding') == 'base64':
        decoded(value, path)
    return value


def check_array(schema, value, path):
    if not schema.get('minItems', 0) <= len(value) <= schema.get('maxItems', len(value)):
        raise Invalid(path, described(schema), value)
    return [check(schema['items'], item, f'{path}[{index}]') for index, item in enumerate(value)]


def check_object(schema, value, path):
    known, prefix = schema.get('properties', {}), f'{path}.' if path else ''
    for name in schema.get('required', ()):
        if name not in value:
            raise Invalid(f'{prefix}{name}', f'{described(known[name])} (it is required)', None)
    if schema.get('additionalProperties') is False and (strange := sorted(set(value) - set(known))):
        raise Invalid(f'{prefix}{strange[0]}', f'only: {", ".join(known) or "nothing"}', value[strange[0]])
    return {name: check(known[name], item, f'{prefix}{name}') if name in known else item
            for name, item in value.items()}


CHECKS = {'integer': check_integer, 'string': check_string, 'array': check_array, 'object': check_object}


def moment(text, path=''):
    """Return the time that an RFC 3339 text names, with its zone.

    :raise Invalid: it is none, or names no zone
    """
    expected = 'a time as in 2026-03-04T09:00:00Z, with its zone'
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(path, expected, text) from None
    if found.tzinfo is None or not 1900 <= found.year <= 2999:
        raise Invalid(path, expected, text)
    return found


def decoded(text, path=''):
    """Return the bytes of a base64 text; line breaks are allowed.

    :raise Invalid: it is none
    """
    try:
        return base64.b64decode(re.sub(r'[\r\n]', '', text).encode('ascii'), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Invalid(path, 'the bytes of the file, in base64', text) from None


# ------------------------------------------------------------
# in words
# ------------------------------------------------------------

def described(schema):
    """Say in English what ``schema`` allows: in errors, and in the reference."""
    if 'anyOf' in schema:
        return ' or '.join(described(choice) for choice in schema['anyOf'])
    if '$ref' in schema:
        return schema['$ref'].rpartition('/')[2]
    kinds = schema.get('type', 'object')
    words = [described_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    if 'enum' in schema:
        return 'one of ' + ', '.join('null' if value is None else str(value) for value in schema['enum'])
    return ' or '.join(words)


def described_kind(kind, schema):
    """Say what a value of one JSON type may be."""
    word = WORDS[kind]
    if kind == 'integer':
        word += span(schema.get('minimum'), schema.get('maximum'), '')
    elif kind == 'string':
        if schema.get('format') == 'date-time':
            return 'a time (RFC 3339)'
        if schema.get('contentEncoding'):
            return 'the bytes of the file, in base64'
        word += span(schema.get('minLength'), schema.get('maxLength'), ' characters')
        word += schema.get('x-form', '')
    elif kind == 'array':
        word += f' of {described(schema["items"])}' if schema.get('items') else ''
        if 'maxItems' in schema:
            word += f', at most {schema["maxItems"]}'
    return word


def span(least, most, unit):
    """Say what a number is at least and at most."""
    if most == LARGEST_ID:
        most = None
    if least is not None and most is not None:
        return f', {least:,} to {most:,}{unit}'
    if most is not None:
        return f', at most {most:,}{unit}'
    return f', at least {least:,}{unit}' if least else ''
