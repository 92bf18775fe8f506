"""The pass of a form, the sites that may show it, and the network of a visitor."""
import hashlib
import hmac

import pytest

from helpdesk_portal.tools import form_pass, origins

NOW = 1_800_000_000


def sign(text):
    return hmac.new(b'secret', text.encode(), hashlib.sha256).hexdigest()


def check(text, team=7, now=NOW):
    return form_pass.check(text, sign, team, now, hmac.compare_digest)


@pytest.mark.parametrize(('age', 'state'), [
    (-5, form_pass.YOUNG), (0, form_pass.YOUNG), (2, form_pass.YOUNG), (3, form_pass.GOOD), (86400, form_pass.GOOD),
    (86401, form_pass.OLD),
])
def test_age(age, state):
    held = check(form_pass.issue(sign, 7, NOW - age, 'abc'))
    assert held == (state, NOW - age, 'abc')


def test_forged():
    good = form_pass.issue(sign, 7, NOW - 60, 'abc')
    assert check(good).state == form_pass.GOOD
    assert check(good, team=8).state == form_pass.FORGED
    team, made, nonce, signature = good.split('.')
    for wrong in (None, '', 'a.b.c.d', f'{team}.{int(made) + 1}.{nonce}.{signature}', f'{team}.{made}.x.{signature}',
                  f'8.{made}.{nonce}.{signature}', good + '.', good.upper(), 'ä.1.1.1', '9' * 300):
        assert check(wrong).state == form_pass.FORGED, wrong


def test_origins():
    good, wrong = origins.read(" https://A.example \nhttps://a.example/\n\nhttp://localhost:8080\nb.example\n*\n"
                               "https://x.example/path\nhttps://*.example\njavascript://x\nhttps://a;b")
    assert good == ['https://a.example', 'http://localhost:8080']
    assert wrong == ['b.example', '*', 'https://x.example/path', 'https://*.example', 'javascript://x', 'https://a;b']
    assert origins.read(None) == ([], [])


def test_frame_headers():
    assert origins.frame_headers([]) == {
        'Content-Security-Policy': "frame-ancestors 'none'", 'X-Frame-Options': 'DENY'}
    assert origins.frame_headers(['https://a.example']) == {
        'Content-Security-Policy': "frame-ancestors 'self' https://a.example"}


@pytest.mark.parametrize(('address', 'network'), [
    ('192.0.2.77', '192.0.2.0/24'), ('::ffff:192.0.2.1', '192.0.2.0/24'),
    ('2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'), ('', ''), (None, ''), ('unknown', ''),
])
def test_network(address, network):
    assert origins.network(address) == network
