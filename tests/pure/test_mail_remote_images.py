"""Nothing that a mail shows is loaded from elsewhere before the reader says so (A18)."""

import re

import pytest

from helpdesk_mail.readers.remote_images import MARK, block

OWN = 'https://desk.test'


@pytest.mark.parametrize('source', [
    '<div style="background-image:url(\'http://a.test/2.png\'); color:red">x</div>',
    '<table background="http://a.test/3.png"><tr><td background="//a.test/4.png">c</td></tr></table>',
    '<source srcset="http://a.test/8.png">', '<video poster="http://a.test/10.png" src="http://a.test/11.mp4"></video>',
    '<audio src="http://a.test/12"></audio>', '<svg><img href="http://a.test/16" xlink:href="http://a.test/17"></svg>',
    '<img src="HTTPS:a.test/26">', '<img src="\\\\a.test\\28">',
    '<img src="ftp://a.test/30" dynsrc="http://a.test/31">',
    '<img src="/web/session/logout">', '<img src="https://desk.test/web/session/logout">',
    '<img src="https://desk.test.evil.test/web/image/1">',
    '<img src="ht\ntp://a.test/1" srcset="http://a.test/6.png 2x">',
])
def test_a18_nothing_is_loaded(source):
    text, _waiting = block(source, OWN)
    assert not re.search(r'''(?i)\b(?:src|srcset|background|poster|dynsrc|href)=|url\(''', text), text


def test_a18_an_image_waits_with_its_address():
    text, waiting = block(
        '<p>Hello <img src="http://a.test/l.png" alt="Logo" width="20" class="x"> &lt;you&gt;</p>', OWN)
    assert waiting == 1
    assert text == (
        f'<p>Hello <img alt="Logo" width="20" class="{MARK}" title="http://a.test/l.png"> &lt;you&gt;</p>')


def test_address_without_scheme():
    assert 'title="https://a.test/l.png"' in block('<img src="//a.test/l.png">')[0]


@pytest.mark.parametrize('size', ['width="1" height="1"', 'width="1px"', 'height="0"'])
def test_a18_tracking_pixels_are_gone(size):
    assert block(f'<p>a<img src="http://a.test/p.gif" {size}>b</p>') == ('<p>ab</p>', 0)


@pytest.mark.parametrize('source', [
    '<img src="cid:pic@mail">', '<img src="data:image/png;base64,AAAA">', '<img src="https://desk.test/web/image/7-x/l.png">',
    '<a href="http://a.test/23">link</a>', '<p>1 &lt; 2 &amp; 3</p>', 'words &lt;only&gt;', '',
    'before<p style="color:red">a</p>after',
])
def test_the_rest_stays(source):
    assert block(source, OWN) == (source, 0)


def test_without_own_address_everything_waits():
    assert block('<img src="https://desk.test/web/image/7">')[1] == 1
