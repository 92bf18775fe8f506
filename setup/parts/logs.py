"""Reading Odoo's log: how far an installation is, and what should not be in it."""
import re

LINE = re.compile(r'^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>\S+?): (?P<text>.*)')
LOADING = re.compile(r'Loading module (?P<name>\w+) \((?P<number>\d+)/(?P<total>\d+)\)')
LAST_WORD = re.compile(r'^[\w.]+(Error|Exception|Failed)\b')
BAD = ('WARNING', 'ERROR', 'CRITICAL')


class Progress:
    """How far an installation is, fed with its log lines."""

    def __init__(self):
        self.word = 'starting'

    def feed(self, line):
        """Take a line of the log."""
        found = LOADING.search(line)
        if found and int(found['total']) > 1:
            self.word = f'module {found["number"]} of {found["total"]}: {found["name"]}'

    def __call__(self):
        return self.word


def problems(lines, ours=('helpdesk',)):
    """The warnings and errors that are ours: from our loggers, or from Odoo's but about our modules."""
    found = []
    for line in lines:
        match = LINE.match(line)
        if not match or match['level'] not in BAD:
            continue
        about = match['logger'] + ' ' + match['text']
        if any(f'odoo.addons.{name}' in about or f'{name}_' in about or f'{name}.' in about for name in ours):
            found.append(line.rstrip())
    return found


def errors(lines):
    """The lines that tell why Odoo failed: errors, and the last words of a traceback."""
    found = []
    for line in lines:
        match = LINE.match(line)
        if (match and match['level'] in ('ERROR', 'CRITICAL')) or LAST_WORD.match(line):
            found.append(line.rstrip())
    return found
