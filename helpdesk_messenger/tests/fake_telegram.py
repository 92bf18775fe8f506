"""Telegram as it is documented: https://core.telegram.org/bots/api."""
import json
import re
import urllib.parse

from .fakes import FakeService, Reply

TOKEN = '123456:telegram-token'


class FakeTelegram(FakeService):
    """A bot's side of Telegram: checks token and payload, gives out numbers, keeps ``files`` ({id: bytes})."""
    hosts = ('api.telegram.org',)

    def __init__(self):
        super().__init__()
        self.files, self.number, self.webhook = {}, 100, {}

    def answer(self, asked):
        path = urllib.parse.unquote(asked.path)
        if path.startswith(f'/file/bot{TOKEN}/'):
            content = self.files.get(path.rpartition('/')[2])
            return Reply(404) if content is None else Reply(200, content)
        found = re.fullmatch(r'/bot([^/]+)/(\w+)', path)
        if not found or found[1] != TOKEN:
            return refusal(401, "Unauthorized")
        return getattr(self, found[2], self.unknown)(asked)

    def unknown(self, asked):
        return refusal(404, "Not Found")

    def setWebhook(self, asked):
        self.webhook = asked.json
        if not self.webhook['url'].startswith('https://'):
            return refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        return Reply(200, {'ok': True, 'result': True})

    def sendMessage(self, asked):
        values = asked.json
        if not values.get('text') or len(values['text']) > 4096:
            return refusal(400, "Bad Request: message is too long")
        return self._taken(values['chat_id'])

    def sendDocument(self, asked):
        boundary = asked.headers['content-type'].partition('boundary=')[2].encode()
        parts = asked.body.split(b'--' + boundary)
        names = [re.search(rb'name="(\w+)"', part)[1] for part in parts if b'name=' in part]
        assert names[-1] == b'document', names
        chat = next(part for part in parts if b'name="chat_id"' in part).split(b'\r\n\r\n')[1].strip()
        return self._taken(chat.decode())

    def getFile(self, asked):
        name = asked.json['file_id']
        if name not in self.files:
            return refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return Reply(200, {'ok': True, 'result': {'file_id': name, 'file_path': f'documents/{name}'}})

    def _taken(self, chat):
        self.number += 1
        return Reply(200, {'ok': True, 'result': {
            'message_id': self.number, 'chat': {'id': int(chat), 'type': 'private'}, 'date': 1772614800}})


def refusal(code, description, **more):
    return Reply(code, {'ok': False, 'error_code': code, 'description': description, **more})


def update(number, chat, text='', kind='message', at=1772614800, **more):
    """Return the JSON (bytes) of an update: message ``number`` of a private chat."""
    message = {
        'message_id': number, 'date': at, 'chat': {'id': chat, 'type': 'private'},
        'from': {'id': chat, 'is_bot': False, 'first_name': f"Person {chat}"},
        **({'text': text} if text else {}), **more}
    return json.dumps({'update_id': 10_000 + number, kind: message}).encode()
