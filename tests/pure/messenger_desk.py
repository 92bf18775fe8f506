"""What the tests of the messengers' adapters share: the fakes, and a caller that does what an adapter says."""
import http.client
import pathlib
import sys
import types
import urllib.parse

# The package's own __init__ imports tests that need Odoo.
package = types.ModuleType('helpdesk_messenger.tests')
package.__path__ = [str(pathlib.Path(__file__).parents[2] / 'helpdesk_messenger/tests')]
sys.modules.setdefault(package.__name__, package)


def ask(service, call):
    """Make one call; return ``(status, headers, body)`` of the answer. Nothing goes anywhere but to ``service``."""
    url = service.led(call.url)
    assert url != call.url, f"{call.url} does not lead to the service"
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=10)
    try:
        path = parts.path + (f'?{parts.query}' if parts.query else '')
        connection.request(call.method, path, call.body, call.headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def deliver(adapter, service, calls):
    """Make ``calls`` as the engine does; return what became of each (list of Sent)."""
    found = []
    for call in calls:
        said = adapter.sent(*ask(service, call))
        if said.ok and call.then:
            said = adapter.sent(*ask(service, call.following(said.service_id)))
        found.append(said)
    return found


def download(adapter, service, credentials, reference):
    """Return the file (bytes) that ``reference`` stands for."""
    call = adapter.fetch(credentials, reference)
    if call.then:
        said = adapter.sent(*ask(service, call))
        assert said.ok, said.reason
        call = call.following(said.service_id)
    status, _headers, body = ask(service, call)
    assert status == 200
    return body


def texts(received):
    """Return every text in what was read, to look at what a database has to take."""
    found = []
    for one in (*received.messages, *received.receipts, *(file for said in received.messages for file in said.files)):
        found += [value for value in vars(one).values() if isinstance(value, str)]
    return found
