"""The outgoing sink: keeps every mail it is given as one .eml file and shows them on a page.

Runs in the managed environment: ``python sink.py --smtp-port 1025 --page-port 8025 --folder FOLDER``.
"""
import argparse
import base64
import email.policy
import email.utils
import html
import http.server
import itertools
import os
import pathlib
import re
import signal
import threading
import time
import urllib.parse

from aiosmtpd.controller import Controller

LIMIT = 64 * 2**20
SHOWN = 300
NAME = re.compile(r'\d{8}-\d{6}-[\w-]+\.eml')
LOCKED = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'"
STYLE = '''
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .35rem .8rem .35rem 0;
border-bottom: 1px solid #ddd; vertical-align: top } th { color: #666; font-weight: normal; white-space: nowrap }
a { color: #714b67 } pre { white-space: pre-wrap; background: #f6f6f6; padding: 1rem; border-radius: 4px }
iframe { width: 100%; height: 34rem; border: 1px solid #ddd; border-radius: 4px } h1 { font-size: 1.3rem }
'''


class Keeper:
    """Writes each received mail to a file, as it came, under the two lines a delivery agent adds."""

    def __init__(self, folder):
        self.folder = folder
        self.counter = itertools.count(1)

    async def handle_DATA(self, _server, _session, envelope):
        """Keep one mail; it is whole or not there at all."""
        moment = time.time()
        name = time.strftime('%Y%m%d-%H%M%S', time.gmtime(moment)) + f'-{moment % 1 * 1e6:06.0f}'
        name += f'-{os.getpid()}-{next(self.counter)}.eml'
        head = f'Return-Path: <{envelope.mail_from}>\r\n'
        head += ''.join(f'Delivered-To: {address}\r\n' for address in envelope.rcpt_tos)
        temporary = self.folder / f'.{name}'
        temporary.write_bytes(head.encode('utf-8', 'surrogateescape') + envelope.original_content)
        temporary.rename(self.folder / name)
        return '250 kept as ' + name


def read(path):
    """The mail of a file."""
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def header(message, name):
    """A header as text, whatever state it is in."""
    try:
        return str(message.get(name) or '')
    except Exception:  # a broken header must not hide the others
        return '(unreadable)'


def heading(path):
    """The headers of a file, without reading a large body."""
    with path.open('rb') as stream:
        head = b''.join(itertools.takewhile(lambda line: line.strip(), itertools.islice(stream, 2000)))
    return email.message_from_bytes(head + b'\r\n', policy=email.policy.default)


def text_of(part):
    """The text of a part, whatever its charset claims to be."""
    data = part.get_payload(decode=True) or b''
    try:
        return data.decode(part.get_content_charset() or 'utf-8', 'replace')
    except LookupError:
        return data.decode('utf-8', 'replace')


def parts(message):
    """The parts that are no containers, numbered."""
    return [part for part in message.walk() if not part.is_multipart()]


def body(message, kind):
    """The first text of a kind ('plain' or 'html') that is no attachment, or None."""
    for part in parts(message):
        if part.get_content_type() == f'text/{kind}' and part.get_content_disposition() != 'attachment':
            return text_of(part)
    return None


def page(title, content):
    """A whole page."""
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f'<style>{STYLE}</style><h1>{html.escape(title)}</h1>{content}</html>')


def rows(pairs):
    """A table of names and values."""
    return '<table>' + ''.join(f'<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
                               for name, value in pairs) + '</table>'


def listing(folder):
    """The page of all mails, newest first."""
    names = sorted((path.name for path in folder.glob('*.eml') if NAME.fullmatch(path.name)), reverse=True)
    lines = []
    for name in names[:SHOWN]:
        mail = heading(folder / name)
        kept = time.strftime('%Y-%m-%d %H:%M:%S UTC', time.strptime(name[:15], '%Y%m%d-%H%M%S'))
        cells = [kept, header(mail, 'From'), ', '.join(mail.get_all('Delivered-To', []))]
        subject = html.escape(header(mail, 'Subject') or '(no subject)')
        lines.append(f'<tr><td><a href="/mail/{name}">{subject}</a></td>'
                     + ''.join(f'<td>{html.escape(cell)}</td>' for cell in cells) + '</tr>')
    head = '<tr><th>Subject</th><th>Kept at</th><th>From</th><th>Delivered to</th></tr>'
    more = f'<p>The newest {SHOWN} are shown; all are in {html.escape(str(folder))}.</p>' if len(names) > SHOWN else ''
    return page(f'Sent mail ({len(names)})', f'<table>{head}{"".join(lines)}</table>{more}')


