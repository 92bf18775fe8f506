"""What Meta's services have in common, for the tests: the key of the caller, errors, signed calls."""
import hashlib
import hmac
import json
import re
import time

from .fakes import FakeService, Reply

TOKEN = 'EAAGtoken-of-the-tests'
APP_SECRET = 'secret-of-the-app'
VERIFY_TOKEN = 'word-between-us'


class Refused(Exception):
    """The request is answered with an error of the Graph API."""

    def __init__(self, code, message, status=400, subcode=None, headers=None):
        super().__init__(message)
        self.reply = fault(code, message, status, subcode, headers)


def fault(code, message='', status=400, subcode=None, headers=None, details=None):
    """Return the :class:`Reply` of an error as the Graph API gives it."""
    error = {'message': f'(#{code}) {message}', 'type': 'OAuthException', 'code': code, 'fbtrace_id': 'AbCdEf'}
    if subcode:
        error['error_subcode'] = subcode
    if details:
        error['error_data'] = {'messaging_product': 'whatsapp', 'details': details}
    return Reply(status, {'error': error}, headers or {})


def need(condition, message, code=100, status=400):
    """Refuse a request that is not as it must be."""
    if not condition:
        raise Refused(code, message, status)


class FakeMeta(FakeService):
    """``account``: whose messages these are. ``accepted``: the messages that were taken (list of dicts with ``id``).

    Fakes write ``routes``: rows of a method, a pattern of the path below the version, and the name of what answers.
    """
    hosts = ('graph.facebook.com',)
    routes = ()
    account = '106540352242922'

    def __init__(self, handler=None):
        super().__init__(handler)
        self.accepted, self.uploads, self.number = [], {}, 0

    @property
    def credentials(self):
        """The settings of a channel that goes with this service."""
        return {'token': TOKEN, 'app_secret': APP_SECRET, 'verify_token': VERIFY_TOKEN, 'account': self.account}

    def answer(self, asked):
        try:
            for method, pattern, name in self.routes:
                found = re.fullmatch(pattern, asked.path)
                if asked.method == method and found:
                    known = asked.headers.get('authorization') == f'Bearer {TOKEN}'
                    need(known, "Invalid OAuth access token.", 190, 401)
                    return getattr(self, name)(asked, *found.groups())
            raise Refused(100, f"Unsupported request: {asked.method} {asked.path}")
        except Refused as refused:
            return refused.reply

    def next_id(self, beginning):
        self.number += 1
        return f'{beginning}{self.number}'

    def signed(self, payload, secret=APP_SECRET):
        """Return ``(headers, body)`` of a call as Meta makes it."""
        body = json.dumps(payload).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {'content-type': 'application/json', 'x-hub-signature-256': f'sha256={signature}'}, body

    @staticmethod
    def now():
        return int(time.time())
