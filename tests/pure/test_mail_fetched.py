"""fetched: what IMAP and POP3 servers answer (RFC 3501, RFC 1939; F8)."""
from helpdesk_mail.tools import fetched


def test_imap_size():
    assert fetched.imap_size([b'1 (UID 7 RFC822.SIZE 2345)']) == 2345
    assert fetched.imap_size([(b'1 (rfc822.size 12 BODY[] {2}', b'hi'), b')']) == 12
    assert fetched.imap_size([None]) == fetched.imap_size([]) == fetched.imap_size(None) == 0


def test_imap_literal():
    assert fetched.imap_literal([(b'1 (BODY[] {2}', b'hi'), b')']) == b'hi'
    assert fetched.imap_literal([b'1 (FLAGS ())', (b'1 (BODY[] {0}', b'')]) == b''
    assert fetched.imap_literal([None]) is fetched.imap_literal([]) is None


def test_pop():
    assert fetched.pop_size(b'+OK 1 2345') == 2345
    assert fetched.pop_size(b'+OK') == fetched.pop_size(None) == fetched.pop_size(b'+OK 1 many') == 0
    assert fetched.pop_lines([b'Subject: x', b'', b'hi']) == b'Subject: x\r\n\r\nhi\r\n'
