"""Messenger and Instagram as they are documented, as far as a desk uses them."""
from .fake_meta import FakeMeta, Refused, need
from .fakes import Reply

PEER = '7001234567890123'
VERSION = r'/v\d+\.\d'


class FakeMessenger(FakeMeta):
    """``closed``: people whose 24 hours are over; ``names``: what people are called; ``pictures``: what lies at the
    addresses of files (``{path: (content, MIME type)}``); ``fields``: what the page tells our app."""
    kind, platform = 'page', None
    text_limit, outside = 2000, 2018278
    length = staticmethod(len)
    hosts = ('graph.facebook.com', 'scontent.xx.fbcdn.net')
    routes = (
        ('POST', VERSION + r'/me/messages', 'take_message'),
        ('POST', VERSION + r'/me/message_attachments', 'take_upload'),
        ('POST', VERSION + r'/me/subscribed_apps', 'subscribe'),
        ('GET', VERSION + r'/(\d+)', 'tell'),
    )

    def __init__(self, handler=None):
        super().__init__(handler)
        self.closed, self.names, self.pictures, self.fields = set(), {PEER: "Pat Page"}, {}, []

    def answer(self, asked):
        if asked.path in self.pictures:  # open to everybody who knows the address
            content, mimetype = self.pictures[asked.path]
            need('authorization' not in asked.headers, "a secret was sent to the file server")
            return Reply(200, content, {'Content-Type': mimetype})
        return super().answer(asked)

    def take_message(self, asked):
        told = asked.json
        to, message = told['recipient']['id'], told['message']
        human = told['messaging_type'] == 'MESSAGE_TAG' and told.get('tag') == 'HUMAN_AGENT'
        need(human or told['messaging_type'] == 'RESPONSE', "messaging_type")
        need(('text' in message) != ('attachment' in message), "text or attachment")
        if 'text' in message:
            need(0 < self.length(message['text']) <= self.text_limit, "Length of param message[text]")
        else:
            need(message['attachment']['payload']['attachment_id'] in self.uploads, "No such attachment")
        if to in self.closed and not human:
            raise Refused(10, "This message is sent outside of allowed window.", subcode=self.outside)
        if to not in self.names:
            raise Refused(100, "No matching user found", subcode=2018001)
        message = {'id': self.next_id('m_OUT'), **told}
        self.accepted.append(message)
        return Reply(200, {'recipient_id': to, 'message_id': message['id']})

    def take_upload(self, asked):
        form = asked.form
        content, name, mimetype = form['filedata']
        need(isinstance(content, bytes) and '"attachment"' in form['message'][0], "filedata and message")
        need((form.get('platform') or [None])[0] == self.platform, "platform")
        number = self.next_id('88')
        self.uploads[number] = (content, name, mimetype)
        return Reply(200, {'attachment_id': number})

    def subscribe(self, asked):
        self.fields = asked.json['subscribed_fields']
        return Reply(200, {'success': True})

    def tell(self, asked, number):
        if number == self.account:
            return Reply(200, {'id': number, 'name': "Desk"})
        need(number in self.names, "Object does not exist")
        return Reply(200, {'id': number, 'name': self.names[number]})

    # ------------------------------------------------------------
    # calls to us
    # ------------------------------------------------------------
    def call(self, *events, account=None):
        """Return ``(headers, body)`` of one call that tells all ``events`` (dicts), one entry each."""
        account = account or self.account
        return self.signed({'object': self.kind, 'entry': [
            {'id': account, 'time': self.now() * 1000, 'messaging': [
                {'sender': {'id': PEER}, 'recipient': {'id': account}, 'timestamp': self.now() * 1000, **event}]}
            for event in events]})

    def message(self, text='', sender=PEER, service_id='', at=None, **more):
        """Return the event of a message of a customer."""
        return {'sender': {'id': sender}, 'timestamp': (at or self.now()) * 1000, 'message': {
            'mid': service_id or self.next_id('m_IN'), **({'text': text} if text else {}), **more}}

    def delivered(self, *service_ids):
        """Return the event that messages of ours have arrived."""
        return {'delivery': {'mids': list(service_ids), 'watermark': self.now() * 1000}}

    def read(self, service_id=''):
        """Return the event that a message was read; Messenger names no message, Instagram does."""
        return {'read': {'watermark': self.now() * 1000}}


class FakeInstagram(FakeMessenger):
    kind, platform = 'instagram', 'instagram'
    account = '17841405822304914'
    text_limit, outside = 1000, 2534022

    @staticmethod
    def length(text):
        return len(text.encode())

    def read(self, service_id=''):
        return {'read': {'mid': service_id}}
