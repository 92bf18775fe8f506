"""The contract: each method of the API, what it takes and what it gives, written once (S0-41, C20).

The check of what comes in, the OpenAPI document and the reference in docs/api.md are all made from these tables.
Schemas are JSON Schema (2020-12), as far as ``schema.py`` knows it.
"""
from .schema import LARGEST_ID

VERSION = '1.0.0'
MODEL = 'helpdesk.api'

STATUSES = ['new', 'open', 'waiting_customer', 'waiting_third_party', 'solved', 'closed']
#: what the API calls a priority -> what the ticket stores
PRIORITIES = {'low': '0', 'normal': '1', 'high': '2', 'urgent': '3'}
CHANNELS = ['email', 'web', 'portal', 'phone', 'chat', 'messenger', 'api', 'agent']
SLA_STATES = ['none', 'running', 'warning', 'breached', 'paused', 'met']

#: most files of one call, and how large they may be together, in bytes
MOST_FILES, MOST_BYTES = 20, 25 * 1024 * 1024
#: most tickets, messages and events of one page
TICKET_PAGE, MESSAGE_PAGE, EVENT_PAGE = 100, 100, 500
CURSOR = r'^[0-9]{1,18}\.[0-9]{1,10}$'


# ------------------------------------------------------------
# kinds of values
# ------------------------------------------------------------

def text(description, longest, shortest=0, **more):
    return {'type': 'string', 'description': description, 'maxLength': longest,
            **({'minLength': shortest} if shortest else {}), **more}


def identifier(description):
    return {'type': 'integer', 'description': description, 'minimum': 1, 'maximum': LARGEST_ID}


def choice(description, values, **more):
    return {'type': 'string', 'description': description, 'enum': list(values), **more}


def flag(description, **more):
    return {'type': 'boolean', 'description': description, **more}


def time(description):
    return {'type': 'string', 'description': description, 'format': 'date-time'}


def items(description, schema, most=None):
    return {'type': 'array', 'description': description, 'items': schema, **({'maxItems': most} if most else {})}


def page_size(most, usual):
    return {'type': 'integer', 'description': 'How many at most.', 'minimum': 1, 'maximum': most, 'default': usual}


def optional(schema):
    """The same, or null."""
    if 'type' not in schema:
        return {'anyOf': [schema, {'type': 'null'}]}
    wider = {**schema, 'type': [schema['type'], 'null']}
    if 'enum' in schema:
        wider['enum'] = [*schema['enum'], None]
    return wider


def record(description, properties):
    """An object of a result: all its properties are always there, later versions may add some."""
    return {'type': 'object', 'description': description, 'properties': properties, 'required': list(properties)}


def ref(name):
    return {'$ref': f'#/components/schemas/{name}'}


def parameters(properties, required=(), **more):
    return {'type': 'object', 'properties': properties, 'required': list(required), 'additionalProperties': False,
            **more}


def one_of(*names):
    """For the readers of the document: exactly one of these is given. The methods see to it themselves."""
    return [{'required': [name]} for name in names]


FILE = {
    'type': 'object',
    'description': 'A file to attach.',
    'properties': {
        'name': text('Its name.', 255, 1, pattern=r'\S'),
        'content': {'type': 'string', 'description': 'Its bytes, in base64.', 'contentEncoding': 'base64'},
    },
    'required': ['name', 'content'],
    'additionalProperties': False,
}
FILES = items(f'Files, together at most {MOST_BYTES // 1024 ** 2} MiB.', FILE, MOST_FILES)
TICKET = identifier('The id of the ticket.')
WORDS = text('What is said.', 1_000_000, 1, pattern=r'\S')
FORMAT = choice('How `text` is written: as plain text, or as HTML (cleaned of scripts and forms).', ['text', 'html'],
                default='text')
EXTERNAL = text(
    'Your own id of this call, so that it can safely be sent again: with an id that you used before nothing is done '
    'anew, and you get what the first call made. Ids belong to the user of the key; those of tickets, replies and '
    'notes are counted apart.', 200, 1, pattern=r'\S')


# ------------------------------------------------------------
# what comes back
# ------------------------------------------------------------

def any_text(description):
    return {'type': 'string', 'description': description}


