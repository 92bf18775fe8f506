import os
import time
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import TransactionCase, tagged

from ..models import ir_cron


@tagged('post_install', '-at_install')
class TestIrCron(TransactionCase):
    """Schedulers are woken over a connection that is kept, and core's way where that fails."""

    def heard(self, wake):
        """Return what a scheduler that listens hears while ``wake`` is called."""
        with sql_db.db_connect('postgres').cursor() as listener:
            listener.execute('LISTEN cron_trigger')
            listener.commit()
            wake()
            for _number in range(200):
                listener._cnx.poll()
                if listener._cnx.notifies:
                    break
                time.sleep(0.01)
            return [notice.payload for notice in listener._cnx.notifies]

    def test_kept(self):
        cron = self.env['ir.cron']
        for _number in range(2):
            with patch.object(self.registry['ir.cron'], '_notifydb') as core:
                self.assertIn(self.env.cr.dbname, self.heard(cron._helpdesk_notify))
            core.assert_not_called()
        kept = ir_cron._kept[os.getpid()]
        self.assertIs(cron._helpdesk_listeners(), kept)

    def test_a_broken_connection_is_replaced(self):
        cron = self.env['ir.cron']
        cron._helpdesk_listeners().close()
        self.assertIn(self.env.cr.dbname, self.heard(cron._helpdesk_notify))
        ended = cron._helpdesk_listeners()
        with sql_db.db_connect('postgres').cursor() as cursor:
            cursor.execute('SELECT pg_terminate_backend(%s)', [ended.info.backend_pid])
        self.assertIn(self.env.cr.dbname, self.heard(cron._helpdesk_notify), "core's way")
        self.assertIsNot(cron._helpdesk_listeners(), ended)
