"""The contract of the API: what is checked, and what is written about it, come from one table (S0-41)."""
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_api.tools.contract import CURSOR, METHODS, SCHEMAS
from helpdesk_api.tools.openapi import ERRORS, document
from helpdesk_api.tools.reference import filled_in
from helpdesk_api.tools.schema import Invalid, check, decoded, described, moment, shown

ROOT = Path(__file__).parents[2]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)

OBJECT = {
    'type': 'object', 'required': ['name'], 'additionalProperties': False,
    'properties': {
        'name': {'type': 'string', 'minLength': 1, 'maxLength': 3, 'pattern': r'\S'},
        'count': {'type': ['integer', 'null'], 'minimum': 1, 'maximum': 9},
        'kind': {'type': 'string', 'enum': ['a', 'b']},
        'parts': {'type': 'array', 'maxItems': 2, 'items': {'type': 'boolean'}},
        'at': {'type': 'string', 'format': 'date-time'},
        'any': {'anyOf': [{'type': 'integer'}, {'type': 'null'}]},
    },
}


@pytest.mark.parametrize(('value', 'path'), [
    ([], ''), ('x', ''), (None, ''), ({}, 'name'), ({'name': ''}, 'name'), ({'name': '    '}, 'name'),
    ({'name': ' '}, 'name'), ({'name': 7}, 'name'), ({'name': None}, 'name'), ({'name': 'a\x00'}, 'name'),
    ({'name': '\ud800'}, 'name'), ({'name': 'x', 'other': 1}, 'other'), ({'name': 'x', 'count': 0}, 'count'),
    ({'name': 'x', 'count': 10}, 'count'), ({'name': 'x', 'count': True}, 'count'),
    ({'name': 'x', 'count': 1.5}, 'count'), ({'name': 'x', 'count': float('inf')}, 'count'),
    ({'name': 'x', 'count': '1'}, 'count'), ({'name': 'x', 'kind': 'c'}, 'kind'), ({'name': 'x', 'kind': None}, 'kind'),
    ({'name': 'x', 'parts': [True, 1]}, 'parts[1]'), ({'name': 'x', 'parts': [True] * 3}, 'parts'),
    ({'name': 'x', 'parts': {}}, 'parts'), ({'name': 'x', 'at': 'today'}, 'at'),
    ({'name': 'x', 'at': '2026-03-04T09:00:00'}, 'at'), ({'name': 'x', 'at': '0001-01-01T00:00:00Z'}, 'at'),
    ({'name': 'x', 'any': 'x'}, 'any'),
])
def test_invalid(value, path):
    """What does not fit is refused, and the error says where."""
    with pytest.raises(Invalid) as caught:
        check(OBJECT, value)
    assert caught.value.path == path
    caught.value.shown.encode()  # can be sent


@pytest.mark.parametrize(('value', 'meant'), [
    ({'name': 'x'}, None), ({'name': 'x y', 'count': 9, 'kind': 'b', 'parts': [True, False], 'any': None}, None),
    ({'name': 'x', 'count': 3.0}, {'name': 'x', 'count': 3}), ({'name': 'x', 'count': None}, None),
    ({'name': 'x', 'at': '2026-03-04T09:00:00.5+01:00'}, None),
])
def test_valid(value, meant):
    found = check(OBJECT, value)
    assert found == (meant or value)
    assert type(found.get('count')) is not float


@given(st.sampled_from(sorted(METHODS)), ANY_JSON)
def test_never_anything_else_than_invalid(method, value):
    """Whatever JSON comes in: it fits, or it is refused in words."""
    try:
        check(METHODS[method]['parameters'], value)
    except Invalid as invalid:
        assert invalid.expected
        f'{invalid.path}{invalid.shown}'.encode('utf-8', 'replace')


