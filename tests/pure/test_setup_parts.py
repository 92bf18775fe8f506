"""The decisions of setup/ that need no machine to be tried on."""
import email.policy

import pytest
from parts import lanes, logs, outcome, sink, source

PRINTED = """\
'http://mirror.test/debian-security/dists/bookworm-security/InRelease' mirror.test_x_InRelease 0
'http://mirror.test/debian/dists/bookworm-updates/InRelease' mirror.test_y_InRelease 0
'http://mirror.test/debian/dists/bookworm/InRelease' mirror.test_z_InRelease 0
"""
INFO = '2026-01-02 03:04:05,678 99 INFO db odoo.modules.loading: Loading module helpdesk_core (12/40) '
OURS = '2026-01-02 03:04:05,678 99 WARNING db odoo.addons.helpdesk_core.models.x: something'
ABOUT = "2026-01-02 03:04:05,678 99 WARNING db odoo.fields: Field helpdesk.ticket.x: unknown parameter 'y'"
CORE = '2026-01-02 03:04:05,678 99 WARNING db odoo.addons.iap.tools: no network'


@pytest.mark.parametrize(('listing', 'codename', 'expected'), [
    (PRINTED, 'bookworm', 'http://mirror.test/debian'),
    (PRINTED.replace('debian/dists', 'deb/dists'), 'bookworm', 'http://mirror.test/deb'),
    (PRINTED.replace('dists/bookworm/', 'dists/stable/'), 'bookworm', 'http://mirror.test/debian'),
    ("'https://deb.test/node/dists/nodistro/InRelease' x 0\n" + PRINTED, 'bookworm', 'http://mirror.test/debian'),
    ("'http://mirror.test/ubuntu/dists/noble/InRelease' x 0\n", 'bookworm', None),
    ('', 'bookworm', None),
])
def test_mirror_is_found_among_what_apt_prints(listing, codename, expected):
    assert source.mirror(listing, codename) == expected


def test_only_warnings_that_are_ours_are_problems():
    assert logs.problems([INFO, OURS, ABOUT, CORE, 'Traceback (most recent call last):']) == [OURS, ABOUT]


def test_progress_names_the_module():
    progress = logs.Progress()
    progress.feed('anything')
    assert progress() == 'starting'
    progress.feed(INFO)
    assert progress() == 'module 12 of 40: helpdesk_core'


def test_last_word_of_a_traceback_is_an_error():
    assert logs.errors([INFO, 'Traceback', '  File', 'psycopg2.errors.UndefinedError: x']) == [
        'psycopg2.errors.UndefinedError: x']


def log_of(*lines):
    return [f'2026-01-02 03:04:05,678 99 {line}\n' for line in lines]


def test_odoo_runner_is_counted():
    result = outcome.Outcome('x')
    outcome.from_odoo(result, log_of(
        'INFO db odoo.addons.m.tests.t: Starting T.test_a ...',
        'INFO db odoo.addons.m.tests.t: skipped T.test_b : no browser',
        'INFO db odoo.tests.result: 0 failed, 0 error(s) of 3 tests when loading database \'db\''))
    assert (result.passed, result.failed, result.skipped) == (2, 0, 1)


def test_failures_are_shown_with_their_traceback():
    result = outcome.Outcome('x')
    outcome.from_odoo(result, [
        *log_of('ERROR db odoo.addons.helpdesk_core.tests.t: FAIL: T.test_a'),
        'Traceback\n', 'AssertionError: 1 != 2\n',
        *log_of('INFO db odoo.addons.helpdesk_core.tests.t: Starting T.test_b ...',
                "ERROR db odoo.tests.result: 1 failed, 0 error(s) of 2 tests when loading database 'db'")])
    assert (result.passed, result.failed) == (1, 1)
    assert 'AssertionError: 1 != 2' in result.details
    assert 'Starting' not in result.details


def test_a_warning_of_ours_fails_the_lane():
    result = outcome.Outcome('x')
    outcome.from_odoo(result, [OURS + '\n', *log_of('INFO db odoo.tests.result: 0 failed, 0 error(s) of 3 tests')])
    assert (result.passed, result.failed) == (3, 1)


def test_no_test_at_all_fails_the_lane():
    result = outcome.Outcome('x')
    outcome.from_odoo(result, log_of('INFO db odoo.tests.result: 0 failed, 0 error(s) of 0 tests'))
    assert result.failed == 1


def test_closing_line_is_plain():
    text = outcome.closing([outcome.Outcome('a', passed=3), outcome.Outcome('b', failed=1, passed=2)])
    assert text.splitlines()[-1] == '5 passed, 1 failed'
    text = outcome.closing([outcome.Outcome('a', passed=3, skipped=2)])
    assert text.splitlines()[-1] == '3 passed, 0 failed, 2 skipped'


def test_paths_and_options_are_told_apart(monkeypatch):
    monkeypatch.chdir(lanes.ROOT)
    assert lanes.split(['tests/pure', '-k', 'freeze', 'setup/run::x']) == (['tests/pure', 'setup/run::x'],
                                                                           ['-k', 'freeze'])
    assert [job.name for job in lanes.jobs(['tests/pure'])] == ['pure']
    assert [job.name for job in lanes.jobs(['tests/pure/conftest.py', '-x'])] == ['pure']


def mail(text):
    return sink.email.message_from_string(text, policy=email.policy.default)


def test_sink_escapes_what_it_shows():
    shown = sink.detail('x.eml', mail('Subject: <script>a</script>\nFrom: "<b>" <a@test>\n\n<i>text</i>\n'))
    assert '<script>' not in shown
    assert '&lt;script&gt;a' in shown
    assert '&lt;i&gt;text' in shown


@pytest.mark.parametrize('text', ['', 'Content-Type: text/plain; charset=no-such\n\nä', 'Subject: =?x?q?=ff?=\n\n',
                                  'Content-Type: multipart/mixed\n\nnothing', 'From: <<>>\nTo: ;;,\n\n'])
def test_sink_shows_broken_mails_too(text):
    assert '<h1>' in sink.detail('x.eml', mail(text))
