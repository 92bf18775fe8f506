import json

from odoo import models
from odoo.tools import SQL

from ..tools.redaction import redact_json

# Tables of messages on their way to browsers and phones: (model, column with JSON)
PASSING = (('bus.bus', 'message'), ('mail.push', 'payload'))


class HelpdeskPersonalTraces(models.AbstractModel):
    """What programs leave behind for hours or days: notices on their way to browsers, filled-in dialogs."""
    _name = 'helpdesk.personal.traces.mixin'
    _description = "Personal Data: Traces"

    def _sweep_traces(self, find, texts):
        """Delete the rows of passing tables that hold what ``find`` finds."""
        for name, column in PASSING:
            if name in self.env:
                self._sweep_passing(self.env[name], column, find, texts)
        for model in self.env.values():
            if model._transient and not model._abstract and (kinds := self._text_fields(model)):
                self._sweep_dialogs(model, kinds, find)

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

    def _sweep_dialogs(self, model, kinds, find):
        rows = self.env.execute_query_dict(SQL(
            "SELECT id, %s FROM %s", SQL(', ').join(map(SQL.identifier, kinds)), SQL.identifier(model._table)))
        self._delete_rows(model, [row['id'] for row in rows if any(
            self._redacted(kind, row[name], find)[1] for name, kind in kinds.items())])

    def _delete_rows(self, model, ids):
        if ids:
            self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(model._table), ids))
            model.browse(ids).invalidate_recordset(flush=False)