SCHEMAS = {
    'Named': record('Something with an id and a name.', {'id': identifier('Its id.'), 'name': any_text('Its name.')}),
    'TicketLink': record('A ticket, by id and number.', {
        'id': TICKET, 'number': any_text('Its number, as it stands in mails.')}),
    'Customer': record('Whom the ticket is for. Without a contact `id` is null and the rest is what is known.', {
        'id': optional(identifier('The id of the contact.')),
        'name': optional(any_text('Name.')),
        'email': optional(any_text('Mail address.')),
        'phone': optional(any_text('Phone.')),
        'company': optional(ref('Named')),
    }),
    'Promise': record('What was promised (module helpdesk_sla).', {
        'state': choice('`none`: nothing was promised. `running`: on time. `warning`: at risk. `breached`: missed. '
                        '`paused`: no clock runs. `met`: kept.', SLA_STATES),
        'due_at': optional(time('When the next promise is due.')),
    }),
    'Ticket': record('A ticket. Times are UTC.', {
        'id': TICKET,
        'number': any_text('Its number, as it stands in mails.'),
        'external_id': optional(any_text('The id that you gave when you made it.')),
        'subject': any_text('Subject.'),
        'status': choice('What its stage means.', STATUSES),
        'stage': ref('Named'),
        'team': ref('Named'),
        'company': ref('Named'),
        'type': optional(ref('Named')),
        'category': optional(ref('Named')),
        'priority': choice('Priority.', PRIORITIES),
        'tags': items('Names of its tags.', any_text('A tag.')),
        'channel': choice('The way the first request came.', CHANNELS),
        'customer': ref('Customer'),
        'assignee': optional(ref('Named')),
        'sla': optional(ref('Promise')),
        'created_at': time('When it was made.'),
        'assigned_at': optional(time('When somebody was first made responsible.')),
        'first_response_at': optional(time('When an agent first wrote to the customer.')),
        'last_customer_message_at': optional(time('When the customer last wrote.')),
        'last_agent_message_at': optional(time('When an agent last wrote to the customer.')),
        'unanswered_since': optional(time('The oldest message of the customer that nobody has answered.')),
        'solved_at': optional(time('When it was solved.')),
        'closed_at': optional(time('When it was closed.')),
        'deadline': optional(time('A date promised by hand.')),
        'frozen_until': optional(time('It is put aside until then.')),
        'reopen_count': {'type': 'integer', 'description': 'How often it was reopened.', 'minimum': 0},
        'merged_into': optional(ref('TicketLink')),
        'archived': flag('It was archived, or merged into another.'),
    }),
    'File': record('A file of a message; get it with `get_attachment`.', {
        'id': identifier('Its id.'),
        'name': any_text('Its name.'),
        'mimetype': any_text('Its media type.'),
        'size': {'type': 'integer', 'description': 'Bytes.', 'minimum': 0},
    }),
    'Message': record('A message of a ticket.', {
        'id': identifier('Its id.'),
        'at': time('When it was written.'),
        'public': flag('The customer may read it. Otherwise it is internal: never show it to the customer.'),
        'automatic': flag('A machine wrote it: an acknowledgement, a reply from somebody on holiday.'),
        'author': record('Who wrote it.', {
            'id': optional(identifier('The id of the contact.')),
            'name': optional(any_text('Name.')),
            'email': optional(any_text('Mail address.')),
        }),
        'html': any_text('What is said, as clean HTML.'),
        'text': any_text('The same as plain text.'),
        'attachments': items('Its files.', ref('File')),
    }),
    'Stage': record('A stage of a team, or of a process that its tickets follow.', {
        'id': identifier('Its id.'),
        'name': any_text('Its name.'),
        'status': choice('What it means.', STATUSES),
    }),
    'Team': record('A team whose tickets the user of the key may see.', {
        'id': identifier('Its id.'),
        'name': any_text('Its name.'),
        'company': ref('Named'),
        'stages': items('Its stages in their order, then those of its processes.', ref('Stage')),
    }),
    'Event': record('Something that happened to a ticket. Nothing of it is ever changed.', {
        'id': identifier('Its id.'),
        'at': time('When it happened.'),
        'kind': any_text('What: created, stage, assignee, customer_message, agent_message, internal_note, ...'),
        'ticket': optional(ref('TicketLink')),
        'user': optional(ref('Named')),
        'message_id': optional(identifier('The message that it was, see `get_messages`.')),
        'old': optional(any_text('What it was before, for people.')),
        'new': optional(any_text('What it is now, for people.')),
        'detail': optional({'type': 'object', 'description': 'The same for programs: ids, statuses, seconds.'}),
    }),
    'Error': record('What went wrong.', {
        'name': any_text('The kind of error.'),
        'message': any_text('What is wrong, and what to do.'),
        'arguments': {'type': 'array', 'description': 'The message once more.'},
        'context': {'type': 'object', 'description': 'Nothing of interest.'},
        'debug': {'type': 'string', 'description': 'For the developers of the server.'},
    }),
}
MADE = flag('False: this `external_id` was used before, and nothing was done anew.')


