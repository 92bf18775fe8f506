"""Template messages of WhatsApp: how they are told, and how one is sent.

Sources: https://developers.facebook.com/documentation/business-messaging/whatsapp (templates/overview,
reference/whatsapp-business-account/template-api, messages/send-messages, support/error-codes)
"""
import urllib.parse

from . import wire
from .template import PLACEHOLDER, Template, placeholders

PAGE = 100
FIELDS = 'id,name,language,status,category,components,parameter_format'
STATES = {'APPROVED': 'approved', 'PENDING': 'pending', 'IN_APPEAL': 'pending', 'REJECTED': 'rejected',
          'PAUSED': 'paused', 'DISABLED': 'disabled'}
CATEGORIES = {'UTILITY': 'utility', 'MARKETING': 'marketing', 'AUTHENTICATION': 'authentication'}
# Buttons that are sent as they were approved. Others want a value, or a conversation that goes on in a form.
PLAIN_BUTTONS = {'QUICK_REPLY', 'PHONE_NUMBER', 'URL', 'VOICE_CALL'}
COMPONENTS = {'HEADER', 'BODY', 'FOOTER', 'BUTTONS'}

FAULTS = {
    132000: "The words do not fit the template any more, it was changed at Meta. Have an administrator fetch the "
            "templates again.",
    132001: "WhatsApp knows no approved template of this name in this language. Choose another one.",
    132005: "The message is too long with these words. Shorten what is filled in.",
    132007: "WhatsApp does not accept the words that are filled in: they break its rules for templates.",
    132012: "What is filled in does not have the form that the template asks for.",
    132015: "WhatsApp has paused this template because customers complained about it. Choose another one.",
    132016: "WhatsApp has switched this template off because customers complained about it. Choose another one.",
    132068: "The form that this template opens is blocked. Choose another one.",
    132069: "The form that this template opens is used too often at the moment. Choose another one.",
    131050: "The customer does not want marketing messages from us. Choose a template that is about their request.",
}
# Faults after which nobody else should try the template, and what it is from then on.
SPOILT = {132001: 'other', 132015: 'paused', 132016: 'disabled', 132068: 'disabled'}


def path(credentials, after):
    """Return the path that tells a page of templates of the account.

    :raise ValueError: as long as the account is not known
    """
    account = wire.ident(credentials.get('business_account'))
    if not account:
        raise ValueError("The channel has no business account id yet.")
    return f'{account}/message_templates?' + urllib.parse.urlencode(
        {'fields': FIELDS, 'limit': PAGE, **({'after': after} if after else {})})


def read(body):
    """Return (list of :class:`Template`, what names the next page or '') of an answer (bytes).

    :raise ValueError: when it is none
    """
    answer = wire.load(body)
    if not isinstance(answer.get('data'), list):
        raise ValueError("WhatsApp gave an answer that nobody understands.")
    paging = wire.table(answer.get('paging'))
    # not the address of the next page: the access token stands in it
    after = wire.text(wire.table(paging.get('cursors')).get('after'), 1000) if paging.get('next') else ''
    return [found for one in wire.tables(answer['data']) if (found := _template(one))], after


def _template(told):
    """Return the :class:`Template` of what Meta tells (dict), None where it has no name."""
    name, language = wire.ident(told.get('name')), wire.ident(told.get('language'))
    if not name or not language:
        return None
    parts = {wire.text(one.get('type'), 50).upper(): one for one in wire.tables(told.get('components'))}
    header, body = wire.table(parts.get('HEADER')), wire.table(parts.get('BODY'))
    buttons = wire.tables(wire.table(parts.get('BUTTONS')).get('buttons'))
    category = CATEGORIES.get(told.get('category'), 'other') if isinstance(told.get('category'), str) else 'other'
    return Template(
        wire.ident(told.get('id')), name, language,
        STATES.get(wire.text(told.get('status'), 50), 'other'), category,
        header=wire.text(header.get('text')), body=wire.text(body.get('text')),
        footer=wire.text(wire.table(parts.get('FOOTER')).get('text')),
        buttons='\n'.join(filter(None, (wire.text(one.get('text'), 100) for one in buttons))),
        named=told.get('parameter_format') == 'NAMED', examples=tuple(_examples(header, body)),
        unusable=_unusable(category, parts, header, body, buttons))


def _unusable(category, parts, header, body, buttons):
    """Return what the template needs and we do not send, '' if nothing."""
    if header and header.get('format', 'TEXT') != 'TEXT':
        return 'media'
    if any(wire.text(one.get('type')) not in PLAIN_BUTTONS or PLACEHOLDER.search(wire.text(one.get('url')))
           for one in buttons):
        return 'button'
    if category == 'authentication' or parts.keys() - COMPONENTS or not wire.text(body.get('text')):
        return 'kind'
    return ''


def _examples(header, body):
    for part, told, key in (('header', header, 'header_text'), ('body', body, 'body_text')):
        example = wire.table(told.get('example'))
        for one in wire.tables(example.get(f'{key}_named_params')):
            yield part, wire.text(one.get('param_name'), 60), wire.text(one.get('example'), 200)
        given = example.get(key)
        given = given[0] if isinstance(given, list) and given and isinstance(given[0], list) else given
        if isinstance(given, list):
            for name, value in zip(placeholders(wire.text(told.get('text'))), given, strict=False):
                yield part, name, wire.text(value, 200)


def message(told):
    """Return what a message says that sends a template; ``told``: see ``template.told``.

    :raise ValueError: when a placeholder has no words
    """
    components = []
    for part, values in told['values'].items():
        if missing := [name for name, value in values if not value]:
            raise ValueError(f"Fill in {{{{{missing[0]}}}}} first.")
        if values:
            components.append({'type': part, 'parameters': [
                {'type': 'text', **({'parameter_name': name} if told['named'] else {}), 'text': value}
                for name, value in values]})
    return {'type': 'template', 'template': {
        'name': told['name'], 'language': {'code': told['language']},
        **({'components': components} if components else {})}}
