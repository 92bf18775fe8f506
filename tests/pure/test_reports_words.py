"""Numbers of a report as people say them."""
import pytest

from helpdesk_reports.tools.report_words import change, clock_time, number


@pytest.mark.parametrize(('hours', 'words'), [
    (None, '–'), (0, '0 min'), (0.5, '30 min'), (0.995, '1 h'), (2, '2 h'), (2.17, '2 h 10 min'), (9.999, '10 h'),
    (34.4, '34 h')])
def test_clock_time(hours, words):
    assert clock_time(hours) == words


@pytest.mark.parametrize(('value', 'digits', 'words'), [(None, 0, '–'), (3, 0, '3'), (4.25, 1, '4.2'), (0, 0, '0')])
def test_number(value, digits, words):
    assert number(value, digits) == words


@pytest.mark.parametrize(('now', 'before', 'better', 'found'), [
    (3, 1, 'less', ('▲', 'bad')), (1, 3, 'less', ('▼', 'good')), (3, 1, 'more', ('▲', 'good')),
    (1, 3, 'more', ('▼', 'bad')), (3, 1, None, ('▲', '')), (2.001, 2, 'more', ('=', '')), (None, 2, 'more', ('', '')),
    (2, None, 'more', ('', ''))])
def test_change(now, before, better, found):
    assert change(now, before, better) == found
