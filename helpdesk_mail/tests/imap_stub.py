"""An IMAP server of a few commands (RFC 3501), on a loopback port, that makes the trouble it is told to (F8)."""
import re
import socketserver
import threading

GREETING = b'* OK stub\r\n'
#: what it does instead of an answer, or with it
CUT = 'closes the connection instead'
HALF = 'closes the connection in the middle of the answer'
SHORT = 'sends less than it announced, and waits'
SILENT = 'says nothing more'
REFUSE = 'answers NO'
BAD = 'answers BAD'
CUT_AFTER = 'does it, answers, and closes the connection'


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that went away is what is tested."""


class ImapStub:
    """One mailbox. ``trouble`` maps a command ('LOGIN', 'SELECT', 'BODY 2', 'STORE 1') to one of the above."""

    def __init__(self, *mails):
        self.mails, self.seen, self.validity = list(mails), set(), 1
        self.trouble, self.commands = {}, []
        self.over = threading.Event()
        self.server = Server(('127.0.0.1', 0), self._handler())
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
        self.thread.start()

    def stop(self):
        """End it, whoever is still connected."""
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def renumber(self):
        """The mailbox was made anew: other numbers, in another order, and nobody knows what was read (UIDVALIDITY)."""
        self.validity += 1
        self.mails.reverse()
        self.seen.clear()

    def _handler(self):
        stub = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(GREETING)
                for line in self.rfile:
                    tag, _space, words = line.strip().partition(b' ')
                    if not self.answer(tag, words.decode()):
                        return

            def answer(self, tag, words):
                """Answer one command; return whether the connection goes on."""
                name = command_name(words)
                stub.commands.append(name)
                trouble = stub.trouble.get(name)
                if trouble == SILENT:
                    stub.over.wait(30)
                if trouble in (SILENT, CUT):
                    return False
                if trouble in (REFUSE, BAD):
                    self.wfile.write(tag + (b' NO' if trouble == REFUSE else b' BAD') + b' not now\r\n')
                    return True
                told = stub.do(name)
                if trouble in (HALF, SHORT):
                    told = told[:len(told) // 2]
                    if trouble == HALF:
                        self.wfile.write(told)
                        return False
                self.wfile.write(told + tag + b' OK done\r\n')
                return trouble != CUT_AFTER and name != 'LOGOUT'
        return Handler

    def do(self, name):
        """Do what a command says; return its untagged answer."""
        verb, _space, number = name.partition(' ')
        work = getattr(self, f'_do_{verb.lower()}', None)
        return work(int(number) if number else None) if work else b''

    def _do_capability(self, _number):
        return b'* CAPABILITY IMAP4rev1\r\n'

    def _do_select(self, _number):
        return b'* %d EXISTS\r\n* OK [UIDVALIDITY %d] numbers\r\n' % (len(self.mails), self.validity)

    def _do_search(self, _number):
        unseen = [number for number, raw in enumerate(self.mails, 1) if raw not in self.seen]
        return b'* SEARCH ' + b' '.join(b'%d' % number for number in unseen) + b'\r\n'

    def _do_size(self, number):
        return b'* %d FETCH (RFC822.SIZE %d)\r\n' % (number, len(self.mails[number - 1]))

    def _do_body(self, number):
        raw = self.mails[number - 1]
        return b'* %d FETCH (BODY[] {%d}\r\n%s)\r\n' % (number, len(raw), raw)

    def _do_store(self, number):
        self.seen.add(self.mails[number - 1])
        return b'* %d FETCH (FLAGS (\\Seen))\r\n' % number

    def _do_logout(self, _number):
        return b'* BYE\r\n'


def command_name(words):
    """Return a command's short name: 'BODY 2' for 'FETCH 2 (BODY.PEEK[])', 'STORE 2' where it marks as read."""
    found = re.match(r'FETCH (\d+) \((?:RFC822\.)?(SIZE|BODY)', words)
    if found:
        return f'{found[2]} {found[1]}'
    verb, number = re.match(r'(\w+)(?: (\d+))?', words).groups()
    return f'{verb} {number}' if verb == 'STORE' else verb
