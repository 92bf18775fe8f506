"""Odoo's JSON-2 interface, as one user with an API key."""
import json
import urllib.error
import urllib.request


class Refused(Exception):
    """Odoo answered with an error."""

    def __init__(self, status, told):
        super().__init__(f'{status}: {told}')
        self.status = status
        self.told = told


class Client:
    """Calls methods of models."""

    def __init__(self, port, key):
        self.address = f'http://127.0.0.1:{port}/json/2'
        self.key = key
        self.timeout = 120

    def call(self, model, method, ids=None, **arguments):
        """Call a method; ``ids`` names the records it works on."""
        if ids is not None:
            arguments['ids'] = [ids] if isinstance(ids, int) else list(ids)
        request = urllib.request.Request(
            f'{self.address}/{model}/{method}', json.dumps(arguments).encode(),
            {'Content-Type': 'application/json', 'Authorization': f'bearer {self.key}'})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors='replace')
            try:
                told = json.loads(text).get('message', text)
            except ValueError:
                told = text[:500]
            raise Refused(error.code, told) from None

    def find(self, model, domain, *fields, order='id', limit=None):
        """The records of a domain, as dictionaries."""
        return self.call(model, 'search_read', domain=domain, fields=list(fields), order=order,
                         **({'limit': limit} if limit else {}))

    def one(self, model, domain, *fields):
        """The only record of a domain."""
        found = self.find(model, domain, *fields)
        assert len(found) == 1, f'{len(found)} records of {model} for {domain}, not one: {found[:3]}'
        return found[0]

    def count(self, model, domain=()):
        """How many records."""
        return self.call(model, 'search_count', domain=list(domain))
