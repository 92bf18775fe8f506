"""Mails that come in, through core's own entry, as the fetcher and a piped mail do."""
from load.people import DOMAIN
from odoo.addons.helpdesk_mail.tools import belonging

_MAIL = """\
Return-Path: <{sender}>
Message-Id: <{key}@mail.example.org>
Date: {date}
From: "{name}" <{sender}>
To: {to}
Subject: {subject}
{references}MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="bench"

--bench
Content-Type: text/plain; charset="utf-8"

Hello, since this morning the printer on the second floor does not print.
--bench
Content-Type: text/html; charset="utf-8"

<html><body><p>Hello,</p><p>since this morning the printer on the <b>second floor</b> does not print.</p></body></html>
--bench--
"""


def mail(desk, kind, subject, references=''):
    """The bytes of a customer's mail to the first team's address; each round has its own Message-Id."""
    sender, name = desk.case.sender
    return _MAIL.format(
        sender=sender, name=name, subject=subject, to=f'{desk.subject.alias}1@{DOMAIN}', references=references,
        date=desk.env.cr.now().strftime('%a, %d %b %Y %H:%M:%S +0000'),
        key=f'bench-{kind}-{desk.subject.key}-{desk.number}').encode()


def process(desk, raw):
    """Hand a mail to the gateway as core's fetcher does: as the system, and nothing said about the model."""
    return process_raw(desk.env, raw)


def process_raw(env, raw):
    """The same with an environment at hand."""
    record = env(user=1, su=True)['mail.thread'].message_process(None, raw)
    assert record, 'the mail came to nothing'
    return record


def strangers_mail(subject, number, person):
    """A mail of somebody who is no contact yet; ``person`` tells one from the other."""
    return _MAIL.format(
        sender=f'burst{person}@example.net', name=f'Burst {person}', subject=f'Burst {number}', references='',
        to=f'{subject.alias}1@{DOMAIN}', date='Mon, 23 Nov 2026 09:12:00 +0000', key=f'burst-{number}').encode()


def decision(_desk):
    """Where a mail belongs, for each way of naming a ticket and each kind of sender."""
    rounds, count = 20, 0
    for _round in range(rounds):
        for named_by in (belonging.REFERENCE, belonging.SIGNED, belonging.NUMBER, belonging.MARKER, None):
            for role in (belonging.CUSTOMER, belonging.COMPANY, belonging.PARTICIPANT, belonging.AGENT,
                         belonging.STRANGER):
                belonging.decide(named_by, role)
                count += 1
    return count


def new_mail(desk):
    """A known customer writes to the first team's address."""
    assert process(desk, mail(desk, 'new', f'The printer does not print {desk.number}')) != desk.case.thread
    return 1


def reply(desk):
    """The customer answers to an agent's mail."""
    line = f'In-Reply-To: {desk.case.answer}\nReferences: {desk.case.answer}\n'
    assert process(desk, mail(desk, 'reply', 'Re: the printer', line)) == desk.case.thread
    return 1


def find(subject, env, number):
    """Return (Message-Id of an agent's answer, id of its record, (address, name) of its customer) for a round."""
    model, domain = env['mail.message'].sudo(), [('model', '=', subject.model)]     # sudo: the bench looks for its case
    answers = model.search([*domain, ('message_type', '=', 'comment')], order='id desc', limit=100)
    answer = answers[7 * number % len(answers)]
    author = model.search([*domain, ('message_type', '=', 'email'), ('res_id', '=', answer.res_id)], limit=1).author_id
    return answer.message_id, answer.res_id, (author.email, author.name)


def has_address(subject, env):
    """Whether mails can come in for the model: ours has addresses when helpdesk_mail is installed."""
    return bool(env['mail.alias'].sudo().search_count([('alias_name', '=', f'{subject.alias}1')]))
