"""When what was not delivered is tried again, and when no more."""
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools import retrying

NOW = datetime(2026, 3, 4, 9, 0)


@pytest.mark.parametrize(('status', 'verdict'), [
    (200, 'sent'), (204, 'sent'), (299, 'sent'), (400, 'failed'), (401, 'failed'), (404, 'failed'), (410, 'failed'),
    (422, 'failed'), (408, 'retry'), (425, 'retry'), (429, 'retry'), (500, 'retry'), (503, 'retry'), (599, 'retry'),
    (101, 'failed')])
def test_verdict(status, verdict):
    assert retrying.verdict(status) == verdict


def test_waits():
    minutes = [retrying.wait(attempt, chance=lambda: 0) / 60 for attempt in range(1, 7)]
    assert minutes == [1, 5, 30, 120, 480, 1440]
    assert retrying.wait(7) is None
    assert retrying.wait(1, chance=lambda: 1) == 66


def test_what_the_receiver_wishes():
    assert retrying.wait(1, 600, chance=lambda: 0) == 600
    assert retrying.wait(4, 600, chance=lambda: 0) == 7200, "never earlier than by our own rule"
    assert retrying.wait(1, 10 ** 9, chance=lambda: 0) == 86400, "a day at most"
    assert retrying.wait(7, 600) is None


def test_a_person_waits():
    assert retrying.wait(1, 7, prompt=True) == retrying.wait(3, 7, prompt=True) == 7
    assert retrying.wait(2, 0, chance=lambda: 0, prompt=True) == 300
    assert retrying.wait(7, 7, prompt=True) is None


def test_pauses():
    found = [retrying.pause(failures, chance=lambda: 0) / 60 for failures in (1, 2, 3, 4, 7, 500)]
    assert found == [1, 5, 15, 15, 15, 15]
    assert retrying.pause(1, 7200, chance=lambda: 0) == 7200


@pytest.mark.parametrize(('header', 'seconds'), [
    ('120', 120), (' 0 ', 0), ('', 0), (None, 0), ('soon', 0), ('-5', 0), ('1.5', 0), ('9' * 400, 86400),
    ('Wed, 04 Mar 2026 09:10:00 GMT', 600), ('Wed, 04 Mar 2026 10:10:00 +0100', 600),
    ('Wed, 04 Mar 2026 08:00:00 GMT', 0),
    ('Wed, 04 Mar 2026 09:10:00 -0000', 600), ('Wed, 01 Jan 2031 00:00:00 GMT', 86400), ('Wed, 99 Mar 2026', 0),
    ('٣', 0)])
def test_retry_after(header, seconds):
    assert retrying.retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_never_fails(header):
    assert 0 <= retrying.retry_after(header, NOW) <= 86400
