from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_personal_files import LOOK, REMOVE
from odoo.addons.helpdesk_core.tools.redaction import words_finder
from odoo.exceptions import AccessError, UserError

SHOWN = 3  # excerpts for each kind of place
MAIL = 'message/rfc822'


class HelpdeskTicketRedact(models.TransientModel):
    """Takes words or files out of a ticket, everywhere they live (N14). Shows first what it would do.

    The words are in the database only until the dialog is done: its own row goes with all the others.
    """
    _name = 'helpdesk.ticket.redact'
    _description = "Redact"

    ticket_id = fields.Many2one(
        'helpdesk.ticket', required=True, readonly=True, default=lambda self: self.env.context.get('active_id'))
    linked = fields.Boolean(
        string="Linked Tickets Too", help="Also in related tickets, sub-tickets and the ticket this one is part of. "
        "Merged tickets are always looked at.")
    text = fields.Text(
        string="Words", help="What is to go: a word, a name, a number, an address; one per line. Capital letters, "
        "spacing and formatting make no difference.")
    whole_words = fields.Boolean(help="Not inside longer words: Ann, but not Annual.")
    available_file_ids = fields.Many2many('ir.attachment', compute='_compute_available_file_ids', compute_sudo=False)
    file_ids = fields.Many2many(
        'ir.attachment', 'helpdesk_ticket_redact_file_rel', 'redact_id', 'file_id', string="Files",
        help="They are removed for good, with each copy of them in this conversation and in original mails.")
    with_others = fields.Boolean(
        string="Other Records Too", help="Also in articles made from these tickets, with all their versions, and in "
        "opportunities, tasks and other records that are linked to them.")
    has_others = fields.Boolean(compute='_compute_has_others', export_string_translation=False)
    reason = fields.Char(required=True, help="Stays in the log for ever: name the request or the law, not the words.")
    preview = fields.Html(compute='_compute_preview', compute_sudo=False, sanitize=False)

    # ------------------------------------------------------------
    # rights
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """Refuse before anything is typed."""
        values = super().default_get(fields_list)
        if ticket_id := values.get('ticket_id'):
            self._check_ticket(self.env['helpdesk.ticket'].browse(ticket_id))
        return values

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_right()
        # what somebody began and left holds the words still
        self.search([('create_uid', '=', self.env.uid), ('id', 'not in', wizards.ids)]).unlink()
        return wizards

    def _check_right(self):
        """Raise AccessError for who is neither administrator of the helpdesk nor leader of the ticket's team."""
        for wizard in self:
            self._check_ticket(wizard.ticket_id)

    def _check_ticket(self, ticket):
        ticket.check_access('write')
        if not self._may_redact(ticket):
            raise AccessError(self.env._(
                "Only the leader of the ticket's team and helpdesk administrators redact. Ask one of them."))

    def _may_redact(self, ticket):
        user = self.env.user
        return user.has_group('helpdesk_core.group_helpdesk_manager') or ticket.team_id.leader_id == user

    def _tickets(self):
        """Return the tickets (sudo) that are looked at: all that the user may redact."""
        tickets = self.ticket_id
        if self.linked:
            tickets |= tickets.related_ids | tickets.child_ids | tickets.parent_id
        allowed = tickets.filtered(lambda ticket: ticket.has_access('write') and self._may_redact(ticket))
        return self.env['helpdesk.personal.data']._family(allowed)

    # ------------------------------------------------------------
    # what would happen
    # ------------------------------------------------------------

    @api.depends('ticket_id')
    def _compute_has_others(self):
        self.has_others = bool(self.env['helpdesk.personal.data']._separate())

    @api.depends('ticket_id', 'linked')
    def _compute_available_file_ids(self):
        engine, files = self.env['helpdesk.personal.data'], self.env['ir.attachment']
        for wizard in self:
            ids = engine._rows(wizard._tickets()).get(files._name, []) if wizard._is_allowed() else []
            found = files.browse(ids)._filtered_access('read')
            wizard.available_file_ids = found.filtered(lambda file: file.mimetype != MAIL and not file.res_field)

    def _is_allowed(self):
        return self.ticket_id and self.ticket_id.has_access('write') and self._may_redact(self.ticket_id)

    @api.depends('ticket_id', 'linked', 'text', 'whole_words', 'file_ids', 'with_others')
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard._preview() if wizard._is_allowed() else False

    def _preview(self):
        try:
            texts, find = self._wanted()
        except UserError as error:
            return Markup('<p class="text-danger">%s</p>') % error.args[0] if self.text else False
        engine, tickets, _ = self.env['helpdesk.personal.data'], self._tickets(), self.env._
        if held := tickets.filtered('is_held'):
            return Markup('<p class="text-danger">%s</p>') % _(
                "On legal hold, so nothing can be redacted: %s", ', '.join(held.mapped('number')))
        places, fates = engine._look(engine._all_rows(tickets, texts, self._also()), find, self.file_ids.ids)
        count = sum(place.count for place in places) + sum(fate.count for fate in fates)
        if not count:
            found = Markup('<p><strong>%s</strong></p>') % _("Nothing found: check the spelling.")
        else:
            found = Markup('<p><strong>%s</strong></p><ul>%s</ul>') % (
                _("Found %s times. Nothing is changed yet.", count),
                Markup().join([*self._place_lines(places), *self._file_lines(fates)]))
        return found + self._others_line(tickets, find) + self._warning(fates)

    def _others_line(self, tickets, find):
        """Say where else it stands, as long as it is not to go there."""
        engine = self.env['helpdesk.personal.data']
        if self.with_others or not self.has_others:
            return Markup()
        places, fates = engine._look(engine._separate_rows(tickets), find)
        names = {self.env['ir.model']._get(place.model).name for place in places}
        names |= {fate.name for fate in fates if fate.what != LOOK}
        return Markup('<p class="text-warning-emphasis"><i class="fa fa-link"></i> %s</p>') % self.env._(
            "It also stands in %s. Tick “Other Records Too” to redact it there.", ', '.join(sorted(names))
        ) if names else Markup()

    def _place_lines(self, places):
        groups = defaultdict(list)
        for place in places:
            groups[place.model, place.field].append(place)
        models_ = self.env['ir.model']
        for (model, field), found in groups.items():
            label = f"{models_._get(model).name} · {self.env[model]._fields[field]._description_string(self.env)}"
            examples = Markup().join(
                Markup('<div class="text-muted small">… %s …</div>') % place.excerpt
                for place in found[:SHOWN] if place.excerpt and self._may_read(model))
            yield Markup('<li>%s: <strong>%s</strong>%s</li>') % (label, sum(place.count for place in found), examples)

    def _may_read(self, model):
        """Of what only others may read, such as the administration log, the dialog says how often and no more."""
        return not model.startswith('helpdesk.') or self.env[model].has_access('read')

    def _file_lines(self, fates):
        for fate in fates:
            if fate.what != LOOK:
                words = self.env._("is removed, it cannot be rewritten") if fate.what == REMOVE else self.env._(
                    "is rewritten")
                if fate.id in self.file_ids.ids:
                    words = self.env._("is removed")
                yield Markup('<li><i class="fa fa-paperclip"></i> <em>%s</em> %s</li>') % (fate.name, words)

    def _warning(self, fates):
        names = sorted({fate.name for fate in fates if fate.what == LOOK})
        if not names or not self.text:
            return Markup()
        return Markup('<p class="text-warning-emphasis"><i class="fa fa-eye"></i> %s</p>') % self.env._(
            "No program can search these for words. Look at them, and choose them under Files where they must go: %s",
            ', '.join(names[:20]))

    def _also(self):
        return self.env['helpdesk.personal.data']._separate() if self.with_others else ()

    def _wanted(self):
        """Return (texts, finder) of what is to go.

        :raise UserError: for nothing, and for what is too short
        """
        texts = [line.strip() for line in (self.text or '').splitlines() if line.strip()]
        if not texts and not self.file_ids:
            raise UserError(self.env._("Write the words that are to go, or choose a file."))
        try:
            return texts, words_finder(texts, self.whole_words)
        except ValueError:
            raise UserError(self.env._(
                "Write at least three letters or digits: less would blacken half of the text.")) from None

    # ------------------------------------------------------------
    # doing it
    # ------------------------------------------------------------

    def action_redact(self):
        """Redact for good, and show the ticket anew.

        :raise AccessError: for who may not
        :raise UserError: on legal hold; when nothing is found; when the reason names what is to go
        """
        self.ensure_one()
        self._check_right()
        (texts, find), tickets = self._wanted(), self._tickets()
        tickets._check_not_held()
        if self.file_ids - self.available_file_ids:
            raise UserError(self.env._("Choose files of these tickets only."))
        reason = (self.reason or '').strip()
        if find(reason):
            raise UserError(self.env._("The reason is kept for ever: do not write in it what is to go."))
        ticket = self.ticket_id
        # sudo: notes, the log, originals: no one else may write there; the right was checked above
        places, files = self.env['helpdesk.personal.data'].sudo()._redact(
            tickets, find, texts, self.file_ids.ids, reason, self._also())
        self.sudo().exists().unlink()  # sudo: nobody needs the right to delete dialogs
        message = self.env._("Redacted in %(places)s places, %(files)s files removed.", places=places, files=files)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success' if places else 'warning', 'message': message,
                'next': ticket._open_anew({'type': 'ir.actions.client', 'tag': 'soft_reload'})}}
