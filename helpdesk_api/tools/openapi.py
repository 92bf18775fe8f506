"""The OpenAPI 3.1 document, made from the contract."""
from .contract import METHODS, MODEL, SCHEMAS, VERSION

#: HTTP status -> what it means; the same for all methods
ERRORS = {
    '400': 'The body is no JSON.',
    '401': 'The API key is missing, unknown or expired.',
    '403': 'The user of the key may not do this: they are no helpdesk agent, or the ticket is not theirs to work on.',
    '404': 'There is no such ticket or file that the user of the key may see.',
    '422': 'A parameter is missing or wrong, or the change is not possible; the message says which and why.',
}


def document():
    """Return the document as a dictionary ready for ``json.dumps``."""
    return {
        'openapi': '3.1.0',
        'info': {
            'title': 'Helpdesk API',
            'version': VERSION,
            'description': 'Tickets, conversations and events over Odoo\'s JSON-2. The user of the key sees and may '
                           'do here exactly what they see and may do in Odoo.',
        },
        'servers': [{'url': '/'}],
        'security': [{'apiKey': []}],
        'paths': {f'/json/2/{MODEL}/{name}': {'post': operation(name, method)} for name, method in METHODS.items()},
        'components': {
            'schemas': SCHEMAS,
            'responses': {
                f'Error{status}': {
                    'description': meaning,
                    'content': {'application/json': {'schema': {'$ref': '#/components/schemas/Error'}}},
                } for status, meaning in ERRORS.items()},
            'securitySchemes': {'apiKey': {
                'type': 'http', 'scheme': 'bearer',
                'description': 'An API key of an Odoo user (Preferences, Security, API Keys).'}},
        },
    }


def operation(name, method):
    """Return one operation: always a POST with a JSON object."""
    return {
        'operationId': name,
        'summary': method['summary'],
        'description': method['description'],
        'requestBody': {
            'required': any(method['parameters'].get(word) for word in ('required', 'oneOf')),
            'content': {'application/json': {'schema': method['parameters']}}},
        'responses': {
            '200': {'description': method['result'].get('description', method['summary']),
                    'content': {'application/json': {'schema': method['result']}}},
            **{status: {'$ref': f'#/components/responses/Error{status}'} for status in ERRORS},
        },
    }