def detail(name, message):
    """The page of one mail."""
    fields = [(field, header(message, field)) for field in ('Subject', 'From', 'To', 'Cc', 'Reply-To', 'Date',
                                                            'Message-Id', 'In-Reply-To', 'References')]
    fields.append(('Delivered to', ', '.join(message.get_all('Delivered-To', []))))
    content = ['<p><a href="/">All mails</a> · '
               f'<a href="/raw/{name}">Source</a></p>', rows([pair for pair in fields if pair[1]])]
    files = [f'<li><a href="/part/{name}/{number}">{html.escape(part.get_filename() or part.get_content_type())}</a>'
             f' ({len(part.get_payload(decode=True) or b"")} bytes)</li>'
             for number, part in enumerate(parts(message))
             if part.get_filename() or part.get_content_maintype() != 'text']
    if files:
        content.append(f'<h1>Attachments</h1><ul>{"".join(files)}</ul>')
    if body(message, 'html') is not None:
        content.append(f'<h1>HTML</h1><iframe sandbox src="/html/{name}"></iframe>')
    if body(message, 'plain') is not None:
        content.append(f'<h1>Text</h1><pre>{html.escape(body(message, "plain"))}</pre>')
    return page(header(message, 'Subject') or '(no subject)', ''.join(content))


def inlined(message):
    """The HTML body with the mail's own images in it."""
    text = body(message, 'html') or ''
    for part in parts(message):
        mark = str(part.get('Content-ID') or '').strip('<> ')
        if mark and part.get_content_maintype() == 'image':
            data = base64.b64encode(part.get_payload(decode=True) or b'').decode()
            text = text.replace(f'cid:{mark}', f'data:{part.get_content_type()};base64,{data}')
    return text


class Page(http.server.BaseHTTPRequestHandler):
    """Shows what the folder holds; nothing of a mail is trusted."""

    folder = None

    def do_GET(self):
        """Answer a request."""
        words = urllib.parse.unquote(self.path.partition('?')[0]).strip('/').split('/')
        if words == ['']:
            return self.answer(listing(self.folder))
        kind, name, number = [*words, '', '', ''][:3]
        path = self.folder / name
        if not NAME.fullmatch(name) or not path.is_file():
            return self.answer(page('There is no such mail', '<p><a href="/">All mails</a></p>'), status=404)
        if kind == 'raw':
            return self.answer(path.read_bytes(), 'text/plain; charset=utf-8')
        message = read(path)
        if kind == 'html':
            return self.answer(inlined(message), policy=f'sandbox; {LOCKED}')
        if kind == 'part' and number.isdigit() and int(number) < len(parts(message)):
            part = parts(message)[int(number)]
            return self.answer(part.get_payload(decode=True) or b'', 'application/octet-stream',
                               file=part.get_filename() or 'part')
        return self.answer(detail(name, message), policy=f"{LOCKED}; frame-src 'self'")

    def answer(self, content, kind='text/html; charset=utf-8', status=200, policy=LOCKED, file=None):
        """Send a page or a file."""
        data = content if isinstance(content, bytes) else content.encode('utf-8', 'replace')
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data)))
        self.send_header('Content-Security-Policy', policy)
        self.send_header('X-Content-Type-Options', 'nosniff')
        self.send_header('Referrer-Policy', 'no-referrer')
        if file:
            self.send_header('Content-Disposition', f"attachment; filename*=UTF-8''{urllib.parse.quote(file, safe='')}")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """No line for each request."""


def serve(folder, smtp_port, page_port):
    """Start both servers; return what stops them."""
    folder.mkdir(parents=True, exist_ok=True)
    mail = Controller(Keeper(folder), hostname='127.0.0.1', port=smtp_port, data_size_limit=LIMIT,
                      enable_SMTPUTF8=True)
    mail.start()
    handler = type('FolderPage', (Page,), {'folder': folder})
    web = http.server.ThreadingHTTPServer(('127.0.0.1', page_port), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return lambda: (mail.stop(), web.shutdown())


def command():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--smtp-port', type=int, default=1025)
    parser.add_argument('--page-port', type=int, default=8025)
    parser.add_argument('--folder', type=pathlib.Path, required=True)
    chosen = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stop = serve(chosen.folder, chosen.smtp_port, chosen.page_port)
    stopped.wait()
    stop()


if __name__ == '__main__':
    command()
