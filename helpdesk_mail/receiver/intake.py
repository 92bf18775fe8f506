"""The receiver's side of the database: take mails in, process them, tell which addresses are ours. Blocking calls."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from ..tools import addresses

_logger = logging.getLogger(__name__)
LEDGER = 'helpdesk.mail.intake'
KEEP_IN_MEMORY = 32  # mails whose bytes wait with them, the others are read again
KEEP_BYTES = 1 << 20
ADDRESSES_FOR = 20  # seconds for which the list of our addresses is believed


class Intake:
    """What the protocols call. Every method may be called from any thread and raises when the database is away."""

    def __init__(self, db_name, processors=2):
        """
        :param str db_name: database to serve
        :param int processors: mails processed at the same time
        """
        self.db_name = db_name
        self.processors = ThreadPoolExecutor(processors, thread_name_prefix='helpdesk-mail')
        self.pending = 0
        self.stopping = False
        self._addresses = (0.0, frozenset(), frozenset())
        self._lock = threading.Lock()

    def _ledger(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})[LEDGER]

    def _registry(self):
        registry = Registry(self.db_name).check_signaling()
        if LEDGER not in registry:
            raise RuntimeError(f"The module helpdesk_mail is not installed in database {self.db_name}.")
        return registry

    def take(self, raw, way, sender, recipients):
        """Write a mail to the ledger and commit; processing follows in the background.

        :param bytes raw: the mail
        :param str way: 'lmtp' or 'smtp'
        :param str sender: of the envelope, '' for the null sender
        :param recipients: of the envelope
        :return: id of the ledger's row, once it is committed
        """
        with self._registry().cursor() as cr:
            row_id, new = self._ledger(cr)._take_in(raw, way, envelope_from=sender, envelope_to=recipients)
        if new:
            keep = self.pending < KEEP_IN_MEMORY and len(raw) < KEEP_BYTES
            self._submit(self._process, row_id, raw if keep else None)
        return row_id

    def _submit(self, work, *args):
        if not self.stopping:
            with self._lock:
                self.pending += 1
            self.processors.submit(self._guarded, work, *args)

    def _guarded(self, work, *args):
        try:
            if not self.stopping:
                work(*args)
        except Exception:
            # the row keeps waiting in the ledger, Odoo's job comes back to it
            _logger.warning("A received mail waits for the next run", exc_info=True)
        finally:
            with self._lock:
                self.pending -= 1

    def _process(self, row_id, raw):
        with self._registry().cursor() as cr:
            try:
                self._ledger(cr)._process_row(row_id, raw)
            except ValueError:
                _logger.info("Received mail %s is nobody's", row_id)

    def sweep(self):
        """Process, in the background, what an earlier run left behind."""
        self._submit(self._sweep)

    def _sweep(self):
        with self._registry().cursor() as cr:
            self._ledger(cr)._cron_process(younger=True)

    def may_be_ours(self, recipient):
        """Tell whether a mail for ``recipient`` is taken: no only for unknown people in domains that are ours."""
        address = addresses.normalise(recipient)
        if not address:
            return recipient.lower() == 'postmaster'
        local, _at, domain = address.partition('@')
        known, domains = self._known_addresses()
        return (
            local == 'postmaster'
            or domain not in domains
            or address in known
            or addresses.without_tag(address) in known
        )

    def _known_addresses(self):
        at, known, domains = self._addresses
        if time.monotonic() - at > ADDRESSES_FOR or not at:
            with self._registry().cursor() as cr:
                known, domains = self._ledger(cr)._our_addresses()
            self._addresses = (time.monotonic(), known, domains)
        return known, domains

    def stop(self):
        """Let the mails in work be finished; what waits stays in the ledger."""
        self.stopping = True
        self.processors.shutdown(wait=True, cancel_futures=True)
