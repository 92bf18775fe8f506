from datetime import datetime

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Datetime
from odoo.tools import SQL

from ..tools.merging import FOLDED, addresses, fold, without_copies
from .helpdesk_ticket_merging import Mark

TICKET = 'helpdesk.ticket'
# What moves: (model, field that names the ticket, further conditions). Changes that the ticket's own screen tracked and
# notices to single colleagues are about the one ticket and stay.
MESSAGES = ('mail.message', 'res_id', [
    ('model', '=', TICKET), ('message_type', '!=', 'user_notification'), ('tracking_value_ids', '=', False)])
MOVES = (
    MESSAGES,
    ('mail.scheduled.message', 'res_id', [('model', '=', TICKET)]),
    ('ir.attachment', 'res_id', [('res_model', '=', TICKET), ('res_field', '=', False)]),
    ('mail.activity', 'res_id', [('res_model', '=', TICKET)]),
    ('rating.rating', 'res_id', [('res_model', '=', TICKET)]),
    ('helpdesk.ticket.check', 'ticket_id', []),
    (TICKET, 'parent_id', []),
)
# What would happen to the merged ticket by itself: it does not, and may again once the merge is undone.
STOPPED = ('deadline_remind_at', 'autoclose_at', 'team_told_at', 'frozen_until')
JOBS = {
    'deadline_remind_at': 'helpdesk_core.ir_cron_deadlines', 'autoclose_at': 'helpdesk_core.ir_cron_autoclose',
    'frozen_until': 'helpdesk_core.ir_cron_unfreeze'}
TOLD = 10  # messages that are named in the note about what stays


