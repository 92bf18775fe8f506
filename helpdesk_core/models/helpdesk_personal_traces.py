import json
import re

from odoo import models
from odoo.tools import SQL

from ..tools.redaction import any_finder, redact_json, words_finder

# Tables of messages on their way to browsers and phones: (model, column with JSON)
PASSING = (('bus.bus', 'message'), ('mail.push', 'payload'))
# Fields in which a dialog says of which model the records are that it is about
MODEL_NAMES = ('model', 'res_model')
# What is one person's alone: an address, a phone number
OWN = re.compile(r'\S@\S|(?:\d\W*){8}')


class HelpdeskPersonalTraces(models.AbstractModel):
    """What programs leave behind for hours or days: notices on their way to browsers, filled-in dialogs."""
    _name = 'helpdesk.personal.traces.mixin'
    _description = "Personal Data: Traces"

    def _sweep_traces(self, find, texts, rows):
        """Delete the rows of passing tables that hold what ``find`` finds.

        Of dialogs those about one of ``rows`` ({model: ids}): others may hold the same word and have nothing to do with
        it. An address or a number is nobody else's, so whatever dialog holds one of these goes.
        """
        for name, column in PASSING:
            if name in self.env:
                self._sweep_passing(self.env[name], column, find, texts)
        for model in self.env.values():
            if model._transient and not model._abstract and (kinds := self._text_fields(model)):
                self._sweep_dialogs(model, kinds, find, texts, rows)

    def _sweep_passing(self, model, column, find, texts):
        like = [f'%{word}%' for text in texts for word in {text, json.dumps(text)[1:-1]}]
        rows = self.env.execute_query(SQL(
            "SELECT id, %(column)s FROM %(table)s"
            " WHERE %(column)s LIKE '%%helpdesk.%%' OR %(column)s ILIKE ANY(%(like)s)",
            column=SQL.identifier(column), table=SQL.identifier(model._table), like=like))
        self._delete_rows(model, [row_id for row_id, text in rows if text and self._holds_json(text, find)])

    def _holds_json(self, text, find):
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        return bool(redact_json(value, find)[1])

    def _sweep_dialogs(self, model, kinds, find, texts, rows):
        own = any_finder(*(words_finder([text], whole_words=True) for text in texts if OWN.search(text)))
        filled = self.env.execute_query_dict(SQL(
            "SELECT id, %s FROM %s", SQL(', ').join(map(SQL.identifier, kinds)), SQL.identifier(model._table)))

        def holds(row, finder):
            return any(self._redacted(kind, row[name], finder)[1] for name, kind in kinds.items())
        self._delete_rows(model, [row['id'] for row in filled if holds(row, find) and (
            holds(row, own) or self._is_dialog_about(model.browse(row['id']), rows))])

    def _is_dialog_about(self, dialog, rows):
        """Tell whether the filled-in ``dialog`` points to one of ``rows``: {model: ids}."""
        dialog, fields = dialog.sudo().with_context(active_test=False), dialog._fields  # sudo: whosever it is
        for name, field in fields.items():
            if field.store and field.type in ('many2one', 'many2many') and rows.get(field.comodel_name) and (
                    set(dialog[name].ids) & set(rows[field.comodel_name])):
                return True
        of = next((dialog[name] for name in MODEL_NAMES if name in fields), False)
        ids = {int(number) for name in ('res_id', 'res_ids') if name in fields and fields[name].store
               for number in re.findall(r'\d+', str(dialog[name] or ''))}
        return bool(ids & set(rows.get(of, ())))

    def _delete_rows(self, model, ids):
        if ids:
            self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(model._table), ids))
            model.browse(ids).invalidate_recordset(flush=False)
