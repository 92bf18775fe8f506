import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import html2plaintext

from ..tools.quoting import quoted
from .helpdesk_ticket_facts import QUIET_STAGE

# What an agent chose for one answer, and of what type; a message that is sent later keeps it in its context.
CHOICES = {'helpdesk_guard': dict, 'helpdesk_stage_id': int, 'helpdesk_left_out': list, 'helpdesk_emails': list}
# How many internal notes, and how many messages that everybody has read, an answer is compared with.
COMPARED_NOTES, COMPARED_MESSAGES = 500, 50
EXCERPT = 300


class AnswerHeldBack(UserError):
    """An answer was not sent yet: its author is to read ``context['reasons']`` first, and may send it all the same.

    ``reasons`` is a list of {'kind': …}: 'meanwhile' with ``messages`` and ``newest_id``, 'quote' with ``notes``
    (both lists of {id, author, at (UTC), text}), and 'customer'.
    """

    loglevel = logging.INFO  # a question to the author: nothing for the server's log

    def __init__(self, message, reasons):
        super().__init__(message)
        self.context = {'reasons': reasons}


class HelpdeskTicketSendingMixin(models.AbstractModel):
    """What may not go wrong when an answer leaves: nobody else answered meanwhile, nothing internal is quoted, the
    people removed are left out, and the stage is set with the message or not at all (N4)."""
    _name = 'helpdesk.ticket.sending.mixin'
    _description = "Ticket: Sending"
    _inherit = ['helpdesk.ticket.audience.mixin', 'helpdesk.ticket.hold.mixin', 'mail.thread']

    @api.model
    def _get_allowed_message_params(self):
        return super()._get_allowed_message_params() | set(CHOICES)

    def message_post(self, **kwargs):
        """Post as core does; for an agent's answer (and its sender alone) these may be given too:

        :param dict helpdesk_guard: ``seen_id``, the newest message that the author has read, and ``confirmed``, the
            kinds of reasons (see AnswerHeldBack) that they waved through. Without it nothing is held back.
        :param int helpdesk_stage_id: the stage that the ticket gets with the message, in one transaction
        :param list[str] helpdesk_left_out: who does not get it (see ``get_answer_recipients``)
        :param list[str] helpdesk_emails: further addresses that get it, without becoming contacts
        :raise AnswerHeldBack: somebody answered meanwhile, an internal note is quoted, …
        """
        choices, ticket = self._take_choices(kwargs)
        if not choices:
            return super(HelpdeskTicketSendingMixin, ticket).message_post(**kwargs)
        ticket._check_may_answer()
        if choices.get('helpdesk_guard') is not None:
            ticket._hold_back(choices['helpdesk_guard'], kwargs.get('body'), choices.get('helpdesk_left_out'))
        if emails := choices.get('helpdesk_emails'):
            kwargs['outgoing_email_to'] = ', '.join([*filter(None, [kwargs.get('outgoing_email_to')]), *emails])
        chosen = ticket.with_context(helpdesk_not_to=choices.get('helpdesk_left_out') or [])
        stage = self.env['helpdesk.stage'].browse(choices.get('helpdesk_stage_id') or ())
        with ticket._answering_with(stage):
            message = super(HelpdeskTicketSendingMixin, chosen).message_post(**kwargs)
        if stage:
            # told by the message itself, not by a second mail
            self.env.cr.precommit.data.setdefault(QUIET_STAGE, set()).add(ticket.id)
            # not as the superuser: who may not move the ticket may not do it with an answer either
            ticket.sudo(False).write({'stage_id': stage.id})
        return message

    def _take_choices(self, kwargs):
        """Take the choices out of ``kwargs`` and the context.

        :return: ({name: value}, the ticket without them in its context)
        """
        context = self.env.context
        choices = {name: context[name] for name in CHOICES if name in context}
        choices.update({name: kwargs.pop(name) for name in CHOICES if name in kwargs})
        taken = {*CHOICES, 'helpdesk_not_to'}  # the latter is what becomes of them: nobody sends it in
        if taken & context.keys():
            self = self.with_context({name: value for name, value in context.items() if name not in taken})  # noqa: PLW0642
        choices = {name: value for name, value in choices.items() if value not in (None, False, [])}
        self._check_choices(choices)
        return choices, self

    def _check_choices(self, choices):
        """Refuse what no composer sends: the web client's request is open to everybody."""
        for name, value in choices.items():
            if not isinstance(value, CHOICES[name]) or (
                    isinstance(value, list) and not all(isinstance(item, str) for item in value)):
                raise UserError(self.env._(
                    "“%(name)s” cannot be understood: %(value)s", name=name, value=repr(value)[:80]))

    def _check_may_answer(self):
        """Only who works on the ticket decides who gets an answer and what becomes of the ticket."""
        self.ensure_one()
        if not self.env.user._helpdesk_works_on(self):
            raise AccessError(self.env._("Only people who work on the ticket decide who gets an answer."))

    # ------------------------------------------------------------
    # guard
    # ------------------------------------------------------------

    def _hold_back(self, guard, body, left_out=()):
        """Raise AnswerHeldBack when there is something its author should know before ``body`` leaves.

        The row is locked: of two agents who answer in the same moment the second waits, and is told.
        """
        self.env.execute_query(SQL("SELECT id FROM helpdesk_ticket WHERE id = %s FOR NO KEY UPDATE", self.id))
        confirmed = guard.get('confirmed') or []
        reasons = [reason for reason in self._reasons_against(guard.get('seen_id'), body, left_out)
                   if reason['kind'] not in confirmed or reason['kind'] == 'meanwhile']
        if reasons:
            texts = self._reason_texts()
            raise AnswerHeldBack('\n'.join(
                [*(texts[reason['kind']] for reason in reasons), self.env._("It was not sent yet.")]), reasons)

    def _reason_texts(self):
        """Return what a reason says to people: {kind: sentence}."""
        return {
            'meanwhile': self.env._("Somebody else wrote meanwhile."),
            'quote': self.env._("The text stands in an internal note."),
            'customer': self.env._("The customer does not get this message."),
        }

    def _reasons_against(self, seen_id, body, left_out):
        reasons = []
        if isinstance(seen_id, int) and (newer := self._public_messages([('id', '>', seen_id), *self._not_mine()])):
            reasons.append({'kind': 'meanwhile', 'newest_id': max(newer.ids), 'messages': self._excerpts(newer)})
        if notes := self._quoted_notes(body):
            reasons.append({'kind': 'quote', 'notes': notes})
        if (self.partner_id or self.partner_email) and self._customer_key() in (left_out or ()):
            reasons.append({'kind': 'customer'})
        return reasons

    def _not_mine(self):
        """Messages of others; a mail of nobody we know has no author, and counts."""
        return Domain('author_id', '!=', self.env.user.partner_id.id)

    def _public_messages(self, domain, limit=None):
        """Return what people said in public on the ticket, newest first."""
        # sudo: public words on a ticket that the reader works on, whatever files or ratings hang on them
        return self.env['mail.message'].sudo().search(Domain.AND([
            [('model', '=', self._name), ('res_id', '=', self.id), ('message_type', 'in', ('comment', 'email'))],
            [('subtype_id', '!=', False), ('subtype_id.internal', '=', False), ('is_internal', '=', False)],
            domain,
        ]), order='id desc', limit=limit)

    def _quoted_notes(self, body):
        """Return the internal notes that ``body`` quotes, as {id, author, at, text: the words in common}."""
        # sudo: the notes of a ticket that the author works on; their words alone are used
        notes = self.env['mail.message'].sudo().search(Domain.AND([
            [('model', '=', self._name), ('res_id', '=', self.id), ('message_type', 'in', ('comment', 'email'))],
            Domain.OR([
                [('subtype_id', '=', False)], [('subtype_id.internal', '=', True)], [('is_internal', '=', True)]]),
        ]), order='id desc', limit=COMPARED_NOTES)
        if not notes or not body:
            return []
        public = [self.description or '', *self._public_messages([], limit=COMPARED_MESSAGES).mapped('body')]
        found = quoted(str(body), [str(note.body or '') for note in notes], [str(text or '') for text in public])
        return [{**self._excerpts(notes[index])[0], 'text': run[:EXCERPT]} for index, run in found]

    def _excerpts(self, messages):
        """Return ``messages`` for a dialog: the beginning of each, as plain text."""
        return [{
            'id': message.id,
            'author': message.author_id.name or message.email_from or '',
            'at': fields.Datetime.to_string(message.date),
            'text': html2plaintext(message.body or '').strip()[:EXCERPT],
        } for message in messages]

    # ------------------------------------------------------------
    # send and set
    # ------------------------------------------------------------

    @api.readonly
    def get_answer_stages(self):
        """Return what an answer may set the ticket to: [{'id', 'name', 'status', 'current'}], in their order.

        :raise AccessError: the ticket is not the user's to work on
        """
        self.ensure_one()
        self.check_access('read')
        self._check_may_answer()
        # sudo: the stages of the team whose tickets the user works on
        return [{
            'id': stage.id, 'name': stage.name, 'status': stage.status, 'current': stage == self.stage_id,
        } for stage in self.sudo()._stages() if stage.status != 'new']
