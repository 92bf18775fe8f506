import logging
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2 import DatabaseError, InterfaceError, OperationalError
from psycopg2.errors import UniqueViolation

from ..tools.time_limit import TookTooLong, within

_logger = logging.getLogger(__name__)
BATCH = 20
MAX_ATTEMPTS = 3  # a mail whose processing was cut off this often is failed, not tried for ever (G3)
LEAVE_ALONE = timedelta(seconds=60)  # a younger mail is being processed by whoever received it
MAX_SECONDS = 5  # of processor time for one mail (F9, G3); a mail that makes trouble waits, the next does not
PATIENT_SECONDS = 30  # when a person asks for it
NO_ROUTE = 'No possible route found'  # how core's gateway begins what it raises for mail that is nobody's


def _database_is_away(error):
    """Tell whether the database could not be used: it is away, overloaded, or went away in the middle (F3).

    What psycopg2 raises when a connection breaks in the middle of a query is at times no more than its base class.
    """
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


class HelpdeskMailIntakeProcess(models.AbstractModel):
    """Bring a mail of the ledger to its outcome, in a transaction of its own. Nothing escapes from here."""

    _name = 'helpdesk.mail.intake.process.mixin'
    _description = "Received Mail: Process"

    # ------------------------------------------------------------
    # transactions around one mail
    # ------------------------------------------------------------

    @api.model
    def _process_row(self, row_id, raw=None, caller=None, options=None):
        """Process one mail that is ``received``; afterwards its row has an outcome.

        A mail that raises is tried once more with nothing but its readable text, then it is failed. One that takes too
        long is held.

        :param bytes raw: the mail, if it is at hand
        :param Environment caller: user and context for mail that other applications get, default the superuser's
        :param dict options: ``ticket_anyway``: make a ticket whatever wrote the mail; ``plain``: show its text only;
            ``patient``: somebody waits for it, it may take long
        :return: id of the record it became or belongs to, or False
        :raise ValueError: core's own, for a mail that is nobody's, so that a mail server can tell the sender
        """
        options, failure = dict(options or {}), ''
        while not (failure and options.get('plain')):
            options.update(plain=bool(failure or options.get('plain')), failure=failure)
            try:
                return self._in_own_transaction(
                    lambda env: env[self._name].browse(row_id)._process_in_time(raw, caller, options)
                )
            except TookTooLong:
                if not options.get('patient') or options.get('plain'):
                    self._in_own_transaction(lambda env: env[self._name].browse(row_id)._hold_for_time(options))
                    return False
                failure = traceback.format_exc()
            except UniqueViolation as error:
                if 'taken_once' in str(error) and not options.get('again'):
                    # the same mail, brought to another of its addresses, was taken at the same moment
                    options['again'] = True
                    continue
                failure = traceback.format_exc()
            except ValueError as error:
                if str(error).startswith(NO_ROUTE):
                    self._in_own_transaction(lambda env: env[self._name].browse(row_id)._refuse_nobodys())
                    raise
                failure = traceback.format_exc()
            except Exception as error:
                if _database_is_away(error):
                    # the mail is not to blame: the job comes back to it
                    _logger.info("Received mail %s waits, the database could not be used", row_id, exc_info=True)
                    return False
                failure = traceback.format_exc()
        self._fail_row(row_id, failure)
        return False

    def _fail_row(self, row_id, failure):
        try:
            self._in_own_transaction(lambda env: env[self._name].browse(row_id)._fail(failure))
        except Exception as error:
            if _database_is_away(error):
                _logger.info("Received mail %s waits, its failure could not be written", row_id, exc_info=True)
            else:
                _logger.exception("The failure of received mail %s could not be written", row_id)

    def _process_in_time(self, raw, caller, options):
        seconds = PATIENT_SECONDS if options.get('patient') else MAX_SECONDS
        record_id = within(seconds, lambda: self._process(raw, caller, options))
        if failure := options.get('failure'):
            _logger.warning("Received mail %s could be shown as plain text only:\n%s", self.id, failure)
            self.traceback = failure
        return record_id

    def _hold_for_time(self, options):
        if self._lock_waiting():
            self._conclude('held', self.env._(
                "Reading it took longer than %s seconds. Its original is kept; \"Process Again\" gives it more time.",
                PATIENT_SECONDS if options.get('patient') else MAX_SECONDS))

    def _refuse_nobodys(self):
        self._conclude(
            'refused', self.env._("No address of ours is among the recipients, and it answers none of our mails.")
        )

    def _fail(self, failure):
        _logger.warning("Received mail %s could not be processed:\n%s", self.id, failure)
        last = failure.strip().rpartition('\n')[2][:300]
        self._conclude('failed', self.env._("Processing stopped with an error: %s", last), traceback=failure)

    def _lock_waiting(self):
        """Lock the row if it still waits; return it, empty when somebody else has it or had it.

        The context key ``helpdesk_mail_twin`` says that the same mail, brought to another address, was taken before.
        """
        names = (
            'received_at',
            'envelope_to',
            'envelope_from',
            'content_digest',
            'attempts',
            'raw_id',
            'server_id',
            'outcome',
            'size',
        )
        cr = self.env.cr
        # a worker that concluded it meanwhile makes PostgreSQL refuse: not an error, _process_row lets it be
        cr.execute(
            SQL(
                """
            SELECT %s, gateway, EXISTS(
                       SELECT 1 FROM helpdesk_mail_intake twin WHERE twin.content_digest = mail.content_digest
                          AND twin.outcome IN ('new_ticket', 'follow_up', 'possible_follow_up'))
              FROM helpdesk_mail_intake mail WHERE id = %s AND outcome = 'received' FOR UPDATE OF mail SKIP LOCKED""",
                SQL(', ').join(map(SQL.identifier, names)),
                self.id,
            ),
            log_exceptions=False,
        )
        row = cr.fetchone()
        if not row:
            return self.browse()
        *values, twin = row
        self._update_cache(dict(zip((*names, 'gateway'), values, strict=True)), validate=False)
        return self.with_context(helpdesk_mail_twin=twin)

    def _conclude(self, outcome, reason='', **values):
        """Write what became of the mail."""
        self.write({'outcome': outcome, 'reason': reason or False, 'processed_at': fields.Datetime.now(), **values})

    def _repeat(self, options):
        """Process the mail once more, now."""

        def reopen(env):
            mail = env[self._name].browse(self.id)
            if mail.try_lock_for_update(allow_referencing=True) and mail.is_repeatable:
                mail.write({
                    'outcome': 'received', 'attempts': mail.attempts + 1, 'traceback': False, 'alerted_at': False})
                return True
            return False

        # sudo: the ledger has no writers among users; whoever calls has checked who may
        ledger = self.sudo()
        if ledger._in_own_transaction(reopen):
            try:
                ledger._process_row(self.id, options=dict(options, patient=True))
            except ValueError:
                _logger.info("Received mail %s is nobody's", self.id)

    @api.model
    def _cron_process(self, younger=False):
        """Process what is still waiting: a crash or an unreachable database left it behind (promise 1).

        :param bool younger: do not leave those alone that came within the last minute
        """
        progress = self.env['ir.cron']
        domain = self._left_behind(timedelta() if younger else LEAVE_ALONE)
        # what was cut off before comes last: it may be cut off again
        ids = self.search(domain, limit=BATCH, order='attempts, id').ids
        progress._commit_progress(remaining=self.search_count(domain))
        done = 0
        for row_id in ids:
            done += self._process_waiting(row_id)
            if not progress._commit_progress(1):
                break
        if done and self.search_count(domain, limit=1):
            # core comes back to a job with work left only at its next poll, a minute later
            self.env['ir.cron']._helpdesk_wake('helpdesk_mail.ir_cron_process_mail')

    @api.model
    def _left_behind(self, age):
        """Return the domain of what waits for longer than ``age``.

        What was written down before the clock was set back would otherwise wait until it is that late again (F11).
        """
        now = fields.Datetime.now()
        return [('outcome', '=', 'received'),
                '|', ('received_at', '<=', now - age), ('received_at', '>', now + LEAVE_ALONE)]

    @api.model
    def _process_waiting(self, row_id):
        """Process one mail left behind; count the attempt first, so that a deadly mail is not tried for ever.

        :return: False when somebody else has it
        """

        def begin(env):
            mail = env[self._name].browse(row_id)._lock_waiting()
            if not mail:
                return False
            if mail.attempts >= MAX_ATTEMPTS:
                mail._conclude('failed', env._("Processing was cut off %s times.", mail.attempts))
                return None
            mail.attempts += 1
            return True

        begun = self._in_own_transaction(begin)
        if begun:
            try:
                self._process_row(row_id)
            except ValueError:
                _logger.info("Received mail %s is nobody's", row_id)
        return begun is not False