@given(st.sampled_from(sorted(name for name in METHODS if METHODS[name]['parameters']['properties'])), st.data())
def test_each_parameter_against_nonsense(method, data):
    """The same, with the parameters that exist and nonsense in them."""
    names = sorted(METHODS[method]['parameters']['properties'])
    value = data.draw(st.dictionaries(st.sampled_from(names), ANY_JSON))
    try:
        fits = check(METHODS[method]['parameters'], value)
    except Invalid:
        return
    assert set(fits) <= set(names)


def test_moment():
    assert moment('2026-03-04T10:00:00+01:00').astimezone(UTC) == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert moment('2026-03-04T09:00:00Z').tzinfo


@pytest.mark.parametrize(('text', 'content'), [('', b''), ('eA==', b'x'), ('eA=\r\n=\n', b'x')])
def test_decoded(text, content):
    assert decoded(text) == content


@pytest.mark.parametrize('text', ['e', 'eA', 'é===', 'e A=', 'data:text/plain;base64,eA=='])
def test_not_decoded(text):
    with pytest.raises(Invalid):
        decoded(text)


def test_shown():
    assert shown('x' * 500).endswith('…')
    assert len(shown('x' * 500)) < 70


@pytest.mark.parametrize(('schema', 'words'), [
    ({'type': 'string', 'minLength': 1, 'maxLength': 2000}, 'text, 1 to 2,000 characters'),
    ({'type': ['integer', 'null'], 'minimum': 1, 'maximum': 2 ** 31 - 1}, 'a whole number, at least 1 or null'),
    ({'type': ['string', 'null'], 'enum': ['a', None]}, 'one of a, null'),
    ({'type': 'array', 'items': {'type': 'boolean'}, 'maxItems': 3}, 'a list of true or false, at most 3'),
])
def test_described(schema, words):
    assert described(schema) == words


@pytest.mark.parametrize('cursor', ['0.0', '123456789012345678.2147483647'])
def test_cursor(cursor):
    assert re.search(CURSOR, cursor)


@pytest.mark.parametrize('cursor', ['', '0', '0.', '-1.0', '0.0\n1', '1e3.0', '1234567890123456789.0'])
def test_no_cursor(cursor):
    with pytest.raises(Invalid):
        check(METHODS['list_events']['parameters'], {'cursor': cursor})


# ------------------------------------------------------------
# documents
# ------------------------------------------------------------

def parts(value):
    """Every dictionary of a document."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part)


def test_document():
    """The document is whole: it is JSON, every reference leads somewhere, every method and status is there."""
    whole = json.loads(json.dumps(document()))
    for part in parts(whole):
        if '$ref' in part:
            target = whole
            for step in part['$ref'].removeprefix('#/').split('/'):
                target = target[step]
    assert len(whole['paths']) == len(METHODS)
    for item in whole['paths'].values():
        assert set(item) == {'post'}
        assert set(item['post']['responses']) == {'200', *ERRORS}
    assert whole['servers'] == [{'url': '/'}]
    assert whole['security'] == [{'apiKey': []}]


def test_methods_are_described():
    """Each parameter says what it is, is limited in size, and nothing beyond the parameters is taken."""
    for name, method in METHODS.items():
        assert method['summary'].endswith('.'), name
        assert method['parameters']['additionalProperties'] is False
        for key, part in method['parameters']['properties'].items():
            assert part['description'], (name, key)
            if part['type'] == 'string':
                limited = {'maxLength', 'enum', 'format', 'contentEncoding'} & part.keys()
                assert limited, (name, key)
            if part['type'] == 'array':
                assert 'maxItems' in part, (name, key)
    for schema in SCHEMAS.values():
        assert schema['required'] == list(schema['properties'])


def test_page_is_in_step():
    """The reference in docs/api.md is what the contract says: ``cd helpdesk_api && python3 -m tools``."""
    page = (ROOT / 'docs' / 'api.md').read_text(encoding='utf-8')
    assert page == filled_in(page)
    assert all(f'### {name}\n' in page for name in METHODS)
    assert filled_in(page.replace('### assign\n', '### gone\n')) == page
