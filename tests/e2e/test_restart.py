"""PostgreSQL is restarted under the receiver and Odoo, without a word to anybody. F3, promise 1."""
import pytest
from rig import account
from rig.crowd import Crowd
from rig.wait import until

#: what conftest.py looks at
OWN_CLUSTER = True


@pytest.fixture(scope='module')
def desk(site):
    """Odoo and the receiver; nobody is told anything. While the database is away they may say so."""
    site.allow_log('could not be stored', 'could not be looked up', 'waits for the next run', 'odoo.sql_db: bad query',
                   'cannot be used yet')
    site.database.sql("UPDATE helpdesk_team SET notify_new = 'none', acknowledge = false")
    return site.start_odoo().start_receiver()


def test_f03_restarted_while_mail_comes(desk):
    """Three times, all sessions cut off, while 120 mails come: each is in the ledger once and a ticket in the end."""
    crowd = Crowd(desk, senders=12, each=10, label='Restart', ids=False, seconds=150).start()
    for share in (20, 55, 90):
        until(f'{share} mails', lambda share=share: desk.database.rows() >= share, 90, 0.02, desk.receiver.tail)
        desk.database.cluster.restart()
    crowd.wait()
    assert crowd.tries > 120, 'nobody was cut off: the restarts came too late to prove anything'
    desk.receiver.check()
    desk.odoo.stop()  # core's thread for jobs ends when it finds no database; a service manager starts it again
    desk.start_odoo()
    account.finish(desk, 180)
    assert account.check(desk, crowd.subjects)['new_ticket'] == 120
    failed = desk.database.value('SELECT count(*) FROM helpdesk_mail_intake WHERE traceback IS NOT NULL')
    assert not failed, 'the mails are not to blame for it'