class HelpdeskTicketMerge(models.Model):
    """One ticket merged into another: what moved and what it changed, so that it can be put back (N3).

    ``undo`` (Json) holds ``rows``: {'model/field': ids that moved}; ``followers``: {contact id: id of the follower's
    row made in the target}; ``old`` and ``new``: the FOLDED values of the target before and after; ``stage``: ids and
    moments where it moved; ``stopped``: the source's STOPPED values; ``active``; ``note``: id of the target's note.
    """
    _name = 'helpdesk.ticket.merge'
    _description = "Merge of Tickets"
    _order = 'id desc'
    _rec_name = 'source_id'

    source_id = fields.Many2one(TICKET, string="Merged", required=True, readonly=True, index=True, ondelete='cascade')
    target_id = fields.Many2one(TICKET, string="Into", required=True, readonly=True, index=True, ondelete='cascade')
    at = fields.Datetime(string="When", required=True, readonly=True)
    user_id = fields.Many2one('res.users', string="By", required=True, readonly=True)
    undone_at = fields.Datetime(string="Undone", readonly=True)
    undone_by_id = fields.Many2one('res.users', string="Undone By", readonly=True)
    undo = fields.Json(readonly=True, groups='helpdesk_core.group_helpdesk_manager')

    _active_uniq = models.UniqueIndex("(source_id) WHERE undone_at IS NULL", "The ticket is merged already.")

    def action_undo(self):
        """Undo this merge, and open the ticket that is its own again."""
        self.ensure_one()
        tickets = self.source_id | self.target_id
        self.source_id.undo_merge()
        return tickets._open_anew(self.source_id.get_formview_action())

    @api.model
    def _active(self, source):
        """Return the merge that holds ``source``, empty for none."""
        return self.search([('source_id', '=', source.id), ('undone_at', '=', False)], limit=1)

    @api.model
    def _moves(self):
        """Return [(model, field, domain)] of the rows that follow a ticket, see MOVES; modules add theirs."""
        return list(MOVES)

    # ------------------------------------------------------------
    # merging
    # ------------------------------------------------------------

    @api.model
    def _merge(self, source, target):
        """Merge ``source`` into ``target``, both locked and checked, in sudo; return the merge."""
        now = self.env.cr.now()
        merge = self.create({'source_id': source.id, 'target_id': target.id, 'at': now, 'user_id': self.env.uid})
        source, target = (ticket.with_context(helpdesk_merge=Mark(merge.id), tracking_disable=True)
                          for ticket in (source, target))
        undo = {
            'rows': merge._move_rows(source, target), 'followers': merge._add_followers(source, target),
            'watchers': merge._add_watchers(source, target),
            'active': source.active, 'stopped': _texts(source, STOPPED), 'old': _texts(target, FOLDED)}
        waits = source.unanswered_since
        folded = fold(_values(target), merge._contribution(source, target))
        undo['stage'] = merge._take_turn(target) if waits and target.status == 'waiting_customer' else None
        target._write_facts(folded)
        undo['new'] = _texts(target, FOLDED)
        source._write_facts({
            'active': False, 'merged_into_id': target.id, **dict.fromkeys(STOPPED, False), 'team_told_at': now})
        undo['note'] = target._message_log(body=merge._note(len(_message_ids(undo)))).id
        merge.undo = undo
        source._log_events([
            {'ticket_id': source.id, 'kind': 'merged', 'new': target.number, 'detail': {'target_id': target.id}},
            {'ticket_id': target.id, 'kind': 'merged_in', 'new': source.number, 'detail': {
                'source_id': source.id, 'waits_since': waits and Datetime.to_string(waits)}}])
        return merge

    def _note(self, count):
        link = self.source_id._get_html_link(title=self.source_id.number)
        return self.env._("%(ticket)s (%(subject)s) was merged into this ticket. Messages that came along: %(count)s.",
                          ticket=link, subject=self.source_id.name, count=count)

    def _move_rows(self, source, target):
        moved = {}
        for model, field, domain in self._moves():
            rows = self.env[model].with_context(active_test=False).search(
                [*domain, (field, '=', source.id)], order='id')
            rows -= target if model == TICKET else rows.browse()  # nobody is their own parent
            if rows:
                _write_rows(rows, field, target.id)
                moved[f'{model}/{field}'] = rows.ids
        return moved

    def _add_followers(self, source, target):
        present, added = target.message_follower_ids.partner_id, {}
        for follower in source.message_follower_ids:
            if follower.partner_id not in present:
                added[str(follower.partner_id.id)] = self.env['mail.followers'].create({
                    'res_model': TICKET, 'res_id': target.id, 'partner_id': follower.partner_id.id,
                    'subtype_ids': [fields.Command.set(follower.subtype_ids.ids)]}).id
        return added

    def _add_watchers(self, source, target):
        """Have those who watch ``source`` watch ``target``, where they work on it; return whom that adds (ids)."""
        added = (source.watcher_ids - target.watcher_ids).filtered(lambda user: user._helpdesk_works_on(target))
        target._mark_watchers([fields.Command.link(user.id) for user in added])
        return added.ids

    def _contribution(self, source, target):
        """Return what ``target`` learns from ``source``, see ``tools.merging.fold``."""
        values, own = _values(source), source.partner_email
        if own and source.partner_id != target.partner_id:
            name = source.partner_name
            own = f'"{name}" <{own}>' if name and name != own and '"' not in name else own
            values['email_cc'] = ', '.join(filter(None, [own, values['email_cc']]))
        followed = target.message_follower_ids.partner_id.filtered('email_normalized').mapped('email_normalized')
        return {**values, 'known': [*followed, *filter(None, [target.partner_email])]}

    def _take_turn(self, target):
        """The customer of the merged ticket waits: it is our turn in the target. Return what to put back."""
        stage = target._stage_for('open')
        if not stage:
            return None
        old = {'old': target.stage_id.id, 'old_at': _text(target.stage_changed_at)}
        target.write({'stage_id': stage.id})
        return {**old, 'new': stage.id, 'new_at': _text(target.stage_changed_at)}

    def _tell_customers(self):
        """Send the customers of merged tickets, and nobody else, one mail in their language: which number goes on."""
        groups = {}
        for merge in self:
            source = merge.source_id
            if source.partner_id or source.partner_email:
                key = source.partner_id or source.partner_email
                groups.setdefault((key, merge.target_id), self.browse())
                groups[key, merge.target_id] |= merge
        for (customer, target), merges in groups.items():
            lang, sources = merges.source_id[:1].customer_lang, merges.source_id
            _ = self.with_context(lang=lang).env._
            body = _("Your requests %(old)s and %(new)s are about the same matter. We answer both under %(new)s.",
                     old=', '.join(sources.mapped('number')), new=target.number)
            to_contact = not isinstance(customer, str)
            target.with_context(lang=lang).message_post(
                body=body, message_type='auto_comment', subtype_xmlid='mail.mt_comment', email_add_signature=False,
                author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'),
                notify_skip_followers=True,  # others did not ask these questions
                partner_ids=customer.ids if to_contact else [],
                outgoing_email_to=False if to_contact else customer)

    # ------------------------------------------------------------
    # undoing
    # ------------------------------------------------------------

    def _undo(self):
        """Put back what this merge moved and changed, where nobody changed it since; both tickets are locked."""
        self.ensure_one()
        context = {'helpdesk_merge': Mark(self.id), 'tracking_disable': True}
        source, target = self.source_id.with_context(**context), self.target_id.with_context(**context)
        undo, later = dict(self.undo), self._later()
        self.env['mail.message'].browse(undo.get('note') or ()).exists().unlink()
        gone = self._give_back(source, undo)
        self._remove_followers(undo, later)
        self._remove_watchers(target, undo, later)
        kept = self._restore_facts(target, undo, later)
        restored = self._restore_stage(target, undo, later)
        source._write_facts({
            'active': undo['active'], 'merged_into_id': False, **_values_of(undo['stopped'], source)})
        for name, job in JOBS.items():
            if source[name]:
                source._trigger_timer(job, source[name])
        self.write({'undone_at': self.env.cr.now(), 'undone_by_id': self.env.uid})
        source._log_events([
            {'ticket_id': source.id, 'kind': 'unmerged', 'old': target.number, 'detail': {'target_id': target.id}},
            {'ticket_id': target.id, 'kind': 'unmerged_in', 'old': source.number,
             'detail': {'source_id': source.id, 'stage': restored}}])
        self._note_what_stays(source, target, gone, kept)

    def _later(self):
        """Return the merges into the same ticket that came after this one and hold."""
        return self.search(
            [('target_id', '=', self.target_id.id), ('undone_at', '=', False), ('id', '>', self.id)], order='id')

    def _places(self):
        """Return the ids of the tickets in which the moved rows may be by now: the target and its survivors."""
        ids, ticket = [], self.target_id
        while ticket:
            ids.append(ticket.id)
            ticket = ticket.merged_into_id
        return ids

    def _give_back(self, source, undo):
        """Bring the rows back that are where the merge put them; return how many messages are not."""
        places = self._places()
        for model, field, _domain in self._moves():
            if ids := undo['rows'].get(f'{model}/{field}'):
                rows = self.env[model].with_context(active_test=False).browse(ids).exists()
                _write_rows(rows.filtered(lambda row, field=field: _id(row[field]) in places), field, source.id)
        messages = self.env['mail.message'].browse(_message_ids(undo)).exists()
        return len(_message_ids(undo)) - len(messages.filtered(lambda one: one.res_id == source.id))

    def _remove_followers(self, undo, later):
        """Take the followers away again whom no other merged ticket brings along."""
        for partner_id, follower_id in undo['followers'].items():
            heir = later.filtered(lambda merge, partner_id=int(partner_id):
                                  partner_id in merge.source_id.message_follower_ids.partner_id.ids)[:1]
            if heir:
                heir.undo = {**heir.undo, 'followers': {**heir.undo['followers'], partner_id: follower_id}}
            else:
                self.env['mail.followers'].browse(follower_id).exists().unlink()

    def _remove_watchers(self, target, undo, later):
        """As with followers. Merges from before watchers came along brought none."""
        for user_id in undo.get('watchers', ()):
            if heir := later.filtered(lambda merge, user_id=user_id: user_id in merge.source_id.watcher_ids.ids)[:1]:
                heir.undo = {**heir.undo, 'watchers': [*heir.undo.get('watchers', ()), user_id]}
            else:
                target._mark_watchers([fields.Command.unlink(user_id)])

    def _restore_facts(self, target, undo, later):
        """Restore the target's facts: its own and what ``later`` merges brought; return names of those that somebody
        changed since, which stay."""
        last = (later[-1:] or self).undo
        base, present = _values_of(undo['old'], target), _texts(target, FOLDED)
        for merge in later:
            before = base
            base = fold(base, merge._contribution(merge.source_id, target))
            merge.undo = {**merge.undo, 'old': _as_texts(before), 'new': _as_texts(base)}
        same = {name: base[name] for name in FOLDED if present[name] == last['new'][name]}
        if 'email_cc' not in same:
            same['email_cc'] = without_copies(
                target.email_cc, self._brought(undo) - set(addresses(base['email_cc'])))
        target._write_facts(same)
        for ticket in target.browse(self._places()[1:]):  # where the target went itself since
            ticket._write_facts({'email_cc': without_copies(ticket.email_cc, self._brought(undo))})
        return [name for name in FOLDED if present[name] != last['new'][name]]

    @staticmethod
    def _brought(undo):
        return set(addresses(undo['new']['email_cc'])) - set(addresses(undo['old']['email_cc']))

    def _restore_stage(self, target, undo, later):
        """Move the stage back that the merge had moved, unless it was moved since or somebody else waits."""
        stage = undo.get('stage')
        if not stage or any(merge.source_id.unanswered_since for merge in later):
            return False
        if (target.stage_id.id, _text(target.stage_changed_at)) != (stage['new'], stage['new_at']):
            return False
        if stage['old'] not in target._stages().ids:
            return False
        target.write({'stage_id': stage['old']})
        target._write_facts(_values_of({'stage_changed_at': stage['old_at']}, target))
        return True

    def _note_what_stays(self, source, target, gone, kept):
        """Say in the survivor what came while the tickets were one, and stays there."""
        since = self.env['mail.message'].search([
            ('model', '=', TICKET), ('res_id', '=', target.id), ('tracking_value_ids', '=', False),
            ('message_type', '!=', 'user_notification'), ('id', '>', self.undo['note'])], order='id')
        moved_in = {message_id for merge in self.search([('target_id', '=', target.id), ('undone_at', '=', False)])
                    for message_id in [*_message_ids(merge.undo), merge.undo.get('note')]}
        since = since.filtered(lambda message: message.id not in moved_in)
        if not (since or gone or kept):
            return
        _ = self.env._
        lines = [Markup("<p>%s</p>") % _("The merge of %s was undone.", source._get_html_link(title=source.number))]
        if since:
            items = Markup().join(Markup("<li>%s, %s</li>") % (
                message.author_id.name or message.email_from or '', Datetime.to_string(message.date))
                for message in since[:TOLD])
            lines.append(Markup("<p>%s</p><ul>%s</ul>") % (
                _("What came while the tickets were one stays here. Messages: %s", len(since)), items))
        if gone:
            lines.append(Markup("<p>%s</p>") % _("Messages that had been moved or deleted meanwhile: %s", gone))
        if kept:
            names = ', '.join(target._fields[name]._description_string(self.env) for name in kept)
            lines.append(Markup("<p>%s</p>") % _("Changed since, and left as it is: %s", names))
        target._message_log(body=Markup().join(lines))


