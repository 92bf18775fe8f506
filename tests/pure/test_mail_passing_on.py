"""What of a ticket's words may go to somebody outside it (D6, promise 2)."""

import time

import pytest

from helpdesk_mail.tools import passing_on
from helpdesk_mail.tools import signature as s

TOKEN = s.token('a secret', 42)


@pytest.mark.parametrize(('html', 'words'), [
    ('<p>It burns.</p>', '<p>It burns.</p>'),
    ('<img src="/web/image/7?access_token=k" alt="plan">', '[plan]'),
    ('<IMG src="cid:1"/> and <img alt=" " src="x">', '[…] and […]'),
    ('<a href="https://maker.test/manual">manual</a>', '<a href="https://maker.test/manual">manual</a>'),
    ('<a class="x" href="/my/tickets/3">here</a>', '<a>here</a>'),
    ('<a href="https://desk.test/mail/view?model=helpdesk.ticket&amp;res_id=3">View</a>', '<a>View</a>'),
    ('<a href="https://desk.test/x?access_token=k">file</a>', '<a>file</a>'),
    (f'<span>HD00042 · ref:{TOKEN}</span>', '<span>HD00042 · </span>'),
    ('', ''), (None, ''),
])
def test_clean(html, words):
    assert passing_on.clean(html) == words


def test_addresses_that_are_not_to_be_read():
    html = '<a href="mailto:Carla@Customer.test">carla@customer.test</a> jo@else.test xcarla@customer.test.uk'
    assert passing_on.clean(html, ['carla@customer.test', '', None, False]) == (
        '<a href="mailto:[…]">[…]</a> jo@else.test x[…].uk')
    assert passing_on.clean('a+b@c.test axb@c.test', ['a+b@c.test']) == '[…] axb@c.test'


def test_g03_long_text_costs_little():
    begun = time.thread_time()
    passing_on.clean('<img ' * 50_000 + '<a href=' * 50_000, ['a@b.c'])
    assert time.thread_time() - begun < 1
