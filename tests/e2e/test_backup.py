"""Backup and restore with Odoo's own command: tickets, files and the ledger come back complete (S1-41)."""
import pathlib
import re
import zipfile

import pytest
from parts import config, databases
from parts.base import PYTHON, run
from rig import mails
from rig.site import Site
from rig.wait import until

PDF = b'%PDF-1.4\n' + bytes(range(256)) * 400
SUBJECT = 'Backup of the pump'
#: what must come back, row by row
TABLES = ('helpdesk_ticket', 'helpdesk_ticket_event', 'helpdesk_mail_intake', 'mail_message', 'helpdesk_team',
          'helpdesk_stage', 'helpdesk_admin_log', 'mail_followers', 'res_partner', 'res_users')


@pytest.fixture(scope='module')
def desk(site):
    """A desk that takes mail."""
    site.start_odoo().start_receiver()
    return site


def odoo(*words):
    """Odoo's command line, as an administrator types it."""
    result = run(PYTHON, '-P', '-m', 'odoo', *words, check=False, env=config.environment())
    assert not result.returncode, result.stdout[-3000:]


def rows(database, table):
    """How many rows a table has, and a hash of all of them."""
    return database.sql(
        f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY id)) FROM {table} t")


def files(database):
    """{attachment: its bytes} of all that is kept in the file store for tickets and the ledger."""
    found = database.sql(
        "SELECT id FROM ir_attachment WHERE res_model IN ('helpdesk.ticket', 'helpdesk.mail.intake')")
    return {number: database.stored(number) for [number] in found}


def test_s1_41_dump_and_load(desk, tmp_path):
    """Everything is in the archive, and the restored desk goes on where it stopped."""
    raw = mails.compose(SUBJECT, 'It drips.\n', files=[('drawing.pdf', 'application/pdf', PDF)])
    desk.deliver(raw)
    desk.processed(1)
    desk.sink.wait(2, 20)  # the acknowledgement and the leader's notice: the jobs are at rest
    [ticket] = desk.rpc('agent').find('helpdesk.ticket', [('name', '=', SUBJECT)], 'number')
    desk.rpc('agent').call('helpdesk.ticket', 'action_assign_to_me', ticket['id'])
    desk.rpc('agent').call('helpdesk.ticket', 'message_post', ticket['id'], body='We send somebody.',
                           message_type='comment', subtype_xmlid='mail.mt_comment')
    until('the answer to leave', lambda: any(SUBJECT in mail.subject and 'We send somebody' in mail.text()
                                             for mail in desk.sink.mails), 20)
    desk.odoo.stop()
    desk.receiver.stop()

    archive = tmp_path / 'desk.zip'
    odoo('db', 'dump', desk.name, str(archive))
    stored = {pathlib.PurePosixPath(name).name for name in zipfile.ZipFile(archive).namelist()}
    names = [row[0] for row in desk.database.sql('SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL '
                                                 "AND res_model LIKE 'helpdesk%'")]
    assert names and {name.rpartition('/')[2] for name in names} <= stored

    copy = Site('dev_e2e_restored')
    try:
        databases.drop(copy.name)
        odoo('db', 'load', copy.name, str(archive))
        check_complete(desk.database, copy.database, raw)
        check_goes_on(desk, copy, ticket)
    finally:
        copy.close()


def check_complete(before, after, raw):
    """Row by row, file by file, and the log is still one that nobody changes."""
    for table in TABLES:
        assert rows(after, table) == rows(before, table), table
    assert after.tickets() == before.tickets() > 0
    kept = files(before)
    assert files(after) == kept
    assert PDF in kept.values()
    assert any(data.replace(b'\r\n', b'\n').endswith(raw.replace(b'\r\n', b'\n')[-2000:]) for data in kept.values())
    with pytest.raises(Exception, match='append-only'):
        after.sql("UPDATE helpdesk_ticket_event SET new = 'x'")


def check_goes_on(desk, copy, ticket):
    """A new mail gets a ticket with the next number, and an answer to an old mail lands where it belongs."""
    copy.start_odoo().start_receiver()
    copy.deliver(mails.compose('A new one', 'After the restore.\n'))
    copy.processed(2)
    assert copy.database.value("SELECT number FROM helpdesk_ticket WHERE name = 'A new one'") > ticket['number']
    sent = next(mail for mail in desk.sink.mails if 'We send somebody' in mail.text())
    copy.deliver(mails.answer(sent, 'Thank you, noon is fine.'), to=re.search(r'[\w+-]+@[\w.]+', sent.header(
        'Reply-To')).group())
    copy.processed(3)
    assert copy.database.outcomes() == {'new_ticket': 2, 'follow_up': 1}
    assert copy.database.value("SELECT ticket_id FROM helpdesk_mail_intake WHERE outcome = 'follow_up'") == ticket['id']
    assert not copy.log_problems()