def _message_ids(undo):
    return undo['rows'].get('mail.message/res_id', [])


def _write_rows(rows, field, ticket_id):
    if not rows:
        return
    if rows._name == TICKET:  # a link that follows: no change of somebody's own
        rows._write_facts({field: ticket_id})
    elif rows._name == 'mail.scheduled.message':  # the model refuses, whoever asks
        rows.flush_recordset()
        rows.env.cr.execute(SQL(
            "UPDATE mail_scheduled_message SET res_id = %s WHERE id = ANY(%s)", ticket_id, rows.ids))
        rows.invalidate_recordset()
    elif rows._name == 'rating.rating':
        _write_ratings(rows, field, ticket_id)
    else:
        rows.write({field: ticket_id})


def _write_ratings(rows, field, ticket_id):
    """Core takes the rating that was written last for the last one given: moving one gives none."""
    tickets = rows.env[TICKET].browse([*rows.mapped(field), ticket_id])
    given = [(row.id, row.write_date) for row in rows]
    rows.write({field: ticket_id})
    rows.flush_recordset()
    for row_id, moment in given:
        rows.env.cr.execute(SQL("UPDATE rating_rating SET write_date = %s WHERE id = %s", moment, row_id))
    rows.invalidate_recordset(['write_date'])
    rows.env.add_to_compute(tickets._fields['rating_last_value'], tickets)


def _id(value):
    """Return the id in a field that names a ticket, many2one or plain number."""
    return value if isinstance(value, int) else value.id


def _values(ticket):
    return {name: ticket[name] for name in FOLDED}


def _texts(ticket, names):
    return _as_texts({name: ticket[name] for name in names})


def _as_texts(values):
    """Return ``values`` as they can be kept in Json, to the microsecond."""
    return {name: _text(value) for name, value in values.items()}


def _text(value):
    return value.isoformat(' ') if isinstance(value, datetime) else value


def _values_of(texts, ticket):
    """Return what ``_as_texts`` kept as values of the fields of ``ticket``."""
    return {name: datetime.fromisoformat(text) if text and ticket._fields[name].type == 'datetime' else text
            for name, text in texts.items()}
