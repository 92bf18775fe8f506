"""Mails as people's programs write them, and as they should not be."""
import email.message
import email.policy
import email.utils
import itertools

_numbers = itertools.count(1)
DATE = 'Mon, 02 Mar 2026 10:00:00 +0100'


def new_id(host='customer.test'):
    """A Message-Id that no other mail of this run has."""
    return f'<e2e-{next(_numbers)}.{email.utils.make_msgid(domain=host)[1:]}'


def compose(subject='Printer', text='It does not print.\n', sender='Carla Customer <carla@customer.test>',
            to='support@desk.test', message_id=None, files=(), html=None, **headers):
    """A mail of a person, as bytes with CRLF.

    :param files: (name, mimetype, bytes) of each attachment
    :param headers: more headers, underscores for dashes; None leaves one out
    """
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    given = {'From': sender, 'To': to, 'Subject': subject, 'Date': email.utils.formatdate(),
             'Message-ID': message_id or new_id()}
    given.update({name.replace('_', '-'): value for name, value in headers.items()})
    for name, value in given.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype='html')
    for name, kind, data in files:
        main, sub = kind.split('/')
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def answer(sent, text, sender='Carla Customer <carla@customer.test>', **headers):
    """A mail client's answer to a mail that was sent: to its Reply-To, with references, the words quoted below."""
    got = sent.message
    own = sent.header('Message-Id')
    quoted = ''.join(f'> {line}\n' for line in sent.text('plain').splitlines()[:8])
    return compose(
        subject=f'Re: {sent.subject}', text=f'{text}\n\nOn Monday the desk wrote:\n{quoted}', sender=sender,
        to=str(got['Reply-To'] or got['From']), In_Reply_To=own,
        References=f"{sent.header('References')} {own}".strip(), **headers)


def raw(*lines, body=b''):
    """A mail written line by line, whatever that makes of it."""
    head = b'\r\n'.join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return head + b'\r\n\r\n' + body
