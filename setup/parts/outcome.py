"""What came of a lane of tests, and how that is told."""
import dataclasses
import re
import xml.etree.ElementTree

from . import logs

SUMMARY = re.compile(r'(\d+) failed, (\d+) error\(s\) of (\d+) tests')
SKIP = re.compile(r' INFO \S+ odoo\.\S+: skipped ')
VERDICT = re.compile(r' (FAIL|ERROR): (setUpClass \()?[\w.]+')
HEAD = re.compile(r'^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ')


@dataclasses.dataclass
class Outcome:
    """The result of one job."""
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    details: str = ''

    def fail(self, text):
        """Count one more failure, with its reason."""
        self.failed += 1
        self.details += text.rstrip() + '\n'

    def row(self):
        """Its line in the summary."""
        word = 'FAILED' if self.failed else 'ok'
        return f'{self.name:32} {self.passed:6} {self.failed:6} {self.skipped:7} {self.seconds:7.0f} s  {word}'


def from_odoo(outcome, lines):
    """Read the log of Odoo's own runner."""
    found = [match for match in map(SUMMARY.search, lines) if match]
    failed = sum(int(match[1]) + int(match[2]) for match in found[-1:])
    total = sum(int(match[3]) for match in found[-1:])
    outcome.skipped = sum(bool(SKIP.search(line)) for line in lines)
    outcome.failed += failed
    outcome.passed = max(total - failed - outcome.skipped, 0)
    outcome.details += ''.join(failures(lines))
    if not total:
        outcome.fail('No test ran, though there is a folder of tests: is each file imported in tests/__init__.py?')
    warned = [line for line in logs.problems(lines) if not VERDICT.search(line) and not SUMMARY.search(line)]
    if warned:
        outcome.fail('Logged during the tests:\n' + '\n'.join(warned[:20]))


def failures(lines):
    """The failures in a log, each with its traceback."""
    taking = False
    for line in lines:
        if HEAD.match(line):
            taking = bool(VERDICT.search(line)) or ' CRITICAL ' in line
        if taking:
            yield line


def from_junit(outcome, path):
    """Read the report of pytest."""
    root = xml.etree.ElementTree.parse(path).getroot()
    suites = root.findall('.//testsuite')
    total = sum(int(suite.get('tests', 0)) for suite in suites)
    failed = sum(int(suite.get('failures', 0)) + int(suite.get('errors', 0)) for suite in suites)
    outcome.skipped = sum(int(suite.get('skipped', 0)) for suite in suites)
    outcome.failed += failed
    outcome.passed = max(total - failed - outcome.skipped, 0)


def closing(outcomes):
    """The summary: a table, and the plain line at the end."""
    head = f'{"lane":32} {"passed":>6} {"failed":>6} {"skipped":>7} {"time":>9}'
    passed, failed, skipped = (sum(getattr(outcome, name) for outcome in outcomes)
                               for name in ('passed', 'failed', 'skipped'))
    tail = f', {skipped} skipped' if skipped else ''
    return '\n'.join(['', head, *[outcome.row() for outcome in outcomes], '',
                      f'{passed} passed, {failed} failed{tail}'])
