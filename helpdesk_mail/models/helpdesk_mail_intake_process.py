import email
import logging
import traceback
from ast import literal_eval
from datetime import timedelta

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.helpdesk_core.models.helpdesk_ticket import GUARDED
from odoo.addons.helpdesk_core.tools.subject import numbers_in

from ..tools import arrival as arrivals
from ..tools import addresses, belonging, mail_kind
from .helpdesk_mail_intake_find import Address
from .helpdesk_mail_intake_store import POLICY

_logger = logging.getLogger(__name__)
BATCH = 20
MAX_ATTEMPTS = 3                 # a mail whose processing was cut off this often is failed, not tried for ever (G3)
LEAVE_ALONE = timedelta(seconds=60)   # a younger mail is being processed by whoever received it
NO_ROUTE = 'No possible route found'  # how core's gateway begins what it raises for mail that is nobody's


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

        A mail that raises is tried once more with nothing but its readable text, then it is failed.

        :param bytes raw: the mail, if it is at hand
        :param Environment caller: user and context for mail that other applications get, default the superuser's
        :param dict options: ``ticket_anyway``: make a ticket whatever wrote the mail; ``plain``: show its text only
        :return: id of the record it became or belongs to, or False
        :raise ValueError: core's own, for a mail that is nobody's, so that a mail server can tell the sender
        """
        options = dict(options or {})
        while True:
            try:
                return self._in_own_transaction(lambda env: env[self._name].browse(row_id)._process(raw, caller, options))
            except UniqueViolation as error:
                failure = traceback.format_exc()
                if 'taken_once' in str(error) and not options.get('again'):
                    # the same mail, brought to another of its addresses, was taken at the same moment
                    options['again'] = True
                    continue
            except (OperationalError, InterfaceError):
                # the database is away or overloaded, the mail is not to blame: the job comes back to it
                _logger.info("Received mail %s waits, the database could not be used", row_id, exc_info=True)
                return False
            except ValueError as error:
                if str(error).startswith(NO_ROUTE):
                    self._in_own_transaction(lambda env: env[self._name].browse(row_id)._refuse_nobodys())
                    raise
                failure = traceback.format_exc()
            except Exception:  # noqa: BLE001  whatever a mail does, it must end in an outcome
                failure = traceback.format_exc()
            if options.get('plain'):
                break
            options['plain'] = True
        try:
            self._in_own_transaction(lambda env: env[self._name].browse(row_id)._fail(failure))
        except Exception:
            _logger.exception("The failure of received mail %s could not be written", row_id)
        return False

    def _refuse_nobodys(self):
        self._conclude('refused', self.env._("No address of ours is among the recipients, and it answers none of our mails."))

    def _fail(self, failure):
        _logger.warning("Received mail %s could not be processed:\n%s", self.id, failure)
        last = failure.strip().rpartition('\n')[2][:300]
        self._conclude('failed', self.env._("Processing stopped with an error: %s", last), traceback=failure)

    def _lock_waiting(self):
        """Lock the row if it still waits; return it, empty when somebody else has it or had it.

        The context key ``helpdesk_mail_twin`` says that the same mail, brought to another address, was taken before.
        """
        names = ('received_at', 'envelope_to', 'envelope_from', 'content_digest', 'attempts', 'raw_id', 'server_id', 'outcome')
        rows = self.env.execute_query(SQL("""
            SELECT %s, gateway, EXISTS(
                       SELECT 1 FROM helpdesk_mail_intake twin WHERE twin.content_digest = mail.content_digest
                          AND twin.outcome IN ('new_ticket', 'follow_up', 'possible_follow_up'))
              FROM helpdesk_mail_intake mail WHERE id = %s AND outcome = 'received' FOR UPDATE OF mail SKIP LOCKED""",
            SQL(', ').join(map(SQL.identifier, names)), self.id))
        if not rows:
            return self.browse()
        *values, twin = rows[0]
        self._update_cache(dict(zip((*names, 'gateway'), values)), validate=False)
        return self.with_context(helpdesk_mail_twin=twin)

    def _conclude(self, outcome, reason='', **values):
        """Write what became of the mail."""
        self.write({'outcome': outcome, 'reason': reason or False, 'processed_at': fields.Datetime.now(), **values})

    def _repeat(self, options):
        """Process the mail once more, now."""
        def reopen(env):
            mail = env[self._name].browse(self.id)
            if mail.try_lock_for_update(allow_referencing=True) and mail.is_repeatable:
                mail.write({'outcome': 'received', 'attempts': mail.attempts + 1, 'traceback': False})
                return True
            return False
        # sudo: the ledger has no writers among users; whoever calls has checked who may
        ledger = self.sudo()
        if ledger._in_own_transaction(reopen):
            try:
                ledger._process_row(self.id, options=options)
            except ValueError:
                _logger.info("Received mail %s is nobody's", self.id)

    @api.model
    def _cron_process(self, younger=False):
        """Process what is still waiting: a crash or an unreachable database left it behind (promise 1).

        :param bool younger: do not leave those alone that came within the last minute
        """
        progress = self.env['ir.cron']
        limit = fields.Datetime.now() - (timedelta() if younger else LEAVE_ALONE)
        domain = [('outcome', '=', 'received'), ('received_at', '<=', limit)]
        ids = self.search(domain, limit=BATCH, order='id').ids
        progress._commit_progress(remaining=self.search_count(domain))
        for row_id in ids:
            self._process_waiting(row_id)
            if not progress._commit_progress(1):
                break

    @api.model
    def _process_waiting(self, row_id):
        """Process one mail left behind; count the attempt first, so that a deadly mail is not tried for ever."""
        def begin(env):
            mail = env[self._name].browse(row_id)._lock_waiting()
            if not mail:
                return False
            if mail.attempts >= MAX_ATTEMPTS:
                mail._conclude('failed', env._("Processing was cut off %s times.", mail.attempts))
                return False
            mail.attempts += 1
            return True
        if self._in_own_transaction(begin):
            try:
                self._process_row(row_id)
            except ValueError:
                _logger.info("Received mail %s is nobody's", row_id)

    # ------------------------------------------------------------
    # one mail
    # ------------------------------------------------------------

    def _process(self, raw, caller, options):
        """Find out whose mail it is and bring it there.

        :return: id of the record, or False
        """
        self.ensure_one()
        self = self._lock_waiting()  # noqa: PLW0642  the same row, locked
        if not self:
            return False
        if raw is None:
            raw = self.raw_id.raw or b''
        arrival = arrivals.read(
            email.message_from_bytes(raw, policy=POLICY), self.received_at, (self.envelope_to or '').split(', '))
        ours = self._find_addresses([*arrival.recipients, *filter(None, [arrival.sender])])
        verdict = mail_kind.classify(
            arrival.message, arrival.sender, own_addresses=[a for a in ours if a == arrival.sender],
            envelope_from=self.envelope_from)
        self.write({'kind': verdict.kind, 'kind_reason': verdict.because or False})
        gateway = self.gateway or {}
        parent, own_copy = self._find_parent(arrival.parent_ids, arrival.message_id)
        bounce = arrivals.read_bounce(arrival.message) if verdict.kind == mail_kind.BOUNCE else None
        if bounce:
            parent = self._find_parent(bounce.ids)[0] or parent
        places = self._places(arrival, ours, gateway)
        if parent and parent.model != 'helpdesk.ticket' and not places:
            parent = None
        if not places and not parent or (bounce and not parent and not places):
            return self._pass_on(raw, gateway, caller)
        others = any(ours[a].model not in (None, 'helpdesk.ticket') for a in arrival.recipients if a in ours)
        if not places and others:  # an answer to a ticket, sent to another application's address
            return self._pass_on(raw, gateway, caller)
        if others:
            self._pass_to_others(raw, gateway, caller)
        if own_copy:
            return self._conclude('refused', self.env._("Our own mail came back.")) or False
        if verdict.kind == mail_kind.OWN and (tester := self._test_sender(arrival)):
            # the outgoing server put its own address in place of who sent the test of the mail set-up
            arrival = arrival._replace(sender=tester, sender_name=tester)
            verdict = mail_kind.classify(arrival.message, tester)
        if verdict.kind == mail_kind.OWN:
            return self._conclude('refused', self.env._("It comes from one of our own addresses.")) or False
        if bounce:
            return self._take_bounce(arrival, bounce, parent)
        return self._take_mail(arrival, verdict, parent, places, ours, options)

    def _places(self, arrival, ours, gateway):
        """Return the helpdesk addresses the mail was sent to, or what stands in for one, in the order it names them."""
        places = [ours[address] for address in arrival.recipients
                  if address in ours and ours[address].model == 'helpdesk.ticket']
        if not places and gateway.get('model') == 'helpdesk.ticket':
            values = gateway.get('custom_values') or {}
            places = [self._fallback_place(values)]
        return places

    def _fallback_place(self, values):
        """Stand in for a team address where a mailbox is fetched for tickets as such."""
        team = self.env['helpdesk.team'].browse(values.get('team_id') or ()).exists() or self.env['helpdesk.team'].search([], limit=1)
        return Address('', 'helpdesk.ticket', team.id, team.company_id.id, repr(dict(values, team_id=team.id)), 'everyone')

    def _test_sender(self, arrival):
        test = arrival.message_id and self.env['helpdesk.mail.test'].search([('message_id', '=', arrival.message_id)], limit=1)
        return test.sender if test else False

    def _take_mail(self, arrival, verdict, parent, places, ours, options):
        """Decide where a mail for the helpdesk belongs, and bring it there."""
        named = [parent.res_id] if parent and parent.model == 'helpdesk.ticket' else []
        tickets = self._find_tickets(named, numbers_in(arrival.subject))
        senders, plain = self._find_senders(arrival.sender), options.get('plain')
        ticket, sender, decision = self._decide(arrival, parent, tickets, senders)
        if verdict.kind in mail_kind.MACHINE_KINDS and not options.get('ticket_anyway'):
            into = ticket if decision.action in (
                belonging.FOLLOW_UP, belonging.NOTE, belonging.AGENT_REPLY, belonging.NEW_LINKED) else None
            return self._take_machine_mail(arrival, verdict, into, sender, places, parent, plain, ours)
        if decision.action in (belonging.FOLLOW_UP, belonging.NOTE, belonging.AGENT_REPLY):
            return self._deliver_into(ticket, decision, arrival, parent, sender, ours, plain)
        if not places:
            places = [self._place_of(ticket)]
        return self._deliver_new(places, arrival, verdict, decision, ticket, senders, ours, plain)

    def _decide(self, arrival, parent, tickets, senders):
        """Return (:class:`People` or None, :class:`Sender` or None, Decision) for a mail."""
        best = None
        for ticket in tickets:
            by_reference = bool(parent) and parent.model == 'helpdesk.ticket' and parent.res_id == ticket.id
            named_by = belonging.REFERENCE if by_reference else belonging.NUMBER
            role, sender, also_customer = self._role(arrival, ticket, senders)
            record = self.env['helpdesk.ticket'].browse(ticket.id)
            decision = belonging.decide(
                named_by, role, parent_is_note=by_reference and parent.internal, is_customer_too=also_customer,
                may_continue=role in (belonging.STRANGER, belonging.AGENT) or record._is_reopened_by_reply(self.received_at))
            if decision.action != belonging.POSSIBLE:
                return ticket, sender, decision
            best = best or (ticket, sender, decision)
        return best or (None, (senders or [None])[0], belonging.decide(None, belonging.STRANGER))

    @api.model
    def _role(self, arrival, ticket, senders):
        """Say what the sender is to ``ticket``: (role, contact or None, also the customer)."""
        by_id = {sender.id: sender for sender in senders}
        agent = next((sender for sender in senders if sender.groups), None)
        if ticket.partner_id in by_id:
            return (belonging.CUSTOMER, by_id[ticket.partner_id], bool(agent))
        if arrival.sender and arrival.sender == ticket.partner_email:
            return (belonging.CUSTOMER, None if ticket.partner_id else next(iter(senders), None), bool(agent))
        if agent:
            return (belonging.AGENT, agent, False)
        for sender in senders:
            if ticket.commercial_partner_id and sender.commercial_partner_id == ticket.commercial_partner_id:
                return (belonging.COMPANY, sender, False)
        follower = next((sender for sender in senders if sender.id in ticket.follower_ids), None)
        if follower or arrival.sender in addresses.find(ticket.email_cc or ''):
            return (belonging.PARTICIPANT, follower or next(iter(senders), None), False)
        return (belonging.STRANGER, next(iter(senders), None), False)

    def _place_of(self, ticket):
        """Return the team of ``ticket`` as if its address stood in the mail."""
        return Address('', 'helpdesk.ticket', ticket.team_id, ticket.company_id, repr({'team_id': ticket.team_id}), 'everyone')

    # ------------------------------------------------------------
    # mail for others
    # ------------------------------------------------------------

    def _gateway_thread(self, caller, mode):
        """Return ``mail.thread`` as core's gateway has it, for the user who handed the mail in."""
        uid = caller.uid if caller else (self.gateway or {}).get('uid')
        context = dict(caller.context) if caller else {}
        if self.server_id:
            context.setdefault('default_fetchmail_server_id', self.server_id.id)
        env = self.env(user=uid or self.env.uid, su=caller.su if caller else True, context=dict(context, helpdesk_mail_pass=mode))
        return env['mail.thread']

    def _pass_on(self, raw, gateway, caller):
        """Give the mail to core's gateway: no address and no ticket of the helpdesk is concerned."""
        record_id = self._gateway_thread(caller, 'all').message_process(
            gateway.get('model') or None, raw, custom_values=gateway.get('custom_values'),
            save_original=gateway.get('save_original'), strip_attachments=gateway.get('strip_attachments'),
            thread_id=gateway.get('thread_id'))
        self._conclude('other_model', self.env._("Given to Odoo's gateway.") if record_id else self.env._(
            "Given to Odoo's gateway, which made no record of it (delivery report, duplicate or loop)."))
        return record_id

    def _pass_to_others(self, raw, gateway, caller):
        """Let the other applications that a mail was sent to as well have it; their failure does not stop ours."""
        try:
            with self.env.cr.savepoint():
                self._gateway_thread(caller, 'others').message_process(
                    None, raw, save_original=gateway.get('save_original'), strip_attachments=gateway.get('strip_attachments'))
        except Exception:  # noqa: BLE001  recorded, and the helpdesk's part goes on
            self.traceback = traceback.format_exc()
            _logger.info("Received mail %s could not be given to the other applications it names", self.id, exc_info=True)


def read_defaults(text, fields_of_model):
    """Return the dict that an alias keeps as text, without what is no field or is the system's to write (A10)."""
    try:
        values = dict(literal_eval(text or '{}'))
    except (ValueError, SyntaxError, TypeError):
        return {}
    return {name: value for name, value in values.items() if name in fields_of_model and name not in GUARDED}
