"""WhatsApp's Cloud API as it is documented, as far as a desk uses it."""
import re

from .fake_meta import FakeMeta, Refused, need
from .fakes import Reply

KINDS = ('text', 'image', 'audio', 'video', 'document', 'template')
BUSINESS = '102290129340398'
PEER = '16505551234'


class FakeWhatsApp(FakeMeta):
    """``closed``: numbers whose 24 hours are over; ``media``: what customers sent (``{id: (content, MIME type)}``);
    ``media_url``: where it lies, if not where it should; ``callback``: where we wanted to be called, with our word;
    ``templates``: those of the account (list of dicts, as Meta tells them), ``page`` of them at once."""
    hosts = ('graph.facebook.com', 'lookaside.fbsbx.com')
    routes = (
        ('POST', r'/v\d+\.\d/(\d+)/messages', 'take_message'),
        ('POST', r'/v\d+\.\d/(\d+)/media', 'take_upload'),
        ('GET', r'/v\d+\.\d/(\d+)/message_templates', 'tell_templates'),
        ('GET', r'/v\d+\.\d/(\d+)', 'tell'),
        ('POST', r'/v\d+\.\d/(\d+)', 'connect'),
        ('GET', r'/whatsapp_business/attachments/', 'give_media'),
    )

    def __init__(self, handler=None):
        super().__init__(handler)
        self.closed, self.media, self.media_url, self.callback = set(), {}, '', None
        self.templates, self.page = [], 2

    def take_message(self, asked, account):
        told = asked.json
        need(account == self.account, "Object does not exist", 100)
        need(told.get('messaging_product') == 'whatsapp', "messaging_product is required")
        need(told.get('recipient_type', 'individual') == 'individual', "recipient_type")
        to = told.get('to') or told.get('recipient')
        need(to and isinstance(to, str), "to is required", 131008)
        kind = told.get('type', 'text')
        need(kind in KINDS and isinstance(told.get(kind), dict), "Unsupported message type", 131051)
        if kind == 'text':
            need(0 < len(told['text']['body']) <= 4096, "text.body", 131009)
        elif kind == 'template':
            self._check_template(told[kind])
        else:
            self._check_media(told[kind])
        if to in self.closed and kind != 'template':
            raise Refused(131047, "Re-engagement message")
        message = {'id': self.next_id('wamid.OUT'), **told}
        self.accepted.append(message)
        return Reply(200, {
            'messaging_product': 'whatsapp', 'contacts': [{'input': to, 'wa_id': to}],
            'messages': [{'id': message['id']}]})

    def _check_template(self, told):
        found = [one for one in self.templates
                 if (one['name'], one['language']) == (told['name'], told['language']['code'])]
        need(found and found[0]['status'] in ('APPROVED', 'PAUSED'), "Template name does not exist", 132001, 404)
        need(found[0]['status'] != 'PAUSED', "Template is paused", 132015)
        given = {one['type']: one['parameters'] for one in told.get('components', ())}
        for part in found[0]['components']:
            names = re.findall(r'{{(\w+)}}', part.get('text', ''))
            values = given.pop(part['type'].lower(), [])
            need(len(set(names)) == len(values), "Number of parameters does not match", 132000)
            if found[0].get('parameter_format') == 'NAMED':
                need({one['parameter_name'] for one in values} == set(names), "Parameter name", 132012)
            for one in values:
                need(one['type'] == 'text' and one['text'] and not re.search(r'[\n\t]| {5}', one['text']),
                     "Param text cannot have new-line/tab characters", 132012)
        need(not given, "Unknown component")

    def tell_templates(self, asked, number):
        need(number == BUSINESS, "Object does not exist")
        need('name' in asked.query['fields'] and 'components' in asked.query['fields'], "fields")
        start = int(asked.query.get('after') or 0)
        told = {'data': self.templates[start:start + self.page]}
        if start + self.page < len(self.templates):
            told['paging'] = {'cursors': {'before': 'x', 'after': str(start + self.page)},
                              'next': 'https://graph.facebook.com/next?access_token=secret'}
        else:
            told['paging'] = {'cursors': {'before': 'x', 'after': 'end'}}
        return Reply(200, told)

    def _check_media(self, told):
        need(('id' in told) != ('link' in told), "One of id and link")
        need('link' in told or told['id'] in self.uploads, "Media upload error", 131053)

    def take_upload(self, asked, account):
        need(account == self.account, "Object does not exist", 100)
        form = asked.form
        need(form['messaging_product'][0] == 'whatsapp', "messaging_product is required")
        content, name, mimetype = form['file']
        need(isinstance(content, bytes) and form['type'][0] == mimetype, "file and type")
        number = self.next_id('77')
        self.uploads[number] = (content, name, mimetype)
        return Reply(200, {'id': number})

    def tell(self, asked, number):
        if number == self.account:
            return Reply(200, {'id': number, 'verified_name': "Desk"})
        need(number in self.media, "Unsupported get request. Object does not exist")
        content, mimetype = self.media[number]
        return Reply(200, {
            'messaging_product': 'whatsapp', 'mime_type': mimetype, 'file_size': len(content), 'id': number,
            'url': self.media_url or f'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={number}&ext=1'})

    def connect(self, asked, number):
        need(number == self.account, "Object does not exist")
        told = asked.json['webhook_configuration']
        need(told['override_callback_uri'].startswith('https://'), "override_callback_uri")
        self.callback = told['override_callback_uri'], told['verify_token']
        return Reply(200, {'success': True})

    def give_media(self, asked):
        found = self.media.get(asked.query.get('mid'))
        return Reply(200, found[0], {'Content-Type': found[1]}) if found else Reply(404)

    # ------------------------------------------------------------
    # calls to us
    # ------------------------------------------------------------
    def call(self, *values, account=None, field='messages'):
        """Return ``(headers, body)`` of one call that tells all ``values`` (dicts), one entry each."""
        metadata = {'display_phone_number': '15550783881', 'phone_number_id': account or self.account}
        return self.signed({'object': 'whatsapp_business_account', 'entry': [
            {'id': BUSINESS, 'changes': [{
                'field': field, 'value': {'messaging_product': 'whatsapp', 'metadata': metadata, **value}}]}
            for value in values]})

    def message(self, text='', sender=PEER, name="Sheena Nelson", service_id='', at=None, **more):
        """Return the value that tells a message of a customer; ``more``: of another type than text."""
        message = {'from': sender, 'id': service_id or self.next_id('wamid.IN'),
                   'timestamp': str(at or self.now()), 'type': 'text', 'text': {'body': text}}
        if more:
            message = {**{key: message[key] for key in ('from', 'id', 'timestamp')}, **more}
            if text:
                message.update({'type': 'text', 'text': {'body': text}})
        return {'contacts': [{'profile': {'name': name}, 'wa_id': sender}], 'messages': [message]}

    def status(self, service_id, state, at=None, code=0, to=PEER, key=''):
        """Return the value that tells what became of a message of ours."""
        told = {'id': service_id, 'status': state, 'timestamp': str(at or self.now()), 'recipient_id': to}
        if key:
            told['biz_opaque_callback_data'] = key
        if code:
            told['errors'] = [{'code': code, 'title': "Title", 'message': "Message",
                               'error_data': {'details': "Details of it"}}]
        return {'statuses': [told]}


def template(name='ticket_update', language='en_US', body="Hello {{1}}, there is news on {{2}}.", status='APPROVED',
             **more):
    """Return a template as Meta tells it; ``more``: further keys; ``parts``: further components."""
    parts = more.pop('parts', [])
    return {'id': f'9{abs(hash((name, language))) % 10**9}', 'name': name, 'language': language, 'status': status,
            'category': 'UTILITY', 'components': [{'type': 'BODY', 'text': body}, *parts], **more}
