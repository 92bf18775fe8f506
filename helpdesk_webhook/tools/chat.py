"""Payloads for chat services: incoming webhooks of Slack and Mattermost, Workflows of Microsoft Teams.

Sources: Slack "Formatting text for app surfaces" (only &, < and > are control characters; links and mentions stand in
<>; ``verbatim`` keeps the rest from being looked at) and Mattermost "Incoming webhooks" and "Message attachments"
(Markdown, Slack's <> as well, @names mention); Adaptive Cards "Text features" (only a TextBlock reads Markdown: a
RichTextBlock shows what it is given, and mentions are entities of the card, of which ours has none). A customer's words
can neither call people nor pretend to be a link.
"""
import re

ZERO_WIDTH = '\u200b'
TEXT_LIMIT = 1000
SUBJECT_LIMIT = 200
COLOURS = {
    'ticket.promise_missed': '#c9302c', 'ticket.promise_at_risk': '#e69f00', 'ticket.solved': '#2e7d32',
    'ticket.closed': '#2e7d32'}
NEUTRAL = '#5b6b7b'
# Slack takes 3,000 characters of text in a block
BLOCK_LIMIT = 2900
_ADDRESS = r'https?://[\w\-./?=&%#:,+;]+(?!\S)'
_MARKDOWN = re.compile(rf'({_ADDRESS})|([\\`*_{{}}\[\]()#|~])')


def cut(text, limit):
    """Return ``text`` with at most ``limit`` characters."""
    return text if len(text) <= limit else text[:limit - 1].rstrip() + '…'


def one_line(text, limit=SUBJECT_LIMIT):
    return cut(' '.join((text or '').split()), limit)


def harmless(text):
    """Return ``text`` without what calls people or makes links, in both services."""
    text = (text or '').replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return text.replace('@', '@' + ZERO_WIDTH)


def markdown(text):
    """Return ``text`` as Mattermost shows it, letter by letter: no format, no links, nobody called."""
    escaped = _MARKDOWN.sub(lambda found: found[1] or '\\' + found[2], text or '')
    return harmless(escaped)


def quoted(text, escape, mark):
    """Return ``text`` escaped, each line after ``mark``, as much of it as a block takes."""
    limit = TEXT_LIMIT
    while True:
        lines = '\n'.join(mark + line for line in escape(cut(text, limit)).splitlines())
        if len(lines) <= BLOCK_LIMIT:
            return lines
        limit //= 2


def _said(payload):
    return ((payload['data'].get('message') or {}).get('text') or '').strip()


def _facts(payload, labels):
    """Return [(label, value)] of what there is to say about the ticket."""
    ticket = payload['data']['ticket']
    found = [(labels[name], (ticket.get(name) or {}).get('name')) for name in ('customer', 'team', 'assignee')]
    return [(label, one_line(value)) for label, value in found if value]


def slack(payload, sentence, labels):
    """Return the payload (dict) for Slack of a generic one.

    :param dict payload: what a generic receiver gets
    :param str sentence: what happened, in words
    :param dict labels: {'customer', 'team', 'assignee': what they are called}
    """
    ticket = payload['data']['ticket']
    number, subject = harmless(ticket['number']), harmless(one_line(ticket['subject']))
    happened = harmless(one_line(sentence, 500))
    blocks = [_section(f"*<{_link(ticket['url'])}|{number}>* {subject}\n{happened}")]
    if said := _said(payload):
        blocks.append(_section(quoted(said, harmless, '>')))
    if facts := _facts(payload, labels):
        line = '   '.join(f'{harmless(label)}: {harmless(value)}' for label, value in facts)
        blocks.append({'type': 'context', 'elements': [{'type': 'mrkdwn', 'text': line, 'verbatim': True}]})
    return {'text': f'{number} {subject}: {happened}', 'blocks': blocks, 'unfurl_links': False, 'unfurl_media': False}


def _section(text):
    return {'type': 'section', 'text': {'type': 'mrkdwn', 'text': text, 'verbatim': True}}


def _link(url):
    return url.replace('&', '&amp;').replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')


def mattermost(payload, sentence, labels):
    """Return the payload (dict) for Mattermost of a generic one; parameters as of :func:`slack`."""
    ticket = payload['data']['ticket']
    subject, happened = markdown(one_line(ticket['subject'])), markdown(one_line(sentence, 500))
    text = f'**{subject}**\n{happened}'
    if said := _said(payload):
        text += '\n\n' + quoted(said, markdown, '> ')
    fields = [{'short': True, 'title': label, 'value': markdown(value)} for label, value in _facts(payload, labels)]
    return {'attachments': [{
        'fallback': f"{ticket['number']} {harmless(one_line(ticket['subject']))}",
        'color': COLOURS.get(payload['type'], NEUTRAL), 'title': ticket['number'], 'title_link': ticket['url'],
        'text': text, 'fields': fields,
    }]}


def teams(payload, sentence, labels):
    """Return the payload (dict) for a workflow of Teams that takes webhook requests; parameters as of :func:`slack`."""
    ticket = payload['data']['ticket']
    body = [
        _words([{'text': f"{ticket['number']} {one_line(ticket['subject'])}", 'weight': 'Bolder'}]),
        _words([{'text': one_line(sentence, 500)}])]
    if said := _said(payload):
        body.append({'type': 'Container', 'style': 'emphasis', 'items': [_words([{'text': cut(said, TEXT_LIMIT)}])]})
    if facts := _facts(payload, labels):
        line = '   '.join(f'{label}: {value}' for label, value in facts)
        body.append(_words([{'text': line, 'isSubtle': True}]))
    return {'type': 'message', 'attachments': [{
        'contentType': 'application/vnd.microsoft.card.adaptive', 'contentUrl': None, 'content': {
            '$schema': 'http://adaptivecards.io/schemas/adaptive-card.json', 'type': 'AdaptiveCard', 'version': '1.4',
            'body': body,
            'actions': [{'type': 'Action.OpenUrl', 'title': ticket['number'], 'url': ticket['url']}]}}]}


def _words(runs):
    return {'type': 'RichTextBlock', 'inlines': [{'type': 'TextRun', **run} for run in runs]}


FORMATS = {'slack': slack, 'mattermost': mattermost, 'teams': teams}