# ------------------------------------------------------------
# methods
# ------------------------------------------------------------

#: name -> summary, description, readonly, parameters and result (schemas)
METHODS = {
    'create_ticket': {
        'summary': 'Make a ticket.',
        'description': 'Routing rules, assignment and promises work as for every ticket; its channel is `api`. '
                       'A contact with the mail address is found; without one the ticket keeps name and address.',
        'readonly': False,
        'parameters': parameters({
            'subject': text('Subject.', 500, 1, pattern=r'\S'),
            'text': WORDS,
            'format': FORMAT,
            'team_id': identifier('The team. Left out: the first team of the user of the key.'),
            'customer_id': identifier('The id of the contact whom it is for.'),
            'customer_email': text('The mail address of whom it is for, instead of `customer_id`.', 254, 3,
                                   pattern=r'^[^@\s<>,;"]+@[^@\s<>,;"]+$', **{'x-form': ', a mail address'}),
            'customer_name': text('Their name, where there is no contact.', 200, 1, pattern=r'\S'),
            'customer_phone': text('Their phone, where there is no contact.', 50, 1, pattern=r'\S'),
            'priority': choice('Priority.', PRIORITIES, default='normal'),
            'type_id': identifier('The type.'),
            'category_id': identifier('The category.'),
            'tags': items('Names of tags that exist.', text('A tag.', 100, 1), 30),
            'attachments': FILES,
            'external_id': EXTERNAL,
        }, ['subject'], **{'not': {'required': ['customer_id', 'customer_email']}}),
        'result': record('The ticket.', {'created': MADE, 'ticket': ref('Ticket')}),
    },
    'reply': {
        'summary': 'Answer the customer.',
        'description': 'The customer and the people in copy get it by mail, in the name of the user of the key.',
        'readonly': False,
        'parameters': parameters({
            'ticket_id': TICKET, 'text': WORDS, 'format': FORMAT, 'attachments': FILES, 'external_id': EXTERNAL,
        }, ['ticket_id', 'text']),
        'result': record('The message.', {'created': MADE, 'message': ref('Message')}),
    },
    'note': {
        'summary': 'Write an internal note.',
        'description': 'The customer never sees it.',
        'readonly': False,
        'parameters': parameters({
            'ticket_id': TICKET, 'text': WORDS, 'format': FORMAT, 'attachments': FILES, 'external_id': EXTERNAL,
        }, ['ticket_id', 'text']),
        'result': record('The message.', {'created': MADE, 'message': ref('Message')}),
    },
    'set_status': {
        'summary': 'Move a ticket to another stage.',
        'description': 'Give `status`, and the first stage of the team with that meaning is taken, or `stage_id`.',
        'readonly': False,
        'parameters': parameters({
            'ticket_id': TICKET,
            'status': choice('What the stage is to mean.', STATUSES),
            'stage_id': identifier('The stage, one of those of the team, or of the process that the ticket follows.'),
        }, ['ticket_id'], oneOf=one_of('status', 'stage_id')),
        'result': ref('Ticket'),
    },
    'assign': {
        'summary': 'Make somebody responsible, or nobody.',
        'description': 'Only people who work on the tickets of the team can be made responsible. Give `user_id` (null: '
                       'nobody) or `login`.',
        'readonly': False,
        'parameters': parameters({
            'ticket_id': TICKET,
            'user_id': optional(identifier('The id of the user; null for nobody.')),
            'login': text('The login of the user.', 254, 1),
        }, ['ticket_id'], oneOf=one_of('user_id', 'login')),
        'result': ref('Ticket'),
    },
    'get_ticket': {
        'summary': 'Read one ticket.',
        'description': 'Give its id, its number, or the `external_id` that you made it with.',
        'readonly': True,
        'parameters': parameters({
            'ticket_id': TICKET,
            'number': text('Its number, as HD00012.', 60, 1),
            'external_id': text('The id that you gave when you made it.', 200, 1),
        }, oneOf=one_of('ticket_id', 'number', 'external_id')),
        'result': record('The ticket, and what the customer asks for where that did not come as a message.', {
            **SCHEMAS['Ticket']['properties'],
            'html': any_text('What the customer asks for, as clean HTML.'),
            'text': any_text('The same as plain text.'),
            'attachments': items('Files of the ticket and of its messages that the customer may have.', ref('File')),
        }),
    },
    'get_choices': {
        'summary': 'Read what can be chosen: teams with their stages, types, categories, tags.',
        'description': 'As far as the user of the key may use them. Names are in their language; rely on the ids.',
        'readonly': True,
        'parameters': parameters({}),
        'result': record('The choices.', {
            'teams': items('Teams, in their order.', ref('Team')),
            'types': items('Types of tickets.', ref('Named')),
            'categories': items('Categories, with those above them in the name.', ref('Named')),
            'tags': items('Names of tags.', any_text('A tag.')),
        }),
    },
    'search_tickets': {
        'summary': 'Find tickets, newest first.',
        'description': 'All filters that are given must fit. Archived tickets are not found.',
        'readonly': True,
        'parameters': parameters({
            'text': text('Words of number, subject, customer, address or phone; all must be there.', 200, 1),
            'team_ids': items('Teams.', identifier('A team.'), 100),
            'statuses': items('What the stage means.', choice('A status.', STATUSES), len(STATUSES)),
            'assignee_id': optional(identifier('Who is responsible; null: nobody.')),
            'customer_id': identifier('The contact, or the company: then of all its people.'),
            'customer_email': text('The mail address of the customer.', 254, 1),
            'priorities': items('Priorities.', choice('A priority.', PRIORITIES), len(PRIORITIES)),
            'type_ids': items('Types.', identifier('A type.'), 100),
            'tags': items('Names of tags, all of which the ticket has.', text('A tag.', 100, 1), 30),
            'created_from': time('Made at this time or later.'),
            'created_before': time('Made before this time.'),
            'cursor': identifier('`next_cursor` of the page before.'),
            'limit': page_size(TICKET_PAGE, 50),
        }),
        'result': record('A page.', {
            'tickets': items('Tickets.', ref('Ticket')),
            'next_cursor': optional(identifier('For the next page; null: this was the last.')),
        }),
    },
    'get_messages': {
        'summary': 'Read the conversation of a ticket, oldest first.',
        'description': 'Messages to customers and internal notes, told apart by `public`.',
        'readonly': True,
        'parameters': parameters({
            'ticket_id': TICKET,
            'visibility': choice('Which of them.', ['all', 'public', 'internal'], default='all'),
            'cursor': identifier('`next_cursor` of the page before.'),
            'limit': page_size(MESSAGE_PAGE, 50),
        }, ['ticket_id']),
        'result': record('A page.', {
            'messages': items('Messages.', ref('Message')),
            'next_cursor': optional(identifier('For the next page; null: this was the last.')),
        }),
    },
    'get_attachment': {
        'summary': 'Get a file of a ticket or of a message.',
        'description': 'As long as its bytes are fewer than those of `attachments` may be.',
        'readonly': True,
        'parameters': parameters({'attachment_id': identifier('The id of the file.')}, ['attachment_id']),
        'result': record('The file.', {
            **SCHEMAS['File']['properties'],
            'content': {'type': 'string', 'description': 'Its bytes, in base64.', 'contentEncoding': 'base64'},
        }),
    },
    'list_events': {
        'summary': 'Hear what happened to tickets, in order, nothing left out and nothing twice.',
        'description': 'Keep `next_cursor` and ask again with it: at once while `more` is true (also after an empty '
                       'page), else after some seconds. Events appear when no transaction is at work any more that '
                       'could still add an earlier one: mostly at once.',
        'readonly': True,
        'parameters': parameters({
            'cursor': text('`next_cursor` of the page before. `0.0`: from the very first event. Left out: from now on; '
                           'the page is empty and its `next_cursor` is where to begin.', 30, 3, pattern=CURSOR,
                           **{'x-form': ', a cursor as it was given to you'}),
            'limit': page_size(EVENT_PAGE, 100),
            'team_ids': items('Only events of tickets that are now with these teams.', identifier('A team.'), 100),
            'kinds': items('Only events of these kinds.', text('A kind, as `stage`.', 40, 1), 60),
        }),
        'result': record('A page.', {
            'events': items('Events, in the order in which they took effect.', ref('Event')),
            'next_cursor': any_text('Where the next page begins. Opaque: keep it as it is.'),
            'more': flag('There are more: ask again at once.'),
        }),
    },
}
