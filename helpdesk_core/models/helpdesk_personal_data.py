import json
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.redaction import plain, redact_any, redact_html, redact_json

# What programs find things by: no words of people. And who did it in the administration log: nobody blackens their
# own name there.
KEPT = frozenset((
    'user_name',
    'message_id', 'references', 'access_token', 'number', 'checksum', 'store_fname', 'mimetype', 'res_model', 'model',
    'res_field', 'content_digest', 'delivery_key', 'key', 'voter', 'visit', 'parent_path', 'parent_res_model'))
# (model, field with the name of the model, field with the id) of what hangs on any record
HANGING = (
    ('mail.message', 'model', 'res_id'), ('mail.scheduled.message', 'model', 'res_id'),
    ('mail.activity', 'res_model', 'res_id'), ('rating.rating', 'res_model', 'res_id'))
OURS = ('helpdesk.', 'mail.', 'rating.')
LOG = 'helpdesk.ticket.event'
CHUNK = 500  # rows that are looked at together
SHOWN = 40  # characters before and after what was found


class Place(NamedTuple):
    """Where something was found: model, id and field of a row, how often, and the words around the first of it."""
    model: str
    id: int
    field: str
    count: int
    excerpt: str


class HelpdeskPersonalData(models.AbstractModel):
    """Where words of people live: the one list for redaction, erasure, retention and export (N14, D21).

    Whatever stored text a row of :meth:`_rows` has is looked at, so a new field needs nothing. A new model of ours with
    a ticket on it needs nothing either; others are added in :meth:`_add_own`, or to :meth:`_loose_rows` when nothing
    but their words says that they belong to somebody. Text is read and written in SQL, past what the models allow.
    """
    _name = 'helpdesk.personal.data'
    _inherit = [
        'helpdesk.personal.files.mixin', 'helpdesk.personal.traces.mixin', 'helpdesk.personal.blank.mixin',
        'helpdesk.personal.people.mixin']
    _description = "Personal Data"

    # ------------------------------------------------------------
    # where
    # ------------------------------------------------------------

    @api.model
    def _family(self, tickets):
        """Return ``tickets`` (sudo) with those they were merged with, whose conversation moved to and fro."""
        family = tickets.sudo().with_context(active_test=False)  # sudo: who asks was checked by the caller
        more = family
        while more := (more.merged_ids | more.merged_into_id) - family:
            family |= more
        return family

    @api.model
    def _separate(self):
        """Return the names (set) of models with a ticket on them that are redacted only when they are named: records
        of other applications; modules add what was written for others to read."""
        return {model._name for model, _field in self._links_to('helpdesk.ticket', ('',))
                if not model._name.startswith(OURS[:1])}

    @api.model
    def _rows(self, tickets, also=()):
        """Return {model: ids} of all rows that hold words of ``tickets``; ``also``: of :meth:`_separate`."""
        rows = defaultdict(set, {tickets._name: set(tickets.ids)})
        left_out = self._separate() - set(also)
        for model, field in self._links_to(tickets._name, ('',)):
            if model._name not in left_out:
                rows[model._name].update(self._linked_ids(model, field, tickets.ids))
        self._add_own(rows)
        self._add_hanging(rows)
        return {model: sorted(ids) for model, ids in rows.items() if ids}

    @api.model
    def _separate_rows(self, tickets):
        """Return {model: ids} of what :meth:`_rows` leaves out."""
        rows, whole = self._rows(tickets), self._rows(tickets, self._separate())
        return {model: sorted(set(ids) - set(rows.get(model, ()))) for model, ids in whole.items()}

    @api.model
    def _all_rows(self, tickets, texts, also=()):
        """Return {model: ids}: those of ``tickets``, and those that no ticket leads to."""
        rows = self._rows(tickets, also)
        for model, ids in self._loose_rows(texts).items():
            rows[model] = sorted({*rows.get(model, ()), *ids})
        return rows

    def _add_own(self, rows):
        """Add to ``rows`` ({model: set of ids}, those with a ticket on them) what a module keeps elsewhere."""

    @api.model
    def _loose_rows(self, texts):
        """Return {model: ids} of rows that may hold one of ``texts`` and belong to no ticket."""
        log = self.env['helpdesk.admin.log']
        like = [f'%{word}%' for text in texts for word in {text, json.dumps(text)[1:-1]}]
        return {log._name: [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM %s WHERE (name ILIKE ANY(%s) OR changes::text ILIKE ANY(%s)) AND %s",
            SQL.identifier(log._table), like, like, self._in_companies()))]}

    @api.model
    def _in_companies(self):
        """Return SQL that is true for rows of no company or of one at hand: others keep what is theirs."""
        return SQL("(company_id IS NULL OR company_id = ANY(%s))", self.env.companies.ids)

    def _add_hanging(self, rows):
        """Add what hangs on ``rows``: {model: set of ids}."""
        threads = {model: list(ids) for model, ids in rows.items() if ids}
        for name, model_field, id_field in HANGING:
            model = self.env[name]
            for thread, ids in threads.items():
                rows[name].update(row[0] for row in self.env.execute_query(SQL(
                    "SELECT id FROM %s WHERE %s = %s AND %s = ANY(%s)", SQL.identifier(model._table),
                    SQL.identifier(model_field), thread, SQL.identifier(id_field), ids)))
        message_ids = list(rows['mail.message'])
        for model, field in self._links_to('mail.message', OURS):
            if model._name not in ('mail.message', *threads):
                rows[model._name].update(self._linked_ids(model, field, message_ids))
        previews = self._linked_ids(self.env['mail.message.link.preview'], 'message_id', message_ids)
        rows['mail.link.preview'].update(row[0] for row in self.env.execute_query(SQL(
            "SELECT link_preview_id FROM mail_message_link_preview WHERE id = ANY(%s)", previews)))
        rows['ir.attachment'].update(self._file_ids(rows))

    def _links_to(self, comodel, prefixes):
        """Return [(model, name of a stored many2one to ``comodel``)] of models whose names begin like ``prefixes``."""
        return [
            (model, name) for model in self.env.values()
            if model._name.startswith(prefixes) and model._auto and not model._abstract and not model._transient
            for name, field in model._fields.items()
            if field.type == 'many2one' and field.comodel_name == comodel and field.store and field.column_type
            and model._name != comodel]

    def _linked_ids(self, model, field, ids):
        if not ids:
            return []
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM %s WHERE %s = ANY(%s)", SQL.identifier(model._table), SQL.identifier(field), list(ids)))]

    @api.model
    def _text_fields(self, model):
        """Return {name: 'text' | 'html' | 'json' | 'properties'} of the stored fields of ``model`` with words."""
        kinds = {'char': 'text', 'text': 'text', 'html': 'html', 'json': 'json', 'properties': 'properties'}
        return {name: 'json' if getattr(field, 'translate', False) or field.company_dependent else kinds[field.type]
                for name, field in model._fields.items()
                if field.type in kinds and field.store and field.column_type and name not in KEPT
                and not field.inherited}

    # ------------------------------------------------------------
    # finding and redacting
    # ------------------------------------------------------------

    @api.model
    def _look(self, rows, find, file_ids=()):
        """Return what a redaction would do, and change nothing.

        :param rows: see :meth:`_rows`
        :param find: finder, see ``tools.redaction``
        :param file_ids: ids of attachments that are to go
        :return: (list of :class:`Place`, list of :class:`FileFate`)
        """
        self.env.flush_all()
        return list(self._walk(rows, find)), self._file_fates(rows.get('ir.attachment', ()), find, file_ids)

    @api.model
    def _redact(self, tickets, find, texts, file_ids=(), reason='', also=()):
        """Put blocks in place of what ``find`` finds everywhere in ``tickets``, and remove files, for good.

        The caller has checked the right to do so. The log of each ticket says how much, never what.

        :param texts: (list of str) what is looked for, to search where no ticket leads
        :param also: see :meth:`_rows`
        :return: (number of places, number of files removed)
        """
        self.env.flush_all()
        rows = self._all_rows(tickets, texts, also)
        fates = self._file_fates(rows.get('ir.attachment', ()), find, file_ids)
        places = sum(fate.count for fate in fates) + self._blacken(rows, find)
        removed = self._apply_file_fates(fates)
        self._sweep_traces(find, texts, rows)
        self.env.invalidate_all()
        detail = {'places': places, 'files': removed, 'reason': reason}
        tickets._log_events([{'ticket_id': ticket.id, 'kind': 'redacted', 'detail': detail} for ticket in tickets])
        return places, removed

    def _walk(self, rows, find, write=False):
        """Yield the :class:`Place` of all that ``find`` finds in ``rows``; ``write``: put blocks there."""
        events = self.env[LOG]
        if write:
            events._maintain('redact')
        for name, ids in rows.items():
            model = self.env[name]
            yield from self._walk_fields(model, ids, self._text_fields(model), find, write)
        if write:
            events._maintain('')

    def _walk_fields(self, model, ids, kinds, find, write):
        """As :meth:`_walk`, in the fields ``kinds`` (see :meth:`_text_fields`) of the rows ``ids`` of ``model``."""
        for first in range(0, len(ids) if kinds else 0, CHUNK):
            for row in self._read_columns(model, kinds, ids[first:first + CHUNK]):
                changed = {}
                for field, value in row.items():
                    new, count = self._redacted(kinds.get(field), value, find)
                    if count:
                        changed[field] = new
                        yield Place(model._name, row['id'], field, count, self._excerpt(kinds[field], value, find))
                if changed and write:
                    self._write_columns(model, row['id'], changed)

    def _blacken(self, rows, find):
        """Put blocks in place of what ``find`` finds in ``rows``; return how often it was found."""
        return sum(place.count for place in self._walk(rows, find, write=True))

    def _read_columns(self, model, kinds, ids):
        return self.env.execute_query_dict(SQL(
            "SELECT id, %s FROM %s WHERE id = ANY(%s)", SQL(', ').join(map(SQL.identifier, kinds)),
            SQL.identifier(model._table), list(ids)))

    def _write_columns(self, model, row_id, values):
        """Write columns of one row, past the model: no tracking, no rules, no date of change."""
        self.env.cr.execute(SQL("UPDATE %s SET %s WHERE id = %s", SQL.identifier(model._table), SQL(', ').join(
            SQL("%s = %s", SQL.identifier(name), json.dumps(value) if isinstance(value, dict | list) else value)
            for name, value in values.items()), row_id))

    def _redacted(self, kind, value, find):
        if not kind or not value:
            return value, 0
        if kind == 'text':  # some of it is HTML: bodies in the mail queue
            return redact_any(value, find)
        if kind == 'html':
            return redact_html(value, find)
        return redact_json(value, find, numbers=kind == 'properties')

    def _excerpt(self, kind, value, find):
        """Return the words around the first thing found, '' where they stand in no running text."""
        text = plain(value) if kind == 'html' else value if isinstance(value, str) else ''
        if not (spans := find(text)):
            return ''
        start, end = spans[0]
        return ' '.join(text[max(0, start - SHOWN):end + SHOWN].split())
